// Evaluates a person's own rows in a run, or in one of its members: formulas over params, results and curves.
// Invariants: rows read existing values and are never inputs of a cell; a row that reads itself is #CYCLE!; member i reads
// member i of another run with as many members; a row is evaluated again only where one of its reads changed, and once per run
// and member for one source, however many rows read it. A source must not change.

import type { Outcome, Scheduler } from '../compute/demand';
import { problemOf } from '../compute/scheduler';
import type { Registry } from '../kinds/kind';
import { blockedBy, type Problem } from '../kinds/problem';
import type { Plain } from '../kinds/value';
import { Cycles } from '../plan/cycles';
import {
  type FormulaValue,
  type Language,
  type ParsedFormula,
  problemOfError,
  type Reference,
  type Referred,
} from '../plan/language';
import type { Node } from '../plan/node';
import { memberSeed, paramAt } from '../plan/param-values';
import { type Plan, type RunPlan, readIn } from '../plan/plan';
import type { RunId, SheetRow } from '../sheet/sheet';
import { type Evaluated, type Held, recall, remember, sameHeld, Trail } from './row-memory';

/** The sheet that rows are evaluated in. */
export interface RowSheet {
  readonly registry: Registry;
  readonly language: Language;
  readonly plan: Plan;
}

/**
 * The sheet with values: `value` returns the outcome of a cell's node, and is called
 * only for cells that a formula needs.
 */
export interface RowSource extends RowSheet {
  value(node: Node, run: RunId, member: number | undefined): Held;
}

const failed = (code: '#REF!' | '#VALUE!' | '#CYCLE!', message: string): Referred => ({
  error: { code, message },
});

/** A plain value as a formula's value; undefined for anything but a number, text, boolean, list or matrix. */
function formulaValue(value: Plain): FormulaValue | undefined {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === null) return undefined;
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const list = value.filter(
      (item): item is number | string => typeof item === 'number' || typeof item === 'string',
    );
    return list.length === value.length ? list : undefined;
  }
  const { shape, data } = value as { shape?: Plain; data?: Plain };
  if (!Array.isArray(shape) || !(data instanceof Float64Array || data instanceof Float32Array))
    return undefined;
  return { shape: [Number(shape[0]), Number(shape[1])], data };
}

const fieldOf = (value: Plain, name: string): Plain | undefined =>
  typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;

/** The parsed rows of a sheet, independent of values. */
interface Rows {
  readonly language: Language;
  readonly byName: ReadonlyMap<string, SheetRow>;
  parse(formula: string): ParsedFormula;
  /** Finds cycles among rows in runs, written `RUN.row`. */
  readonly cycles: Cycles<string>;
}

const known = new WeakMap<readonly SheetRow[], Rows>();

/** The rows of a sheet. Cached, so that each row is parsed once for all columns on the screen. */
export function rowsOf({ language, plan }: RowSheet): Rows {
  const { rows } = plan.sheet;
  const before = known.get(rows);
  if (before?.language === language) return before;
  const byName = new Map(rows.map((row) => [row.name, row]));
  const scope = { rows: [...byName.keys()] };
  const parsed = new Map<string, ParsedFormula>();
  const parse = (formula: string): ParsedFormula => {
    const found = parsed.get(formula) ?? language.parse(formula, scope);
    parsed.set(formula, found);
    return found;
  };
  const cycles = new Cycles<string>((place) => {
    const dot = place.indexOf('.');
    const row = byName.get(place.slice(dot + 1));
    const references = row ? (parse(row.formula).formula?.references ?? []) : [];
    return references.flatMap(({ what, run, name }) =>
      what === 'row' ? [`${run ?? place.slice(0, dot)}.${name}`] : [],
    );
  });
  const made: Rows = { language, byName, parse, cycles };
  known.set(rows, made);
  return made;
}

/** Outcomes of the rows of one source, by run, member and name. */
const evaluated = new WeakMap<RowSource, Map<string, Evaluated>>();

function evaluatedIn(source: RowSource): Map<string, Evaluated> {
  const known = evaluated.get(source) ?? new Map();
  evaluated.set(source, known);
  return known;
}

/** The outcome of a row in member `member` of a run; 0 for a run without seeds. */
export function evaluateRow(source: RowSource, row: SheetRow, run: RunPlan, member: number): Referred {
  const { byName, parse } = rowsOf(source);
  // A formula that is being typed is no row of the sheet yet, and no row reads it.
  const known = byName.get(row.name);
  if (known?.formula === row.formula) return evaluatedRow(source, known, run, member).outcome;
  const { formula, error } = parse(row.formula);
  if (!formula) return { error };
  return formula.evaluate((reference) => refer(source, reference, run, member, new Trail()));
}

/** The outcome of a row of the sheet; the remembered one while all its reads yield the same. */
function evaluatedRow(source: RowSource, row: SheetRow, run: RunPlan, member: number): Evaluated {
  const rows = rowsOf(source);
  const inSource = evaluatedIn(source);
  const place = `${run.run.id}.${row.name}`;
  const id = `${place} ${member}`;
  const here = inSource.get(id);
  if (here) return here;
  const before = recall(rows, row, run, member);
  const made = before && isAsBefore(source, before) ? before : freshRow(source, rows, row, run, member);
  if (made !== before && made.reads) remember(rows, row, run, member, made);
  inSource.set(id, made);
  return made;
}

