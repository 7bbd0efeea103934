// Evaluates a row of the person's own in a run, for the row's cell. Loaded once a sheet has such a row.
// Invariants: a present value was read from present values; a value over members has its n, and no single member represents
// all; costly updates are late, but never left out.

import { createSignal, getListener, onCleanup, untrack } from 'solid-js';
import type { Outcome } from '../../core/compute/demand';
import { problemOf } from '../../core/compute/scheduler';
import { evaluateRow, type RowSource } from '../../core/formulas/row-values';
import type { Problem } from '../../core/kinds/problem';
import { type FormulaValue, problemOfError, type Referred } from '../../core/plan/language';
import type { Node } from '../../core/plan/node';
import type { Plan, RunPlan } from '../../core/plan/plan';
import type { RunId, SheetRow } from '../../core/sheet/sheet';
import { rounded } from '../../core/text-formatting';
import type { SessionDocument } from '../session/document';
import { memberOutcome, type Reads, readsOf } from '../session/member-memory';
import type { SessionProgress } from '../session/progress';
import { untilRedrawTick } from '../session/redraw-tick';
import { summarize } from '../text/spread';
import '../text/comparing.css';

/** The content of a row's cell. */
export interface RowOutcome {
  readonly text: string;
  /** The value in words: the full number, or the number of members behind a mean. */
  readonly note: string;
  /**
   * Only over members. `spread` is the standard deviation, or the member that a list belongs to, or
   * empty; `count` is n, the number of members with a value.
   */
  readonly over?: { readonly spread: string; readonly count: string };
  readonly curve?: Float64Array;
  readonly problem?: Problem;
}

/** A number with at most four significant digits; integers below one million in full. */
function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size < 1e-3 || size >= 1e5) return value.toExponential(2);
  return String(rounded(value, 4));
}

const isNumbers = (value: FormulaValue): value is Float64Array => value instanceof Float64Array;

function show(value: FormulaValue): RowOutcome {
  if (typeof value === 'number') return { text: numberText(value), note: String(value) };
  if (typeof value !== 'object') return { text: String(value), note: String(value) };
  if ('shape' in value) {
    const [rows, columns] = value.shape;
    return { text: `${rows} × ${columns}`, note: 'a matrix; an index gives a row' };
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

const MAX_LISTED = 8;

/** The number of occurrences of each word, the most frequent word first. */
function countEqual(words: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/**
 * Summary of boolean values over members: the number of members in which the value is true. `of` is
 * appended to the note.
 */
function overTruths(truths: readonly boolean[], of: string): RowOutcome {
  const text = `true in ${truths.filter(Boolean).length} of ${truths.length}`;
  return { text, note: `${text} members${of}` };
}

/**
 * Summary of text values over members: the text if all members agree, else the number of distinct texts.
 */
function overText(words: readonly string[], count: string, of: string): RowOutcome {
  const counts = countEqual(words);
  const listed = counts.slice(0, MAX_LISTED).map(([word, times]) => `${word} in ${times}`);
  const more = counts.length > MAX_LISTED ? `, ${counts.length - MAX_LISTED} more words` : '';
  return {
    text: counts.length === 1 ? (words[0] ?? '') : `${counts.length} different`,
    note: `${listed.join(', ')}${more} of ${words.length} members${of}`,
    over: { spread: '', count },
  };
}

/**
 * Summary over the members that have a value so far: mean and standard deviation of numbers, the count of
 * true values, the distinct texts, or the first member's list. Without any value, the problem of the
 * first settled member; undefined while no member is settled.
 */
function overMembers(outcomes: readonly Referred[], place: string): RowOutcome | undefined {
  const settled = outcomes.filter((outcome) => !('pending' in outcome));
  const [trouble] = settled;
  if (!trouble) return undefined;
  const values = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value] : []));
  const numbers = values.filter((value) => typeof value === 'number');
  const [first] = numbers.length > 0 ? numbers : values;
  if (first === undefined) return showOutcome(trouble, place);
  const alike = values.filter((value) => typeof value === typeof first);
  const n = alike.length;
  const lost = settled.length - n;
  const count = lost > 0 ? `n ${n}/${outcomes.length}` : `n ${n}`;
  const kind = { number: 'number', boolean: 'truth', string: 'word', object: 'list' }[
    typeof first as 'number' | 'boolean' | 'string' | 'object'
  ];
  const rest = lost > 0 ? `, ${lost} without a ${kind}` : '';
  const of = `${settled.length < outcomes.length ? ` so far, ${outcomes.length} in all` : ''}${rest}`;
  if (typeof first === 'boolean')
    return overTruths(
      alike.map((value) => value === true),
      of,
    );
  if (typeof first === 'string') return overText(alike.map(String), count, of);
  if (typeof first === 'object') {
    const member = outcomes.findIndex((outcome) => 'value' in outcome && outcome.value === first);
    const shown = show(first);
    const whose = `of member ${member}`;
    return {
      ...shown,
      note: `${whose}: ${shown.note}; there are ${n} of ${outcomes.length} members${rest}`,
      over: { spread: whose, count },
    };
  }
  const { mean, deviation } = summarize(numbers);
  const spread = n > 1 ? `± ${deviation === 0 ? '0' : numberText(rounded(deviation, 2))}` : '';
  return {
    text: numberText(mean),
    note: `mean ± standard deviation of ${n} of ${outcomes.length} members${rest}`,
    over: { spread, count },
  };
}

