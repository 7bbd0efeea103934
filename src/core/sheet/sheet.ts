// The document and its edits. Immutable: an edit shares all runs that it does not touch, so that a plan can reuse them.
// Invariant: overrides and rows are texts, valid or not; no text that a person typed is lost. Knows no kind.

import { grouped } from '../text-formatting';

/** Id of a run: A … Z, AA …, at most three letters. */
export type RunId = string;

/** One column: its overrides by path ("train.epochs" or "seeds"), and the run that it is based on. */
export interface Run {
  readonly id: RunId;
  readonly name: string;
  readonly base?: RunId;
  readonly overrides: ReadonlyMap<string, string>;
}

/** A row of the person's own, below the results: a formula with its equals sign, evaluated in every run. */
export interface SheetRow {
  readonly name: string;
  readonly formula: string;
}

/** The document: an optional title and note, and the runs and rows in order. */
export interface Sheet {
  readonly title?: string;
  /** The author's comment on the sheet: one paragraph. */
  readonly note?: string;
  readonly runs: readonly Run[];
  readonly rows: readonly SheetRow[];
}

/** The most runs of a sheet. */
export const MAX_RUNS = 1_000;
/** The most members of all runs together; a run without seeds has one member. */
export const MAX_MEMBERS = 10_000;
/** The most rows of a sheet. */
export const MAX_ROWS = 100;

/** The longest text of a param or a row in characters, including a formula's equals sign. */
export const MAX_TEXT = 2_000;
/** The longest name of a sheet, run, row or param path, in characters. */
export const MAX_NAME = 200;
/** The longest note of a sheet, in characters. */
export const MAX_NOTE = 500;
/** The most overrides of one run, including those of unknown kinds. */
export const MAX_OVERRIDES = 1_000;

/** Path of the one override that belongs to the run itself and to no kind. */
export const SEEDS_PATH = 'seeds';

const ID = /^[A-Z]{1,3}$/;

/** Whether the text has the form of a run's id. */
export const isRunId = (text: string): boolean => ID.test(text);

/** Whether all ids are unique, every base exists, and no run is its own ancestor. */
export function isForest(runs: readonly { readonly id: RunId; readonly base?: RunId }[]): boolean {
  const baseOf = new Map(runs.map(({ id, base }) => [id, base]));
  const rooted = new Set<string>();
  for (const { id } of runs) {
    const chain = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !rooted.has(at); at = baseOf.get(at)) {
      if (chain.has(at) || !baseOf.has(at)) return false;
      chain.add(at);
    }
    for (const member of chain) rooted.add(member);
  }
  return baseOf.size === runs.length;
}

/** Thrown by an edit that cannot be made; the message is written for people. */
export class SheetError extends Error {
  override readonly name = 'SheetError';
}

/** Cleans a name: well-formed Unicode, no control characters, at most `most` characters. */
export function cleanName(name: string, most = MAX_NAME): string {
  return name
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, most)
    .toWellFormed();
}

function setText(sheet: Sheet, name: 'title' | 'note', text: string, most?: number): Sheet {
  const { [name]: before, ...rest } = sheet;
  const clean = cleanName(text, most).trim();
  if (clean === (before ?? '')) return sheet;
  return clean === '' ? rest : { [name]: clean, ...rest };
}

/** Sets the title, cleaned and trimmed; an empty title removes it. */
export const setTitle = (sheet: Sheet, title: string): Sheet => setText(sheet, 'title', title);

/** Sets the note, cleaned and trimmed, at most `MAX_NOTE` characters; an empty note removes it. */
export const setNote = (sheet: Sheet, note: string): Sheet => setText(sheet, 'note', note, MAX_NOTE);

/** Returns the run with this id. Throws `SheetError` if the sheet has none. */
function findRun(sheet: Sheet, id: RunId): Run {
  const run = sheet.runs.find((candidate) => candidate.id === id);
  if (!run) throw new SheetError(`there is no run ${id}`);
  return run;
}

