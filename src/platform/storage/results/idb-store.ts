// The disk tier of the store: entries and checkpoints in IndexedDB, in databases of their own.
// Invariant: a read gives the written fields, all of them, to the byte. Anything else is a miss and is removed, unless a later
// release wrote it. Operations never reject: failures of storage are reported, and the page continues in memory and retries
// later. The reads of one task share a transaction, and so do the writes of a moment.

import { promisifyRequest, type UseStore } from 'idb-keyval';
import { isWorthDisk } from '../../../core/compute/checkpoints';
import type { Entry, Store, TraceCheckpoint } from '../../../core/compute/store';
import { byteSize } from '../../../core/kinds/value';
import { late } from '../../../core/late-loading';
import { hashText } from '../../../core/plan/key';
import { batched } from '../batch';
import { asked, database, storageReason } from '../idb';
import {
  checkpointKey,
  indexKey,
  isNewer,
  parseEntryIndex,
  parseTraceIndex,
  verifiedCheckpoint,
  verifiedEntry,
} from './result-records';
import { createHealth, type Trouble } from './storage-health';
import type { DiskUsage } from './usage';

/** The most items and bytes of one transaction: copying them leaves the page responsive. */
const BATCH = { most: 64, heaviest: 4 * 2 ** 20 };
/** Writes wait until no result has come for `rest` ms, at most `most` ms: the screen goes first. */
const WRITE_WAIT = { rest: 150, most: 2_000 };
/** Uses are noted after NOTE_MS, each at most once an hour; at most MAX_NOTED are remembered. */
const NOTE_MS = 5_000;
const HOUR = 3_600_000;
const MAX_NOTED = 10_000;
/** The most bytes of refused entries that wait until storage answers again. */
const MAX_REFUSED_BYTES = 32 * 2 ** 20;
/** The most keys of a store that are read at once, instead of single reads of missing keys. */
const FEW_KEYS = 512;

const diskWriting = late(() => import('./result-writing'));
const measuring = late(() => import('./usage'));

/**
 * Returns a reader of the values under keys, undefined for a missing key. In a store with few records, one
 * request reads all keys first: a first sheet in a new profile demands a thousand results that do not exist.
 */
function sparingReader(use: UseStore): (keys: readonly IDBValidKey[]) => Promise<readonly unknown[]> {
  let isLarge = false;
  return (keys) =>
    use('readonly', async (store) => {
      const known = isLarge ? [] : await promisifyRequest(store.getAllKeys(undefined, FEW_KEYS));
      isLarge ||= known.length === FEW_KEYS;
      const there = isLarge ? undefined : new Set(known.map(String));
      return Promise.all(
        keys.map((key) =>
          !there || there.has(String(key)) ? asked<unknown>(() => store.get(key)) : undefined,
        ),
      );
    });
}

/** Returns the keys under which an entry of this format is stored, according to the index records. */
function heldKeys(use: UseStore, keys: readonly string[]): Promise<string[]> {
  return use('readonly', async (store) => {
    const found = await Promise.all(keys.map((key) => asked<unknown>(() => store.get(indexKey(key)))));
    return keys.filter((_, at) => parseEntryIndex(found[at]) !== undefined);
  });
}

/** The store on disk, and its use of space. */
export interface DiskStore extends Store {
  readonly usage: DiskUsage;
}

/** `onTrouble` receives a sentence for people when storage fails, and undefined when storage works again. */
export interface DiskOptions {
  onTrouble?(message: string | undefined): void;
}

/** Returns a function that collects used ids and passes them to `note` later, each once an hour at most. */
function noter(note: (ids: readonly string[]) => unknown): (id: string) => void {
  const noted = new Map<string, number>();
  let waiting: string[] = [];
  return (id) => {
    const now = Date.now();
    if (now - (noted.get(id) ?? 0) < HOUR) return;
    if (noted.size >= MAX_NOTED) noted.clear();
    noted.set(id, now);
    waiting.push(id);
    if (waiting.length > 1) return;
    setTimeout(() => {
      note(waiting);
      waiting = [];
    }, NOTE_MS);
  };
}

