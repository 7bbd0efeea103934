// Long work in slices: the thread is yielded once the time of a slice is over, and the work ends as in one go.

import { describe, expect, test } from 'vitest';
import { advance, inSlices, startPace } from '../../src/core/slices';

const busy = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

/** Steps of a millisecond each; the value is their number. */
function* steps(count: number): Generator<void, number> {
  for (let step = 0; step < count; step++) {
    busy(1);
    yield;
  }
  return count;
}

describe('a pace', () => {
  test('yields the thread only once its slice is over, and then begins another', async () => {
    const pace = startPace();
    expect(pace()).toBeUndefined();
    busy(21);
    const pause = pace();
    expect(pause).toBeInstanceOf(Promise);
    await pause;
    expect(pace()).toBeUndefined();
  });

  test('resolves to what the yielding of the thread resolves to', async () => {
    const pace = startPace(async () => 'superseded');
    busy(21);
    expect(await pace()).toBe('superseded');
  });
});

describe('work', () => {
  test('advances by at least one step, and for no longer than its slice and a step', () => {
    const work = steps(3);
    expect(advance(work, 0)).toBeUndefined();
    expect(advance(work, 1_000)).toEqual({ value: 3 });
    const start = performance.now();
    expect(advance(steps(10_000), 5)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('in slices leaves the thread to others, and ends as in one go', async () => {
    let others = 0;
    const timer = setInterval(() => others++);
    expect(await inSlices(steps(60), () => true)).toEqual({ value: 60 });
    clearInterval(timer);
    expect(others).toBeGreaterThan(0);
  });

  test('in slices is given up at the first slice that is not wanted', async () => {
    let taken = 0;
    const work = (function* (): Generator<void, undefined> {
      for (;;) {
        taken++;
        busy(2);
        yield;
      }
    })();
    expect(await inSlices(work, () => taken < 10)).toBeUndefined();
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(taken).toBeLessThan(20);
  });
});
