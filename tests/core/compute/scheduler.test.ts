import { describe, expect, test } from 'vitest';
import { type Engine, inlineEngine } from '../../../src/core/compute/engine';
import {
  createScheduler,
  problemOf,
  type Scheduler,
  type SchedulerEvent,
} from '../../../src/core/compute/scheduler';
import { memoryStore, type Store, tiered } from '../../../src/core/compute/store';
import { digest } from '../../../src/core/kinds/digest';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { toyRegistry } from '../toy-registry';

const first = edits.addRun({ runs: [], rows: [] }, { name: 'first' });

function nodeOf(kind: string, ...overrides: [path: string, text: string][]): Node {
  const sheet = overrides.reduce((s, [path, text]) => edits.setOverride(s, 'A', path, text), first);
  const node = createPlanner(toyRegistry)(sheet).runs.get('A')?.cells.get(kind)?.node;
  if (!node) throw new Error(`no ${kind}`);
  return node;
}

function watched(store: Store = memoryStore(), engine: Engine = inlineEngine(toyRegistry)) {
  const scheduler = createScheduler({ store, engine });
  const events: SchedulerEvent[] = [];
  scheduler.subscribe((event) => events.push(event));
  const started = (): string[] =>
    events.flatMap((event) => (event.type === 'started' ? [event.node.kind.name] : []));
  return { scheduler, events, started };
}

async function resultOf(scheduler: Scheduler, node: Node) {
  const demand = scheduler.demand(node);
  const outcome = await demand.outcome;
  demand.release();
  if (!outcome.result) throw new Error(outcome.failure.message);
  return outcome.result;
}

const ticks = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve));
};

describe('demand', () => {
  test('a demanded cell computes what it depends on, and nothing else', async () => {
    const { scheduler, started } = watched();
    await resultOf(scheduler, nodeOf('part'));
    expect(started()).toEqual(['source', 'part']);
  });

  test('two demands of one key are one computation', async () => {
    const { scheduler, started } = watched();
    const [a, b] = await Promise.all([
      resultOf(scheduler, nodeOf('fold')),
      resultOf(scheduler, nodeOf('fold')),
    ]);
    expect(a).toBe(b);
    expect(started().filter((kind) => kind === 'fold')).toHaveLength(1);
  });

  test('what was computed once comes from the store, without its inputs', async () => {
    const store = memoryStore();
    const before = await resultOf(watched(store).scheduler, nodeOf('report'));
    const { scheduler, started } = watched(store);
    const again = await resultOf(scheduler, nodeOf('report'));
    expect(again).toMatchObject({ from: 'memory', value: before.value, ms: before.ms });
    expect(started()).toEqual([]);
  });

  test('changing one param runs what is downstream of it only', async () => {
    const { scheduler, events, started } = watched();
    await resultOf(scheduler, nodeOf('report'));
    events.length = 0;
    await resultOf(scheduler, nodeOf('report', ['fold.rate', '5']));
    expect(started()).toEqual(['fold', 'report']);
  });

  test('the state of a key tells its activity and progress on the way', async () => {
    const { scheduler, events } = watched();
    const node = nodeOf('fold', ['fold.steps', '40']);
    expect(scheduler.state(node.key)).toEqual({ activity: 'idle' });
    const demand = scheduler.demand(node);
    expect(scheduler.state(node.key).activity).toBe('queued');
    const { result } = await demand.outcome;
    expect(scheduler.state(node.key)).toEqual({ activity: 'idle', outcome: { result } });
    demand.release();
    expect(scheduler.state(node.key)).toEqual({ activity: 'idle' });
    expect(events.map(({ type }) => type).filter((type) => type === 'finished')).toHaveLength(4);
  });
});

