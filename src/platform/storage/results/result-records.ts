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

/**
 * The format that this version writes. Format 1 had no number and a checksum over the value alone; its
 * records count as missing.
 */
export const FORMAT = 2;

/** A larger value, in bytes, is hashed on the page in slices. */
export const MOST_COPIED = 4 * 2 ** 20;

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const format = v.literal(FORMAT);

const storedEntry = v.strictObject({
  format,
  key: v.string(),
  recipe: v.string(),
  /** The packed value. */
  value: v.unknown(),
  ms: amount,
  digest: v.string(),
  checksum: v.string(),
});

const storedCheckpoint = v.strictObject({
  format,
  trace: v.string(),
  at: amount,
  /** The packed state. */
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

/** The record of an entry; its value is packed. */
export type StoredEntry = v.InferOutput<typeof storedEntry>;
type StoredCheckpoint = v.InferOutput<typeof storedCheckpoint>;
/** The size of an entry in bytes, and its last use, in milliseconds since 1970. */
export type EntryIndex = v.InferOutput<typeof entryIndex>;
/** The checkpoints of a trace, ordered by place, and the last use, in milliseconds since 1970. */
export type TraceIndex = v.InferOutput<typeof traceIndex>;

/** The key of the index record of an entry or a trace; in the order of keys, lists come after all texts. */
export const indexKey = (id: string): IDBValidKey => ['index', id];

/** The key of a checkpoint, by its trace's hash and its place. */
export const checkpointKey = (hash: string, at: number): string => `${hash} ${at}`;

/** The range of the keys of a trace's checkpoints; includes the key of format 1's index. */
export const traceRange = (hash: string): IDBKeyRange => IDBKeyRange.bound(hash, `${hash}!`, false, true);

/** Whether a later release wrote the record. */
export const isNewer = (held: unknown): boolean => v.safeParse(newer, held).success;

const entryChecksum = ({ key, recipe, ms, digest }: Omit<StoredEntry, 'value'>): string =>
  hashText(JSON.stringify(['entry', FORMAT, key, recipe, ms, digest]));

const checkpointChecksum = ({ trace, at, ms, digest }: Omit<StoredCheckpoint, 'state'>): string =>
  hashText(JSON.stringify(['checkpoint', FORMAT, trace, at, ms, digest]));

/** Returns the record of an entry from its packed value; `digest` is the digest of the unpacked value. */
export function entryRecord(
  { key, recipe, ms }: Omit<Entry, 'value'>,
  value: unknown,
  digest: string,
): StoredEntry {
  const unsealed = { format: FORMAT, key, recipe, value, ms, digest, checksum: '' } as const;
  return { ...unsealed, checksum: entryChecksum(unsealed) };
}

/** Returns the record of a checkpoint from its packed state; `digest` is the digest of the unpacked state. */
export function checkpointRecord(
  { trace, at, ms = 0 }: Omit<TraceCheckpoint, 'state'>,
  state: unknown,
  digest: string,
): StoredCheckpoint {
  const unsealed = { format: FORMAT, trace, at, state, ms, digest, checksum: '' } as const;
  return { ...unsealed, checksum: checkpointChecksum(unsealed) };
}

/** Parses a record's shape; undefined if it is no entry of this format. Does not verify the checksums. */
export function parseEntry(held: unknown): StoredEntry | undefined {
  const parsed = v.safeParse(storedEntry, held);
  return parsed.success ? parsed.output : undefined;
}

/** Unpacks a value; undefined unless it is readable and has this digest. */
async function sealedValue(held: unknown, digest: string): Promise<{ readonly value: Plain } | undefined> {
  const parsed = v.safeParse(plain, await unpacked(held).catch(() => undefined));
  if (!parsed.success) return undefined;
  return digest === (await digestAside(parsed.output, MOST_COPIED)) ? { value: parsed.output } : undefined;
}

/** Returns the entry under a key; undefined unless the record is exactly as it was written. */
export async function verifiedEntry(key: string, held: unknown): Promise<Entry | undefined> {
  const parsed = parseEntry(held);
  if (!parsed) return undefined;
  const { format, checksum, ...entry } = parsed;
  const own = entry.key === key && key.endsWith(`-${hashText(entry.recipe)}`);
  if (!own || checksum !== entryChecksum(parsed)) return undefined;
  const value = await sealedValue(entry.value, entry.digest);
  return value && { ...entry, value: value.value };
}

/** Returns the checkpoint of a trace at a place; undefined unless the record is exactly as it was written. */
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

/** The approximate size of an entry, in bytes. */
export const entryBytes = ({ recipe, value }: StoredEntry): number =>
  packedBytes(value) + packedBytes(recipe);

/** Parses the index record of an entry; undefined if it is not of this format. */
export function parseEntryIndex(held: unknown): EntryIndex | undefined {
  const parsed = v.safeParse(entryIndex, held);
  return parsed.success ? parsed.output : undefined;
}

/** Parses the index record of a trace; undefined if it is not of this format. */
export function parseTraceIndex(held: unknown): TraceIndex | undefined {
  const parsed = v.safeParse(traceIndex, held);
  return parsed.success ? parsed.output : undefined;
}

/** The size of a trace's checkpoints, in bytes. */
export const heldBytes = (held: readonly Held[]): number => held.reduce((sum, { bytes }) => sum + bytes, 0);
