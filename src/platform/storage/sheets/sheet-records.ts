// The records of sheets in IndexedDB: their keys, schemas and checksums.
//
//   "sheet <id>"            the present state, its revision, the list of its steps
//   "step <id> <place>"     the change of one edit, both ways
//   "head <id>"             the line of a list; whether the sheet is removed, and on how many days a list has shown it since
//   "last"                  the id of the sheet that was edited last
//   "own", "unreadable"     the one sheet of older versions, and their unreadable data; read, never written
//   "own adopted"           the revision of "own" that became a sheet like the others
//
// Invariant: a record is hostile until parsed, and then has the checksum with which it was written.

import * as v from 'valibot';
import { digestAside } from '../../../core/kinds/digest';
import type { Plain } from '../../../core/kinds/value';
import { type History, MAX_STEPS } from '../../../core/sheet/history';
import { parseSheet } from './sheet-data';

/** The format of the records that this version writes. */
export const FORMAT = 2;
const MAX_ID = 40;
/** The most names of runs in a head. */
export const HEAD_NAMES = 4;

/** The fixed keys of the table above. */
export const LAST = 'last';
export const LEGACY = 'own';
export const ADOPTED = 'own adopted';
export const sheetKey = (id: string): string => `sheet ${id}`;
export const headKey = (id: string): string => `head ${id}`;
export const stepKey = (id: string, place: number): string => `step ${id} ${String(place).padStart(9, '0')}`;
/** The range of all keys that begin with a text. */
export const keysFrom = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

/** The schema of a sheet's id. */
export const sheetId = v.pipe(v.string(), v.regex(/^[0-9a-z]{1,40}$/));
/** The schema of a whole number from 0. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A time that every browser can format, in milliseconds since 1970. */
const date = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15));
/** The schema of the id of a step, which is the id of its edit. */
export const stepId = v.pipe(v.string(), v.maxLength(MAX_ID));

/** A sheet as it is stored. */
export interface StoredSheet {
  readonly id: string;
  /** Each write raises the revision by one. */
  readonly revision: number;
  /** The time of the last write, in milliseconds since 1970 by the clock of the page that wrote it. */
  readonly edited: number;
  /** Whether the person keeps the sheet; otherwise it arrived by an address and was edited. */
  readonly kept: boolean;
  /** Has no steps if the reader did not ask for them; `first` is then the place of the present state. */
  readonly history: History;
  /** The stored size of each step in characters, oldest first. */
  readonly sizes: readonly number[];
  /** The ids of the edits in the latest write. */
  readonly by: readonly string[];
  /** Set if a newer version wrote the record, which is then read as far as possible and never written. */
  readonly newer?: true;
}

/** A write of a sheet. */
export interface SheetWrite {
  readonly id: string;
  /** The stored sheet, with its steps, that the write builds on; undefined for a new sheet. */
  readonly before: StoredSheet | undefined;
  readonly history: History;
  readonly kept: boolean;
  readonly edited: number;
  readonly by: readonly string[];
  /** The hash of the sheet's address. */
  readonly print?: string;
}

/** The record under a sheet's key is unreadable; it stays unchanged. */
export interface Unreadable {
  readonly id: string;
  readonly unreadable: true;
}

const recordEntries = {
  format: v.pipe(v.number(), v.safeInteger(), v.minValue(FORMAT)),
  id: sheetId,
  revision: v.pipe(count, v.minValue(1)),
  edited: date,
  kept: v.boolean(),
  /** The place of the present state. */
  at: count,
  /** The place of the oldest step. */
  first: count,
  sizes: v.pipe(v.array(count), v.maxLength(MAX_STEPS)),
  by: v.pipe(v.array(stepId), v.maxLength(MAX_STEPS)),
  sheet: v.unknown(),
};
const storedRecord = v.strictObject({ ...recordEntries, checksum: v.string() });
const newerRecord = v.object(recordEntries);

const storedHead = v.object({
  format: count,
  id: sheetId,
  title: v.exactOptional(v.string()),
  names: v.pipe(v.array(v.string()), v.maxLength(HEAD_NAMES)),
  runs: count,
  edited: date,
  kept: v.boolean(),
  /** The hash of the sheet's address, by which a stored sheet is found for an address. */
  print: v.exactOptional(v.string()),
  removed: v.exactOptional(date),
});

/** The line of a sheet in the list. */
export type Head = v.InferOutput<typeof storedHead>;

/** Parses a head; undefined if it is invalid. */
export function parseHead(held: unknown): Head | undefined {
  const parsed = v.safeParse(storedHead, held);
  return parsed.success ? parsed.output : undefined;
}

/** Returns the fields with a checksum over all of them. */
export async function sealed<T extends Record<string, unknown>>(
  fields: T,
): Promise<T & { checksum: string }> {
  return { ...fields, checksum: await digestAside(fields as Plain) };
}

/** Whether the checksum fits the other fields; false if these have no digest, as with a cyclic object. */
export async function isSound({ checksum, ...fields }: { checksum: string }): Promise<boolean> {
  return checksum === (await digestAside(fields as Plain).catch(() => undefined));
}

/** Parses the record of a sheet, without its steps; undefined if the record is damaged. */
export async function parseRecord(id: string, held: unknown): Promise<StoredSheet | undefined> {
  const strict = v.safeParse(storedRecord, held);
  const isKnown = strict.success && strict.output.format === FORMAT;
  if (isKnown && !(await isSound(strict.output))) return undefined;
  const record = isKnown ? strict : v.safeParse(newerRecord, held);
  if (!record.success || (!isKnown && record.output.format === FORMAT)) return undefined;
  const { revision, edited, kept, at, first, sizes, by, sheet: data } = record.output;
  const sheet = parseSheet(data);
  if (!sheet || record.output.id !== id || at < first || at > first + sizes.length) return undefined;
  return {
    ...{ id, revision, edited, kept, sizes, by },
    history: { first: at, past: [], present: sheet, future: [] },
    ...(!isKnown && { newer: true }),
  };
}
