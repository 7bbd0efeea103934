// How things are wanted: for how long, how soon, how many at a time, and at what cost.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Engine, inlineEngine } from '../../../src/core/compute/engine';
import type { Urgency } from '../../../src/core/compute/queue';
import {
  createScheduler,
  type SchedulerEvent,
  type SchedulerOptions,
} from '../../../src/core/compute/scheduler';
import { memoryStore, type Store, tiered } from '../../../src/core/compute/store';
import { digest } from '../../../src/core/kinds/digest';
import { createRegistry, defineKind, type Slots } from '../../../src/core/kinds/kind';
import { int } from '../../../src/core/kinds/param';
import { number, strictObject } from '../../../src/core/kinds/value';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';
import { toyRegistry } from '../toy-registry';

const first = edits.addRun({ runs: [], rows: [] }, { name: 'first' });
const plan = createPlanner(toyRegistry);

function nodeOf(kind: string, ...overrides: [path: string, text: string][]): Node {
  const sheet = overrides.reduce((s, [path, text]) => edits.setOverride(s, 'A', path, text), first);
  const node = plan(sheet).runs.get('A')?.cells.get(kind)?.node;
  if (!node) throw new Error(`no ${kind}`);
  return node;
}

function watched(options: Partial<SchedulerOptions> = {}) {
  const scheduler = createScheduler({
    store: memoryStore(),
    engine: inlineEngine(toyRegistry),
    ...options,
  });
  const events: SchedulerEvent[] = [];
  scheduler.subscribe((event) => events.push(event));
  const names = (type: SchedulerEvent['type']): string[] =>
    events.flatMap((event) => (event.type === type && 'node' in event ? [event.node.kind.name] : []));
  return { scheduler, events, names };
}

const ticks = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve));
};

/** An engine of so many cores, each of which computes in this thread. */
const cores = (slots: number): Engine => ({ ...inlineEngine(toyRegistry), slots });

describe('a result for the moment', () => {
  const tiers = () => {
    const [memory, disk] = [memoryStore(), memoryStore()];
    return { memory, disk, store: tiered(memory, disk) };
  };

  test('is in memory and not on the disk, nor are its inputs and its checkpoints', async () => {
    const { memory, disk, store } = tiers();
    const { scheduler, events } = watched({ store });
    const node = nodeOf('fold', ['fold.steps', '16']);
    const { result } = await scheduler.demand(node, { transient: true }).outcome;
    expect(result?.from).toBe('computed');
    for (const each of [node, ...Object.values(node.inputs)]) {
      expect(await memory.get(each.key)).toMatchObject({ transient: true });
      expect(await disk.get(each.key)).toBeUndefined();
    }
    expect((await memory.checkpoint(node.trace ?? '', 16))?.at).toBe(16);
    expect(await disk.checkpoint(node.trace ?? '', 16)).toBeUndefined();
    expect(events.filter(({ type }) => type === 'finished')).toMatchObject(
      Array(4).fill({ transient: true }),
    );
  });

  test('is not looked for on the disk', async () => {
    const { disk, store } = tiers();
    const node = nodeOf('source');
    await watched({ store: disk }).scheduler.demand(node).outcome;
    const { scheduler } = watched({ store });
    expect((await scheduler.demand(node, { transient: true }).outcome).result?.from).toBe('computed');
  });

  test.each(['while it is claimed', 'while it is computed', 'after it was released'])(
    'is kept once it is wanted for longer %s: value and last checkpoint reach the disk, and that is said once',
    async (when) => {
      const { disk, store } = tiers();
      const { scheduler, events, names } = watched({ store });
      const node = nodeOf('fold', ['fold.steps', '16']);
      const passing = scheduler.demand(node, { transient: true });
      if (when !== 'while it is computed') await passing.outcome;
      else while (scheduler.state(node.key).activity !== 'running') await ticks(1);
      if (when === 'after it was released') passing.release();
      const lasting = scheduler.demand(node);
      const { result } = await lasting.outcome;
      await ticks(2);
      expect((await disk.get(node.key))?.entry.value).toEqual(result?.value);
      expect((await disk.checkpoint(node.trace ?? '', 40))?.at).toBe(16);
      const kept =
        names('kept').length +
        events.filter(
          (e) => e.type === 'finished' && !e.transient && e.result.from === 'computed' && e.node === node,
        ).length;
      expect(kept).toBe(1);
      scheduler.demand(node).release();
      await ticks(1);
      expect(names('kept').filter((name) => name === 'fold').length).toBeLessThanOrEqual(1);
      // After a reload memory is empty, and more steps go on from there.
      const seen: number[] = [];
      const engine = inlineEngine(toyRegistry);
      const spying: Engine = {
        slots: 1,
        execute(computation, context) {
          if (computation.kind === 'fold') seen.push(computation.checkpoint?.at ?? 0);
          return engine.execute(computation, context);
        },
      };
      const after = watched({ store: tiered(memoryStore(), disk), engine: spying });
      const more = await after.scheduler.demand(nodeOf('fold', ['fold.steps', '24'])).outcome;
      const whole = await watched().scheduler.demand(nodeOf('fold', ['fold.steps', '24'])).outcome;
      expect(seen).toEqual([16]);
      expect(digest(more.result?.value ?? null)).toBe(digest(whole.result?.value ?? null));
    },
  );
});

