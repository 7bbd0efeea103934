// Long work in slices: an export or an import runs on the page's own thread and must cost the page no frame.
// Invariant: between two calls that wait, a caller works for one slice and the step that ends it. Knows nothing of the work.

import { macrotask } from '../../core/macrotask';

const SLICE_MS = 10;

/** To be awaited between small steps; gives other work its turn once a slice is over. Each piece of work has its own. */
export type Pace = () => Promise<void> | undefined;

/** A pace that begins now. */
export function startPace(): Pace {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return macrotask().then(() => {
      since = performance.now();
    });
  };
}
