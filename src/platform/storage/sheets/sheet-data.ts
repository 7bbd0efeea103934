// A sheet as plain data for storage and files; and back.
// Invariant: reading gives the typed texts, valid or not. Data are hostile until parsed, and then are a whole sheet or nothing.
// Does not know kinds: the plan decides whether a path or a text means anything.

import * as v from 'valibot';
import { ROW_NAME } from '../../../core/formulas/sheet-rows';
import {
  cleanName,
  isForest,
  isRunId,
  MAX_NAME,
  MAX_NOTE,
  MAX_OVERRIDES,
  MAX_ROWS,
  MAX_RUNS,
  type Run,
  type Sheet,
  type SheetRow,
} from '../../../core/sheet/sheet';

const VERSION = 1;

const MAX_TEXT = 100_000;
/** The most characters of all texts together: some six times the longest address. */
const MAX_CHARACTERS = 24_000_000;

const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));

/** The schema of a run's id. */
export const runId = v.pipe(v.string(), v.check(isRunId));

/** The schema of a run; overrides are pairs of path and text, without repeated paths. */
export const storedRun = v.strictObject({
  id: runId,
  name: text(MAX_NAME),
  base: v.exactOptional(text(MAX_NAME)),
  overrides: v.pipe(
    v.array(v.strictTuple([text(MAX_NAME), text(MAX_TEXT)])),
    v.maxLength(MAX_OVERRIDES),
    v.check((overrides) => new Set(overrides.map(([path]) => path)).size === overrides.length),
  ),
});

const storedRow = v.strictObject({
  name: v.pipe(text(MAX_NAME), v.regex(ROW_NAME)),
  formula: text(MAX_TEXT),
});

/** The schema of a sheet's rows, without repeated names. */
export const storedRows = v.pipe(
  v.array(storedRow),
  v.maxLength(MAX_ROWS),
  v.check((rows) => new Set(rows.map(({ name }) => name)).size === rows.length),
);

const cleanText = (most: number) =>
  v.pipe(
    text(most),
    v.check((held) => cleanName(held, most).trim() === held),
  );

/** The schema of a title, which is clean and trimmed. */
export const storedTitle = cleanText(MAX_NAME);

/** The schema of a note, which is clean and trimmed. */
export const storedNote = cleanText(MAX_NOTE);

type StoredRun = v.InferOutput<typeof storedRun>;

/** Whether all paths and texts of the runs together have at most MAX_CHARACTERS. */
export function isBounded(runs: StoredRun[]): boolean {
  let characters = 0;
  for (const { overrides } of runs)
    for (const [path, held] of overrides) characters += path.length + held.length;
  return characters <= MAX_CHARACTERS;
}

const storedSheet = v.strictObject({
  version: v.literal(VERSION),
  /** Absent if the sheet has no title, as in sheets stored before titles existed. */
  title: v.exactOptional(v.pipe(storedTitle, v.minLength(1))),
  /** Absent if the sheet has no note, as in sheets stored before notes existed. */
  note: v.exactOptional(v.pipe(storedNote, v.minLength(1))),
  runs: v.pipe(
    v.array(storedRun),
    v.minLength(1),
    v.maxLength(MAX_RUNS),
    v.check((runs) => isForest(runs)),
    v.check(isBounded),
  ),
  /** Absent if the sheet has no rows, as in sheets stored before rows existed. */
  rows: v.exactOptional(storedRows),
});

/** Returns the run of parsed data. */
export const runOf = ({ overrides, ...run }: StoredRun): Run => ({ ...run, overrides: new Map(overrides) });

/** Returns a run as plain data. */
export const dataOf = ({ id, name, base, overrides }: Run) => ({
  id,
  name,
  ...(base !== undefined && { base }),
  overrides: [...overrides].map(([path, held]): [string, string] => [path, held]),
});

/** Returns a row as plain data. */
export const rowData = ({ name, formula }: SheetRow) => ({ name, formula });

/** Parses a sheet; undefined if the data is no whole sheet. */
export function parseSheet(data: unknown): Sheet | undefined {
  const parsed = v.safeParse(storedSheet, data);
  if (!parsed.success) return undefined;
  const { title, note, runs, rows = [] } = parsed.output;
  return {
    ...(title !== undefined && { title }),
    ...(note !== undefined && { note }),
    runs: runs.map(runOf),
    rows,
  };
}

/** Returns a sheet as plain data, invalid texts included. */
export function sheetData({ title, note, runs, rows }: Sheet): v.InferInput<typeof storedSheet> {
  return {
    version: VERSION,
    ...(title !== undefined && { title }),
    ...(note !== undefined && { note }),
    runs: runs.map(dataOf),
    ...(rows.length > 0 && { rows: rows.map(rowData) }),
  };
}
