// Evaluates the formulas of a sheet's params, own and inherited, in every run. Loaded with the language.
//
//   formula cells ─ references ─▶ graph ─ Tarjan ─▶ cycles (#CYCLE!) and an order ─▶ evaluate what depends on a change
//
// Invariants: the outcome is a function of the inherited texts alone; a cell of a cycle is #CYCLE!, and no other is; a cell whose
// references read what they read before is not evaluated again and keeps its outcome object. Loops, no recursion: chains may be
// as long as the sheet.

import type { Registry } from '../kinds/kind';
import type { Param, ParamValue } from '../kinds/param';
import { blockedBy, type Problem } from '../kinds/problem';
import { Cycles } from '../plan/cycles';
import { cellId, type Evaluator, NO_READS, problemAt, readLiteral } from '../plan/evaluation';
import { type InheritedTexts, settingAt } from '../plan/inheritance';
import type { FormulaValue, Language, ParsedFormula, Reference, Referred } from '../plan/language';
import { problemOfError } from '../plan/language';
import { isFormula, type Read, seedsParam } from '../plan/param-values';
import { SEEDS_PATH } from '../sheet/sheet';

/** A formula in a run, with its outcome and the outcomes of its references at the last evaluation. */
interface Cell {
  readonly id: string;
  readonly inherited: InheritedTexts;
  readonly path: string;
  readonly param: Param;
  readonly text: string;
  readonly parsed: ParsedFormula;
  readonly references: readonly Reference[];
  sources: readonly Referred[] | undefined;
  read: Read;
  inCycle: boolean;
}

const sameValue = (a: ParamValue | undefined, b: ParamValue | undefined): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => item === b[i]));

const sameRead = (a: Read, b: Read): boolean =>
  a.problem && b.problem
    ? a.problem.cell === b.problem.cell && a.problem.message === b.problem.message
    : !a.problem && !b.problem && sameValue(a.value, b.value);

/** The `sources` of a cell in a cycle, whose references are not read. */
const RING: readonly Referred[] = [];

/**
 * The text form of a formula's value, which the param then parses within its bounds; undefined for a matrix.
 */
function asText(value: FormulaValue): string | undefined {
  if (typeof value !== 'object') return String(value);
  return 'shape' in value ? undefined : Array.from<number | string>(value).join(',');
}

/** All params by path, `seeds` included. */
function paramsByPath(registry: Registry): ReadonlyMap<string, Param> {
  const params = new Map<string, Param>([[SEEDS_PATH, seedsParam]]);
  for (const kind of registry.kinds)
    for (const [name, param] of Object.entries(kind.params)) params.set(`${kind.name}.${name}`, param);
  return params;
}

