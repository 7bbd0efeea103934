// The line between sheet and inspector: dragged, or moved by arrow keys (W3C's window splitter pattern); a double click gives the
// sheet the width of its columns again.
// Invariant: neither side becomes narrower than LEAST; a browser that keeps nothing forgets the place, and nothing else fails.

import { createSignal, onCleanup } from 'solid-js';

/** The least width of either side, in px. */
const LEAST = 320;

/** How far an arrow key moves the line, in px. */
const STEP = 16;

const STORED = 'gradsheet splitter';

/** The place of the last visit, as a share of the page's width; undefined if there is none. */
function storedShare(): number | undefined {
  try {
    const share = Number(localStorage.getItem(STORED) ?? Number.NaN);
    return share > 0 && share < 1 ? share : undefined;
  } catch {
    return undefined;
  }
}

function storeShare(share: number | undefined): void {
  try {
    if (share === undefined) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, share.toFixed(4));
  } catch {
    // Without storage, the line stays until the page is left.
  }
}

/** The width of the sheet, and the handling of the line beside it; must be made inside a Solid root. */
export function createSplitter() {
  const [share, setShare] = createSignal(storedShare());

  function attach(line: HTMLElement): void {
    line.role = 'separator';
    line.ariaOrientation = 'vertical';
    line.ariaLabel = 'Width of the sheet';
    line.ariaValueNow = String(Math.round(100 * (share() ?? 0.4)));
    line.tabIndex = 0;
    const pane = (): number => line.previousElementSibling?.getBoundingClientRect().width ?? LEAST;
    const tell = (): void => {
      line.ariaValueNow = String(Math.round((100 * pane()) / innerWidth));
    };
    const move = (width: number): void => {
      setShare(Math.max(LEAST, Math.min(width, innerWidth - LEAST)) / innerWidth);
      tell();
    };
    const keep = (): void => storeShare(share());
    const reset = (): void => {
      setShare(undefined);
      keep();
      tell();
    };
    line.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      // Not the focus ring of the keys.
      event.preventDefault();
      const offset = pane() - event.clientX;
      line.setPointerCapture(event.pointerId);
      line.classList.add('moving');
      const drag = ({ clientX }: PointerEvent): void => move(clientX + offset);
      const end = (): void => {
        line.removeEventListener('pointermove', drag);
        line.classList.remove('moving');
        keep();
      };
      line.addEventListener('pointermove', drag);
      line.addEventListener('lostpointercapture', end, { once: true });
    });
    line.addEventListener('dblclick', reset);
    line.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowLeft') move(pane() - STEP);
      else if (key === 'ArrowRight') move(pane() + STEP);
      else if (key === 'Home') move(0);
      else if (key === 'End') move(innerWidth);
      else if (key === 'Enter') return reset();
      else return;
      keep();
    });
    line.addEventListener('focus', tell);
    onCleanup(() => line.classList.remove('moving'));
  }

  return {
    attach,
    /** The width for the style sheet; undefined while the columns decide. */
    width: (): string | undefined => {
      const now = share();
      return now === undefined
        ? undefined
        : `clamp(${LEAST}px, ${(100 * now).toFixed(2)}vw, calc(100vw - ${LEAST}px))`;
    },
  };
}
