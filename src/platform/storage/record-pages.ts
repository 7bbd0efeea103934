// Reads all records of a store page by page, so that thousands of records leave the page free.
// Invariant: copying and using one page of records takes about `GOAL_MS`; the next page grows or shrinks accordingly. Each page
// is a transaction of its own, so a concurrent write waits for one page only.

import { promisifyRequest, type UseStore } from 'idb-keyval';

const GOAL_MS = 6;
const SIZE = { first: 32, least: 4, most: 256 };

/** A key and what lies under it. */
export type Pair = readonly [IDBValidKey, unknown];

/** The range after a key, within a range that has both ends. */
function rest(range: IDBKeyRange | undefined, after: IDBValidKey | undefined): IDBKeyRange | null {
  if (after === undefined) return range ?? null;
  return range === undefined
    ? IDBKeyRange.lowerBound(after, true)
    : IDBKeyRange.bound(after, range.upper, true, range.upperOpen);
}

async function readPage(use: UseStore, range: IDBKeyRange | null, size: number): Promise<readonly Pair[]> {
  const [keys, values] = await use('readonly', (store) =>
    Promise.all([
      promisifyRequest(store.getAllKeys(range, size)),
      promisifyRequest<unknown[]>(store.getAll(range, size)),
    ]),
  );
  return keys.map((key, index) => [key, values[index]]);
}

/** Hands all records, or those of a range with both ends, to `take`, in the order of their keys; `take` is to use them at once. */
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

/** What lies under each of a few keys. */
export const readEach = (use: UseStore, keys: readonly IDBValidKey[]): Promise<readonly unknown[]> =>
  use('readonly', (store) => Promise.all(keys.map((key) => promisifyRequest<unknown>(store.get(key)))));