/** Opens this browser's store on disk, shared by its tabs. */
export function idbStore({ onTrouble }: DiskOptions = {}): DiskStore {
  const entries = database('gradsheet-entries');
  const checkpoints = database('gradsheet-checkpoints');
  let writers: typeof import('./result-writing') | undefined;
  const writing = async () => (writers ??= await diskWriting());
  let isFull = false;
  /** Entries that wait for a write; refused entries wait until storage answers again. */
  const unwritten = new Set<Entry>();
  const refused = new Map<Entry, number>();

  let reported: string | undefined;
  const troubles = new Map<'access' | 'space', string>();
  const tell = (what: 'access' | 'space') => (trouble: Trouble | undefined) => {
    if (trouble) troubles.set(what, storageReason(trouble.reason));
    else troubles.delete(what);
    const [reason] = troubles.values();
    const message =
      reason &&
      `The browser’s storage cannot be used (${reason}). Results are kept until this page is closed.`;
    if (message !== reported) onTrouble?.(message);
    reported = message;
    if (!message) for (const entry of [...refused.keys()]) void writeAgain(entry);
  };
  const access = createHealth({
    most: 3,
    onChange: tell('access'),
    async trial() {
      for (const use of [entries, checkpoints])
        await use('readonly', (store) => promisifyRequest(store.count('')));
    },
  });
  const space = createHealth({
    most: 1,
    onChange: tell('space'),
    async trial() {
      const { writeEntries } = await writing();
      await writeEntries(entries, [...refused.keys()].slice(0, BATCH.most));
    },
  });

  /** Returns whether the work succeeded. A full disk counts against `space` only: reading still works. */
  async function write(work: () => Promise<void>): Promise<boolean> {
    if (space.isDown()) return false;
    const done = await access.attempt(async () => {
      try {
        await work();
        return true;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'QuotaExceededError') throw error;
        space.fail(error);
        return false;
      }
    });
    return done === true;
  }

  /** Reads in batches; a failed batch counts as one failure. */
  const reader = (use: UseStore): ((key: IDBValidKey) => Promise<unknown>) => {
    const read = sparingReader(use);
    return batched({
      most: BATCH.most,
      work: async (keys: readonly IDBValidKey[]) =>
        (await access.attempt(() => read(keys))) ?? keys.map(() => undefined),
    });
  };
  const readEntry = reader(entries);
  const readCheckpoint = reader(checkpoints);
  const writer = <T>(work: (items: readonly T[]) => Promise<void>) => ({
    ...BATCH,
    work: async (items: readonly T[]): Promise<readonly boolean[]> => {
      const done = await write(() => work(items));
      return items.map(() => done);
    },
  });
  const writeEntry = batched({
    ...writer(async (items: readonly Entry[]) => (await writing()).writeEntries(entries, items)),
    wait: WRITE_WAIT,
    weigh: ({ value }) => byteSize(value),
  });
  const writeCheckpoint = batched({
    ...writer(async (items: readonly TraceCheckpoint[]) =>
      (await writing()).writeCheckpoints(checkpoints, items),
    ),
    wait: WRITE_WAIT,
    weigh: ({ state }) => byteSize(state),
  });
  const forgetEntry = batched(
    writer(async (keys: readonly string[]) => (await writing()).forgetEntries(entries, keys)),
  );
  const noteIn = (use: UseStore) => noter((ids) => write(async () => (await writing()).noteUse(use, ids)));
  const noteEntry = noteIn(entries);
  const noteTrace = noteIn(checkpoints);

  async function putEntry(entry: Entry): Promise<void> {
    unwritten.add(entry);
    if (!(await writeEntry(entry))) {
      const waiting = [...refused.values()].reduce((sum, bytes) => sum + bytes, 0);
      const bytes = byteSize(entry.value);
      if (waiting + bytes <= MAX_REFUSED_BYTES) {
        refused.set(entry, bytes);
        return;
      }
    }
    unwritten.delete(entry);
  }

  function writeAgain(entry: Entry): Promise<void> {
    refused.delete(entry);
    return putEntry(entry);
  }

  globalThis.addEventListener?.('pagehide', () => {
    const now = writers?.writeEntriesNow;
    if (now && unwritten.size > 0) void write(() => now(entries, unwritten));
  });

  async function latestCheckpoint(trace: string, atMost: number): Promise<TraceCheckpoint | undefined> {
    const hash = hashText(trace);
    const index = parseTraceIndex(await readCheckpoint(indexKey(hash)));
    for (const { at } of index?.held.filter((held) => held.at <= atMost).reverse() ?? []) {
      const held = await readCheckpoint(checkpointKey(hash, at));
      const checkpoint = await verifiedCheckpoint(trace, at, held);
      if (checkpoint) {
        noteTrace(hash);
        return checkpoint;
      }
      // A failed read is not damage: the next read may succeed.
      if (held !== undefined && !isNewer(held))
        await write(async () => (await writing()).forgetCheckpoint(checkpoints, hash, at));
    }
    return undefined;
  }

  return {
    async get(key, reach = 'disk') {
      if (reach === 'memory') return undefined;
      const held = await readEntry(key);
      const entry = await verifiedEntry(key, held);
      if (entry) noteEntry(key);
      else if (held !== undefined && !isNewer(held)) await forgetEntry(key);
      return entry && { entry, from: 'disk' };
    },
    async put(entry, reach = 'disk') {
      if (reach === 'disk' && !isFull) await putEntry(entry);
    },
    async holds(keys) {
      const waiting = new Set([...unwritten].map(({ key }) => key));
      const asked = keys.filter((key) => !waiting.has(key));
      const found = await access.attempt(() => heldKeys(entries, asked));
      return new Set([...keys.filter((key) => waiting.has(key)), ...(found ?? [])]);
    },
    async checkpoint(trace, atMost, reach = 'disk') {
      return reach === 'memory' ? undefined : latestCheckpoint(trace, atMost);
    },
    async putCheckpoint(checkpoint, reach = 'disk') {
      const { ms = Number.POSITIVE_INFINITY, state } = checkpoint;
      if (reach === 'disk' && !isFull && isWorthDisk(ms, byteSize(state))) await writeCheckpoint(checkpoint);
    },
    usage: {
      list: async () => (await measuring()).listStored(entries, checkpoints),
      remove: async (items) => (await measuring()).removeStored(entries, checkpoints, items),
      setFull(full) {
        isFull = full;
      },
    },
  };
}
