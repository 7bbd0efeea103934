// Moves the line between sheet and inspector: by a drag, or by arrow keys (W3C's window splitter pattern); a double click gives
// the sheet the width of its columns again. Loads after the first paint.
// Invariant: neither side becomes narrower than the least width, and each place is kept for the next visit.

/** How far an arrow key moves the line, in px. */
const STEP = 16;

/** The place of the line, as a share of the page's width; undefined for the width of the columns. */
interface SplitterPlace {
  /** The least width of either side, in px. */
  readonly least: number;
  /** Under which name the browser keeps the place for the next visit. */
  readonly stored: string;
  share(): number | undefined;
  set(share: number | undefined): void;
}

/** Makes an element the line. */
export function attachSplitter(line: HTMLElement, { least, stored, share, set }: SplitterPlace): void {
  const keep = (): void => {
    const now = share();
    try {
      if (now === undefined) localStorage.removeItem(stored);
      else localStorage.setItem(stored, now.toFixed(4));
    } catch {
      // Without storage, the line stays until the page is left.
    }
  };
  const pane = (): number => line.previousElementSibling?.getBoundingClientRect().width ?? least;
  const tell = (): void => {
    line.ariaValueNow = String(Math.round((100 * pane()) / innerWidth));
  };
  const move = (width: number): void => {
    set(Math.max(least, Math.min(width, innerWidth - least)) / innerWidth);
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
      keep();
    };
    line.addEventListener('pointermove', drag);
    line.addEventListener('lostpointercapture', end, { once: true });
  });
  line.addEventListener('dblclick', () => {
    set(undefined);
    keep();
    tell();
  });
  line.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') move(pane() - STEP);
    else if (key === 'ArrowRight') move(pane() + STEP);
    else if (key === 'Home') move(0);
    else if (key === 'End') move(innerWidth);
    else if (key === 'Enter') set(undefined);
    else return;
    keep();
    tell();
  });
  line.addEventListener('focus', tell);
}
