// What is told of the members of runs with seeds: a few times while they arrive, and at once of the last.

import { createRoot } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/engine';
import { createPlanner } from '../../src/core/plan';
import { createScheduler } from '../../src/core/scheduler';
import { memoryStore } from '../../src/core/store';
import { parseAddress } from '../../src/platform/address';
import { createMembers, memberNodes } from '../../src/ui/members';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../node_modules/solid-js/dist/solid.js'));

test('members are told of together, and of the last one in the moment in which it is there', async () => {
  const parsed = parseAddress('#v1&A=a&A.seeds=12&A.dataset.nSamples=20&A.train.epochs=2', registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const plan = createPlanner(registry)(parsed.sheet);
  const run = plan.runs.get('A');
  if (!run) throw new Error('there is no run A');
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  // Heard before the members hear of it, and after.
  const told: { before: number; after: number }[] = [];
  const stopBefore = scheduler.subscribe(({ type }) => {
    if (type === 'finished') told.push({ before: members.told('A'), after: Number.NaN });
  });
  const { members, dispose } = createRoot((end) => ({
    members: createMembers(scheduler, () => plan),
    dispose: end,
  }));
  const stopAfter = scheduler.subscribe(({ type }) => {
    const last = told.at(-1);
    if (type === 'finished' && last) last.after = members.told('A');
  });
  const nodes = memberNodes(run, 'diff');
  const all = Array.from({ length: run.seeds.count }, (_, index) =>
    [...run.member(index).values()].flatMap(({ node }) => node ?? []),
  );
  await Promise.all(all.flat().map((node) => scheduler.demand(node).outcome));
  const keys = new Set(all.flat().map(({ key }) => key));
  expect(told).toHaveLength(keys.size);
  expect(told.filter(({ before, after }) => before !== after)).toHaveLength(1);
  expect(told.at(-1)?.after).toBe((told.at(-1)?.before ?? 0) + 1);
  expect(members.states('A', nodes).every(({ outcome }) => outcome?.result)).toBe(true);
  stopBefore();
  stopAfter();
  dispose();
});