describe('urgency', () => {
  test('what is more urgent starts first, and one that becomes more urgent overtakes, with all that it needs', async () => {
    const { scheduler, events } = watched();
    const busy = scheduler.demand(nodeOf('part', ['part.every', '9'], ['source.size', '9']));
    while (
      scheduler.state(nodeOf('part', ['part.every', '9'], ['source.size', '9']).key).activity !== 'running'
    )
      await ticks(1);
    const at = (scale: string) => nodeOf('source', ['source.scale', scale]);
    const [later, sooner] = [scheduler.demand(at('1')), scheduler.demand(at('2'), { urgency: 'selected' })];
    const raised = scheduler.demand(nodeOf('part', ['source.scale', '3']), { urgency: 'visible' });
    await ticks(1);
    raised.change({ urgency: 'selected' });
    await Promise.all([busy, later, sooner, raised].map(({ outcome }) => outcome));
    const started = events.flatMap((e) =>
      e.type === 'started' ? [String(e.node.params['scale'] ?? e.node.kind.name)] : [],
    );
    expect(started.indexOf('3')).toBeLessThan(started.indexOf('1'));
    expect(started.indexOf('2')).toBeLessThan(started.indexOf('1'));
  });

  test('whoever wants what, and however long: everything wanted comes out right, and only that', async () => {
    const request = fc.record({
      kind: fc.constantFrom('source', 'part', 'shape', 'fold', 'report'),
      scale: fc.constantFrom('0.5', '1', '2'),
      urgency: fc.constantFrom<Urgency>('selected', 'visible', 'bulk'),
      transient: fc.boolean(),
      next: fc.constantFrom('keep', 'release', 'raise', 'last'),
      wait: fc.nat(3),
    });
    const right = new Map<string, string>();
    const rightOf = async (node: Node): Promise<string> => {
      const known = right.get(node.key);
      if (known !== undefined) return known;
      const { result } = await watched().scheduler.demand(node).outcome;
      right.set(node.key, digest(result?.value ?? null));
      return rightOf(node);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (requests, slots) => {
          const disk = memoryStore();
          const { scheduler, events } = watched({ store: tiered(memoryStore(), disk), engine: cores(slots) });
          const wanted: { node: Node; outcome: Promise<unknown>; lasting: boolean }[] = [];
          for (const { kind, scale, urgency, transient, next, wait } of requests) {
            const node = nodeOf(kind, ['source.scale', scale]);
            const claim = scheduler.demand(node, { urgency, transient });
            await ticks(wait);
            if (next === 'release') {
              claim.release();
              continue;
            }
            const lasting = next === 'last' || !transient;
            if (next === 'raise') claim.change({ urgency: 'selected', transient });
            if (next === 'last') claim.change({ urgency });
            wanted.push({ node, outcome: claim.outcome, lasting });
          }
          for (const { node, outcome, lasting } of wanted) {
            const { result } = (await outcome) as { result?: { value: null } };
            expect(digest(result?.value ?? null)).toBe(await rightOf(node));
            await ticks(1);
            if (lasting) expect((await disk.get(node.key))?.entry.recipe).toBe(node.recipe);
          }
          await ticks(4);
          // What nobody wanted for longer than the moment is not on the disk.
          const lasting = new Set<string>();
          const add = (node: Node): void => {
            lasting.add(node.key);
            Object.values(node.inputs).forEach(add);
          };
          for (const { kind, scale, transient, next } of requests)
            if (!transient || next === 'last') add(nodeOf(kind, ['source.scale', scale]));
          for (const event of events) {
            if (event.type === 'finished' && !lasting.has(event.node.key))
              expect(await disk.get(event.node.key)).toBeUndefined();
          }
          const started = events.filter(({ type }) => type === 'started').length;
          const ended = events.filter((e) => e.type === 'finished' && e.result.from === 'computed').length;
          expect(ended).toBeLessThanOrEqual(started);
        },
      ),
      { numRuns: cases(60) },
    );
  });
});

