import { describe, expect, test } from 'vitest';
import {
  createGate,
  type EngineRun,
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
  version: 1,
  params: { steps: int({ default: 3, min: 1, max: 100 }), ms: int({ default: 9, min: 0, max: 2_000 }) },
  inputs: {},
  value: strictObject({ done: number() }),
  extent: { param: 'steps', state: strictObject({ done: number() }) },
  async compute({ steps, ms }, _, run) {
    for (let step = 1; step <= steps; step++) {
      busy(ms);
      log.push(String(steps));
      await run.turn();
      if (run.due()) run.save(step - 0.5, () => ({ done: step - 0.5 }));
      run.save(step, () => ({ done: step }));
    }
    return { done: steps };
  },
});

const registry = createRegistry([work]);

function runOf(rest: Partial<EngineRun> = {}) {
  const saved: Saved[] = [];
  const run: EngineRun = {
    signal: new AbortController().signal,
    progress() {},
    save: (checkpoint) => saved.push(checkpoint),
    ...rest,
  };
  return { run, saved };
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
    const task = (steps: number) => ({ kind: 'work', params: { steps, ms: 9 }, inputs: {} });
    const bulk = engine.run(task(20), runOf({ rank: rankOf('bulk') }).run);
    while (log.length < 3) await soon();
    const before = log.length;
    await engine.run(task(4), runOf({ rank: rankOf('selected') }).run);
    const meanwhile = log.slice(before);
    await bulk;
    // One slice of bulk may have been under way.
    expect(meanwhile.filter((step) => step === '20').length).toBeLessThanOrEqual(1);
    expect(log.filter((step) => step === '20')).toHaveLength(20);
  });

  test('lets a held run go on when it becomes the more urgent, and end when it is aborted', async () => {
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
    const { run, saved } = runOf({ sparse: true });
    await inlineEngine(registry).run({ kind: 'work', params: { steps: 3, ms: 600 }, inputs: {} }, run);
    expect(saved.map(({ at }) => at)).toEqual([1.5, 3]);
  });

  test('a sparse run offers its last checkpoint only', async () => {
    const all = runOf();
    const task = { kind: 'work', params: { steps: 4, ms: 0 }, inputs: {} };
    const plain = await inlineEngine(registry).run(task, all.run);
    expect(all.saved.map(({ at }) => at)).toEqual([1, 2, 3, 4]);
    expect(plain.digest).toBeUndefined();
    const few = runOf({ sparse: true });
    await inlineEngine(registry).run(task, few.run);
    expect(few.saved).toEqual([{ at: 4, state: { done: 4 }, ms: expect.any(Number) }]);
  });

  test('one that seals yields the digests of its values, and of checkpoints that are worth a place on disk', async () => {
    const { run, saved } = runOf();
    const engine = inlineEngine(registry, createGate(), true);
    const sealed = await engine.run({ kind: 'work', params: { steps: 3, ms: 300 }, inputs: {} }, run);
    expect(sealed.digest).toBe(digest(sealed.value));
    expect(saved.map(({ at, digest }) => [at, digest])).toEqual([
      [1, undefined],
      [2, digest({ done: 2 })],
      [3, digest({ done: 3 })],
    ]);
  });

  test('a checkpoint counts the work before the one that its run went on from', async () => {
    const { run, saved } = runOf();
    const checkpoint = { at: 1, state: { done: 1 }, ms: 10_000 };
    await inlineEngine(registry).run(
      { kind: 'work', params: { steps: 2, ms: 5 }, inputs: {}, checkpoint },
      run,
    );
    expect(saved.at(-1)?.ms).toBeGreaterThanOrEqual(10_005);
  });
});
