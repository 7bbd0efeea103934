// Reads all records of a store page by page, so that thousands of records leave the page free.
// Invariant: copying and using one page of records takes about `GOAL_MS`; the next page grows or shrinks accordingly. Each page
// is a transaction of its own, so a concurrent write waits for one page only.

import type { UseStore } from 'idb-keyval';
import { asked } from './idb';

const GOAL_MS = 6;
const SIZE = { first: 32, least: 4, most: 256 };

/** A key and the value under the key. */
export type Pair = readonly [IDBValidKey, unknown];

/** The range after a key, within a range that has both bounds. */
function rest(range: IDBKeyRange | undefined, after: IDBValidKey | undefined): IDBKeyRange | null {
  if (after === undefined) return range ?? null;
  return range === undefined
    ? IDBKeyRange.lowerBound(after, true)
    : IDBKeyRange.bound(after, range.upper, true, range.upperOpen);
}

async function readPage(use: UseStore, range: IDBKeyRange | null, size: number): Promise<readonly Pair[]> {
  const [keys, values] = await use('readonly', (store) =>
    Promise.all([
      asked(() => store.getAllKeys(range, size)),
      asked<unknown[]>(() => store.getAll(range, size)),
    ]),
  );
  return keys.map((key, index) => [key, values[index]]);
}

/**
 * Passes all records, or those of a range with both bounds, to `take`, page by page in the order of keys.
 * `take` should use them at once, since its time sets the size of the next page.
 */
export async function eachPage(
  use: UseStore,
  take: (pairs: readonly Pair[]) => void,
  range?: IDBKeyRange,
): Promise<void> {
  let size = SIZE.first;
  let after: IDBValidKey | undefined;
  for (;;) {
    const pairs = await readPage(use, rest(range, after), size);
    const start = performance.now();
    take(pairs);
    const end = pairs.at(-1);
    if (!end || pairs.length < size) return;
    [after] = end;
    const ms = performance.now() - start;
    size = Math.round(
      Math.min(SIZE.most, Math.max(SIZE.least, ms > GOAL_MS ? size / 2 : ms < GOAL_MS / 2 ? 2 * size : size)),
    );
  }
}

/** Returns the values under a few keys, in their order. */
export const readEach = (use: UseStore, keys: readonly IDBValidKey[]): Promise<readonly unknown[]> =>
  use('readonly', (store) => Promise.all(keys.map((key) => asked<unknown>(() => store.get(key)))));
