// Evaluates a formula while the formula is typed, as if the formula were committed to its run.
// Invariant: the outcome equals the later content of the cell, since the sheet is planned with the draft
// in it; a second evaluation in this plan finds the faulty part of the text. Planning waits for a
// request.

import { paramValue } from '../../core/formulas/row-values';
import type { Registry } from '../../core/kinds/kind';
import type { ErrorCode, Problem } from '../../core/kinds/problem';
import type { Language, Reference, Referred, Span } from '../../core/plan/language';
import type { Plan } from '../../core/plan/plan';
import { type RunId, type Sheet, setOverride } from '../../core/sheet/sheet';
import { readParam } from '../text/param-reading';
import type { Row } from '../text/sheet-rows';

/** Remark of the formula bar on a draft or a cell; `origin` is the problem behind a bad remark. */
export interface FormulaRemark {
  readonly text: string;
  readonly bad: boolean;
  readonly origin?: Problem;
}

/** An uncommitted formula in a param's cell. */
interface ParamDraft {
  readonly run: RunId;
  readonly row: Row & { readonly type: 'param' };
  readonly text: string;
}

/**
 * Outcome of a draft: `shown`, the value as the cell will show it, or `error` with the faulty part of the
 * text.
 */
export interface DraftOutcome {
  readonly text: string;
  readonly shown?: string;
  readonly error?: {
    readonly code: ErrorCode | undefined;
    readonly message: string;
    readonly span: Span | undefined;
  };
}

/** The registry and the language that formulas are read with. */
interface Speech {
  readonly registry: Registry;
  readonly language: Language;
}

/** The value of a reference in a plan; `own` is the run of a reference without a run. */
function refer({ registry }: Speech, plan: Plan, own: RunId, { run = own, name }: Reference): Referred {
  const planned = plan.runs.get(run);
  if (!planned) return { error: { code: '#REF!', message: `there is no run ${run}` } };
  return paramValue(registry, name, planned, 0);
}

/** Shifts a span from the trimmed text, which the language counts in, to the text as typed. */
export function placedIn(text: string, span: Span | undefined): Span | undefined {
  const indent = text.length - text.trimStart().length;
  return span && { from: span.from + indent, to: span.to + indent };
}

/**
 * The part of a formula's text that cannot be parsed, or that fails in a run of the plan; undefined if
 * the formula has a value.
 */
export function faultIn(speech: Speech, plan: Plan, run: RunId, text: string): Span | undefined {
  const { formula, error } = speech.language.parse(text);
  const outcome = formula ? formula.evaluate((reference) => refer(speech, plan, run, reference)) : { error };
  return 'error' in outcome ? placedIn(text, outcome.error?.span) : undefined;
}

/**
 * Evaluates a draft in its run. `planOf` should be an incremental planner that knows the sheet: then only
 * the cells that the draft changes are planned.
 */
export function readDraft(
  speech: Speech,
  planOf: (sheet: Sheet) => Plan,
  sheet: Sheet,
  { run, row, text }: ParamDraft,
): DraftOutcome {
  const plan = planOf(setOverride(sheet, run, row.id, text.trim()));
  const planned = plan.runs.get(run);
  const reading = planned && readParam(speech.registry, planned, row);
  const problem = planned?.problem ?? reading?.problem;
  if (!problem) return { text, shown: reading?.shown ?? '' };
  const { code, message } = problem;
  return { text, error: { code, message, span: faultIn(speech, plan, run, text) } };
}
