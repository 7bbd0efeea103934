// Random plans, plans of a fixed scenario, and the reduction of a failing plan.
// Invariant: a seed gives one plan; the reduction only takes away, and its result has failed when executed.
// Does not know what a failure means.

import { WAYS, type Way } from './faults';
import { REMAINS } from './foreign-writers';
import type { Boot } from './page';
import { type Action, DEEDS, type Outcome, type Plan } from './plan';
import { random } from './random';
import { simulate } from './simulation';

const WAITS = [0, 0, 1, 20, 200, 1_000, 4_000, 20_000];
/** The relative frequency of each deed. */
const PARTS: Readonly<Record<(typeof DEEDS)[number], number>> = {
  edit: 32,
  replace: 8,
  undo: 8,
  redo: 4,
  back: 3,
  create: 2,
  open: 4,
  remove: 2,
  restore: 1,
  rename: 4,
  duplicate: 2,
  export: 2,
  import: 3,
  train: 2,
  link: 3,
  keep: 3,
  boot: 2,
  reload: 5,
  crash: 4,
  freeze: 3,
  hide: 3,
  clock: 1,
  disconnect: 2,
  'save own': 1,
  upgrade: 1,
  damage: 1,
};
const MOST_ACTIONS = 24;

/** Returns a random plan: one to four tabs, some without channels or locks; most plans have faults. */
export function planOf(seed: number): Plan {
  const chance = random(seed, 'plan');
  const tabs = Array.from({ length: 1 + chance.below(4) }, () => ({
    channel: chance.chance(0.15),
    locks: chance.chance(0.15),
    profile: chance.chance(0.15) ? 1 : 0,
  }));
  const before = chance.chance(0.6) ? [] : REMAINS.filter(() => chance.chance(0.4));
  const deeds = DEEDS.flatMap((deed) => Array<typeof deed>(PARTS[deed]).fill(deed));
  const action = (tab: number): Action => ({
    tab,
    wait: chance.pick(WAITS),
    deed: chance.pick(deeds),
    amount: chance.below(30_000),
  });
  const boots = tabs.map((_, tab): Action => ({ tab, wait: chance.pick(WAITS), deed: 'boot', amount: 0 }));
  const more = Array.from({ length: 2 + chance.below(MOST_ACTIONS) }, () =>
    action(chance.below(tabs.length)),
  );
  const faults = chance.pick([0, 0.01, 0.05, 0.05, 0.2]);
  return { seed, tabs, before, actions: [...boots, ...more], faults, loss: chance.pick([0, 0, 0.3, 1]) };
}

/** A fixed order of the storage work of a page: one page after the other, and two at once. */
export function scenario(faults: Plan['faults'], lasting: boolean): Plan {
  const deeds: readonly (readonly [number, number, Action['deed']])[] = [
    [0, 0, 'boot'],
    [0, 1_000, 'edit'],
    [0, 1_000, 'undo'],
    [0, 1_000, 'edit'],
    [1, 3_500, 'boot'],
    [1, 1_000, 'edit'],
    [0, 2_000, 'create'],
    [0, 500, 'edit'],
    [0, 500, 'reload'],
    [0, 4_000, 'edit'],
  ];
  const actions = deeds.map(([tab, wait, deed]): Action => ({ tab, wait, deed, amount: 0 }));
  return { seed: 1, tabs: [{}, {}], actions, faults, loss: 0, lasting };
}

/** For each way, executes the scenario with a failing n-th operation, until a pass meets no fault. */
export async function* everyFault(
  boot: Boot,
  rule: (n: number, way: Way) => Plan['faults'],
  lasting: boolean,
): AsyncGenerator<{ readonly n: number; readonly way: Way; readonly outcome: Outcome }> {
  for (const way of WAYS)
    for (let n = 1; ; n++) {
      const outcome = await simulate(scenario(rule(n, way), lasting), boot);
      yield { n, way, outcome };
      if (outcome.faults.size === 0) break;
    }
}

/** Removes items from a list as long as the rest still fails; returns the rest. */
async function without<T>(
  items: readonly T[],
  fails: (kept: readonly T[]) => Promise<boolean>,
): Promise<T[]> {
  let kept = [...items];
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < kept.length; ) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (await fails(fewer)) kept = fewer;
      else from += size;
    }
  return kept;
}

const TRIES = 5;

/** Returns a smaller plan that still fails: fewer faults, actions and tabs. */
export async function shrink(
  plan: Plan,
  outcome: Outcome,
  boot: Boot,
): Promise<{ plan: Plan; outcome: Outcome }> {
  let least: { plan: Plan; outcome: Outcome } = { plan, outcome };
  const fails = async (smaller: Plan): Promise<boolean> => {
    // Fewer actions give another order, so several seeds are tried for each.
    for (let at = 0; at < TRIES; at++) {
      const tried = { ...smaller, seed: at === 0 ? smaller.seed : smaller.seed * 31 + at };
      const result = await simulate(tried, boot);
      if (result.violations.length === 0) continue;
      least = { plan: tried, outcome: result };
      return true;
    }
    return false;
  };
  const size = (): number => least.plan.actions.length + least.outcome.faults.size;
  await fails({ ...plan, faults: outcome.faults });
  for (let before = Number.POSITIVE_INFINITY; size() < before; ) {
    before = size();
    await without([...least.outcome.faults], (kept) => fails({ ...least.plan, faults: new Map(kept) }));
    await without(least.plan.actions, (kept) => fails({ ...least.plan, actions: kept }));
  }
  await fails({ ...least.plan, loss: 0 });
  return least;
}

/** A readable form of a plan and its outcome. */
export function describePlan({ plan, outcome }: { plan: Plan; outcome: Outcome }): string {
  const lines = plan.actions.map(
    ({ tab, wait, deed, amount }) => `  tab ${tab}: ${deed} after ${wait} ms (${amount})`,
  );
  const faults = [...outcome.faults].map(([index, way]) => `operation ${index}: ${way}`);
  return [
    `seed ${plan.seed}, ${plan.tabs.length} tabs, loss ${plan.loss}, before: ${plan.before?.join(', ') || 'nothing'}`,
    ...lines,
    `  faults: ${faults.join(', ') || 'none'}`,
    ...outcome.violations.slice(0, 5).map((violation) => `  ✗ ${violation}`),
  ].join('\n');
}
