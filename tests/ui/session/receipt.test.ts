// What the receipt and the members of runs follow over edits: the same as if the sheet had been opened as it is.

import { createRoot, createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner, type RunPlan } from '../../../src/core/plan/plan';
import { addRun, removeRun, renameRun, type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { lastingDemands } from '../../../src/ui/session/demands';
import { createMembers } from '../../../src/ui/session/members';
import { watchReceipt } from '../../../src/ui/session/receipt';
import { toyRegistry } from '../../core/toy-registry';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const DECISIONS = { paused: new Set<string>(), stopped: new Set<string>(), allowed: new Set<string>() };

const nodesIn = ({ seeds, member }: RunPlan): Node[] =>
  Array.from({ length: seeds.count }, (_, index) =>
    [...member(index).values()].flatMap(({ node }) => node ?? []),
  ).flat();

/** Runs that share cells with each other, before and after edits of some of them. */
const START = [
  ['A', 'seeds', '3'],
  ['B', 'seeds', '2'],
  ['B', 'fold.steps', '2'],
  ['C', 'fold.steps', '3'],
].reduce<Sheet>(
  (sheet, [run = '', path = '', text = '']) => setOverride(sheet, run, path, text),
  ['A', 'B', 'C'].reduce<Sheet>((sheet, name) => addRun(sheet, { name }), { runs: [], rows: [] }),
);

const EDITS: readonly ((sheet: Sheet) => Sheet)[] = [
  (sheet) => setOverride(sheet, 'B', 'fold.steps', '4'),
  (sheet) => setOverride(sheet, 'A', 'fold.steps', '2'),
  (sheet) => setOverride(sheet, 'B', 'seeds', '1'),
  (sheet) => setOverride(sheet, 'B', 'seeds', '4'),
  (sheet) => setOverride(sheet, 'C', 'source.size', '5'),
  (sheet) => removeRun(sheet, 'A'),
  (sheet) => addRun(sheet, { name: 'again', base: 'B' }),
];

test('over edits what is followed is that of the sheet as it is', async () => {
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(toyRegistry) });
  const plan = createPlanner(toyRegistry);
  let sheet = START;
  const [shown, show] = createSignal(plan(sheet));
  const { receipt, members, dispose } = createRoot((end) => ({
    receipt: watchReceipt(
      toyRegistry,
      scheduler,
      shown,
      () => lastingDemands(shown(), 'A', DECISIONS, () => false),
      () => false,
    ),
    members: createMembers(scheduler, shown),
    dispose: end,
  }));
  for (const [at, edit] of [(same: Sheet) => same, ...EDITS].entries()) {
    sheet = edit(sheet);
    const runs = [...plan(sheet).runs.values()].filter(({ seeds }) => seeds.count > 1);
    const isMissing = ({ key }: Node): boolean => !scheduler.state(key).outcome;
    const expected = new Map(runs.map((run) => [run.run.id, nodesIn(run).some(isMissing)]));
    show(plan(sheet));
    const before = new Map(runs.map(({ run }) => [run.id, members.version(run.id)]));
    const nodes = [...shown().runs.values()].flatMap(nodesIn);
    await Promise.all(nodes.map((node) => scheduler.demand(node).outcome));
    for (const [run, isNew] of expected) expect(members.version(run) > (before.get(run) ?? 0)).toBe(isNew);
    // What is there already, under another name, is all from the cache.
    sheet = renameRun(sheet, 'B', `name ${at}`);
    show(plan(sheet));
    const count = new Set(nodes.map(({ key }) => key)).size;
    await expect.poll(receipt.text).toBe(`nothing to recompute · ${count} cells from the cache`);
  }
  dispose();
});
