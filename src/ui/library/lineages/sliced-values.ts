// Computes a value from signals in slices: at once if the work is quick, else piece by piece between
// other tasks.
// Invariant: the result belongs to the present signals, or to an earlier state of them while the new
// result is being computed; superseded work is dropped.

import { type Accessor, createComputed, createSignal, onCleanup } from 'solid-js';
import { macrotask } from '../../../core/macrotask';
import { advance, inSlices } from '../../../core/slices';

/** Time budget in ms of the task that changed a signal; each later task has a slice. */
const FIRST_MS = 12;

/**
 * An accessor of the value that the generator returns; `first` until then. The generator must read its
 * signals before its first `yield`; the work between two yields should take a few milliseconds.
 */
export function createSliced<T>(begin: () => Generator<void, T>, first: T): Accessor<T> {
  const [made, setMade] = createSignal<T>(first);
  createComputed(() => {
    const work = begin();
    const quick = advance(work, FIRST_MS);
    if (quick) {
      setMade(() => quick.value);
      return;
    }
    let superseded = false;
    onCleanup(() => {
      superseded = true;
    });
    void (async () => {
      await macrotask();
      const done = superseded ? undefined : await inSlices(work, () => !superseded);
      // In a separate task: the readers draw the result, which fills a task.
      if (done) await macrotask();
      if (done && !superseded) setMade(() => done.value);
    })();
  });
  return made;
}

const CHUNK = 256;
/** Small, because the cost of a test is unknown: the first test of a training collects all its words. */
const FEW = 32;

/** Filters the items chunk by chunk, with a yield after each chunk. */
export function* filterInSlices<T>(
  items: readonly T[],
  keep: (chunk: readonly T[]) => readonly T[],
): Generator<void, readonly T[]> {
  const kept: T[] = [];
  for (let from = 0; from < items.length; from += FEW) {
    kept.push(...keep(items.slice(from, from + FEW)));
    yield;
  }
  return kept;
}

/** Whether the items are already in order, as their owner usually keeps them. */
export const isInOrder = <T>(items: readonly T[], compare: (a: T, b: T) => number): boolean =>
  items.every((item, at) => {
    const before = items[at - 1];
    return before === undefined || compare(before, item) <= 0;
  });

/**
 * Sorts the items stably (merge sort), with yields after every few hundred items. No item may be
 * undefined.
 */
export function* sortInSlices<T extends object>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, readonly T[]> {
  let runs: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += CHUNK) {
    runs.push(items.slice(from, from + CHUNK).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const wider: (readonly T[])[] = [];
    for (let at = 0; at < runs.length; at += 2)
      wider.push(yield* mergeInSlices(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = wider;
  }
  return runs[0] ?? [];
}

function* mergeInSlices<T extends object>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, readonly T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [left[i], right[j]];
    if (a === undefined || b === undefined) return [...merged, ...left.slice(i), ...right.slice(j)];
    if (compare(a, b) <= 0) {
      merged.push(a);
      i++;
    } else {
      merged.push(b);
      j++;
    }
    if ((i + j) % CHUNK === 0) yield;
  }
}
