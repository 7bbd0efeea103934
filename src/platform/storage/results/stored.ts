// The stored form of results: entries, checkpoints, and a short index record beside each entry and each trace.
// Invariant: one checksum covers every stored field, the value by its digest; each read verifies both digests.
// An item of a newer format counts as missing and is left untouched. Does not know the database.

import * as v from 'valibot';
import { type Held, MAX_CHECKPOINT_BYTES } from '../../../core/compute/checkpoints';
import type { Entry, TraceCheckpoint } from '../../../core/compute/store';
import { digestAside } from '../../../core/kinds/digest';
import { type Plain, plain } from '../../../core/kinds/value';
import { hashText } from '../../../core/plan/key';
import { packedBytes, unpacked } from './packing';

/** The format that is written. Format 1 had no number, and a checksum over the value alone: it counts as nothing. */
export const FORMAT = 2;

/** More than this, in bytes, is hashed on the page in slices. */
export const MOST_COPIED = 4 * 2 ** 20;

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const format = v.literal(FORMAT);

const storedEntry = v.strictObject({
  format,
  key: v.string(),
  recipe: v.string(),
  /** Packed. */
  value: v.unknown(),
  ms: amount,
  digest: v.string(),
  checksum: v.string(),
});

const storedCheckpoint = v.strictObject({
  format,
  trace: v.string(),
  at: amount,
  /** Packed. */
  state: v.unknown(),
  ms: amount,
  digest: v.string(),
  checksum: v.string(),
});

const entryIndex = v.object({ format, bytes: amount, used: amount });
const traceIndex = v.object({
  format,
  held: v.array(v.strictObject({ at: amount, bytes: v.pipe(amount, v.maxValue(MAX_CHECKPOINT_BYTES)) })),
  used: amount,
});
const newer = v.object({ format: v.pipe(v.number(), v.integer(), v.minValue(FORMAT + 1)) });

export type StoredEntry = v.InferOutput<typeof storedEntry>;
type StoredCheckpoint = v.InferOutput<typeof storedCheckpoint>;
/** The size of an entry, and when somebody last used it, in milliseconds since 1970. */
export type EntryIndex = v.InferOutput<typeof entryIndex>;
/** Which checkpoints a trace has, in order of their places, and when somebody last used one. */
export type TraceIndex = v.InferOutput<typeof traceIndex>;

/** Where the index record of an entry or of a trace lies: behind all texts, in the order of keys. */
export const indexKey = (id: string): IDBValidKey => ['index', id];

/** Where a checkpoint lies, by its trace's hash. */
export const checkpointKey = (hash: string, at: number): string => `${hash} ${at}`;

/** The keys of all checkpoints of a trace, and the one under which format 1 kept an index. */
export const traceRange = (hash: string): IDBKeyRange => IDBKeyRange.bound(hash, `${hash}!`, false, true);

/** Whether a later release wrote it. */
export const isNewer = (held: unknown): boolean => v.is(newer, held);

const entryChecksum = ({ key, recipe, ms, digest }: Omit<StoredEntry, 'value'>): string =>
  hashText(JSON.stringify(['entry', FORMAT, key, recipe, ms, digest]));

const checkpointChecksum = ({ trace, at, ms, digest }: Omit<StoredCheckpoint, 'state'>): string =>
  hashText(JSON.stringify(['checkpoint', FORMAT, trace, at, ms, digest]));

/** The record of an entry with its packed value; `digest` is the value's own. */
export function entryRecord(
  { key, recipe, ms }: Omit<Entry, 'value'>,
  value: unknown,
  digest: string,
): StoredEntry {
  const unsealed = { format: FORMAT, key, recipe, value, ms, digest, checksum: '' } as const;
  return { ...unsealed, checksum: entryChecksum(unsealed) };
}

/** The record of a checkpoint with its packed state; `digest` is the state's own. */
export function checkpointRecord(
  { trace, at, ms = 0 }: Omit<TraceCheckpoint, 'state'>,
  state: unknown,
  digest: string,
): StoredCheckpoint {
  const unsealed = { format: FORMAT, trace, at, state, ms, digest, checksum: '' } as const;
  return { ...unsealed, checksum: checkpointChecksum(unsealed) };
}

/** What looks like an entry of this format; whether it is sound is not known yet. */
export function parseEntry(held: unknown): StoredEntry | undefined {
  const parsed = v.safeParse(storedEntry, held);
  return parsed.success ? parsed.output : undefined;
}

/** A value as it was packed, where it has this digest. */
async function sealedValue(held: unknown, digest: string): Promise<{ readonly value: Plain } | undefined> {
  const parsed = v.safeParse(plain, await unpacked(held).catch(() => undefined));
  if (!parsed.success) return undefined;
  return digest === (await digestAside(parsed.output, MOST_COPIED)) ? { value: parsed.output } : undefined;
}

/** The entry under this key as it was written, or nothing. */
export async function verifiedEntry(key: string, held: unknown): Promise<Entry | undefined> {
  const parsed = parseEntry(held);
  if (!parsed) return undefined;
  const { format, checksum, ...entry } = parsed;
  const own = entry.key === key && key.endsWith(`-${hashText(entry.recipe)}`);
  if (!own || checksum !== entryChecksum(parsed)) return undefined;
  const value = await sealedValue(entry.value, entry.digest);
  return value && { ...entry, value: value.value };
}

/** The checkpoint of a trace at this place as it was written, or nothing. */
export async function verifiedCheckpoint(
  trace: string,
  at: number,
  held: unknown,
): Promise<TraceCheckpoint | undefined> {
  const parsed = v.safeParse(storedCheckpoint, held);
  if (!parsed.success) return undefined;
  const { format, checksum, ...checkpoint } = parsed.output;
  const own = checkpoint.trace === trace && checkpoint.at === at;
  if (!own || checksum !== checkpointChecksum(parsed.output)) return undefined;
  const state = await sealedValue(checkpoint.state, checkpoint.digest);
  return state && { ...checkpoint, state: state.value };
}

/** About how many bytes an entry takes. */
export const entryBytes = ({ recipe, value }: StoredEntry): number =>
  packedBytes(value) + packedBytes(recipe);

/** An entry's index record, or nothing where it is none of this format. */
export function parseEntryIndex(held: unknown): EntryIndex | undefined {
  const parsed = v.safeParse(entryIndex, held);
  return parsed.success ? parsed.output : undefined;
}

/** A trace's index record, or nothing where it is none of this format. */
export function parseTraceIndex(held: unknown): TraceIndex | undefined {
  const parsed = v.safeParse(traceIndex, held);
  return parsed.success ? parsed.output : undefined;
}

/** How many bytes all checkpoints of a trace take. */
export const heldBytes = (held: readonly Held[]): number => held.reduce((sum, { bytes }) => sum + bytes, 0);