describe('an demandSet', () => {
  const sweep = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      node: nodeOf('shape', ['shape.seed', String(i)]),
      urgency: 'bulk' as const,
    }));

  test('demands bulk a few at a time, in its order, and tells how far it is', async () => {
    const { scheduler, events } = watched();
    const demandSet = scheduler.demandSet();
    const wanted = sweep(300);
    demandSet.show(wanted);
    expect(demandSet.tally()).toEqual({ total: 300, done: 0, failed: 0, asking: 0 });
    expect(events.filter(({ type }) => type === 'queued').length).toBe(32);
    expect(scheduler.state(wanted[299]?.node.key ?? '').activity).toBe('queued');
    while (demandSet.tally().done < 300) await ticks(1);
    const started = events.flatMap((e) => (e.type === 'started' ? [e.node.params['seed']] : []));
    expect(started).toEqual(Array.from({ length: 300 }, (_, i) => i));
    demandSet.release();
    await ticks(1);
    expect(scheduler.state(wanted[0]?.node.key ?? '')).toEqual({ activity: 'idle' });
  });

  test('is cancelled by a release: what is done stays done, nothing more starts', async () => {
    const { scheduler, names } = watched();
    const demandSet = scheduler.demandSet();
    demandSet.show(sweep(900));
    while (demandSet.tally().done < 40) await ticks(1);
    demandSet.release();
    await ticks(5);
    const { length } = names('started');
    await ticks(20);
    expect(names('started')).toHaveLength(length);
    expect(length).toBeLessThan(900);
    expect(demandSet.tally()).toEqual({ total: 0, done: 0, failed: 0, asking: 0 });
  });

  test('what is wanted for the screen does not wait behind bulk', async () => {
    const { scheduler } = watched();
    const demandSet = scheduler.demandSet();
    const slow = (seed: number) => nodeOf('fold', ['fold.steps', '40'], ['fold.seed', String(seed)]);
    demandSet.show(Array.from({ length: 60 }, (_, i) => ({ node: slow(i), urgency: 'bulk' as const })));
    while (demandSet.tally().done < 2) await ticks(1);
    await scheduler.demand(slow(60)).outcome;
    expect(demandSet.tally().done).toBeLessThan(30);
    demandSet.release();
  });

  test('lets go of values that it is not to hold, and does not compute them again', async () => {
    const { scheduler, names } = watched();
    const demandSet = scheduler.demandSet();
    const wanted = sweep(50).map((each) => ({ ...each, hold: false }));
    demandSet.show(wanted);
    while (demandSet.tally().done < 50) await ticks(1);
    expect(wanted.filter(({ node }) => scheduler.state(node.key).outcome)).toEqual([]);
    demandSet.show(wanted);
    await ticks(3);
    expect(demandSet.tally().done).toBe(50);
    expect(names('started')).toHaveLength(50);
    demandSet.show(wanted.map(({ node }) => node));
    while (wanted.some(({ node }) => !scheduler.state(node.key).outcome)) await ticks(1);
    expect(names('started')).toHaveLength(50);
  });

  test('demands what is on the screen over several tasks where it is much', async () => {
    const { scheduler, names } = watched();
    const demandSet = scheduler.demandSet();
    demandSet.show(sweep(900).map(({ node }) => node));
    expect(names('queued').length).toBe(200);
    while (demandSet.tally().done < 900) await ticks(1);
    demandSet.release();
  });

  test('a node that is wanted twice is as urgent as the more urgent asks, and lasts where one wants it to', async () => {
    const disk = memoryStore();
    const { scheduler, names } = watched({ store: tiered(memoryStore(), disk) });
    const demandSet = scheduler.demandSet();
    const node = nodeOf('shape');
    demandSet.show([
      { node, urgency: 'bulk', transient: true },
      { node, urgency: 'selected' },
    ]);
    while (demandSet.tally().done < 1) await ticks(1);
    expect(names('queued')).toHaveLength(1);
    expect((await disk.get(node.key))?.entry.recipe).toBe(node.recipe);
  });
});

