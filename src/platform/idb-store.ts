// The disk tier: entries and checkpoints in IndexedDB, in databases of their own.
// Invariant: what is read is what was written, recipe and value, to the byte; anything else is a miss and is removed.
// It never rejects: storage that keeps failing is reported once and then left alone, and the page goes on in memory.

import { del, get, set, type UseStore } from 'idb-keyval';
import * as v from 'valibot';
import { hashText } from '../core/key';
import type { Entry, Store, TraceCheckpoint } from '../core/store';
import { byteSize, digestAside, plain } from '../core/value';
import { database, storageReason, transact } from './idb';

/** At most so many checkpoints are kept of one trace, and so many bytes; the newest and the farthest always are. */
const MAX_CHECKPOINTS = 24;
const MAX_CHECKPOINT_BYTES = 16 * 2 ** 20;

/** After so many failures in a row storage counts as unavailable. */
const MAX_FAILURES = 3;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const storedEntry = v.strictObject({
  key: v.string(),
  recipe: v.string(),
  value: plain,
  checksum: v.string(),
  ms: v.pipe(v.number(), v.finite(), v.minValue(0)),
});

const storedCheckpoint = v.strictObject({ trace: v.string(), at: count, state: plain, checksum: v.string() });

/** What a trace has, in order of `at`. */
const storedIndex = v.array(v.strictObject({ at: count, bytes: count }));

type Held = v.InferOutput<typeof storedIndex>[number];

/** How badly a checkpoint would be missed: the ratio of its neighbours, so that what stays is spaced evenly in log. */
const gapWithout = (held: readonly Held[], index: number): number =>
  (held[index + 1]?.at ?? Number.POSITIVE_INFINITY) / Math.max(held[index - 1]?.at ?? 0.5, 0.5);

/** What stays of a trace's checkpoints once `added` has come, and what goes. */
export function thin(before: readonly Held[], added: Held): { kept: Held[]; dropped: Held[] } {
  const kept = [...before.filter(({ at }) => at !== added.at), added].sort((a, b) => a.at - b.at);
  const dropped: Held[] = [];
  const bytes = (): number => kept.reduce((sum, held) => sum + held.bytes, 0);
  while (kept.length > MAX_CHECKPOINTS || bytes() > MAX_CHECKPOINT_BYTES) {
    const candidates = kept.slice(0, -1).filter((held) => held !== added);
    const gaps = candidates.map((held) => gapWithout(kept, kept.indexOf(held)));
    const least = candidates[gaps.indexOf(Math.min(...gaps))];
    if (!least) break;
    kept.splice(kept.indexOf(least), 1);
    dropped.push(least);
  }
  return { kept, dropped };
}

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

async function latestCheckpoint(use: UseStore, trace: string, atMost: number) {
  const hash = hashText(trace);
  const index = parseIndex(await get<unknown>(hash, use));
  for (const { at } of index.filter((held) => held.at <= atMost).reverse()) {
    const key = checkpointKey(hash, at);
    const checkpoint = await verifiedCheckpoint(trace, at, await get<unknown>(key, use));
    if (checkpoint) return checkpoint;
    await transact(use, hash, (held) => ({
      put: [[hash, parseIndex(held).filter((other) => other.at !== at)]],
      remove: [key],
    }));
  }
  return undefined;
}

async function keepCheckpoint(use: UseStore, { trace, at, state }: TraceCheckpoint): Promise<void> {
  const hash = hashText(trace);
  const stored = { trace, at, state, checksum: await digestAside(state) };
  await transact(use, hash, (held) => {
    const { kept, dropped } = thin(parseIndex(held), { at, bytes: byteSize(state) });
    return {
      put: [
        [hash, kept],
        [checkpointKey(hash, at), stored],
      ],
      remove: dropped.map((other) => checkpointKey(hash, other.at)),
    };
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

  return {
    async get(key) {
      const entry = await attempt(async () => {
        const held = await get<unknown>(key, entries);
        if (held === undefined) return undefined;
        const sound = await verified(key, held);
        if (!sound) await del(key, entries);
        return sound;
      });
      return entry && { entry, from: 'disk' };
    },
    async put({ key, recipe, value, checksum, ms }) {
      await attempt(() => set(key, { key, recipe, value, checksum, ms }, entries));
    },
    checkpoint: (trace, atMost) => attempt(() => latestCheckpoint(checkpoints, trace, atMost)),
    async putCheckpoint(checkpoint) {
      await attempt(() => keepCheckpoint(checkpoints, checkpoint));
    },
  };
}
