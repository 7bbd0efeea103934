import { describe, expect, test } from 'vitest';
import {
  createGate,
  type ExecutionContext,
  inlineEngine,
  type Rank,
  type Saved,
} from '../../../src/core/compute/engine';
import type { Urgency } from '../../../src/core/compute/queue';
import { digest } from '../../../src/core/kinds/digest';
import { createRegistry, defineKind } from '../../../src/core/kinds/kind';
import { int } from '../../../src/core/kinds/param';
import { number, strictObject } from '../../../src/core/kinds/value';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const busy = (ms: number): void => {
  const start = performance.now();
  while (performance.now() - start < ms);
};

const log: string[] = [];

/** Works in steps of `ms`; saves at each, and where one is due between them. */
const work = defineKind({
  name: 'work',
  about: 'work',
  version: 1,
  params: {
    steps: int({ about: 'steps', default: 3, min: 1, max: 100 }),
    ms: int({ about: 'ms', default: 9, min: 0, max: 2_000 }),
  },
  inputs: {},
  value: strictObject({ done: number() }),
  extent: { param: 'steps', state: strictObject({ done: number() }) },
  async compute({ steps, ms }, _, context) {
    for (let step = 1; step <= steps; step++) {
      busy(ms);
      log.push(String(steps));
      await context.yieldThread();
      if (context.due()) context.save(step - 0.5, () => ({ done: step - 0.5 }));
      context.save(step, () => ({ done: step }));
    }
    return { done: steps };
  },
});

const registry = createRegistry([work]);

function contextOf(rest: Partial<ExecutionContext> = {}) {
  const saved: Saved[] = [];
  const context: ExecutionContext = {
    signal: new AbortController().signal,
    progress() {},
    save: (checkpoint) => saved.push(checkpoint),
    ...rest,
  };
  return { context, saved };
}

function rankOf(first: Urgency) {
  const watchers = new Set<() => void>();
  const rank = {
    urgency: first,
    watch(listener: () => void) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    move(urgency: Urgency) {
      rank.urgency = urgency;
      for (const watcher of watchers) watcher();
    },
  };
  return rank satisfies Rank;
}

describe('an engine in this thread', () => {
  test('goes on with the more urgent of two runs and holds the other until it is done', async () => {
    log.length = 0;
    const engine = inlineEngine(registry);
    const computation = (steps: number) => ({ kind: 'work', params: { steps, ms: 9 }, inputs: {} });
    const bulk = engine.execute(computation(20), contextOf({ rank: rankOf('bulk') }).context);
    while (log.length < 3) await soon();
    const before = log.length;
    await engine.execute(computation(4), contextOf({ rank: rankOf('selected') }).context);
    const meanwhile = log.slice(before);
    await bulk;
    // One slice of bulk may have been under way.
    expect(meanwhile.filter((step) => step === '20').length).toBeLessThanOrEqual(1);
    expect(log.filter((step) => step === '20')).toHaveLength(20);
  });

  test('lets a held computation go on when it becomes the more urgent, and end when it is aborted', async () => {
    const gate = createGate();
    const [urgent, held, aborted] = [rankOf('visible'), rankOf('bulk'), rankOf('bulk')];
    const leave = gate.enter(urgent);
    gate.enter(held);
    gate.enter(aborted);
    const abort = new AbortController();
    const passed: string[] = [];
    const passing = gate.pass(held, new AbortController().signal).then(() => passed.push('held'));
    const ending = gate.pass(aborted, abort.signal).catch(() => passed.push('aborted'));
    await soon();
    expect(passed).toEqual([]);
    abort.abort();
    await ending;
    held.move('selected');
    await passing;
    expect(passed).toEqual(['aborted', 'held']);
    leave();
  });

  test('says that a checkpoint is due after about a second of work since the last, and not before', async () => {
    const { context, saved } = contextOf({ sparse: true });
    await inlineEngine(registry).execute(
      { kind: 'work', params: { steps: 3, ms: 600 }, inputs: {} },
      context,
    );
    expect(saved.map(({ at }) => at)).toEqual([1.5, 3]);
  });

  test('a sparse computation offers its last checkpoint only', async () => {
    const all = contextOf();
    const computation = { kind: 'work', params: { steps: 4, ms: 0 }, inputs: {} };
    const plain = await inlineEngine(registry).execute(computation, all.context);
    expect(all.saved.map(({ at }) => at)).toEqual([1, 2, 3, 4]);
    expect(plain.digest).toBeUndefined();
    const few = contextOf({ sparse: true });
    await inlineEngine(registry).execute(computation, few.context);
    expect(few.saved).toEqual([{ at: 4, state: { done: 4 }, ms: expect.any(Number) }]);
  });

  test('one that seals yields the digests of its values, and of checkpoints that are worth a place on disk', async () => {
    const { context, saved } = contextOf();
    const engine = inlineEngine(registry, createGate(), true);
    const sealed = await engine.execute({ kind: 'work', params: { steps: 3, ms: 300 }, inputs: {} }, context);
    expect(sealed.digest).toBe(digest(sealed.value));
    expect(saved.map(({ at, digest }) => [at, digest])).toEqual([
      [1, undefined],
      [2, digest({ done: 2 })],
      [3, digest({ done: 3 })],
    ]);
  });

  test('a checkpoint counts the work before the one that its execution went on from', async () => {
    const { context, saved } = contextOf();
    const checkpoint = { at: 1, state: { done: 1 }, ms: 10_000 };
    await inlineEngine(registry).execute(
      { kind: 'work', params: { steps: 2, ms: 5 }, inputs: {}, checkpoint },
      context,
    );
    expect(saved.at(-1)?.ms).toBeGreaterThanOrEqual(10_005);
  });
});
