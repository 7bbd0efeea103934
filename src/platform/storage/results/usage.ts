// The stored items and their sizes, read from the index records without reading a value.
// Invariant: `list` names every entry and every trace once. An item without an index record gets one; leftovers of an earlier
// format are removed; items of a later release are listed as such and stay untouched. Does not know budgets.

import { promisifyRequest, type UseStore } from 'idb-keyval';
import * as v from 'valibot';
import { asked } from '../idb';
import { workAll } from '../records';
import { packedBytes } from './packing';
import {
  entryBytes,
  heldBytes,
  indexKey,
  isNewer,
  parseEntry,
  parseEntryIndex,
  parseTraceIndex,
  traceRange,
} from './result-records';

/**
 * An entry, by its key, or all checkpoints of a trace, by its hash. `bytes` on disk; `used` in milliseconds
 * since 1970, to the hour.
 */
export interface StoredItem {
  readonly what: 'entry' | 'trace';
  readonly id: string;
  readonly bytes: number;
  readonly used: number;
  /** Set if a later release wrote the item; then this version must not remove it. */
  readonly newer?: true;
}

/** The space that results take on disk. */
export interface DiskUsage {
  /** Returns all items, in no order. Rejects if storage fails. */
  list(): Promise<StoredItem[]>;
  /** Removes items and their index records, a few hundred per transaction. Rejects if storage fails. */
  remove(items: readonly StoredItem[]): Promise<void>;
  /** Sets whether new results are kept in memory only. */
  setFull(full: boolean): void;
}

/** The most values of unknown size that are read in one transaction. */
const FEW = 16;
/** The most items that are removed in one transaction. */
const MANY = 256;

const inParts = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );

interface Contents {
  /** The keys of entries or checkpoints. */
  readonly keys: readonly string[];
  /** The index records by the id of their entry or trace. */
  readonly indexes: ReadonlyMap<string, unknown>;
}

function contentsOf(use: UseStore): Promise<Contents> {
  return use('readonly', async (store) => {
    // In the order of keys, texts come before lists.
    const range = IDBKeyRange.bound(indexKey(''), ['index', []]);
    const [keys, indexKeys, values] = await Promise.all([
      asked(() => store.getAllKeys(IDBKeyRange.upperBound([], true))),
      asked(() => store.getAllKeys(range)),
      asked<unknown[]>(() => store.getAll(range)),
    ]);
    const ids = indexKeys.map((key) => (Array.isArray(key) ? String(key[1]) : ''));
    return {
      keys: keys.filter((key) => typeof key === 'string'),
      indexes: new Map(ids.map((id, at) => [id, values[at]])),
    };
  });
}

/** The size and last use of a later release's record, as far as they can be read. */
function strange(what: StoredItem['what'], id: string, held: unknown): StoredItem {
  const sizes = v.safeParse(v.object({ bytes: v.number(), used: v.number() }), held);
  const { bytes, used } = sizes.success ? sizes.output : { bytes: packedBytes(held), used: Date.now() };
  return { what, id, bytes, used, newer: true };
}

async function listEntries(use: UseStore): Promise<StoredItem[]> {
  const { keys, indexes } = await contentsOf(use);
  const items: StoredItem[] = [];
  const item = (id: string, bytes: number, used: number): void =>
    void items.push({ what: 'entry', id, bytes, used });
  for (const [id, held] of indexes) {
    const index = parseEntryIndex(held);
    if (index) item(id, index.bytes, index.used);
    else if (isNewer(held)) items.push(strange('entry', id, held));
  }
  const known = new Set(items.map(({ id }) => id));
  for (const part of inParts(
    keys.filter((key) => !known.has(key)),
    FEW,
  )) {
    const found: StoredItem[] = [];
    await workAll(use, part, (held, at, store) => {
      const id = part[at] ?? '';
      const entry = parseEntry(held);
      if (entry) {
        const index = { format: entry.format, bytes: entryBytes(entry), used: Date.now() };
        store.put(index, indexKey(id));
        found.push({ what: 'entry', id, bytes: index.bytes, used: index.used });
      } else if (isNewer(held)) found.push(strange('entry', id, held));
      else if (held !== undefined) for (const gone of [id, indexKey(id)]) store.delete(gone);
    });
    items.push(...found);
  }
  return items;
}

async function listTraces(use: UseStore): Promise<StoredItem[]> {
  const { keys, indexes } = await contentsOf(use);
  const items: StoredItem[] = [];
  for (const [id, held] of indexes) {
    const index = parseTraceIndex(held);
    if (index) items.push({ what: 'trace', id, bytes: heldBytes(index.held), used: index.used });
    else if (isNewer(held)) items.push(strange('trace', id, held));
  }
  const known = new Set(items.map(({ id }) => id));
  const hashOf = (key: string): string => key.split(' ', 1)[0] ?? '';
  // A checkpoint without an index record is never found: it is of format 1, or a later release wrote it.
  const left = keys.filter((key) => !known.has(hashOf(key)));
  const sizes = new Map<string, StoredItem>();
  for (const part of inParts(left, FEW)) {
    const found: StoredItem[] = [];
    await workAll(use, part, (held, at, store) => {
      const key = part[at] ?? '';
      if (isNewer(held)) found.push(strange('trace', hashOf(key), held));
      else store.delete(key);
    });
    for (const item of found)
      sizes.set(item.id, { ...item, bytes: item.bytes + (sizes.get(item.id)?.bytes ?? 0) });
  }
  return [...items, ...sizes.values()];
}

/** Returns all entries and traces of the two databases. */
export async function listStored(entries: UseStore, checkpoints: UseStore): Promise<StoredItem[]> {
  const lists = await Promise.all([listEntries(entries), listTraces(checkpoints)]);
  return lists.flat();
}

async function removeAll(
  use: UseStore,
  ids: readonly string[],
  keyOf: (id: string) => IDBValidKey | IDBKeyRange,
): Promise<void> {
  for (const part of inParts(ids, MANY))
    await use('readwrite', (store) => {
      for (const id of part) {
        store.delete(keyOf(id));
        store.delete(indexKey(id));
      }
      return promisifyRequest(store.transaction);
    });
}

/** Removes items from the two databases, except items of a later release. */
export async function removeStored(
  entries: UseStore,
  checkpoints: UseStore,
  items: readonly StoredItem[],
): Promise<void> {
  const ids = (what: StoredItem['what']): string[] =>
    items.filter((item) => item.what === what && !item.newer).map(({ id }) => id);
  await removeAll(entries, ids('entry'), (id) => id);
  await removeAll(checkpoints, ids('trace'), traceRange);
}
