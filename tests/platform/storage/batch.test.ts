import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Urgency } from '../../../src/core/compute/queue';
import { batched } from '../../../src/platform/storage/batch';
import { type Busy, chooseWorker } from '../../../src/platform/workers/choose-worker';
import { HeldInputs } from '../../../src/platform/workers/held-inputs';
import { cases } from '../../cases';

afterEach(() => void vi.useRealTimers());

describe('a batch', () => {
  test('whatever comes when, each gets its own answer, and no batch is too large', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ weight: fc.integer({ min: 1, max: 9 }), pause: fc.boolean() }), {
          maxLength: 40,
        }),
        fc.option(fc.constant({ rest: 0, most: 0 }), { nil: undefined }),
        async (items, wait) => {
          const batches: number[][] = [];
          const double = batched({
            most: 5,
            heaviest: 12,
            weigh: (weight: number) => weight,
            ...(wait && { wait }),
            async work(weights) {
              batches.push([...weights]);
              return weights.map((weight) => 2 * weight);
            },
          });
          const answers: Promise<number>[] = [];
          for (const { weight, pause } of items) {
            answers.push(double(weight));
            if (pause) await new Promise((resolve) => setTimeout(resolve));
          }
          expect(await Promise.all(answers)).toEqual(items.map(({ weight }) => 2 * weight));
          expect(batches.flat()).toEqual(items.map(({ weight }) => weight));
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(5);
            if (batch.length > 1) expect(batch.reduce((a, b) => a + b)).toBeLessThanOrEqual(12);
          }
        },
      ),
      { numRuns: cases(60) },
    );
  });

  test('what comes fast waits until nothing comes any more, or at last for so long; the first does not wait', async () => {
    vi.useFakeTimers();
    const batches: (readonly [at: number, count: number])[] = [];
    const start = performance.now();
    const write = batched({
      most: 3,
      wait: { rest: 100, most: 450 },
      async work(items: readonly number[]) {
        batches.push([performance.now() - start, items.length]);
        return items;
      },
    });
    for (let item = 0; item < 12; item++) {
      void write(item);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(batches).toEqual([
      [0, 1],
      [450, 3],
      [450, 3],
      [450, 2],
    ]);
    await vi.advanceTimersByTimeAsync(49);
    expect(batches).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches.slice(4)).toEqual([[650, 3]]);
    // Whoever rested does not wait again.
    await vi.advanceTimersByTimeAsync(100);
    void write(12);
    await vi.advanceTimersByTimeAsync(0);
    expect(batches.slice(5)).toEqual([[750, 1]]);
  });

  test('those of one task are one batch; one that fails fails its own and no others', async () => {
    const sizes: number[] = [];
    const shaky = batched({
      most: 2,
      async work(items: readonly string[]) {
        sizes.push(items.length);
        if (items.includes('bad')) throw new Error('bad');
        return items;
      },
    });
    const outcomes = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd'].map(shaky));
    expect(sizes).toEqual([2, 2, 1]);
    expect(outcomes.map(({ status }) => status[0])).toEqual(['f', 'f', 'r', 'r', 'f']);
  });
});

describe('what a worker has kept', () => {
  test('is what the account says, whatever is sent: nothing that it lacks is left out, and it stays bounded', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const step = fc.record({
      keys: fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 4 }),
      computes: fc.nat(12),
    });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 13, maxLength: 13 }),
        fc.array(step, { maxLength: 30 }),
        (sizes, steps) => {
          const values = sizes.map((megabytes) => new Uint8Array(megabytes * 2 ** 20));
          const account = new HeldInputs();
          const worker = new Map<string, number>();
          for (const { keys, computes } of steps) {
            const names = keys.map(String);
            const task = {
              kind: 'any',
              params: {},
              inputs: Object.fromEntries(keys.map((key) => [`${key}`, values[key] ?? null])),
              inputKeys: Object.fromEntries(names.map((name) => [name, name])),
            };
            const { inputs, forget } = account.send(task);
            for (const key of forget) worker.delete(key);
            for (const [slot, { key, value }] of Object.entries(inputs)) {
              expect(value !== undefined || worker.has(key ?? '')).toBe(true);
              if (key !== undefined) worker.set(key, sizes[Number(slot)] ?? 0);
            }
            const held = [...worker]
              .filter(([key]) => !names.includes(key))
              .reduce((sum, [, size]) => sum + size, 0);
            const needed = names.reduce((sum, name) => sum + (worker.get(name) ?? 0), 0);
            expect(held === 0 || held + needed <= 64).toBe(true);
            account.add(String(computes), values[computes] ?? null);
            worker.set(String(computes), sizes[computes] ?? 0);
          }
        },
      ),
      { numRuns: cases(40) },
    );
  });
});

describe('the worker that takes a request chooseWorker', () => {
  /** A worker with so many requests of each urgency that has kept the values under these keys. */
  function worker(requests: readonly Urgency[], ...keys: readonly string[]): Busy {
    const held = new HeldInputs();
    for (const key of keys) held.add(key, null);
    return { held, requests: new Map(requests.map((urgency, id) => [id, { urgency }])), ready: true };
  }
  const request = (urgency: Urgency, short = false) => ({
    urgency,
    short,
    fit: (held: HeldInputs) =>
      held.known({ kind: 'any', params: {}, inputs: {}, inputKeys: { slot: 'mine' } }),
  });

  test('is the least busy one, and of those the one that has most of what it takes', () => {
    const [idle, mine, busy] = [worker([]), worker([], 'mine'), worker(['bulk'], 'mine')];
    expect(chooseWorker([], request('bulk'))).toBeUndefined();
    expect(chooseWorker([busy, idle], request('bulk'))?.slot).toBe(idle);
    expect(chooseWorker([idle, mine], request('bulk'))?.slot).toBe(mine);
    // Bulk is held for what is visible, but stays there.
    expect(chooseWorker([busy, worker(['visible'])], request('visible'))).toEqual({
      slot: busy,
      requestsBefore: 0,
      rank: expect.anything(),
    });
  });

  test('may be one short request busier where that has it already, but only for a short request of bulk', () => {
    const [idle, one, two] = [worker([]), worker(['bulk'], 'mine'), worker(['bulk', 'bulk'], 'mine')];
    expect(chooseWorker([idle, one], request('bulk', true))?.slot).toBe(one);
    expect(chooseWorker([idle, one], request('bulk'))?.slot).toBe(idle);
    expect(chooseWorker([idle, two], request('bulk', true))?.slot).toBe(idle);
    const seen = worker(['visible'], 'mine');
    expect(chooseWorker([idle, seen], request('visible', true))?.slot).toBe(idle);
  });
});
