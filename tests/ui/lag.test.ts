// When what is shown counts as late: only after a blink, and no longer than it is.

import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type keysOf, lateBeside } from '../../src/ui/lag';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../node_modules/solid-js/dist/solid.js'));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Keys = ReturnType<typeof keysOf>;
const keys = (...pairs: readonly [id: string, key: string][]): Keys => new Map(pairs);

describe('what was made of runs', () => {
  test('is late once another training of one of them was awaited for longer than a blink', () => {
    const [made, setMade] = createSignal(keys());
    const [awaited, setAwaited] = createSignal(keys(['A', 'one'], ['B', 'two']));
    const { isLate, dispose } = createRoot((end) => ({ isLate: lateBeside(made, awaited), dispose: end }));
    vi.advanceTimersByTime(1_000);
    // What is not there yet is not old.
    expect(isLate()).toBe(false);
    setMade(keys(['A', 'one'], ['B', 'two']));
    setAwaited(keys(['A', 'three'], ['B', 'two']));
    vi.advanceTimersByTime(149);
    expect(isLate()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isLate()).toBe(true);
    setMade(keys(['A', 'three'], ['B', 'two']));
    expect(isLate()).toBe(false);
    setAwaited(keys(['A', 'four'], ['B', 'two']));
    vi.advanceTimersByTime(100);
    setMade(keys(['A', 'four'], ['B', 'two']));
    vi.advanceTimersByTime(1_000);
    expect(isLate()).toBe(false);
    setAwaited(keys(['A', 'four']));
    vi.advanceTimersByTime(1_000);
    expect(isLate()).toBe(false);
    dispose();
  });
});
