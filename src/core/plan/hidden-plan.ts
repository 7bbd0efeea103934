// A plan without keys: while a question is open, no cell has a key, so nothing is computed, read from a store or shown.
// Invariants: an unchanged run gives the same object; problems of the plan itself stay, because they are no results.

import type { Cell, Cells, Plan, RunPlan } from './plan';

/** The place of the problem of a hidden cell: nothing in the sheet can mend it. */
export const HIDDEN_PLACE = '';

const HIDDEN: Cell = {
  problem: {
    kind: 'blocked',
    cell: HIDDEN_PLACE,
    message: 'hidden until the question above the figures has a guess',
  },
};

const known = new WeakMap<RunPlan, RunPlan>();

function hiddenRun(run: RunPlan): RunPlan {
  const before = known.get(run);
  if (before) return before;
  const cells: Cells = new Map(
    [...run.cells].map(([kind, cell]) => [kind, cell.problem === undefined ? HIDDEN : cell]),
  );
  const made: RunPlan = { ...run, cells, member: () => cells };
  known.set(run, made);
  return made;
}

/** Returns the plan with every cell blocked by the question; params and problems stay. */
export const hideResults = ({ sheet, runs }: Plan): Plan => ({
  sheet,
  runs: new Map([...runs].map(([id, run]) => [id, hiddenRun(run)])),
});
