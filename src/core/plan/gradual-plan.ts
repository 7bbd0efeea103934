// Plans a sheet of many runs in slices, so that no frame waits for the plan.
// Invariant: the last slice gives the plan of the whole sheet; each earlier slice only makes that plan cheaper. A slice is a
// number of runs and not a time as in `sliced-values.ts`, because each slice plans the whole sheet once.

import type { Run, Sheet } from '../sheet/sheet';
import type { Plan } from './plan';

/** Number of changed runs that are planned between two turns. */
export const SLICE_RUNS = 64;

/**
 * Plans `after` in slices of `SLICE_RUNS` changed runs; `before` is the sheet planned last, and `plan` must
 * remember its earlier plans. `yieldThread` yields the thread and resolves to whether the plan is still wanted.
 * Returns undefined if it is not.
 */
export async function planGradually(
  plan: (sheet: Sheet) => Plan,
  before: Sheet | undefined,
  after: Sheet,
  yieldThread: () => Promise<boolean>,
): Promise<Plan | undefined> {
  const known = new Set(before?.runs);
  const old = new Map(before?.runs.map((run) => [run.id, run]));
  const changed = after.runs.filter((run) => !known.has(run));
  for (let end = SLICE_RUNS; end < changed.length; end += SLICE_RUNS) {
    const ready = new Set(changed.slice(0, end));
    const partly = (run: Run): Run | undefined => (known.has(run) || ready.has(run) ? run : old.get(run.id));
    plan({ ...after, runs: after.runs.flatMap((run) => partly(run) ?? []) });
    if (!(await yieldThread())) return undefined;
  }
  return plan(after);
}