/** Creates an evaluator for the formulas of a language. It reuses the outcomes of the sheet before. */
export function createEvaluator(registry: Registry, language: Pick<Language, 'parse'>): Evaluator {
  const params = paramsByPath(registry);
  const defaults = new Map<string, Referred>();
  const blocks = new WeakMap<Problem, Referred>();
  const cellsOf = new WeakMap<InheritedTexts, readonly Cell[]>();
  let present: readonly Cell[] = [];
  let ordered: readonly Cell[] = [];
  let known = new Map<string, Cell>();

  function cellsIn(inherited: InheritedTexts): readonly Cell[] {
    let cells = cellsOf.get(inherited);
    if (!cells) {
      cells = inherited.formulas.flatMap((path): Cell[] => {
        const id = cellId(inherited.run.id, path);
        const [param, setting] = [params.get(path), settingAt(inherited, path)];
        if (!param || !setting) return [];
        const { text } = setting;
        const read = problemAt('failed', id, 'the formula was not evaluated');
        const parsed = language.parse(text);
        const references = parsed.formula?.references ?? [];
        return [
          { id, inherited, path, param, text, parsed, references, sources: undefined, read, inCycle: false },
        ];
      });
      cellsOf.set(inherited, cells);
    }
    return cells;
  }

  /**
   * Makes `cells` the present ones, with the outcomes of those before. Sorts only if a
   * formula was added, changed or removed.
   */
  function takeOver(cells: readonly Cell[]): void {
    const isSame = cells.length === present.length;
    const isSorted =
      isSame && cells.every(({ id, text }, i) => id === present[i]?.id && text === present[i]?.text);
    if (isSorted && cells.every((cell, i) => cell === present[i])) return;
    const before = known;
    known = new Map(cells.map((cell) => [cell.id, cell]));
    for (const cell of cells) {
      const last = before.get(cell.id);
      if (last === cell || !last) continue;
      if (cell.sources === undefined) cell.read = last.read;
      cell.inCycle = last.inCycle;
    }
    present = cells;
    ordered = isSorted ? ordered.flatMap(({ id }) => known.get(id) ?? []) : sort(cells);
  }

  function sort(cells: readonly Cell[]): readonly Cell[] {
    const cycles = new Cycles<Cell>(({ references, inherited }) =>
      references.flatMap(({ run, name }) => known.get(cellId(run ?? inherited.run.id, name)) ?? []),
    );
    for (const cell of cells) cell.inCycle = cycles.has(cell);
    return cycles.ordered;
  }

  function blocked(problem: Problem): Referred {
    let found = blocks.get(problem);
    if (!found) {
      found = { problem: blockedBy(problem) };
      blocks.set(problem, found);
    }
    return found;
  }

  /** A constant outcome by id, made once, so that it is the same object each time. */
  function constant(id: string, make: () => Referred): Referred {
    let found = defaults.get(id);
    if (!found) {
      found = make();
      defaults.set(id, found);
    }
    return found;
  }

  const missing = (what: string): Referred =>
    constant(`missing ${what}`, () => ({ error: { code: '#REF!', message: `there is no ${what}` } }));

  return (inheritedByRun) => {
    const cells: Cell[] = [];
    for (const inherited of inheritedByRun.values())
      if (inherited.formulas.length > 0) for (const cell of cellsIn(inherited)) cells.push(cell);
    takeOver(cells);

    /** The outcome of a reference; the same object as before while the outcome is equal. */
    function refer({ inherited }: Cell, { run, name }: Reference): Referred {
      const target = run === undefined ? inherited : inheritedByRun.get(run);
      if (!target) return missing(`run ${run}`);
      if (target.problem) return blocked(target.problem);
      const setting = settingAt(target, name);
      const param = params.get(name);
      if (!param) return missing(name);
      if (!setting) return constant(name, () => ({ value: param.default }));
      const read = isFormula(setting.text)
        ? known.get(cellId(target.run.id, name))?.read
        : readLiteral(name, param, setting);
      if (!read) return missing(name);
      return read.problem ? blocked(read.problem) : read;
    }

    function evaluate({ id, parsed, param, references, inCycle }: Cell, sources: readonly Referred[]): Read {
      if (inCycle)
        return { problem: problemOfError({ code: '#CYCLE!', message: 'the formula depends on itself' }, id) };
      const { formula, error } = parsed;
      if (!formula) return { problem: problemOfError(error, id) };
      const outcome = formula.evaluate(
        (reference) => sources[references.indexOf(reference)] ?? missing(reference.name),
      );
      if ('error' in outcome) return { problem: problemOfError(outcome.error, id) };
      if ('problem' in outcome) return outcome;
      if ('pending' in outcome) return problemAt('failed', id, 'a param cannot wait for a result');
      const written = asText(outcome.value);
      const taken = written === undefined ? undefined : param.parse(written);
      if (taken?.ok) return { value: taken.value };
      const message = taken?.reason ?? `a matrix is not ${param.accepts}`;
      return { problem: problemOfError({ code: '#VALUE!', message }, id) };
    }

    for (const cell of ordered) {
      const { references, sources: before } = cell;
      const sources = cell.inCycle ? RING : references.map((reference) => refer(cell, reference));
      const isFresh =
        before?.length === sources.length &&
        (before === RING) === (sources === RING) &&
        sources.every((source, i) => source === before[i]);
      if (isFresh) continue;
      const read = evaluate(cell, sources);
      cell.sources = sources;
      if (!sameRead(cell.read, read)) cell.read = read;
    }
    return {
      read(inherited, path, param, setting) {
        if (!isFormula(setting.text)) return readLiteral(path, param, setting);
        const cell = cellsIn(inherited).find((other) => other.path === path);
        return cell?.read ?? problemAt('reference', cellId(inherited.run.id, path), 'there is no such param');
      },
      reads: (inherited) =>
        inherited.formulas.length > 0 ? cellsIn(inherited).map(({ read }) => read) : NO_READS,
    };
  };
}
