// Parses the memory of a tab after a reload. Loaded only if there is something to read.
// Invariant: stored data is hostile until parsed; an invalid item is left out.

import * as v from 'valibot';
import { formerSpelling } from '../../platform/page/address-writing';
import { parseSheet } from '../../platform/storage/sheets/sheet-data';
import { sheetId } from '../../platform/storage/sheets/sheet-records';
import type { Unwritten } from './pending-edits';
import { MAX_EDITS, MAX_WORD, MOST_UNWRITTEN } from './tab-bounds';

const MAX_TEXT = 100_000;

const word = v.pipe(v.string(), v.maxLength(MAX_WORD));

const storedUnwritten = v.strictObject({
  id: sheetId,
  kept: v.boolean(),
  base: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  edits: v.pipe(v.array(word), v.maxLength(MAX_EDITS)),
  label: word,
  sheet: v.unknown(),
});

const storedTyped = v.strictObject({
  /** The id of the sheet, or its address if it has no id. */
  of: v.string(),
  run: word,
  row: word,
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
  place: v.picklist(['cell', 'bar']),
  proposed: v.optional(v.boolean()),
  over: v.optional(v.boolean()),
});

/** A text being typed, and its place. */
export type TypedText = Omit<v.InferOutput<typeof storedTyped>, 'of'>;

/** Parses JSON; undefined if the text is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a memory of the sheet `of` is of this sheet, both by id or address; earlier versions spelled addresses differently. */
export const isOf = (of: string, sheet: string): boolean => of === sheet || of === formerSpelling(sheet);

/** Returns the unwritten edits, by the sheet's id. */
export function readUnwritten(text: string): ReadonlyMap<string, Unwritten> {
  const found = new Map<string, Unwritten>();
  const held = parseJson(text);
  for (const item of Array.isArray(held) ? held.slice(-MOST_UNWRITTEN) : []) {
    const parsed = v.safeParse(storedUnwritten, item);
    const sheet = parsed.success ? parseSheet(parsed.output.sheet) : undefined;
    if (parsed.success && sheet) found.set(parsed.output.id, { ...parsed.output, sheet });
  }
  return found;
}

/** Returns the text that was being typed into this sheet; undefined if there is none. */
export function readTyped(text: string, sheet: string): TypedText | undefined {
  const parsed = v.safeParse(storedTyped, parseJson(text));
  if (!parsed.success || !isOf(parsed.output.of, sheet)) return undefined;
  const { of: _, ...typed } = parsed.output;
  return typed;
}
