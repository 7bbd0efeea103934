// Long work in slices: an export or import runs on the page's own thread and must not cost the page a frame.
// Invariant: between two waiting calls, a caller works for one slice plus the step that ends the slice. Does not know the work.

import { macrotask } from '../../core/macrotask';

const SLICE_MS = 10;

/** Awaited between small steps of one piece of work; yields the thread when a slice is over. */
export type Pace = () => Promise<void> | undefined;

/** Starts a pace; its first slice begins now. */
export function startPace(): Pace {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return macrotask().then(() => {
      since = performance.now();
    });
  };
}
