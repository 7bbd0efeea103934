// When what is shown counts as late: only after a blink, and no longer than it is.

import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createNode, recipeOf } from '../../../src/core/plan/node';
import { lateBeside } from '../../../src/ui/session/staleness';
import { source } from '../../core/toy-registry';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Runs, each known by a cell of so many points. */
const runs = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(sizes).map(([id, size]) => {
    const params = { size, scale: 1 };
    return { id, value: { node: createNode(source, params, {}, recipeOf(source, params, {})) } };
  });

describe('what was made of runs', () => {
  test('is late once another training of one of them was awaited for longer than a blink', () => {
    const [made, setMade] = createSignal(runs({}));
    const [sources, setSources] = createSignal(runs({ A: 1, B: 2 }));
    const { isLate, dispose } = createRoot((end) => ({ isLate: lateBeside(made, sources), dispose: end }));
    vi.advanceTimersByTime(1_000);
    // What is not there yet is not old.
    expect(isLate()).toBe(false);
    setMade(runs({ A: 1, B: 2 }));
    setSources(runs({ A: 3, B: 2 }));
    vi.advanceTimersByTime(149);
    expect(isLate()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isLate()).toBe(true);
    setMade(runs({ A: 3, B: 2 }));
    expect(isLate()).toBe(false);
    setSources(runs({ A: 4, B: 2 }));
    vi.advanceTimersByTime(100);
    setMade(runs({ A: 4, B: 2 }));
    vi.advanceTimersByTime(1_000);
    expect(isLate()).toBe(false);
    setSources(runs({ A: 4 }));
    vi.advanceTimersByTime(1_000);
    expect(isLate()).toBe(false);
    dispose();
  });
});
