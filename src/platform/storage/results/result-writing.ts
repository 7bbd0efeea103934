// Writes results in batches of a moment, each result with its index record, in one transaction.
// Invariant: an existing item stays as it is, since it is equal or a later release wrote it; only damaged items are removed.
// Loaded with the first result; does not know about failures.

import type { UseStore } from 'idb-keyval';
import { type Held, thin } from '../../../core/compute/checkpoints';
import type { Entry, TraceCheckpoint } from '../../../core/compute/store';
import { digest, digestAside } from '../../../core/kinds/digest';
import { byteSize } from '../../../core/kinds/value';
import { hashText } from '../../../core/plan/key';
import { add, addAll, workAll } from '../records';
import { packed } from './packing';
import {
  checkpointKey,
  checkpointRecord,
  type EntryIndex,
  entryBytes,
  entryRecord,
  FORMAT,
  indexKey,
  isNewer,
  MOST_COPIED,
  parseEntryIndex,
  parseTraceIndex,
  type StoredEntry,
  type TraceIndex,
  traceRange,
} from './result-records';

/** The most bytes that are hashed and written while the page closes. */
const MAX_LEAVING_BYTES = 16 * 2 ** 20;
/** The resolution of the noted time of use, in milliseconds. */
const HOUR = 3_600_000;

function entryRecords(records: readonly StoredEntry[]): (readonly [IDBValidKey, unknown])[] {
  const used = Date.now();
  return records.flatMap((record) => {
    const index: EntryIndex = { format: FORMAT, bytes: entryBytes(record), used };
    return [[record.key, record] as const, [indexKey(record.key), index] as const];
  });
}

/** Writes entries whose keys are unused. */
export async function writeEntries(use: UseStore, entries: readonly Entry[]): Promise<void> {
  const records: StoredEntry[] = [];
  for (const entry of entries) {
    const digest = entry.digest ?? (await digestAside(entry.value, MOST_COPIED));
    records.push(entryRecord(entry, await packed(entry.value), digest));
  }
  await addAll(use, entryRecords(records));
}

/** Writes entries without yielding, while the page closes: at most MAX_LEAVING_BYTES. */
export async function writeEntriesNow(use: UseStore, entries: Iterable<Entry>): Promise<void> {
  const records: StoredEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += byteSize(entry.value);
    if (bytes > MAX_LEAVING_BYTES) break;
    records.push(entryRecord(entry, entry.value, entry.digest ?? digest(entry.value)));
  }
  await addAll(use, entryRecords(records));
}

/** Removes the records under the keys of entries, unless a later release wrote them. */
export function forgetEntries(use: UseStore, keys: readonly string[]): Promise<void> {
  return workAll(use, keys, (held, at, store) => {
    const key = keys[at];
    if (key === undefined || isNewer(held)) return;
    store.delete(key);
    store.delete(indexKey(key));
  });
}

/** Removes a damaged checkpoint of a trace. */
export function forgetCheckpoint(use: UseStore, hash: string, place: number): Promise<void> {
  return workAll(use, [indexKey(hash), checkpointKey(hash, place)], (held, at, store) => {
    if (isNewer(held)) return;
    if (at === 1) {
      store.delete(checkpointKey(hash, place));
      return;
    }
    const index = parseTraceIndex(held);
    const left = index?.held.filter((other) => other.at !== place) ?? [];
    if (index && left.length > 0) store.put({ ...index, held: left }, indexKey(hash));
    else store.delete(indexKey(hash));
  });
}

/** Writes checkpoints, for each trace as many as its budget allows. */
export async function writeCheckpoints(
  use: UseStore,
  checkpoints: readonly TraceCheckpoint[],
): Promise<void> {
  const traces = new Map<string, TraceCheckpoint[]>();
  for (const checkpoint of checkpoints) {
    const hash = hashText(checkpoint.trace);
    traces.set(hash, [...(traces.get(hash) ?? []), checkpoint]);
  }
  const records = new Map<TraceCheckpoint, unknown>();
  for (const checkpoint of checkpoints) {
    const digest = checkpoint.digest ?? (await digestAside(checkpoint.state, MOST_COPIED));
    records.set(checkpoint, checkpointRecord(checkpoint, await packed(checkpoint.state), digest));
  }
  const groups = [...traces];
  await workAll(
    use,
    groups.map(([hash]) => indexKey(hash)),
    (found, at, store) => {
      const [hash, saved = []] = groups[at] ?? [];
      if (hash === undefined || isNewer(found)) return;
      const before = parseTraceIndex(found)?.held ?? [];
      // Checkpoints without an index record are leftovers of format 1.
      if (before.length === 0) store.delete(traceRange(hash));
      const held = saved.reduce(
        (kept: readonly Held[], { at, state }) => thin(kept, { at, bytes: byteSize(state) }).kept,
        before,
      );
      const places = new Set(held.map(({ at }) => at));
      for (const gone of before) if (!places.has(gone.at)) store.delete(checkpointKey(hash, gone.at));
      for (const checkpoint of saved)
        if (places.has(checkpoint.at))
          add(store, checkpointKey(hash, checkpoint.at), records.get(checkpoint));
      const index: TraceIndex = { format: FORMAT, held: [...held], used: Date.now() };
      store.put(index, indexKey(hash));
    },
  );
}

/** Notes the use of entries or traces, unless a use within the last hour is noted. */
export function noteUse(use: UseStore, ids: readonly string[]): Promise<void> {
  const now = Date.now();
  return workAll(use, ids.map(indexKey), (held, at, store) => {
    const index = parseEntryIndex(held) ?? parseTraceIndex(held);
    const id = ids[at];
    // A time in the future, from a clock that was ahead, is corrected too.
    const known = index && index.used > now - HOUR && index.used <= now;
    if (index && id !== undefined && !known) store.put({ ...index, used: now }, indexKey(id));
  });
}
