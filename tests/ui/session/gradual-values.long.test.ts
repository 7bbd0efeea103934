// Values that are made some a task: in the end what memos over the same signals are, and never many in one task.

import fc from 'fast-check';
import { batch, createMemo, createRoot, createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { createGradual, isLate } from '../../../src/ui/session/gradual-values';
import { cases } from '../../cases';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

/** As work of so many milliseconds would take. */
function spend(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const COUNT = 40;

test('a few are made at once, many in later tasks, each with a little', async () => {
  const [input, setInput] = createSignal(1);
  let made = 0;
  const { values, dispose } = createRoot((end) => ({
    values: Array.from({ length: COUNT }, (_, at) =>
      createGradual((before) => {
        made++;
        spend(2);
        return before + input() * at;
      }, 0),
    ),
    dispose: end,
  }));
  const largest = async (): Promise<number> => {
    let [most, before] = [0, made];
    while (values.some((value, at) => at > 0 && value() === 0) || before < made) {
      before = made;
      await new Promise((tick) => setTimeout(tick, 0));
      most = Math.max(most, made - before);
    }
    return most;
  };
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(8);
  expect(await largest()).toBeLessThan(COUNT / 2);
  await expect.poll(() => made).toBe(COUNT);
  setInput(2);
  expect(made).toBeLessThan(COUNT + 8);
  await expect.poll(() => values.map((value) => value())).toEqual(values.map((_, at) => 3 * at));
  expect(made).toBe(2 * COUNT);
  await expect.poll(isLate).toBe(false);
  dispose();
});

test('what waits longer than a blink is late, and what is gone is not made', async () => {
  let made = 0;
  const dispose = createRoot((end) => {
    for (let at = 0; at < COUNT; at++)
      createGradual(() => {
        made++;
        spend(20);
      }, undefined);
    return end;
  });
  await expect.poll(isLate, { interval: 5 }).toBe(true);
  dispose();
  const known = made;
  await expect.poll(isLate, { interval: 5 }).toBe(false);
  expect(made).toBe(known);
  expect(made).toBeLessThan(COUNT);
});

test('over any changes each ends as a memo does', async () => {
  const change = fc.record({ which: fc.nat(2), to: fc.nat(5), pause: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const inputs = [0, 1, 2].map((value) => createSignal(value));
      const read = (at: number): number => inputs[at % 3]?.[0]() ?? 0;
      const { gradual, memos, dispose } = createRoot((end) => {
        const make = (at: number) => (): number => {
          spend(0.5);
          // Which signals are read depends on one of them.
          return read(0) > 2 ? read(1) * at : read(2) + at;
        };
        const places = Array.from({ length: 24 }, (_, at) => at);
        return {
          gradual: places.map((at) => createGradual(make(at), -1)),
          memos: places.map((at) => createMemo(make(at))),
          dispose: end,
        };
      });
      for (const { which, to, pause } of changes) {
        batch(() => inputs[which]?.[1](to));
        if (pause) await new Promise((tick) => setTimeout(tick, 0));
      }
      await expect
        .poll(() => gradual.map((value) => value()), { interval: 1 })
        .toEqual(memos.map((value) => value()));
      dispose();
    }),
    { numRuns: cases(20) },
  );
});
