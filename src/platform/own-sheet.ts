// The person's own sheet, in a database of its own, kept at each edit.
// Invariant: what was typed comes back, valid or not; what was stored is hostile until parsed, and then is whole or nothing.
// Knows no kind: whether a path or a text means anything is the plan's to say.

import { get, set } from 'idb-keyval';
import * as v from 'valibot';
import { isRunId, MAX_NAME, MAX_ROWS, MAX_RUNS, type Run, type Sheet } from '../core/sheet';
import { ROW_NAME } from '../core/sheet-rows';
import { database } from './idb';

const KEY = 'own';
const UNREADABLE = 'unreadable';
const VERSION = 1;
const MAX_OVERRIDES = 1_000;
const MAX_TEXT = 100_000;

const storedRun = v.strictObject({
  id: v.pipe(v.string(), v.check(isRunId)),
  name: v.pipe(v.string(), v.maxLength(MAX_NAME)),
  base: v.exactOptional(v.string()),
  overrides: v.pipe(
    v.array(
      v.strictTuple([v.pipe(v.string(), v.maxLength(MAX_NAME)), v.pipe(v.string(), v.maxLength(MAX_TEXT))]),
    ),
    v.maxLength(MAX_OVERRIDES),
  ),
});

const storedRow = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(MAX_NAME), v.regex(ROW_NAME)),
  formula: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
});

type StoredRun = v.InferOutput<typeof storedRun>;

const bases = (runs: readonly StoredRun[]): Map<string, string | undefined> =>
  new Map(runs.map(({ id, base }) => [id, base]));

function isForest(runs: readonly StoredRun[]): boolean {
  const baseOf = bases(runs);
  const rooted = new Set<string>();
  for (const { id } of runs) {
    const chain = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !rooted.has(at); at = baseOf.get(at)) {
      if (chain.has(at) || !baseOf.has(at)) return false;
      chain.add(at);
    }
    for (const member of chain) rooted.add(member);
  }
  return true;
}

const storedSheet = v.strictObject({
  version: v.literal(VERSION),
  runs: v.pipe(
    v.array(storedRun),
    v.minLength(1),
    v.maxLength(MAX_RUNS),
    v.check((runs) => bases(runs).size === runs.length, 'two runs have one id'),
    v.check((runs) => isForest(runs), 'a run is based on none that there is, or on itself'),
  ),
  /** Left out where there are none, as in sheets that were kept before there were rows. */
  rows: v.exactOptional(
    v.pipe(
      v.array(storedRow),
      v.maxLength(MAX_ROWS),
      v.check((rows) => new Set(rows.map(({ name }) => name)).size === rows.length, 'two rows have one name'),
    ),
  ),
});

/** The sheet that plain data stands for, or nothing. */
export function parseSheet(data: unknown): Sheet | undefined {
  const parsed = v.safeParse(storedSheet, data);
  if (!parsed.success) return undefined;
  return {
    runs: parsed.output.runs.map(({ overrides, ...run }): Run => ({ ...run, overrides: new Map(overrides) })),
    rows: parsed.output.rows ?? [],
  };
}

/** A sheet as plain data, invalid texts included. */
export function sheetData(sheet: Sheet): v.InferInput<typeof storedSheet> {
  return {
    version: VERSION,
    runs: sheet.runs.map(({ id, name, base, overrides }) => ({
      id,
      name,
      ...(base !== undefined && { base }),
      overrides: [...overrides],
    })),
    ...(sheet.rows.length > 0 && { rows: sheet.rows.map(({ name, formula }) => ({ name, formula })) }),
  };
}

const storedOwn = v.strictObject({
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sheet: v.unknown(),
});

/** A state of the own sheet; of two the one with the higher revision is the newer, in whatever tab it was made. */
export interface Revised {
  readonly sheet: Sheet;
  readonly revision: number;
}

/** Where the own sheet is kept. */
export interface OwnSheet {
  /** The sheet as last saved; nothing where there is none, or none that can be read. Rejects where storage fails. */
  load(): Promise<Revised | undefined>;
  /** Keeps a sheet; of several at once the last one is written. Resolves once it, or a later one, is; rejects if not. */
  save(own: Revised): Promise<void>;
}

/** The own sheet of this browser, shared by its tabs; the last edit wins. */
export function ownSheet(): OwnSheet {
  const use = database('gradsheet-sheet');
  let writing: Promise<void> = Promise.resolve();
  let waiting: { own: Revised; readonly written: Promise<void> } | undefined;

  return {
    async load() {
      const stored = await get<unknown>(KEY, use);
      const parsed = v.safeParse(storedOwn, stored);
      const sheet = parsed.success ? parseSheet(parsed.output.sheet) : undefined;
      if (parsed.success && sheet) return { sheet, revision: parsed.output.revision };
      // What cannot be read is about to be written over: it is put aside, for who can read it.
      if (stored !== undefined) await set(UNREADABLE, stored, use);
      return undefined;
    },
    save(own) {
      if (waiting) {
        waiting.own = own;
        return waiting.written;
      }
      const written = writing
        .catch(() => {})
        .then(() => {
          const latest = waiting?.own ?? own;
          waiting = undefined;
          return set(KEY, { revision: latest.revision, sheet: sheetData(latest.sheet) }, use);
        });
      waiting = { own, written };
      writing = written;
      return written;
    },
  };
}
