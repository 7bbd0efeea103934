// Several schedulers over one store that agree on who computes, as the tabs of a browser do.

import { describe, expect, test } from 'vitest';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createSharedExecution, type Exclusive } from '../../../src/core/compute/exclusive';
import { createScheduler, type Scheduler } from '../../../src/core/compute/scheduler';
import { memoryStore, type Store } from '../../../src/core/compute/store';
import { createRegistry, defineKind } from '../../../src/core/kinds/kind';
import { int } from '../../../src/core/kinds/param';
import { number, strictObject } from '../../../src/core/kinds/value';
import { createNode, type Node, recipeOf } from '../../../src/core/plan/node';

/** A fold that costs what it says, a turn a step, and offers a checkpoint after each. */
const slow = defineKind({
  name: 'slow',
  about: 'slow',
  version: 1,
  params: {
    steps: int({ about: 'steps', default: 10, min: 1, max: 1_000 }),
    flops: int({ about: 'flops', default: 9, min: 0, max: 15 }),
  },
  inputs: {},
  value: strictObject({ done: number() }),
  extent: { param: 'steps', state: strictObject({ done: number() }) },
  estimate: ({ flops }) => ({ flops: 10 ** flops, bytes: 8, lower: { flops: 'steps', bytes: 'steps' } }),
  async compute({ steps }, _, run) {
    let done = run.checkpoint?.state.done ?? 0;
    for (; done < steps; done++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await run.yieldThread();
      run.save(done + 1, () => ({ done: done + 1 }));
      run.progress((done + 1) / steps);
    }
    return { done };
  },
});

const registry = createRegistry([slow]);
const nodeOf = (steps: number, flops = 9): Node => {
  const params = { steps, flops };
  return createNode(slow as never, params, {}, recipeOf(slow as never, params, {}));
};

/** Locks in one thread, in order of asking; what was held and by how many at once is written down. */
function simpleLocks() {
  const queues = new Map<string, Promise<void>>();
  const names: string[] = [];
  let held = 0;
  const exclusive: Exclusive = {
    async hold(name, signal) {
      names.push(name);
      const before = queues.get(name) ?? Promise.resolve();
      let release = (): void => {};
      const after = new Promise<void>((resolve) => {
        release = resolve;
      });
      queues.set(
        name,
        before.then(() => after),
      );
      await Promise.race([
        before,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ]).catch((error: unknown) => {
        void before.then(release);
        throw error;
      });
      held++;
      return () => {
        held--;
        release();
      };
    },
  };
  return { exclusive, names, held: () => held };
}

/** A page: a scheduler, and the nodes that it began to compute. */
function openPage(
  store: Store,
  exclusive?: Exclusive,
): { scheduler: Scheduler; started: string[]; from: number[] } {
  const engine = inlineEngine(registry);
  const from: number[] = [];
  const scheduler = createScheduler({
    store,
    engine: {
      ...engine,
      execute(computation, context) {
        from.push(computation.checkpoint?.at ?? 0);
        return engine.execute(computation, context);
      },
    },
    ...(exclusive && { sharedExecution: Promise.resolve(createSharedExecution(exclusive)) }),
  });
  const started: string[] = [];
  scheduler.subscribe((event) => {
    if (event.type === 'started') started.push(event.node.key);
  });
  return { scheduler, started, from };
}

/** A store as another tab sees it: nothing of it is known before it is asked. */
const shared = (store: Store): Store => ({ ...store, has: () => false });

