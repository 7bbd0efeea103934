// Removing runs that others are based on or refer to: what would break, and how to keep the values that are read.
// Invariant: runs that stay keep their meaning where values are kept; where not, what breaks was told before.

import { type FormulaValue, literalText, type Reference } from './formula';
import { paramValue, type RowSheet } from './row-values';
import { isFormula } from './settings';
import { type Run, type RunId, removeRun, type Sheet } from './sheet';

/** A reference to a run that would go. */
export interface Dangling {
  /** Where the formula stands: "C.optimizer.learningRate", or "row gap". */
  readonly place: string;
  /** What it reads: "A.optimizer.learningRate". */
  readonly reads: string;
  /** The value that would be written in its place; undefined where there is none that a formula could hold. */
  readonly kept?: string;
}

/** What a removal means for the runs and rows that stay. */
export interface Removal {
  /** The runs that are based on one that goes, and take over what they inherit. */
  readonly based: readonly RunId[];
  readonly dangling: readonly Dangling[];
}

/** What a reference of a row to a result reads now; undefined while it has no value. */
export type ResultOf = (run: RunId, name: string) => FormulaValue | undefined;

function keptText(at: RowSheet, { run = '', what, name }: Reference, resultOf: ResultOf): string | undefined {
  const planned = at.plan.runs.get(run);
  if (!planned) return undefined;
  if (what !== 'param') {
    const value = resultOf(run, name);
    return value === undefined ? undefined : literalText(value);
  }
  if (planned.problem) return undefined;
  const found = paramValue(at, name, planned, 0);
  return 'value' in found ? literalText(found.value) : undefined;
}

/** The formulas of a sheet with their places. */
function* formulasOf(
  sheet: Sheet,
): Generator<{ place: string; run?: RunId; text: string; scope: { rows?: never } | { rows: string[] } }> {
  const rows = sheet.rows.map(({ name }) => name);
  for (const { id, overrides } of sheet.runs) {
    for (const [path, text] of overrides)
      if (isFormula(text)) yield { place: `${id}.${path}`, run: id, text, scope: {} };
  }
  for (const { name, formula } of sheet.rows) yield { place: `row ${name}`, text: formula, scope: { rows } };
}

/** What removing these runs would mean. */
export function removalOf(at: RowSheet, ids: ReadonlySet<RunId>, resultOf: ResultOf): Removal {
  const { sheet } = at.plan;
  const staying = sheet.runs.filter(({ id }) => !ids.has(id));
  const based = staying.filter(({ base }) => base !== undefined && ids.has(base)).map(({ id }) => id);
  const dangling: Dangling[] = [];
  for (const { place, run, text, scope } of formulasOf(sheet)) {
    // What a removed run's formula reads concerns those that inherit it.
    if (run !== undefined && ids.has(run) && based.length === 0) continue;
    for (const reference of at.language.parse(text, scope).formula?.references ?? []) {
      if (reference.run === undefined || !ids.has(reference.run)) continue;
      const kept = keptText(at, reference, resultOf);
      const reads = `${reference.run}.${reference.name}`;
      dangling.push({ place, reads, ...(kept !== undefined && { kept }) });
    }
  }
  return { based, dangling };
}

/** Removes runs; `keep` writes the values that are read of them into the formulas that read them. */
export function removeRuns(at: RowSheet, ids: ReadonlySet<RunId>, keep: boolean, resultOf: ResultOf): Sheet {
  const { sheet } = at.plan;
  const rewritten = (text: string, scope: { rows?: never } | { rows: string[] }): string =>
    at.language.rewrite(text, scope, (reference) =>
      reference.run !== undefined && ids.has(reference.run) ? keptText(at, reference, resultOf) : undefined,
    );
  const rows = sheet.rows.map(({ name }) => name);
  const kept: Sheet = keep
    ? {
        runs: sheet.runs.map((run) => withTexts(run, (text) => rewritten(text, {}))),
        rows: sheet.rows.map((row) => ({ ...row, formula: rewritten(row.formula, { rows }) })),
      }
    : sheet;
  return [...ids].reduce(removeRun, kept);
}

/** The run with its formulas changed; itself where none is. */
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