describe('abort', () => {
  test('a released demand stops its computation, which never publishes', async () => {
    const store = memoryStore();
    const { scheduler, events } = watched(store);
    const node = nodeOf('fold', ['fold.steps', '40']);
    const demand = scheduler.demand(node);
    while (scheduler.state(node.key).activity !== 'running') await ticks(1);
    demand.release();
    await expect(demand.outcome).rejects.toThrow(/abort/i);
    await ticks(60);
    expect(await store.get(node.key)).toBeUndefined();
    expect(
      events.filter(({ type }) => type === 'finished').map((e) => 'node' in e && e.node.kind.name),
    ).not.toContain('fold');
    expect((await resultOf(scheduler, node)).from).toBe('computed');
  });

  test('work that another still demands goes on', async () => {
    const { scheduler, started } = watched();
    const node = nodeOf('fold');
    const kept = scheduler.demand(node);
    const dropped = scheduler.demand(nodeOf('report'));
    await ticks(2);
    dropped.release();
    dropped.release();
    expect((await kept.outcome).result).toBeDefined();
    expect(started()).not.toContain('report');
  });

  test('a screen that shows another sheet keeps what both have in flight', async () => {
    const { scheduler, started, events } = watched();
    const demandSet = scheduler.demandSet();
    demandSet.show([nodeOf('report')]);
    while (!started().includes('part')) await ticks(1);
    demandSet.show([nodeOf('report', ['fold.rate', '2'])]);
    await resultOf(scheduler, nodeOf('report', ['fold.rate', '2']));
    expect(started().filter((kind) => kind === 'part' || kind === 'source')).toHaveLength(2);
    demandSet.release();
    expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
  });

  test('an aborted job that waits for a slot gives way at once and loses none', async () => {
    const { scheduler, started } = watched();
    const busy = scheduler.demand(nodeOf('fold', ['fold.steps', '30']));
    while (!started().includes('fold')) await ticks(1);
    const waiting = scheduler.demand(nodeOf('source', ['source.size', '9']));
    const next = scheduler.demand(nodeOf('source', ['source.size', '8']));
    await ticks(1);
    waiting.release();
    await expect(waiting.outcome).rejects.toThrow(/abort/i);
    expect((await next.outcome).result).toBeDefined();
    expect((await busy.outcome).result).toBeDefined();
  });
});

describe('failures', () => {
  test('a divergence is told with its reason, blocks what needs it, and is not computed twice', async () => {
    const { scheduler, started } = watched();
    const overrides: [string, string] = ['part.every', '7'];
    const demand = scheduler.demand(nodeOf('report', overrides));
    const { failure } = await demand.outcome;
    demand.release();
    if (!failure) throw new Error('it should have failed');
    expect(problemOf(failure, 'part', 'A')).toEqual({
      kind: 'diverged',
      cell: 'A.part',
      message: 'every 7 picks nothing',
    });
    expect(problemOf(failure, 'report', 'A', 3)).toEqual({
      kind: 'blocked',
      cell: 'A[3].part',
      message: 'blocked by A[3].part: every 7 picks nothing',
    });
    const again = scheduler.demand(nodeOf('part', overrides));
    expect((await again.outcome).failure).toBe(failure);
    expect(started().filter((kind) => kind === 'part')).toHaveLength(1);
  });

  test('a failure that may be the machine’s is tried again when it is next demanded', async () => {
    const engine = inlineEngine(toyRegistry);
    let attempts = 0;
    const shaky: Engine = {
      slots: 1,
      execute: (computation, context) =>
        attempts++ === 0
          ? Promise.reject(new TypeError('a module did not load'))
          : engine.execute(computation, context),
    };
    const { scheduler } = watched(memoryStore(), shaky);
    const demand = scheduler.demand(nodeOf('source'));
    expect((await demand.outcome).failure?.message).toBe('a module did not load');
    demand.release();
    expect((await resultOf(scheduler, nodeOf('source'))).from).toBe('computed');
  });

  test('a listener that throws is its own fault and costs no result', async () => {
    const faults: unknown[] = [];
    const { scheduler } = watched();
    scheduler.subscribe((event) => {
      throw new Error(`no ear for ${event.type}`);
    });
    const catcher = (error: unknown): void => void faults.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', catcher);
    try {
      expect((await resultOf(scheduler, nodeOf('part'))).from).toBe('computed');
      await ticks(3);
    } finally {
      process.off('uncaughtException', catcher);
      for (const other of others) process.on('uncaughtException', other);
    }
    expect(faults.map(String)).toContain('Error: no ear for finished');
  });

  test('a value that does not match its schema is a failure, not a result', async () => {
    const [source, ...others] = toyRegistry.kinds;
    if (!source) throw new Error('no kinds');
    const broken = { ...source, compute: () => ({ data: [1, 2, 3] }) };
    const engine = inlineEngine({
      kinds: [broken, ...others],
      results: [],
      get: (name) => (name === 'source' ? broken : undefined),
    });
    const { failure } = await watched(memoryStore(), engine).scheduler.demand(nodeOf('source')).outcome;
    expect(failure?.message).toBe('source returned an invalid value: data: not a float64 array');
  });
});

