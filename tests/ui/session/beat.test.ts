// The beat in which what arrives by and by is told.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { untilBeat } from '../../../src/ui/session/redraw-tick';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** Lets so many milliseconds pass. */
const pass = (ms: number): unknown => vi.advanceTimersByTime(ms);

describe('the beat', () => {
  test('comes for all who wait for it at the same moment', () => {
    pass(100);
    const first = performance.now() + untilBeat();
    pass(37);
    expect(performance.now() + untilBeat()).toBe(first);
    pass(untilBeat());
    expect(performance.now() + untilBeat()).toBe(first + 400);
  });

  test('is at once for who kept none in this stretch, and the next one for who did', () => {
    pass(1_100);
    const kept = performance.now();
    expect(untilBeat(kept)).toBe(100);
    pass(99);
    expect(untilBeat(kept)).toBe(1);
    pass(1);
    expect(untilBeat(kept)).toBe(0);
    expect(untilBeat(performance.now())).toBe(400);
  });
});
