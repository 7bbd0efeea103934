// Drags a number in the grid with mouse or pen: a press that moves horizontally becomes a scrub, any other
// press stays a click.
// Invariant: listeners live as long as the press. Touch is left to panning; the slider serves touch.

import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { type Scrub, type Scrubbable, startScrub } from './scrub';

const THRESHOLD = 4;

/**
 * Follows a press on a number until its release. `read` gives the number when the drag begins; without a
 * number there is no drag. Escape, a lost pointer and a lost window cancel the drag.
 */
export function followPress(
  event: PointerEvent,
  session: SessionDocument & SessionProgress,
  cell: HTMLElement,
  read: () => Scrubbable | undefined,
): void {
  if (event.button !== 0 || event.pointerType === 'touch' || event.shiftKey) return;
  const { pointerId, clientX } = event;
  const done = new AbortController();
  const { signal } = done;
  let scrub: Scrub | undefined;

  function finish(how: 'commit' | 'cancel'): void {
    done.abort();
    document.documentElement.classList.remove('scrubbing');
    scrub?.[how]();
  }
  function begin(): void {
    const from = read();
    if (!from) return;
    scrub = startScrub(session, from);
    cell.setPointerCapture(pointerId);
    document.documentElement.classList.add('scrubbing');
  }
  function move(next: PointerEvent): void {
    if (next.pointerId !== pointerId) return;
    const across = next.clientX - clientX;
    if (!scrub && Math.abs(across) >= THRESHOLD) begin();
    if (!scrub) return;
    const { scale, value } = scrub.from;
    // The threshold is subtracted, so that the first step does not jump.
    const way = Math.sign(across) * Math.max(0, Math.abs(across) - THRESHOLD);
    scrub.to(scale.move(value, Math.trunc(way / scale.pixels)));
  }
  // `pointerrawupdate` fires between frames, so that computing starts before the next frame.
  addEventListener('pointerrawupdate', (raw) => move(raw as PointerEvent), { signal });
  addEventListener('pointermove', move, { signal });
  addEventListener(
    'pointerup',
    (up) => {
      if (up.pointerId !== pointerId) return;
      move(up);
      finish('commit');
    },
    { signal },
  );
  addEventListener('pointercancel', (up) => up.pointerId === pointerId && finish('cancel'), { signal });
  addEventListener('blur', () => finish('cancel'), { signal });
  addEventListener(
    'keydown',
    (key) => {
      if (key.key !== 'Escape' || !scrub) return;
      key.preventDefault();
      key.stopPropagation();
      finish('cancel');
    },
    { signal, capture: true },
  );
}