describe('stores', () => {
  const failing: Store = {
    get: () => Promise.reject(new Error('the disk is gone')),
    put: () => Promise.reject(new Error('the disk is full')),
    checkpoint: () => Promise.reject(new Error('the disk is gone')),
    putCheckpoint: () => Promise.reject(new Error('the disk is full')),
  };

  test('a store that fails is reported and costs no result', async () => {
    const { scheduler, events } = watched(failing);
    expect((await resultOf(scheduler, nodeOf('report'))).from).toBe('computed');
    const reasons = events.flatMap((event) => (event.type === 'store-failed' ? [event.reason] : []));
    expect(new Set(reasons)).toEqual(new Set(['the disk is gone', 'the disk is full']));
  });

  test('an entry of another recipe, or one that does not fit the schema, is a miss', async () => {
    const node = nodeOf('source');
    for (const forged of [{ recipe: 'source@0' }, { value: { data: 'gone' } }]) {
      const store = memoryStore();
      const value = { data: new Float64Array(3) };
      await store.put({
        key: node.key,
        recipe: node.recipe,
        value,
        digest: digest(value),
        ms: 1,
        ...forged,
      });
      expect((await resultOf(watched(store).scheduler, node)).from).toBe('computed');
    }
  });

  test('two tiers: the fast one is asked first and learns what the slow one had', async () => {
    const [fast, slow] = [memoryStore(), memoryStore()];
    const node = nodeOf('source');
    await resultOf(watched(slow).scheduler, node);
    expect((await resultOf(watched(tiered(fast, slow)).scheduler, node)).from).toBe('memory');
    expect((await fast.get(node.key))?.entry.recipe).toBe(node.recipe);
    await tiered(fast, slow).putCheckpoint({ trace: 't', at: 5, state: null });
    expect(await slow.checkpoint('t', 9)).toEqual({ trace: 't', at: 5, state: null });
  });

  test('a full memory forgets what was used least recently', async () => {
    const store = memoryStore({ maxBytes: 3_000 });
    const entry = (key: string) => ({ key, recipe: key, value: new Uint8Array(1_000), digest: '', ms: 0 });
    for (const key of ['a', 'b']) await store.put(entry(key));
    await store.get('a');
    await store.put(entry('c'));
    expect(
      [await store.get('a'), await store.get('b'), await store.get('c')].map((found) => found?.entry.key),
    ).toEqual(['a', undefined, 'c']);
  });

  test('memory holds so many checkpoints, those that were used last', async () => {
    const store = memoryStore({ maxCheckpoints: 3 });
    for (const trace of ['a', 'b', 'c']) await store.putCheckpoint({ trace, at: 1, state: null });
    await store.checkpoint('a', 1);
    await store.putCheckpoint({ trace: 'd', at: 1, state: null });
    const left = await Promise.all(['a', 'b', 'c', 'd'].map((trace) => store.checkpoint(trace, 1)));
    expect(left.map((found) => found?.trace)).toEqual(['a', undefined, 'c', 'd']);
  });
});

