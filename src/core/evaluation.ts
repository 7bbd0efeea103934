// What the formulas of a sheet's params come to, each in every run that has it, its own or inherited.
//
//   formula cells ─ references ─▶ graph ─ Tarjan ─▶ rings (#CYCLE!) and an order ─▶ evaluate what depends on a change
//
// Invariants: the outcome is a function of the outlines alone; a cell of a ring is #CYCLE!, and no other is; a cell whose
// references read what they read before is not evaluated again, and is the same object. All in loops: chains may be as long
// as the sheet.

import type { FormulaValue, Language, Reference, Referred } from './formula';
import { problemOfError } from './formula';
import type { Registry } from './kind';
import { type Outline, settingAt } from './outline';
import type { Param, ParamValue } from './param';
import { blockedBy, type Problem } from './problem';
import { isFormula, type Read, readText, type Setting, seedsParam } from './settings';
import { type RunId, SEEDS_PATH } from './sheet';

/** What a sheet's params come to. */
export interface Evaluation {
  /** What the text of a run's param comes to; the very same object as long as it comes to the same. */
  read(outline: Outline, path: string, param: Param, setting: Setting): Read;
}

/** A formula in a run. */
interface Cell {
  readonly outline: Outline;
  readonly path: string;
  readonly param: Param;
  readonly text: string;
}

interface Kept {
  readonly text: string;
  readonly sources: readonly Referred[];
  readonly read: Read;
}

const cellId = (run: RunId, path: string): string => `${run}.${path}`;

const sameValue = (a: ParamValue | undefined, b: ParamValue | undefined): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => item === b[i]));

const sameRead = (a: Read, b: Read): boolean =>
  a.problem && b.problem
    ? a.problem.cell === b.problem.cell && a.problem.message === b.problem.message
    : !a.problem && !b.problem && sameValue(a.value, b.value);

/** What a formula yielded, as a param's text: the param's own bounds decide whether it is taken. */
function asText(value: FormulaValue): string | undefined {
  if (typeof value !== 'object') return String(value);
  return 'shape' in value ? undefined : Array.from<number | string>(value).join(',');
}

/** All params by path, the run's own among them. */
function paramsByPath(registry: Registry): ReadonlyMap<string, Param> {
  const params = new Map<string, Param>([[SEEDS_PATH, seedsParam]]);
  for (const kind of registry.kinds)
    for (const [name, param] of Object.entries(kind.params)) params.set(`${kind.name}.${name}`, param);
  return params;
}

/** The cells in such an order that each comes after those that it reads, and those that read themselves by some way. */
function order(
  ids: readonly string[],
  sourcesOf: (id: string) => readonly string[],
): { ordered: string[]; ring: Set<string> } {
  const known = new Map<string, { index: number; low: number; open: boolean }>();
  const ordered: string[] = [];
  const ring = new Set<string>();
  const open: string[] = [];
  for (const root of ids) {
    if (known.has(root)) continue;
    const path: { id: string; sources: readonly string[]; next: number }[] = [];
    const enter = (id: string): void => {
      known.set(id, { index: known.size, low: known.size, open: true });
      open.push(id);
      path.push({ id, sources: sourcesOf(id), next: 0 });
    };
    enter(root);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const own = known.get(step.id);
      const source = step.sources[step.next++];
      if (!own) break;
      if (source !== undefined) {
        const other = known.get(source);
        if (!other) enter(source);
        else if (other.open) own.low = Math.min(own.low, other.index);
        continue;
      }
      path.pop();
      const parent = known.get(path.at(-1)?.id ?? '');
      if (parent) parent.low = Math.min(parent.low, own.low);
      if (own.low === own.index) close(step.id, step.sources);
    }
  }
  return { ordered, ring };

  function close(id: string, sources: readonly string[]): void {
    const members = open.splice(open.lastIndexOf(id));
    for (const member of members) {
      const state = known.get(member);
      if (state) state.open = false;
      if (members.length > 1 || sources.includes(id)) ring.add(member);
      ordered.push(member);
    }
  }
}