const letters = (index: number): RunId =>
  (index >= 26 ? letters(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

const indexOf = (id: RunId): number =>
  [...id].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

const NAMED = /(?<![\w.])[A-Z]{1,3}(?=\s*\.)/g;

/** Ids that the sheet's formulas name, of existing and of removed runs. */
function namedIds(sheet: Sheet): RunId[] {
  const texts = [
    ...sheet.rows.map(({ formula }) => formula),
    ...sheet.runs.flatMap(({ overrides }) => [...overrides.values()]),
  ];
  return texts.flatMap((text) => (text.includes('=') ? (text.match(NAMED) ?? []) : []));
}

/**
 * Id for a new run: the next after all ids in use and all ids in formulas, so that a formula about a removed
 * run never reads the new run. After ZZZ, the first free id.
 */
export function nextId(sheet: Sheet): RunId {
  const used = [...sheet.runs.map((run) => run.id), ...namedIds(sheet)];
  const next = letters(used.reduce((last, id) => Math.max(last, indexOf(id)), -1) + 1);
  if (isRunId(next)) return next;
  const taken = new Set(used);
  let index = 0;
  while (taken.has(letters(index))) index++;
  return letters(index);
}

const replaceRun = (sheet: Sheet, changed: Run): Sheet => ({
  ...sheet,
  runs: sheet.runs.map((run) => (run.id === changed.id ? changed : run)),
});

/**
 * Adds a run behind `after`, or at the end: a twin of `base`, or a run with all defaults. Throws `SheetError`
 * if the sheet has `MAX_RUNS` runs or lacks `base` or `after`.
 */
export function addRun(sheet: Sheet, options: { name: string; base?: RunId; after?: RunId }): Sheet {
  if (sheet.runs.length >= MAX_RUNS) throw new SheetError(`a sheet holds at most ${MAX_RUNS} runs`);
  const { name, base, after } = options;
  if (base !== undefined) findRun(sheet, base);
  const added: Run = {
    id: nextId(sheet),
    name: cleanName(name),
    ...(base !== undefined && { base }),
    overrides: new Map(),
  };
  const place = after === undefined ? sheet.runs.length : sheet.runs.indexOf(findRun(sheet, after)) + 1;
  return { ...sheet, runs: sheet.runs.toSpliced(place, 0, added) };
}

/** Changes a run's label; its id stays. Throws `SheetError` if the sheet lacks the run. */
export function renameRun(sheet: Sheet, id: RunId, name: string): Sheet {
  return replaceRun(sheet, { ...findRun(sheet, id), name: cleanName(name) });
}

/** Throws `SheetError` if the text exceeds `MAX_TEXT`; `place` names the cell or row in the message. */
export function checkText(text: string, place: string): void {
  if (text.length <= MAX_TEXT) return;
  const [has, most] = [text.length, MAX_TEXT].map(grouped);
  throw new SheetError(`the text for ${place} has ${has} characters; the limit is ${most}`);
}

function checkOverrides({ id, overrides }: Run): void {
  if (overrides.size > MAX_OVERRIDES) throw new SheetError(`${id} overrides at most ${MAX_OVERRIDES} params`);
}

/**
 * Sets one override to a text, as typed. Throws `SheetError` if the run is missing, the path exceeds
 * `MAX_NAME`, the text exceeds `MAX_TEXT`, or the run would exceed `MAX_OVERRIDES`.
 */
export function setOverride(sheet: Sheet, id: RunId, path: string, text: string): Sheet {
  const run = findRun(sheet, id);
  if (run.overrides.get(path) === text) return sheet;
  if (path.length > MAX_NAME) throw new SheetError(`the name of a param has at most ${MAX_NAME} characters`);
  checkText(text, `${path} of ${id}`);
  const changed = { ...run, overrides: new Map(run.overrides).set(path, text) };
  checkOverrides(changed);
  return replaceRun(sheet, changed);
}

/**
 * Clears one override, so that the run inherits the value. Throws `SheetError` if the sheet lacks the run.
 */
export function clearOverride(sheet: Sheet, id: RunId, path: string): Sheet {
  const run = findRun(sheet, id);
  if (!run.overrides.has(path)) return sheet;
  const overrides = new Map(run.overrides);
  overrides.delete(path);
  return replaceRun(sheet, { ...run, overrides });
}

/**
 * Bases a run on another run, or on the defaults. Throws `SheetError` if a run is
 * missing or would be its own ancestor.
 */
export function setBase(sheet: Sheet, id: RunId, base: RunId | undefined): Sheet {
  const { base: _, ...run } = findRun(sheet, id);
  for (let ancestor = base, steps = 0; ancestor !== undefined && steps <= sheet.runs.length; steps++) {
    if (ancestor === id)
      throw new SheetError(`${id} cannot be based on ${base}: ${id} would be its own ancestor`);
    ancestor = findRun(sheet, ancestor).base;
  }
  return replaceRun(sheet, base === undefined ? run : { ...run, base });
}

/**
 * Removes a run. Runs based on it keep their texts: each takes over its base and the overrides that it lacks.
 * Throws `SheetError` if the run is missing or another would exceed `MAX_OVERRIDES`, and for the last run,
 * because an address without runs means the opening sheet.
 */
export function removeRun(sheet: Sheet, id: RunId): Sheet {
  const removed = findRun(sheet, id);
  if (sheet.runs.length === 1) throw new SheetError('a sheet needs at least one run');
  const adopt = (run: Run): Run => {
    if (run.base !== id) return run;
    const { base: _, ...rest } = run;
    const overrides = new Map([...removed.overrides, ...run.overrides]);
    const adopted = { ...rest, ...(removed.base !== undefined && { base: removed.base }), overrides };
    checkOverrides(adopted);
    return adopted;
  };
  return {
    ...sheet,
    runs: sheet.runs.filter((run) => run.id !== id).map(adopt),
  };
}

/** The runs of the second sheet that the first does not have. */
export function newRuns(before: Sheet, after: Sheet): readonly RunId[] {
  const known = new Set(before.runs.map(({ id }) => id));
  return after.runs.flatMap(({ id }) => (known.has(id) ? [] : [id]));
}
