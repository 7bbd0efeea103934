// Limits the number of members of all runs together: each run may be within its bound while the sum is not.
// Invariants: runs are counted in order; a run whose members exceed the limit has a problem and counts for nothing, so that a
// shorter run after it still fits; a run within the limit is the same object as before.
// Knows neither params nor cells.

import type { Problem } from '../kinds/problem';
import { MAX_MEMBERS, type Run, type RunId, SEEDS_PATH } from '../sheet/sheet';
import { grouped } from '../text-formatting';
import type { Seeds } from './param-values';

/** A run with its number of members. */
interface Counted {
  readonly run: Run;
  readonly seeds: Seeds;
}

const LIMIT = `a sheet holds at most ${grouped(MAX_MEMBERS)} members in total`;

/** The problem of a run whose members exceed the limit; undefined for every other run. */
export const limitProblem = ({ seeds: { problem } }: Pick<Counted, 'seeds'>): Problem | undefined =>
  problem?.message.startsWith(LIMIT) ? problem : undefined;

const beyond = ({ run, seeds }: Counted, before: number): Problem => ({
  kind: 'bad-param',
  cell: `${run.id}.${SEEDS_PATH}`,
  message: `${LIMIT}; the runs before ${run.id} have ${grouped(before)}, and ${run.id} would add ${grouped(seeds.count)}`,
});

/** The number of members of all these runs together. */
export const membersIn = (runs: Iterable<Pick<Counted, 'seeds'>>): number =>
  [...runs].reduce((sum, { seeds }) => sum + seeds.count, 0);

/**
 * Creates the check of the limit. `refuse` returns a run's plan with the given problem; the check remembers
 * this plan and returns the same object while the count before the run is unchanged.
 */
export function createMemberLimit<P extends Counted>(
  refuse: (plan: P, problem: Problem) => P,
): (runs: readonly P[]) => ReadonlyMap<RunId, P> {
  const refused = new WeakMap<P, { before: number; made: P }>();

  function refusedOf(plan: P, before: number): P {
    const known = refused.get(plan);
    if (known?.before === before) return known.made;
    const made = refuse(plan, beyond(plan, before));
    refused.set(plan, { before, made });
    return made;
  }

  return (runs) => {
    const plans = new Map<RunId, P>();
    let count = 0;
    for (const plan of runs) {
      const fits = count + plan.seeds.count <= MAX_MEMBERS;
      if (fits) count += plan.seeds.count;
      plans.set(plan.run.id, fits ? plan : refusedOf(plan, count));
    }
    return plans;
  };
}