/** Evaluates the formulas of one sheet after another; remembers what it evaluated. */
export function createEvaluator(
  registry: Registry,
): (outlines: ReadonlyMap<RunId, Outline>, language: Language | undefined) => Evaluation {
  const literals = new WeakMap<Setting, Read>();
  const defaults = new Map<string, Referred>();
  const blocks = new WeakMap<Problem, Referred>();
  const params = paramsByPath(registry);
  const paramAt = (path: string): Param | undefined => params.get(path);
  let kept = new Map<string, Kept>();
  let signature: readonly string[] = [];
  let sorted: ReturnType<typeof order> = { ordered: [], ring: new Set() };
  let spoken: Language | undefined;

  function literal(path: string, param: Param, setting: Setting): Read {
    let read = literals.get(setting);
    if (!read) {
      read = readText(param, setting.text, cellId(setting.from, path));
      literals.set(setting, read);
    }
    return read;
  }

  const problemOf = (kind: Problem['kind'], cell: string, message: string): Read => ({
    problem: { kind, cell, message },
  });

  return (outlines, language) => {
    const cells = new Map<string, Cell>();
    const present: string[] = [];
    for (const outline of outlines.values()) {
      for (const path of outline.formulas) {
        const param = paramAt(path);
        const setting = settingAt(outline, path);
        if (!param || !setting) continue;
        const id = cellId(outline.run.id, path);
        cells.set(id, { outline, path, param, text: setting.text });
        present.push(id, setting.text);
      }
    }
    if (language !== spoken) kept = new Map();
    const referencesOf = ({ text }: Cell): readonly Reference[] =>
      language?.parse(text).formula?.references ?? [];
    const targetOf = ({ outline }: Cell, { run, name }: Reference): string =>
      cellId(run ?? outline.run.id, name);

    const isSame =
      language === spoken &&
      present.length === signature.length &&
      present.every((part, i) => part === signature[i]);
    if (!isSame) {
      sorted = order([...cells.keys()], (id) => {
        const cell = cells.get(id);
        if (!cell) return [];
        return referencesOf(cell).flatMap((reference) => {
          const target = targetOf(cell, reference);
          return cells.has(target) ? [target] : [];
        });
      });
      signature = present;
      spoken = language;
    }

    /** What a reference of a cell yields now; the same object as long as it yields the same. */
    function refer({ outline }: Cell, { run, name }: Reference): Referred {
      const target = run === undefined ? outline : outlines.get(run);
      if (!target) return missing(run ?? '');
      if (target.problem) return blocked(target.problem);
      const setting = settingAt(target, name);
      const param = paramAt(name);
      if (!param) return missing(name);
      if (!setting) return defaultOf(name, param);
      const read = isFormula(setting.text)
        ? evaluated.get(cellId(target.run.id, name))?.read
        : literal(name, param, setting);
      if (!read) return missing(name);
      return read.problem ? blocked(read.problem) : read;
    }
    function blocked(problem: Problem): Referred {
      let found = blocks.get(problem);
      if (!found) {
        found = { problem: blockedBy(problem) };
        blocks.set(problem, found);
      }
      return found;
    }
    function defaultOf(name: string, param: Param): Referred {
      let found = defaults.get(name);
      if (!found) {
        found = { value: param.default };
        defaults.set(name, found);
      }
      return found;
    }
    function missing(run: string): Referred {
      const id = `#${run}`;
      let found = defaults.get(id);
      if (!found) {
        found = { error: { code: '#REF!', message: `there is no run ${run}` } };
        defaults.set(id, found);
      }
      return found;
    }

    const evaluated = new Map<string, Kept>();

    function evaluate(cell: Cell, id: string, sources: readonly Referred[]): Read {
      if (!language) return problemOf('bad-param', id, 'formulas are being loaded');
      if (sorted.ring.has(id))
        return { problem: problemOfError({ code: '#CYCLE!', message: 'it depends on itself' }, id) };
      const { formula, error } = language.parse(cell.text);
      if (!formula) return { problem: problemOfError(error, id) };
      const bySource = new Map(formula.references.map((reference, index) => [reference, sources[index]]));
      const outcome = formula.evaluate((reference) => {
        return bySource.get(reference) ?? missing(reference.name);
      });
      if ('error' in outcome) return { problem: problemOfError(outcome.error, id) };
      if ('problem' in outcome) return outcome;
      if ('pending' in outcome) return problemOf('failed', id, 'it waits for a result, which no param can');
      const text = asText(outcome.value);
      const parsed = text === undefined ? undefined : cell.param.parse(text);
      if (parsed?.ok) return { value: parsed.value };
      const message = parsed?.reason ?? `a table is not ${cell.param.accepts}`;
      return { problem: problemOfError({ code: '#VALUE!', message }, id) };
    }

    for (const id of sorted.ordered) {
      const cell = cells.get(id);
      if (!cell) continue;
      const before = kept.get(id);
      const sources = sorted.ring.has(id)
        ? []
        : referencesOf(cell).map((reference) => refer(cell, reference));
      const isFresh =
        before?.text === cell.text &&
        before.sources.length === sources.length &&
        sources.every((source, i) => source === before.sources[i]);
      if (isFresh && before) {
        evaluated.set(id, before);
        continue;
      }
      const read = evaluate(cell, id, sources);
      evaluated.set(id, {
        text: cell.text,
        sources,
        read: before && sameRead(before.read, read) ? before.read : read,
      });
    }
    kept = evaluated;
    return {
      read(outline, path, param, setting) {
        if (!isFormula(setting.text)) return literal(path, param, setting);
        const id = cellId(outline.run.id, path);
        return evaluated.get(id)?.read ?? problemOf('reference', id, 'there is no such param');
      },
    };
  };
}
