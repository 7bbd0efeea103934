// Removes runs that other runs are based on or refer to: finds what would break, and can keep the values that are read.
// Invariant: where values are kept, the remaining runs keep their meaning; where not, the caller was shown what breaks.

import { type FormulaValue, literalText, type Reference, type Scope } from '../plan/language';
import { isFormula, paramAt } from '../plan/param-values';
import { settingIn } from '../plan/plan';
import { MAX_TEXT, type Run, type RunId, removeRun, type Sheet } from '../sheet/sheet';
import { paramValue, type RowSheet } from './row-values';

/** A reference from a text that stays to a run that would be removed. */
interface Dangling {
  /** Place of the formula: "C.optimizer.learningRate", or "row gap". */
  readonly place: string;
  /** Name of the value that it reads: "A.optimizer.learningRate". */
  readonly reads: string;
  /** The literal that can replace the reference; undefined if a formula cannot hold the value. */
  readonly kept?: string;
}

/** The effects of a removal on the runs and rows that stay. */
export interface Removal {
  /** Runs based on a removed run; they take over the texts that they inherit. */
  readonly based: readonly RunId[];
  readonly dangling: readonly Dangling[];
}

/** The present value of a result that a row refers to; undefined while it has none. */
export type ResultOf = (run: RunId, name: string) => FormulaValue | undefined;

function keptText(
  at: RowSheet,
  { run = '', what, name }: Reference,
  scope: Scope,
  resultOf: ResultOf,
): string | undefined {
  const planned = at.plan.runs.get(run);
  if (!planned) return undefined;
  if (what !== 'param') {
    const value = resultOf(run, name);
    return value === undefined ? undefined : literalText(value);
  }
  // A row reads each member's own seed, which no single literal can replace.
  const isSeed = paramAt(at.registry, name)?.type === 'seed';
  if (scope.rows && isSeed && planned.seeds.count > 1) return undefined;
  const found = paramValue(at.registry, name, planned, 0);
  return 'value' in found ? literalText(found.value) : undefined;
}

interface Text {
  readonly place: string;
  readonly run?: RunId;
  readonly path?: string;
  readonly text: string;
  readonly scope: Scope;
}

/** The formulas of a sheet, with their places and scopes. */
function* formulasOf(sheet: Sheet): Generator<Text> {
  const rows = sheet.rows.map(({ name }) => name);
  for (const { id, overrides } of sheet.runs) {
    for (const [path, text] of overrides)
      if (isFormula(text)) yield { place: `${id}.${path}`, run: id, path, text, scope: {} };
  }
  for (const { name, formula } of sheet.rows) yield { place: `row ${name}`, text: formula, scope: { rows } };
}

/**
 * The text with references to the removed runs replaced by values; unchanged
 * if the result would exceed `MAX_TEXT`.
 */
function withValues(
  at: RowSheet,
  text: string,
  scope: Scope,
  ids: ReadonlySet<RunId>,
  resultOf: ResultOf,
): string {
  const written = at.language.rewrite(text, scope, (reference) =>
    reference.run !== undefined && ids.has(reference.run)
      ? keptText(at, reference, scope, resultOf)
      : undefined,
  );
  return written.length > MAX_TEXT ? text : written;
}

/** Whether a remaining run inherits this text from a removed run. */
function isInherited({ plan }: RowSheet, run: RunId, path: string, ids: ReadonlySet<RunId>): boolean {
  return [...plan.runs].some(([id, planned]) => !ids.has(id) && settingIn(planned, path)?.from === run);
}

/** The effects of removing these runs, found without changing the sheet. */
export function removalOf(at: RowSheet, ids: ReadonlySet<RunId>, resultOf: ResultOf): Removal {
  const { sheet } = at.plan;
  const staying = sheet.runs.filter(({ id }) => !ids.has(id));
  const based = staying.filter(({ base }) => base !== undefined && ids.has(base)).map(({ id }) => id);
  const dangling: Dangling[] = [];
  for (const { place, run, path, text, scope } of formulasOf(sheet)) {
    // A removed run's formula matters only to remaining runs that inherit it.
    if (run !== undefined && ids.has(run) && !isInherited(at, run, path ?? '', ids)) continue;
    const references = at.language.parse(text, scope).formula?.references ?? [];
    const isWritten = withValues(at, text, scope, ids, resultOf) !== text;
    for (const reference of references) {
      if (reference.run === undefined || !ids.has(reference.run)) continue;
      const kept = isWritten ? keptText(at, reference, scope, resultOf) : undefined;
      const reads = `${reference.run}.${reference.name}`;
      dangling.push({ place, reads, ...(kept !== undefined && { kept }) });
    }
  }
  return { based, dangling };
}

/**
 * Removes runs. With `keep`, formulas that read them get the present values as literals first. Throws
 * `SheetError` as `removeRun` does.
 */
export function removeRuns(at: RowSheet, ids: ReadonlySet<RunId>, keep: boolean, resultOf: ResultOf): Sheet {
  const { sheet } = at.plan;
  const rows = sheet.rows.map(({ name }) => name);
  const written = (text: string, scope: Scope): string => withValues(at, text, scope, ids, resultOf);
  const kept: Sheet = keep
    ? {
        ...sheet,
        runs: sheet.runs.map((run) => withTexts(run, (text) => written(text, {}))),
        rows: sheet.rows.map((row) => ({ ...row, formula: written(row.formula, { rows }) })),
      }
    : sheet;
  return [...ids].reduce(removeRun, kept);
}

/** The run with its formulas changed; the same object if none changes. */
function withTexts(run: Run, change: (text: string) => string): Run {
  const changed = [...run.overrides].flatMap(([path, text]): [string, string][] => {
    const next = isFormula(text) ? change(text) : text;
    return next === text ? [] : [[path, next]];
  });
  if (changed.length === 0) return run;
  const overrides = new Map(run.overrides);
  for (const [path, text] of changed) overrides.set(path, text);
  return { ...run, overrides };
}
