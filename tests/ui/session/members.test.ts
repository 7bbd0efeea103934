// What is told of the members of runs with seeds: a few times while they arrive, and at once of the last.

import { createRoot, createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { addRun, type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { parseAddress } from '../../../src/platform/page/address';
import { createMembers, memberNodes } from '../../../src/ui/session/members';
import { toyRegistry } from '../../core/toy-registry';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

test('members are told of together, and of the last one in the moment in which it is there', async () => {
  const parsed = parseAddress('#v1&A=a&A.seeds=12&A.dataset.nSamples=20&A.train.epochs=2', registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const plan = createPlanner(registry)(parsed.sheet);
  const run = plan.runs.get('A');
  if (!run) throw new Error('there is no run A');
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  // Heard before the members hear of it, and after.
  const versions: { before: number; after: number }[] = [];
  const stopBefore = scheduler.subscribe(({ type }) => {
    if (type === 'finished') versions.push({ before: members.version('A'), after: Number.NaN });
  });
  const { members, dispose } = createRoot((end) => ({
    members: createMembers(scheduler, () => plan),
    dispose: end,
  }));
  const stopAfter = scheduler.subscribe(({ type }) => {
    const last = versions.at(-1);
    if (type === 'finished' && last) last.after = members.version('A');
  });
  const nodes = memberNodes(run, 'diff');
  const all = Array.from({ length: run.seeds.count }, (_, index) =>
    [...run.member(index).values()].flatMap(({ node }) => node ?? []),
  );
  await Promise.all(all.flat().map((node) => scheduler.demand(node).outcome));
  const keys = new Set(all.flat().map(({ key }) => key));
  expect(versions).toHaveLength(keys.size);
  expect(versions.filter(({ before, after }) => before !== after)).toHaveLength(1);
  expect(versions.at(-1)?.after).toBe((versions.at(-1)?.before ?? 0) + 1);
  expect(members.states('A', nodes).every(({ outcome }) => outcome?.result)).toBe(true);
  stopBefore();
  stopAfter();
  dispose();
});

test('after an edit of one run members are told of what they have now, and others still of what they share', async () => {
  const plan = createPlanner(toyRegistry);
  const twins = ['A', 'B'].reduce<Sheet>(
    (sheet, id) => setOverride(addRun(sheet, { name: 'run' }), id, 'seeds', '2'),
    { runs: [], rows: [] },
  );
  const [shown, show] = createSignal(plan(setOverride(twins, 'B', 'fold.steps', '9')));
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(toyRegistry) });
  const { members, dispose } = createRoot((end) => ({
    members: createMembers(scheduler, shown),
    dispose: end,
  }));
  const compute = async (kind: string, run: string): Promise<void> => {
    const node = shown().runs.get(run)?.cells.get(kind)?.node;
    if (node) await scheduler.demand(node).outcome;
  };
  const versions = (): number[] => [members.version('A'), members.version('B')];
  show(plan(setOverride(twins, 'B', 'source.size', '4')));
  await compute('source', 'A');
  await expect.poll(versions).toEqual([1, 0]);
  await compute('source', 'B');
  await expect.poll(versions).toEqual([1, 1]);
  await compute('shape', 'B');
  await expect.poll(versions).toEqual([2, 2]);
  // Only what the members have now is waited for, so that the last of it is told of at once.
  const nodes = [...shown().runs.values()].flatMap(({ seeds, member }) =>
    Array.from({ length: seeds.count }, (_, index) => [...member(index).values()]).flat(),
  );
  let last: number[] = [];
  const stop = scheduler.subscribe(({ type }) => {
    if (type === 'finished') last = versions();
  });
  await Promise.all(nodes.map(({ node }) => node && scheduler.demand(node).outcome));
  await new Promise((beat) => setTimeout(beat, 500));
  expect(last).toEqual(versions());
  expect(Math.max(...last)).toBeGreaterThan(2);
  stop();
  dispose();
});
