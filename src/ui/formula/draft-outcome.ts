// Evaluates a formula that is being typed in its run, as if the formula were committed.
// Invariant: the outcome equals the later content of the cell, since the sheet is planned with the draft in it; a second
// evaluation in this plan finds the place of an error in the text. Planning waits for a request.

import { paramValue } from '../../core/formulas/row-values';
import type { Registry } from '../../core/kinds/kind';
import type { ErrorCode, Problem } from '../../core/kinds/problem';
import type { Language, Reference, Referred, Span } from '../../core/plan/language';
import type { Plan } from '../../core/plan/plan';
import { type RunId, type Sheet, setOverride } from '../../core/sheet/sheet';
import { readParam } from '../text/reading';
import type { Row } from '../text/sheet-rows';

/** What the formula bar says of a draft, or of a cell; `origin` is the problem that it tells of. */
export interface FormulaRemark {
  readonly text: string;
  readonly bad: boolean;
  readonly origin?: Problem;
}

/** A formula in a param's cell that is not committed yet. */
interface ParamDraft {
  readonly run: RunId;
  readonly row: Row & { readonly type: 'param' };
  readonly text: string;
}

/** What a draft comes to: its value as the cell will show it, or what is wrong and where in the text. */
export interface DraftOutcome {
  readonly text: string;
  readonly shown?: string;
  readonly error?: {
    readonly code: ErrorCode | undefined;
    readonly message: string;
    readonly span: Span | undefined;
  };
}

/** What formulas are read with. */
interface Speech {
  readonly registry: Registry;
  readonly language: Language;
}

/** What a reference yields in a plan. */
function refer({ registry }: Speech, plan: Plan, own: RunId, { run = own, name }: Reference): Referred {
  const planned = plan.runs.get(run);
  if (!planned) return { error: { code: '#REF!', message: `there is no run ${run}` } };
  return paramValue(registry, name, planned, 0);
}

/** A part of a text as typed: the language counts without the space around it. */
export function placedIn(text: string, span: Span | undefined): Span | undefined {
  const indent = text.length - text.trimStart().length;
  return span && { from: span.from + indent, to: span.to + indent };
}

/** What is to blame in a formula's text: what cannot be read, or what fails in a run of the plan; undefined where neither is. */
export function faultIn(speech: Speech, plan: Plan, run: RunId, text: string): Span | undefined {
  const { formula, error } = speech.language.parse(text);
  const outcome = formula ? formula.evaluate((reference) => refer(speech, plan, run, reference)) : { error };
  return 'error' in outcome ? placedIn(text, outcome.error?.span) : undefined;
}

/** Tells what a draft comes to; `planOf` is a planner that knows the sheet, so that a draft costs what it changes. */
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
