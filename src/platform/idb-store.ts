// The disk tier: entries and checkpoints in IndexedDB, in databases of their own.
// Invariant: what is read is what was written, recipe and value, to the byte; anything else is a miss and is removed.
// It never rejects: storage that keeps failing is reported once and then left alone, and the page goes on in memory.
// Reads of one task, and writes of a moment, share a transaction; entries that wait when the page goes away are written
// at once.

import { del, promisifyRequest, type UseStore } from 'idb-keyval';
import * as v from 'valibot';
import { type Held, thin } from '../core/checkpoints';
import { digest, digestAside } from '../core/digest';
import { hashText } from '../core/key';
import type { Entry, Store, TraceCheckpoint } from '../core/store';
import { byteSize, plain } from '../core/value';
import { batched } from './batch';
import { database, storageReason, transact, transactAll, writeAll } from './idb';

/** After so many failures in a row storage counts as unavailable. */
const MAX_FAILURES = 3;

/** What is read or written in one transaction: little enough that copying it leaves the page responsive. */
const BATCH = { most: 64, heaviest: 4 * 2 ** 20 };
/** Writing rests while results come fast, which are on their way to the screen: for no longer than the second number. */
const WRITE_WAIT = { rest: 150, most: 2_000 };
/** So much is still hashed and written while the page goes away. */
const MAX_LEAVING_BYTES = 16 * 2 ** 20;

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

const storedEntry = v.strictObject({
  key: v.string(),
  recipe: v.string(),
  value: plain,
  checksum: v.string(),
  ms: amount,
});

const storedCheckpoint = v.strictObject({
  trace: v.string(),
  at: amount,
  state: plain,
  checksum: v.string(),
});

/** What a trace has, in order of `at`. */
const storedIndex = v.array(v.strictObject({ at: amount, bytes: amount }));

const checkpointKey = (hash: string, at: number): string => `${hash} ${at}`;

function parseIndex(held: unknown): Held[] {
  const parsed = v.safeParse(storedIndex, held);
  return parsed.success ? parsed.output : [];
}

/** The entry under this key as it was written, or nothing. */
async function verified(key: string, held: unknown): Promise<Entry | undefined> {
  const parsed = v.safeParse(storedEntry, held);
  if (!parsed.success) return undefined;
  const entry = parsed.output;
  const own = entry.key === key && key.endsWith(`-${hashText(entry.recipe)}`);
  return own && entry.checksum === (await digestAside(entry.value)) ? entry : undefined;
}

async function verifiedCheckpoint(
  trace: string,
  at: number,
  held: unknown,
): Promise<TraceCheckpoint | undefined> {
  const parsed = v.safeParse(storedCheckpoint, held);
  if (!parsed.success) return undefined;
  const { checksum, ...checkpoint } = parsed.output;
  const own = checkpoint.trace === trace && checkpoint.at === at;
  return own && checksum === (await digestAside(checkpoint.state)) ? checkpoint : undefined;
}

const stored = ({ key, recipe, value, ms }: Entry, checksum: string) =>
  [key, { key, recipe, value, ms, checksum }] as const;

async function writeEntries(use: UseStore, entries: readonly Entry[]): Promise<void> {
  const pairs = entries.map(async (entry) =>
    stored(entry, entry.checksum ?? (await digestAside(entry.value))),
  );
  await writeAll(use, await Promise.all(pairs));
}

/** The same in one go. */
async function writeEntriesNow(use: UseStore, entries: Iterable<Entry>): Promise<void> {
  const pairs: ReturnType<typeof stored>[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += byteSize(entry.value);
    if (bytes > MAX_LEAVING_BYTES) break;
    pairs.push(stored(entry, entry.checksum ?? digest(entry.value)));
  }
  await writeAll(use, pairs);
}

async function writeCheckpoints(use: UseStore, checkpoints: readonly TraceCheckpoint[]): Promise<void> {
  const traces = new Set(checkpoints.map(({ trace }) => trace));
  const steps = [...traces].map(async (trace) => {
    const saved = checkpoints.filter((checkpoint) => checkpoint.trace === trace);
    const hash = hashText(trace);
    const stored = new Map<number, unknown>();
    for (const { at, state, checksum } of saved)
      stored.set(at, { trace, at, state, checksum: checksum ?? (await digestAside(state)) });
    const decide = (held: unknown) => {
      const before = parseIndex(held);
      const kept = saved.reduce(
        (index: readonly Held[], { at, state }) => thin(index, { at, bytes: byteSize(state) }).kept,
        before,
      );
      const places = new Set(kept.map(({ at }) => at));
      return {
        put: [
          [hash, kept] as const,
          ...[...stored]
            .filter(([at]) => places.has(at))
            .map(([at, checkpoint]) => [checkpointKey(hash, at), checkpoint] as const),
        ],
        remove: before.filter(({ at }) => !places.has(at)).map(({ at }) => checkpointKey(hash, at)),
      };
    };
    return { key: hash, decide };
  });
  await transactAll(use, await Promise.all(steps));
}

/** So many keys of a store are read at once in place of as many reads of what is not there. */
const FEW_KEYS = 256;

