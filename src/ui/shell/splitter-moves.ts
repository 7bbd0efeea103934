// Moves the line between sheet and inspector: by a drag, or by arrow keys (W3C's window splitter pattern); a double click gives
// the sheet the width of its columns again. Loads after the first paint.
// Invariant: neither side becomes narrower than LEAST, and each place is kept for the next visit.

import { LEAST, STORED } from './splitter';

/** How far an arrow key moves the line, in px. */
const STEP = 16;

function store(share: number | undefined): void {
  try {
    if (share === undefined) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, share.toFixed(4));
  } catch {
    // Without storage, the line stays until the page is left.
  }
}

/** Makes an element the line; `setShare` takes the sheet's share of the page's width, undefined for that of its columns. */
export function attachSplitter(
  line: HTMLElement,
  share: () => number | undefined,
  setShare: (share: number | undefined) => void,
): void {
  const pane = (): number => line.previousElementSibling?.getBoundingClientRect().width ?? LEAST;
  const tell = (): void => {
    line.ariaValueNow = String(Math.round((100 * pane()) / innerWidth));
  };
  const move = (width: number): void => {
    setShare(Math.max(LEAST, Math.min(width, innerWidth - LEAST)) / innerWidth);
    tell();
  };
  line.role = 'separator';
  line.ariaOrientation = 'vertical';
  line.ariaLabel = 'Width of the sheet';
  line.tabIndex = 0;
  tell();
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
      store(share());
    };
    line.addEventListener('pointermove', drag);
    line.addEventListener('lostpointercapture', end, { once: true });
  });
  line.addEventListener('dblclick', () => {
    setShare(undefined);
    store(undefined);
    tell();
  });
  line.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') move(pane() - STEP);
    else if (key === 'ArrowRight') move(pane() + STEP);
    else if (key === 'Home') move(0);
    else if (key === 'End') move(innerWidth);
    else if (key === 'Enter') setShare(undefined);
    else return;
    store(share());
    tell();
  });
  line.addEventListener('focus', tell);
}
