// Work in slices: the same result as in one go, and each piece small.

import fc from 'fast-check';
import { createRoot, createSignal } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import {
  createSliced,
  filterInSlices,
  isInOrder,
  sortInSlices,
} from '../../../src/ui/library/lineages/sliced-values';
import { cases } from '../../cases';

// Node's conditions choose Solid's server build, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

/** Runs to the end, and counts the pieces. */
function run<T>(work: Generator<void, T>): { result: T; pieces: number } {
  for (let pieces = 1; ; pieces++) {
    const step = work.next();
    if (step.done) return { result: step.value, pieces };
  }
}

test('sorting in slices is sorting, and stable', () => {
  const items = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 2_000 });
  fc.assert(
    fc.property(items, (values) => {
      const objects = values.map((value, at) => ({ value, at }));
      const compare = (a: { value: number }, b: { value: number }): number => a.value - b.value;
      expect(run(sortInSlices(objects, compare)).result).toEqual(objects.toSorted(compare));
    }),
    { numRuns: cases(30) },
  );
  const many = Array.from({ length: 10_000 }, (_, at) => ({ at }));
  expect(run(sortInSlices(many, (a, b) => b.at - a.at)).pieces).toBeGreaterThan(100);
});

test('what is in order is known to be', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }), (values) => {
      const inOrder = values.toSorted((a, b) => a - b).join() === values.join();
      expect(isInOrder(values, (a, b) => a - b)).toBe(inOrder);
    }),
  );
});

test('filtering in slices keeps what filtering keeps', () => {
  const many = Array.from({ length: 1_000 }, (_, at) => at);
  const { result, pieces } = run(filterInSlices(many, (some) => some.filter((at) => at % 3 === 0)));
  expect(result).toEqual(many.filter((at) => at % 3 === 0));
  expect(pieces).toBeGreaterThan(30);
});

describe('a sliced result', () => {
  function* counting(to: number): Generator<void, number> {
    const end = performance.now() + to;
    while (performance.now() < end) yield;
    return to;
  }

  test('is there at once where it is quick, and later where it is not; the last state wins', async () => {
    const [wanted, setWanted] = createSignal(0);
    const { result, dispose } = createRoot((end) => ({
      result: createSliced(() => counting(wanted()), -1),
      dispose: end,
    }));
    expect(result()).toBe(0);
    setWanted(80);
    expect(result()).toBe(0);
    setWanted(60);
    await vi.waitFor(() => expect(result()).toBe(60));
    setWanted(90);
    setWanted(1);
    expect(result()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(result()).toBe(1);
    dispose();
  });
});