/**
 * What lies under each of the keys, or undefined. Of a store that holds little, as in a profile that is new, the keys are
 * read before, in one request: a first sheet asks for a thousand results of which there are none.
 */
function sparingReader(use: UseStore): (keys: readonly string[]) => Promise<readonly unknown[]> {
  let isLarge = false;
  return (keys) =>
    use('readonly', async (store) => {
      const known = isLarge ? [] : await promisifyRequest(store.getAllKeys(undefined, FEW_KEYS));
      isLarge ||= known.length === FEW_KEYS;
      const there = isLarge ? undefined : new Set(known);
      return Promise.all(
        keys.map((key) => (!there || there.has(key) ? promisifyRequest<unknown>(store.get(key)) : undefined)),
      );
    });
}

/** Those of the keys under which something lies; what lies there is not read. */
function heldKeys(use: UseStore, keys: readonly string[]): Promise<string[]> {
  return use('readonly', async (store) => {
    const found = await Promise.all(keys.map((key) => promisifyRequest(store.getKey(key))));
    return keys.filter((_, index) => found[index] !== undefined);
  });
}

/** The store on disk; `onTrouble` is called at most once, with a sentence for people. */
export function idbStore(options: { onTrouble?(message: string): void } = {}): Store {
  const entries = database('gradsheet-entries');
  const checkpoints = database('gradsheet-checkpoints');
  let failures = 0;

  /** What the operation yields, or nothing where storage fails or is known to be unavailable. */
  async function attempt<T>(operation: () => Promise<T>): Promise<T | undefined> {
    if (failures >= MAX_FAILURES) return undefined;
    try {
      const result = await operation();
      if (failures < MAX_FAILURES) failures = 0;
      return result;
    } catch (error) {
      failures++;
      if (failures === MAX_FAILURES) {
        options.onTrouble?.(
          `The browser’s storage cannot be used (${storageReason(error)}). Results are kept until this page is closed.`,
        );
      }
      return undefined;
    }
  }

  // One failure of a batch is one failure.
  const reader = (use: UseStore): ((key: string) => Promise<unknown>) => {
    const read = sparingReader(use);
    return batched({
      most: BATCH.most,
      work: async (keys: readonly string[]) => (await attempt(() => read(keys))) ?? keys.map(() => undefined),
    });
  };
  const readEntry = reader(entries);
  const readCheckpoint = reader(checkpoints);
  const done =
    <T>(work: (items: readonly T[]) => Promise<void>) =>
    async (items: readonly T[]): Promise<readonly undefined[]> => {
      await attempt(() => work(items));
      return items.map(() => undefined);
    };
  const writeEntry = batched({
    ...BATCH,
    wait: WRITE_WAIT,
    weigh: ({ value }: Entry) => byteSize(value),
    work: done((items: readonly Entry[]) => writeEntries(entries, items)),
  });
  const unwritten = new Set<Entry>();
  globalThis.addEventListener?.('pagehide', () => {
    if (unwritten.size > 0) void attempt(() => writeEntriesNow(entries, unwritten));
  });
  const writeCheckpoint = batched({
    ...BATCH,
    wait: WRITE_WAIT,
    weigh: ({ state }: TraceCheckpoint) => byteSize(state),
    work: done((items: readonly TraceCheckpoint[]) => writeCheckpoints(checkpoints, items)),
  });

  async function latestCheckpoint(trace: string, atMost: number): Promise<TraceCheckpoint | undefined> {
    const hash = hashText(trace);
    const index = parseIndex(await readCheckpoint(hash));
    for (const { at } of index.filter((held) => held.at <= atMost).reverse()) {
      const key = checkpointKey(hash, at);
      const checkpoint = await verifiedCheckpoint(trace, at, await readCheckpoint(key));
      if (checkpoint) return checkpoint;
      const decide = (held: unknown) => ({
        put: [[hash, parseIndex(held).filter((other) => other.at !== at)] as const],
        remove: [key],
      });
      await attempt(() => transact(checkpoints, hash, decide));
    }
    return undefined;
  }

  return {
    async get(key, reach = 'disk') {
      if (reach === 'memory') return undefined;
      const held = await readEntry(key);
      const entry = await verified(key, held);
      if (held !== undefined && !entry) await attempt(() => del(key, entries));
      return entry && { entry, from: 'disk' };
    },
    async put(entry, reach = 'disk') {
      if (reach !== 'disk') return;
      unwritten.add(entry);
      await writeEntry(entry);
      unwritten.delete(entry);
    },
    async holds(keys) {
      const waiting = new Set([...unwritten].map(({ key }) => key));
      const asked = keys.filter((key) => !waiting.has(key));
      const found = await attempt(() => heldKeys(entries, asked));
      return new Set([...keys.filter((key) => waiting.has(key)), ...(found ?? [])]);
    },
    async checkpoint(trace, atMost, reach = 'disk') {
      return reach === 'memory' ? undefined : latestCheckpoint(trace, atMost);
    },
    async putCheckpoint(checkpoint, reach = 'disk') {
      if (reach === 'disk') await writeCheckpoint(checkpoint);
    },
  };
}