describe('two pages over one store', () => {
  test('compute one key once: the other finds it', async () => {
    const [store, { exclusive, held }] = [memoryStore(), simpleLocks()];
    const pages = [openPage(shared(store), exclusive), openPage(shared(store), exclusive)];
    const outcomes = await Promise.all(pages.map(({ scheduler }) => scheduler.demand(nodeOf(20)).outcome));
    expect(outcomes.map(({ result }) => result?.value)).toEqual([{ done: 20 }, { done: 20 }]);
    expect(pages.map(({ started }) => started.length).sort()).toEqual([0, 1]);
    expect(outcomes.map(({ result }) => result?.from).sort()).toEqual(['computed', 'memory']);
    await expect.poll(held).toBe(0);
  });

  test('one that is closed mid-way leaves its checkpoint, and the other goes on from there', async () => {
    const [store, { exclusive, held }] = [memoryStore(), simpleLocks()];
    const [first, second] = [openPage(shared(store), exclusive), openPage(shared(store), exclusive)];
    const begun = first.scheduler.demand(nodeOf(60));
    const { trace = '' } = nodeOf(60);
    await expect.poll(async () => (await store.checkpoint(trace, 60))?.at ?? 0).toBeGreaterThan(10);
    const other = second.scheduler.demand(nodeOf(60));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(second.started).toEqual([]);
    begun.release();
    expect((await other.outcome).result?.value).toEqual({ done: 60 });
    expect(second.from[0]).toBeGreaterThan(10);
    await expect.poll(held).toBe(0);
  });

  test('another extent of the same trace waits, and goes on from what was trained', async () => {
    const [store, { exclusive, names }] = [memoryStore(), simpleLocks()];
    const [first, second] = [openPage(shared(store), exclusive), openPage(shared(store), exclusive)];
    const outcomes = [first.scheduler.demand(nodeOf(20)).outcome];
    await expect.poll(() => first.started.length).toBe(1);
    outcomes.push(second.scheduler.demand(nodeOf(30)).outcome);
    expect((await Promise.all(outcomes)).map(({ result }) => result?.value)).toEqual([
      { done: 20 },
      { done: 30 },
    ]);
    expect(new Set(names).size).toBe(1);
    expect(second.from).toEqual([20]);
  });

  test('another extent of the same trace waits for the last checkpoint too, however slowly that is stored', async () => {
    const [store, { exclusive }] = [memoryStore(), simpleLocks()];
    const slowly: Store = {
      ...shared(store),
      async putCheckpoint(saved, reach) {
        await new Promise((resolve) => setTimeout(resolve, saved.at === 20 ? 100 : 0));
        await store.putCheckpoint(saved, reach);
      },
    };
    const [first, second] = [openPage(slowly, exclusive), openPage(slowly, exclusive)];
    const begun = first.scheduler.demand(nodeOf(20));
    await expect.poll(() => first.started.length).toBe(1);
    await second.scheduler.demand(nodeOf(30)).outcome;
    begun.release();
    expect(second.from).toEqual([20]);
  });

  test('whoever waits goes on waiting while the other one comes further, and no longer', async () => {
    const [store, { exclusive }] = [memoryStore(), simpleLocks()];
    const first = openPage(shared(store), exclusive);
    // Longer than what is waited for between two looks.
    const node = nodeOf(400);
    let [asked, at] = [0, 0];
    // A bounded wait that ends without the lock again and again.
    const second = openPage(
      { ...shared(store), checkpoint: async (...args) => (at > 0 ? store.checkpoint(...args) : undefined) },
      {
        async hold() {
          asked++;
          const reached = at;
          if (asked < 4)
            await expect
              .poll(async () => (at = (await store.checkpoint(node.trace ?? '', 400))?.at ?? 0))
              .toBeGreaterThan(reached);
          return undefined;
        },
      },
    );
    const begun = first.scheduler.demand(node);
    await expect.poll(() => first.started.length).toBe(1);
    const other = second.scheduler.demand(node);
    await expect.poll(() => asked).toBe(3);
    begun.release();
    expect((await other.outcome).result?.value).toEqual({ done: 400 });
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(second.from[0]).toBeGreaterThan(2);
  });

  test('what is cheap, and what is for the moment only, is agreed on by nobody', async () => {
    const { exclusive, names } = simpleLocks();
    const { scheduler } = openPage(memoryStore(), exclusive);
    await scheduler.demand(nodeOf(2, 6)).outcome;
    await scheduler.demand(nodeOf(3), { transient: true }).outcome;
    expect(names).toEqual([]);
    await scheduler.demand(nodeOf(4)).outcome;
    expect(names.length).toBe(1);
  });

  test('whoever waits and is wanted no more waits no more, and holds nothing', async () => {
    const [store, { exclusive, held }] = [memoryStore(), simpleLocks()];
    const [first, second] = [openPage(shared(store), exclusive), openPage(shared(store), exclusive)];
    const begun = first.scheduler.demand(nodeOf(200));
    await expect.poll(() => first.started.length).toBe(1);
    const other = second.scheduler.demand(nodeOf(200));
    await new Promise((resolve) => setTimeout(resolve, 5));
    other.release();
    await expect(other.outcome).rejects.toThrow();
    await begun.outcome;
    await expect.poll(held).toBe(0);
    expect(second.started).toEqual([]);
  });

  test('locks that fail cost no result', async () => {
    const broken: Exclusive = { hold: () => Promise.reject(new Error('no locks here')) };
    const { scheduler } = openPage(memoryStore(), broken);
    expect((await scheduler.demand(nodeOf(5)).outcome).result?.value).toEqual({ done: 5 });
  });
});
