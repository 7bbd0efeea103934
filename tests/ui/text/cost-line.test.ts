// The time that an edit is said to take: what twins and members share is counted once, as in one estimate over all.

import { expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createSpeeds, estimateSet } from '../../../src/core/compute/estimate';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner } from '../../../src/core/plan/plan';
import { type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { addTwins } from '../../../src/ui/fill/draft-sheet';
import { costsOf } from '../../../src/ui/text/cost-line';
import { sheetAt } from '../../sheet-at';

const CORES = 4;
const speeds = createSpeeds();
const plan = createPlanner(registry);

const nodesOf = (sheet: Sheet, runs: readonly string[]): Node[] =>
  runs.flatMap((id) =>
    [...(plan(sheet).runs.get(id)?.cells.values() ?? [])].flatMap(({ node }) => node ?? []),
  );

async function costsAfter(before: Sheet, after: Sheet, known: ReadonlySet<string> = new Set()) {
  let slices = 0;
  const scheduler = {
    estimate: (nodes: Iterable<Node>, there?: ReadonlySet<string>) => {
      slices++;
      return estimateSet(nodes, speeds, CORES, (key) => there?.has(key) === true);
    },
    cached: async () => known,
  };
  const costs = await costsOf({ plan, scheduler }, before, after, async () => true);
  const had = new Set(before.runs.map(({ id }) => id));
  const added = nodesOf(
    after,
    after.runs.map(({ id }) => id).filter((id) => !had.has(id)),
  );
  const whole = estimateSet(added, speeds, CORES, (key) => known.has(key));
  return { costs, slices, whole };
}

const SHEET = sheetAt('#v1&A=a');
const twins = (count: number): Sheet => addTwins(SHEET, Array(count).fill('x'), { base: 'A' });

test('twins of one run take as long as one of them', async () => {
  const { costs, slices, whole } = await costsAfter(SHEET, twins(200));
  const { costs: single } = await costsAfter(SHEET, twins(1));
  expect([costs?.trainings, slices]).toEqual([200, 1]);
  expect(costs?.ms).toBe(whole.ms);
  expect(costs?.ms).toBe(single?.ms);
});

/** As far as two estimates are apart, of the second. */
const apart = (ms = Number.NaN, whole: number): number => Math.abs(ms / whole - 1);

test('twins that share some of their work take as long as one estimate over all says', async () => {
  const made = twins(400);
  const seeded = made.runs
    .slice(1)
    .reduce((sheet, { id }, index) => setOverride(sheet, id, 'train.seed', String(index)), made);
  const { costs, slices, whole } = await costsAfter(SHEET, seeded);
  expect(slices).toBeGreaterThan(1);
  expect(apart(costs?.ms, whole.ms)).toBeLessThan(1e-9);
  const known = new Set(nodesOf(seeded, ['B', 'C']).map(({ key }) => key));
  const rest = await costsAfter(SHEET, seeded, known);
  expect(rest.costs?.cached).toBe(2);
  expect(apart(rest.costs?.ms, rest.whole.ms)).toBeLessThan(1e-9);
  // A few far longer ones: a slice may wait for its longest, where the whole would not.
  const various = ['D', 'M', 'Z'].reduce(
    (sheet, id) => setOverride(sheet, id, 'train.epochs', '900'),
    seeded,
  );
  const mixed = await costsAfter(SHEET, various);
  expect(apart(mixed.costs?.ms, mixed.whole.ms)).toBeLessThan(0.02);
});
