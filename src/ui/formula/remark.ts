// The remark on the draft or the active cell: a problem with its origin, what the param means and accepts, or the status of a
// computed cell. Loads after the first paint.
// Invariant: a bad remark is about a problem; its origin is the problem's place. Knows neither elements nor formulas' names.

import type { Param } from '../../core/kinds/param';
import type { Problem } from '../../core/kinds/problem';
import { isFormula } from '../../core/plan/param-values';
import type { RunPlan } from '../../core/plan/plan';
import type { Session } from '../session/session';
import { differencesOf, differenceText } from '../text/based-text';
import { memberReading } from '../text/cell-text';
import { type Reading, readParam } from '../text/param-reading';
import { paramLine, statusLine } from '../text/remark-text';
import type { Row } from '../text/sheet-rows';

/** A remark: its text, whether it is about a problem, and the problem with its place. */
export interface Remark {
  readonly text: string;
  readonly bad: boolean;
  readonly origin?: Problem;
}

/** The active cell: the plan of its column, its row, undefined for the name, and its member in a member's column. */
export interface RemarkPlace {
  readonly plan: RunPlan | undefined;
  readonly row: Row | undefined;
  readonly isName: boolean;
  readonly member: number | undefined;
}

function readingOf({ registry }: Session, { plan, row, member }: RemarkPlace): Reading | undefined {
  const known = plan && row && readParam(registry, plan, row);
  if (!known || row?.type !== 'param' || member === undefined) return known;
  return memberReading(plan, row, known, member);
}

/** Why a text is refused; a comma typed for a point is explained, and never guessed. */
function refusal(param: Param, text: string, reason: string): string {
  const pointed = /^\s*[+-]?\d*,\d+\s*$/.test(text) ? text.trim().replace(',', '.') : '';
  return param.parse(pointed).ok ? `${reason}; with a point it is ${pointed}` : reason;
}

function draftRemark({ param }: Reading, draft: string): Remark {
  const parsed = param.parse(draft);
  const isFine = parsed.ok || isFormula(draft) || draft.trim() === '';
  return isFine
    ? { text: paramLine(param), bad: false }
    : { text: refusal(param, draft, parsed.reason), bad: true };
}

function paramRemark(run: RunPlan, reading: Reading, member: number | undefined): Remark {
  const { problem, param, shown } = reading;
  if (problem) {
    const { code, message } = problem;
    const text = code ? `${code} · ${message}` : refusal(param, reading.text, message);
    return { text, bad: true, origin: problem };
  }
  return member === undefined
    ? { text: paramLine(param, run, reading), bad: false }
    : { text: `${shown} in this member of ${run.run.id}`, bad: false };
}

/** The remark on a place, with the text of a draft if there is one; undefined if there is nothing to say. */
export function remarkOn(
  session: Session,
  place: RemarkPlace,
  draft: string | undefined,
): Remark | undefined {
  const { plan, row, isName, member } = place;
  if (!plan) return undefined;
  const reading = readingOf(session, place);
  if (reading && draft !== undefined) return draftRemark(reading, draft);
  if (reading) return paramRemark(plan, reading, member);
  if (isName) {
    const base = session.plan().runs.get(plan.run.base ?? '');
    return { text: differenceText(plan, differencesOf(plan, base)), bad: false };
  }
  const kind = row?.type === 'result' ? row.result.kind : row?.type === 'kind' ? row.kind : undefined;
  if (!row || !kind) return undefined;
  const node = plan.cells.get(kind)?.node;
  const state = node && session.live.state(node.key);
  const first = node && session.firstRunOf(node.key);
  const { text, problem } = statusLine(session.registry, row, node?.recipe, plan, kind, state, first);
  return problem ? { text, bad: true, origin: problem } : { text, bad: false };
}