function showOutcome(outcome: Referred, place: string): RowOutcome | undefined {
  if ('value' in outcome) return show(outcome.value);
  if ('error' in outcome) return troubled(problemOfError(outcome.error, place));
  return 'problem' in outcome ? troubled(outcome.problem) : undefined;
}

/**
 * The session's values as rows read them; undefined until the formula language is loaded. Reading a value
 * in a Solid computation subscribes the computation, so that it runs again when the value changes.
 */
export function rowSource(session: SessionDocument & SessionProgress): RowSource | undefined {
  const language = session.language();
  if (!language) return undefined;
  const heard = new Set<RunId>();
  /**
   * The state of a member's cell. A computation subscribes once per run, not once for each of a thousand
   * members.
   */
  const outcomeOf = (run: RunId, node: Node): Outcome | undefined => {
    const readOutcome = (): Outcome | undefined => session.members.states(run, [node])[0]?.outcome;
    if (heard.has(run)) return untrack(readOutcome);
    heard.add(run);
    return readOutcome();
  };
  return {
    registry: session.registry,
    language,
    plan: session.plan(),
    value(node, run, member) {
      const isOwn = member === undefined || session.isMoving();
      const outcome = isOwn ? session.live.outcome(node.key) : outcomeOf(run, node);
      if (!outcome) return { pending: true };
      if (outcome.failure) return { problem: problemOf(outcome.failure, node.kind.name, run, member) };
      return { value: outcome.result.value };
    },
  };
}

const WAITING: Referred = { pending: true };

/**
 * The outcome of the row in each member, by index. Members that wait for the person's consent are pending
 * and not planned.
 */
const allMembers = (
  source: RowSource,
  row: SheetRow,
  run: RunPlan,
  opened: RunPlan,
  reads: Reads | undefined,
) =>
  Array.from({ length: run.seeds.count }, (_, index) =>
    index < opened.seeds.count ? memberOutcome(source, row, run, index, reads) : WAITING,
  );

/**
 * The outcome of a row in each member of a run, by index; a single outcome for a run without seeds. Empty
 * until the formula language is loaded.
 */
export function memberOutcomes(
  session: SessionDocument & SessionProgress,
  row: SheetRow,
  run: RunPlan,
): readonly Referred[] {
  const source = rowSource(session);
  return source ? allMembers(source, row, run, session.members.opened(run), readsOf(source, row)) : [];
}

const lastOutcomes = new WeakMap<Plan, Map<string, { readonly shown: RowOutcome; readonly at: number }>>();

/**
 * Returns the result of `make`, or, until the next redraw tick, the last result for the same plan and
 * key. In the second case the calling computation runs again at the tick.
 */
function oncePerTick(plan: Plan, key: string, make: () => RowOutcome | undefined): RowOutcome | undefined {
  const known = lastOutcomes.get(plan) ?? new Map();
  const last = known.get(key);
  const rest = last ? untilRedrawTick(last.at) : 0;
  if (last && rest > 0 && getListener()) {
    const [due, setDue] = createSignal(false);
    const timer = setTimeout(() => setDue(true), rest);
    onCleanup(() => clearTimeout(timer));
    due();
    return last.shown;
  }
  const shown = make();
  if (shown) lastOutcomes.set(plan, known.set(key, { shown, at: performance.now() }));
  return shown;
}

/**
 * The content of a row's cell in a run, or in one member of the run; undefined while the row waits for
 * values.
 */
export function rowOutcome(
  session: SessionDocument & SessionProgress,
  row: SheetRow,
  run: RunPlan,
  member?: number,
): RowOutcome | undefined {
  const source = rowSource(session);
  if (!source) return undefined;
  const place = `${run.run.id}.row.${row.name}`;
  const reads = readsOf(source, row);
  // During a drag only the first member is computed, and its value is shown for the whole run.
  if (member !== undefined || run.seeds.count === 1 || session.isMoving())
    return showOutcome(memberOutcome(source, row, run, member ?? 0, reads), place);
  const make = () => overMembers(allMembers(source, row, run, session.members.opened(run), reads), place);
  // A row that reads other runs or rows is evaluated again in all its members for each value that arrives
  // there, so its updates are paced.
  return !reads || reads.isLocal ? make() : oncePerTick(source.plan, `${run.run.id} ${reads.text}`, make);
}

/**
 * The present value of a formula in a run, read before the run is removed. Undefined if the formula has
 * no value, and for a run with seeds, which has no single value.
 */
export function currentValue(
  session: SessionDocument & SessionProgress,
  id: RunId,
  formula: string,
): FormulaValue | undefined {
  const source = rowSource(session);
  const run = session.plan().runs.get(id);
  if (!source || !run || run.seeds.count > 1) return undefined;
  const outcome = evaluateRow(source, { name: '', formula }, run, 0);
  return 'value' in outcome ? outcome.value : undefined;
}
