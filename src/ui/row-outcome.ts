// What a row of the person's own comes to in a run, as its cell shows it. Loaded once a sheet has such a row.
// Invariant: a value that is there was read from values that are there; over members it is said with its n.

import { type FormulaValue, problemOfError, type Referred } from '../core/formula';
import type { RunPlan } from '../core/plan';
import type { Problem } from '../core/problem';
import { evaluateRow, type RowSource } from '../core/row-values';
import { problemOf } from '../core/scheduler';
import type { RunId, SheetRow } from '../core/sheet';
import type { Session } from './session';
import { summarize } from './spread';
import './comparing.css';

/** What the cell of a row shows. */
export interface RowOutcome {
  readonly text: string;
  /** In words: the whole number, or of how many members the mean is. */
  readonly note: string;
  /** Over members: the standard deviation, and how many it is the mean of. */
  readonly over?: { readonly spread: string; readonly count: string };
  readonly curve?: Float64Array;
  readonly problem?: Problem;
}

/** A number in four digits that mean something. */
function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size < 1e-3 || size >= 1e5) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

const isNumbers = (value: FormulaValue): value is Float64Array => value instanceof Float64Array;

function show(value: FormulaValue): RowOutcome {
  if (typeof value === 'number') return { text: numberText(value), note: String(value) };
  if (typeof value !== 'object') return { text: String(value), note: String(value) };
  if ('shape' in value) {
    const [rows, columns] = value.shape;
    return { text: `${rows} × ${columns}`, note: 'a table; an index yields a row of it' };
  }
  const first = Array.from<number | string>(value).slice(0, 20);
  const listed = first.map((item) => (typeof item === 'number' ? numberText(item) : item)).join(', ');
  return {
    text: `[${value.length}]`,
    note: `${value.length} values: ${listed}${value.length > first.length ? ', …' : ''}`,
    ...(isNumbers(value) && value.length > 1 && { curve: value }),
  };
}

const troubled = (problem: Problem): RowOutcome => ({
  text: problem.code ?? 'blocked',
  note: problem.message,
  problem,
});

/** Mean and deviation over the members that have a number so far. */
function overMembers(outcomes: readonly Referred[], place: string): RowOutcome | undefined {
  const numbers = outcomes.flatMap((outcome) =>
    'value' in outcome && typeof outcome.value === 'number' ? [outcome.value] : [],
  );
  const settled = outcomes.filter((outcome) => !('pending' in outcome));
  const [first] = settled;
  if (!first) return undefined;
  if (numbers.length === 0) return showOutcome(first, place);
  const { n, mean, deviation } = summarize(numbers);
  const lost = settled.length - n;
  const spread = n > 1 ? `± ${deviation === 0 ? '0' : numberText(Number(deviation.toPrecision(2)))}` : '';
  return {
    text: numberText(mean),
    note: `mean ± standard deviation of ${n} of ${outcomes.length} members${lost > 0 ? `, ${lost} without a number` : ''}`,
    over: { spread, count: lost > 0 ? `n ${n}/${outcomes.length}` : `n ${n}` },
  };
}

function showOutcome(outcome: Referred, place: string): RowOutcome | undefined {
  if ('value' in outcome) return show(outcome.value);
  if ('error' in outcome) return troubled(problemOfError(outcome.error, place));
  return 'problem' in outcome ? troubled(outcome.problem) : undefined;
}

/** The values that the session holds, as rows read them; reading them in a computation waits for those that are missing. */
export function rowSource(session: Session): RowSource | undefined {
  const language = session.language();
  if (!language) return undefined;
  return {
    registry: session.registry,
    language,
    plan: session.plan(),
    value(node, run, member) {
      const isOwn = member === undefined || session.isMoving();
      const { outcome } = isOwn
        ? session.live.state(node.key)
        : (session.members.states(run, [node])[0] ?? { outcome: undefined });
      if (!outcome) return { pending: true };
      if (outcome.failure) return { problem: problemOf(outcome.failure, node.kind.name, run, member) };
      return { value: outcome.result.value };
    },
  };
}

/** What a row shows in a run, or in one of its members; undefined while it waits for values. */
export function rowOutcome(
  session: Session,
  row: SheetRow,
  run: RunPlan,
  member?: number,
): RowOutcome | undefined {
  const source = rowSource(session);
  if (!source) return undefined;
  const place = `${run.run.id}.row.${row.name}`;
  const { count } = run.seeds;
  // While a hand moves only the first member is computed, and stands for all.
  if (member !== undefined || count === 1 || session.isMoving())
    return showOutcome(evaluateRow(source, row, run, member ?? 0), place);
  return overMembers(
    Array.from({ length: count }, (_, index) => evaluateRow(source, row, run, index)),
    place,
  );
}

/** What a formula reads in a run now, for one that goes away; undefined where it has no value. */
export function currentValue(session: Session, id: RunId, formula: string): FormulaValue | undefined {
  const source = rowSource(session);
  const run = session.plan().runs.get(id);
  if (!source || !run || run.seeds.count > 1) return undefined;
  const outcome = evaluateRow(source, { name: '', formula }, run, 0);
  return 'value' in outcome ? outcome.value : undefined;
}