describe('what is costly', () => {
  const sized = <const I extends Slots>(name: string, inputs: I) =>
    defineKind({
      name,
      about: name,
      version: 1,
      params: {
        flops: int({ about: 'flops', default: 1, min: 0, max: 1e9 }),
        megabytes: int({ about: 'megabytes', default: 0, min: 0, max: 1e5 }),
      },
      inputs,
      value: strictObject({ sum: number() }),
      // Ten million a unit: two milliseconds at the usual speed.
      estimate: ({ flops, megabytes }) => ({
        flops: flops * 1e7,
        bytes: megabytes * 2 ** 20,
        lower: { flops: 'flops', bytes: 'megabytes' },
      }),
      compute: ({ flops }) => ({ sum: flops }),
    });
  const ground = sized('ground', {});
  const above = sized('above', { ground });
  const registry = createRegistry([ground, above]);
  const planSized = createPlanner(registry);
  const costly = (kind: string, ...overrides: [path: string, text: string][]): Node => {
    const sheet = overrides.reduce((s, [path, text]) => edits.setOverride(s, 'A', path, text), first);
    const node = planSized(sheet).runs.get('A')?.cells.get(kind)?.node;
    if (!node) throw new Error(`no ${kind}`);
    return node;
  };
  const ask = { ms: 2_000, bytes: 256 * 2 ** 20 };
  const asks = () => watched({ engine: inlineEngine(registry), ask });

  test('asks before it starts, with what it will take, and what needs it waits; once allowed it runs', async () => {
    const { scheduler, names } = asks();
    const [node, needy] = (['ground', 'above'] as const).map((kind) =>
      costly(kind, ['ground.flops', '5000']),
    ) as [Node, Node];
    const waits: (Node | undefined)[] = [];
    scheduler.subscribe((event) => {
      if (event.type === 'queued' && event.node === needy) waits.push(scheduler.state(needy.key).waitsFor);
    });
    const demand = scheduler.demand(needy);
    await ticks(3);
    expect(scheduler.state(node.key)).toEqual({ activity: 'asking', estimate: { ms: 10_000, bytes: 0 } });
    expect(scheduler.state(needy.key)).toEqual({ activity: 'queued', waitsFor: node });
    expect(names('started')).toEqual([]);
    scheduler.allow(node.key);
    expect((await demand.outcome).result?.value).toEqual({ sum: 1 });
    expect(names('asking')).toEqual(['ground']);
    // Queued at first, told that it waits, and told that it no longer does.
    expect(waits).toEqual([undefined, node, undefined]);
    expect(names('started')).toEqual(['ground', 'above']);
  });

  test('asks for memory too, not for less than the bounds, and never where a claim allows it or nothing is asked', async () => {
    const big = costly('ground', ['ground.megabytes', '300']);
    const { scheduler } = asks();
    const waiting = scheduler.demand(big);
    await ticks(2);
    expect(scheduler.state(big.key).activity).toBe('asking');
    const allowed = scheduler.demand(big, { allowed: true });
    expect((await waiting.outcome).result).toBeDefined();
    allowed.release();
    expect((await asks().scheduler.demand(big, { allowed: true }).outcome).result).toBeDefined();
    expect(
      (await asks().scheduler.demand(costly('ground', ['ground.megabytes', '200'])).outcome).result,
    ).toBeDefined();
    expect(
      (await watched({ engine: inlineEngine(registry) }).scheduler.demand(big).outcome).result,
    ).toBeDefined();
  });

  test('one that asks and is released asks no more, and does not hold others up', async () => {
    const { scheduler, names } = asks();
    const demandSet = scheduler.demandSet();
    const many = Array.from({ length: 60 }, (_, i) => costly('ground', ['ground.flops', String(5_000 + i)]));
    demandSet.show([...many, costly('ground')].map((node) => ({ node, urgency: 'bulk' as const })));
    while (demandSet.tally().done < 1) await ticks(1);
    expect(demandSet.tally()).toMatchObject({ total: 61, done: 1, asking: 60 });
    demandSet.release();
    await ticks(2);
    for (const { key } of many) scheduler.allow(key);
    await ticks(2);
    expect(names('started')).toEqual(['ground']);
  });

  test('more than any machine is asked for fails everywhere, and says what to lower', async () => {
    const { scheduler } = watched({ engine: inlineEngine(registry) });
    const failureOf = async (...override: [string, string]) =>
      (await scheduler.demand(costly('ground', override)).outcome).failure;
    expect(await failureOf('ground.megabytes', '3174')).toMatchObject({
      kind: 'failed',
      message: 'needs about 3.1 GB of memory; the limit is 1 GB: use fewer megabytes',
    });
    expect((await failureOf('ground.flops', '300000000'))?.message).toBe(
      'needs about 3.0e+15 operations; the limit is 1e+15: use fewer flops',
    );
    expect(await failureOf('ground.megabytes', '1024')).toBeUndefined();
  });

  test('a set is estimated as a whole, over all cores, without what is there already and with what it needs', async () => {
    const scheduler = createScheduler({
      store: memoryStore(),
      engine: { ...inlineEngine(registry), slots: 4 },
    });
    const nodes = Array.from({ length: 8 }, (_, i) =>
      costly('above', ['above.flops', '500'], ['above.megabytes', String(i + 1)], ['ground.flops', '1000']),
    );
    expect(scheduler.estimate(nodes)).toEqual({
      count: 9,
      ms: (8 * 1_000 + 2_000) / 4,
      bytes: 4 * 8 * 2 ** 20,
    });
    const inputs = nodes.flatMap((node) => Object.values(node.inputs));
    await scheduler.demand(inputs[0] as Node).outcome;
    expect(scheduler.estimate(nodes)).toMatchObject({ count: 8, ms: 2_000 });
    expect(scheduler.estimate([])).toEqual({ count: 0, ms: 0, bytes: 0 });
    const there = new Set(nodes.slice(1).map(({ key }) => key));
    expect(scheduler.estimate(nodes, there)).toMatchObject({ count: 1, ms: 1_000 });
  });

  test('what would not have to be computed is known by its key, in memory or on a disk of which nothing is read', async () => {
    const disk = memoryStore();
    const read: string[] = [];
    const slow: Store = {
      ...disk,
      has: () => false,
      get(key, reach) {
        read.push(key);
        return disk.get(key, reach);
      },
    };
    const nodes = [1, 2, 3].map((flops) => costly('ground', ['ground.flops', String(flops)]));
    const [first, second] = nodes as [Node, Node];
    const before = createScheduler({ store: disk, engine: inlineEngine(registry) });
    await before.demand(first).outcome;
    const scheduler = createScheduler({ store: tiered(memoryStore(), slow), engine: inlineEngine(registry) });
    const demand = scheduler.demand(second);
    await demand.outcome;
    read.length = 0;
    expect([...(await scheduler.cached(nodes))].sort()).toEqual([first.key, second.key].sort());
    expect(read).toEqual([]);
    demand.release();
    const failing = { ...memoryStore(), holds: () => Promise.reject(new Error('no disk')) };
    const poor = createScheduler({ store: failing, engine: inlineEngine(registry) });
    expect([...(await poor.cached(nodes))]).toEqual([]);
  });
});