const isAsBefore = ({ plan, value }: RowSource, { reads }: Evaluated): boolean =>
  reads?.every((read) =>
    'id' in read
      ? plan.runs.get(read.id) === read.plan
      : sameHeld(value(read.node, read.run, read.member), read.held),
  ) ?? false;

function freshRow(source: RowSource, rows: Rows, row: SheetRow, run: RunPlan, member: number): Evaluated {
  const { formula, error } = rows.parse(row.formula);
  if (!formula) return { outcome: { error }, reads: [] };
  if (rows.cycles.has(`${run.run.id}.${row.name}`))
    return { outcome: failed('#CYCLE!', 'the row depends on itself'), reads: [] };
  const trail = new Trail();
  const outcome = formula.evaluate((reference) => refer(source, reference, run, member, trail));
  return { outcome, reads: trail.reads() };
}

/** The run and the member that a reference means, or an error if the members cannot be paired. */
function target(
  { plan }: RowSource,
  { run: named }: Reference,
  own: RunPlan,
  member: number,
  trail: Trail,
): { run: RunPlan; member: number } | Referred {
  if (named === undefined || named === own.run.id) return { run: own, member };
  const run = plan.runs.get(named);
  trail.add({ id: named, plan: run });
  if (!run) return failed('#REF!', `there is no run ${named}`);
  const [mine, theirs] = [own.seeds.count, run.seeds.count];
  if (theirs === 1 || theirs === mine) return { run, member: theirs === 1 ? 0 : member };
  return failed(
    '#VALUE!',
    `${named} has ${theirs} members, ${own.run.id} has ${mine}: members cannot be paired`,
  );
}

function refer(source: RowSource, reference: Reference, own: RunPlan, index: number, trail: Trail): Referred {
  const found = target(source, reference, own, index, trail);
  if (!('run' in found)) return found;
  const { run, member } = found;
  if (run.problem) return { problem: blockedBy(run.problem) };
  const { what, name } = reference;
  if (what === 'row') return referToRow(source, name, run, member, trail);
  if (what === 'param') return paramValue(source.registry, name, run, member);
  const result = what === 'result' ? source.registry.results.find((other) => other.name === name) : undefined;
  const [first = '', field = ''] = name.split('.');
  const kind = result?.kind ?? first;
  const cell = run.member(member).get(kind);
  if (!cell) return failed('#REF!', `there is no ${name}`);
  if (cell.problem) return { problem: blockedBy(cell.problem) };
  const at = { node: cell.node, run: run.run.id, member: run.seeds.count > 1 ? member : undefined };
  const held = source.value(at.node, at.run, at.member);
  trail.add({ ...at, held });
  if (!('value' in held)) return diverged(held);
  const value = result ? result.read(held.value) : formulaValue(fieldOf(held.value, field) ?? null);
  return value === undefined ? failed('#VALUE!', `${name} is not a number, text or list here`) : { value };
}

/**
 * Gives the problem of a diverged training its own error value, and turns any other problem into "blocked".
 */
const diverged = (held: Exclude<Referred, { value: FormulaValue }>): Referred =>
  'problem' in held && held.problem.kind === 'diverged'
    ? { problem: { ...held.problem, code: '#DIVERGED!' } }
    : 'problem' in held
      ? { problem: blockedBy(held.problem) }
      : held;

/** The outcome of another row; an error names that row as its place. */
function referToRow(source: RowSource, name: string, run: RunPlan, member: number, trail: Trail): Referred {
  const row = rowsOf(source).byName.get(name);
  if (!row) return failed('#REF!', `there is no row ${name}`);
  const known = evaluatedRow(source, row, run, member);
  trail.join(known);
  const { outcome } = known;
  return 'error' in outcome
    ? { problem: blockedBy(problemOfError(outcome.error, `${run.run.id}.${name}`)) }
    : outcome;
}

/** The value of a param in a run or in one of its members, a member's seed raised by its index. */
export function paramValue(registry: Registry, name: string, run: RunPlan, member: number): Referred {
  if (run.problem) return { problem: blockedBy(run.problem) };
  const param = paramAt(registry, name);
  if (!param) return failed('#REF!', `there is no ${name}`);
  const read = readIn(run, name);
  if (read?.problem) return { problem: blockedBy(read.problem) };
  const value = read?.value ?? param.default;
  return { value: param.type === 'seed' ? memberSeed(value, member) : value };
}

/** Computes the cells that a row needs, then the row's outcome in one member. */
export async function computeRow(
  scheduler: Scheduler,
  sheet: RowSheet,
  row: SheetRow,
  run: RunPlan,
  member: number,
): Promise<{ readonly value: FormulaValue } | { readonly problem: Problem }> {
  const outcomes = new Map<Node, Outcome>();
  for (;;) {
    const missing = new Set<Node>();
    const value: RowSource['value'] = (node, at, index) => {
      const { failure, result } = outcomes.get(node) ?? {};
      if (failure) return { problem: problemOf(failure, node.kind.name, at, index) };
      if (result) return { value: result.value };
      missing.add(node);
      return { pending: true };
    };
    const outcome = evaluateRow({ ...sheet, value }, row, run, member);
    if ('error' in outcome)
      return { problem: problemOfError(outcome.error, `${run.run.id}.row.${row.name}`) };
    if (!('pending' in outcome)) return outcome;
    for (const node of missing) {
      const demand = scheduler.demand(node);
      outcomes.set(node, await demand.outcome);
      demand.release();
    }
  }
}
