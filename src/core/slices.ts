// Long work in slices: the work yields the thread every few milliseconds, so that no frame waits for it.
// Invariant: a slice ends with the step in which its time is over. Does not know the work.

import { macrotask } from './macrotask';

/** Less than half of a frame, which also holds the drawing. */
const SLICE_MS = 6;

/** Called between small steps of one piece of work: undefined while the slice lasts, else the promise of the next slice. */
export type Pace<T = void> = () => Promise<T> | undefined;

/** Starts a pace; its first slice begins now, and `yieldThread` ends each. */
export function startPace(): Pace;
export function startPace<T>(yieldThread: () => Promise<T>): Pace<T>;
export function startPace(yieldThread: () => Promise<unknown> = macrotask): Pace<unknown> {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return yieldThread().then((answer) => {
      since = performance.now();
      return answer;
    });
  };
}

/** Advances work by at least one step, for a slice or for so many milliseconds; undefined while the work is not done. */
export function advance<T>(work: Generator<void, T>, ms = SLICE_MS): { readonly value: T } | undefined {
  const end = performance.now() + ms;
  do {
    const step = work.next();
    if (step.done) return { value: step.value };
  } while (performance.now() < end);
  return undefined;
}

/** Does work in slices; undefined if the work is not wanted any more at the start of a slice. */
export async function inSlices<T>(
  work: Generator<void, T>,
  isWanted: () => boolean,
): Promise<{ readonly value: T } | undefined> {
  for (;;) {
    const done = advance(work);
    if (done) return done;
    await macrotask();
    if (!isWanted()) return undefined;
  }
}
