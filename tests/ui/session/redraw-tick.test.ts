// The beat in which what arrives by and by is told.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { untilRedrawTick } from '../../../src/ui/session/redraw-tick';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** Lets so many milliseconds pass. */
const pass = (ms: number): unknown => vi.advanceTimersByTime(ms);

describe('the beat', () => {
  test('comes for all who wait for it at the same moment', () => {
    pass(100);
    const first = performance.now() + untilRedrawTick();
    pass(37);
    expect(performance.now() + untilRedrawTick()).toBe(first);
    pass(untilRedrawTick());
    expect(performance.now() + untilRedrawTick()).toBe(first + 400);
  });

  test('is at once for who kept none in this stretch, and the next one for who did', () => {
    pass(1_100);
    const kept = performance.now();
    expect(untilRedrawTick(kept)).toBe(100);
    pass(99);
    expect(untilRedrawTick(kept)).toBe(1);
    pass(1);
    expect(untilRedrawTick(kept)).toBe(0);
    expect(untilRedrawTick(performance.now())).toBe(400);
  });
});
