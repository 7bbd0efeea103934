// The place of the line between sheet and inspector, as the last visit left it.
// Invariant: what is stored is hostile until parsed; a browser that keeps nothing forgets the place, and nothing else fails.

import { createSignal } from 'solid-js';
import { late, withPart } from '../../core/late-loading';

/** The least width of either side, in px. */
const LEAST = 320;

/** Under which name the browser keeps the place, as a share of the page's width. */
const STORED = 'gradsheet splitter';

const splitterMoves = late(() => import('./splitter-moves'));

function storedShare(): number | undefined {
  try {
    const share = Number(localStorage.getItem(STORED) ?? 0);
    return share > 0 && share < 1 ? share : undefined;
  } catch {
    return undefined;
  }
}

/** The width of the sheet, and what makes an element the line beside it. */
export function createSplitter() {
  const [share, setShare] = createSignal(storedShare());
  return {
    attach: (line: HTMLElement): void =>
      withPart(splitterMoves, ({ attachSplitter }) =>
        attachSplitter(line, { least: LEAST, stored: STORED, share, set: setShare }),
      ),
    /** The width for the style sheet; undefined while the columns decide. */
    width: (): string | undefined => {
      const now = share();
      return now === undefined
        ? undefined
        : `clamp(${LEAST}px, ${(100 * now).toFixed(2)}vw, calc(100vw - ${LEAST}px))`;
    },
  };
}