describe('the fold', () => {
  test('more steps go on from the latest checkpoint, fewer from one at or below, and both equal one go', async () => {
    const store = memoryStore();
    const { scheduler, events } = watched(store);
    await resultOf(scheduler, nodeOf('fold', ['fold.steps', '16']));
    for (const [steps, expected] of [
      ['23', 16],
      ['10', 8],
      ['3', 0],
    ] as const) {
      const node = nodeOf('fold', ['fold.steps', steps]);
      expect((await store.checkpoint(node.trace ?? '', Number(steps)))?.at ?? 0).toBe(expected);
      const resumed = await resultOf(scheduler, node);
      const whole = await resultOf(watched().scheduler, node);
      expect(digest(resumed.value)).toBe(digest(whole.value));
    }
    expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
  });

  test('a fold that waits goes on from where another of its trace has come meanwhile', async () => {
    const seen: [number, number][] = [];
    const engine = inlineEngine(toyRegistry);
    const spying: Engine = {
      slots: 1,
      execute(computation, context) {
        if (computation.kind === 'fold')
          seen.push([Number(computation.params['steps']), computation.checkpoint?.at ?? 0]);
        return engine.execute(computation, context);
      },
    };
    const { scheduler } = watched(memoryStore(), spying);
    const both = ['16', '24'].map((steps) => resultOf(scheduler, nodeOf('fold', ['fold.steps', steps])));
    const [, longer] = await Promise.all(both);
    expect(seen).toEqual([
      [16, 0],
      [24, 16],
    ]);
    const whole = await resultOf(watched().scheduler, nodeOf('fold', ['fold.steps', '24']));
    expect(digest(longer?.value ?? null)).toBe(digest(whole.value));
  });

  test('a checkpoint that does not fit the schema, or the trace, is ignored', async () => {
    const node = nodeOf('fold', ['fold.steps', '16']);
    const whole = await resultOf(watched().scheduler, node);
    for (const state of ['hostile', { curve: [1, 2] }, null]) {
      const store = memoryStore();
      await store.putCheckpoint({ trace: node.trace ?? '', at: 8, state });
      expect(digest((await resultOf(watched(store).scheduler, node)).value)).toBe(digest(whole.value));
    }
  });

  test('a checkpoint that turns out to be of no use costs time, and no result', async () => {
    const node = nodeOf('fold', ['fold.steps', '16']);
    const store = memoryStore();
    await store.putCheckpoint({ trace: node.trace ?? '', at: 8, state: { curve: new Float64Array(99) } });
    const { scheduler, events } = watched(store);
    const whole = await resultOf(watched().scheduler, node);
    expect(digest((await resultOf(scheduler, node)).value)).toBe(digest(whole.value));
    expect(events.filter(({ type }) => type === 'store-failed')).toHaveLength(1);
  });

  test('a memory of checkpoints keeps to its bound', async () => {
    const store = memoryStore({ maxCheckpointBytes: 3_500 });
    for (let at = 1; at <= 50; at++)
      await store.putCheckpoint({ trace: 't', at, state: new Float64Array(125) });
    const kept = new Set<number | undefined>();
    for (let at = 1; at <= 50; at++) kept.add((await store.checkpoint('t', at))?.at);
    expect([...kept]).toEqual([undefined, 32, 48, 50]);
    await store.putCheckpoint({ trace: 'u', at: 1, state: new Float64Array(10_000) });
    expect(await store.checkpoint('u', 1)).toBeUndefined();
  });

  test('an aborted fold goes on where its last checkpoint was', async () => {
    const store = memoryStore();
    const { scheduler } = watched(store);
    const node = nodeOf('fold', ['fold.steps', '40']);
    const demand = scheduler.demand(node);
    while (!(await store.checkpoint(node.trace ?? '', 40))) await ticks(1);
    demand.release();
    const reached = (await store.checkpoint(node.trace ?? '', 40))?.at ?? 0;
    expect(reached).toBeGreaterThan(0);
    const seen: number[] = [];
    const engine = inlineEngine(toyRegistry);
    const spying: Engine = {
      slots: 1,
      execute(computation, context) {
        if (computation.kind === 'fold') seen.push(computation.checkpoint?.at ?? 0);
        return engine.execute(computation, context);
      },
    };
    const resumed = await resultOf(watched(store, spying).scheduler, node);
    expect(seen[0]).toBeGreaterThanOrEqual(reached);
    expect(digest(resumed.value)).toBe(digest((await resultOf(watched().scheduler, node)).value));
  });
});
