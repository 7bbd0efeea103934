// Finds the direct precedents and dependents of a cell of the sheet.
//
//   param ◀─ params that its formula reads, and the run whose text it inherits
//   kind ◀─ its params, the kinds that it takes        result ◀─ its kind        own row ◀─ what its formula reads
//
// Invariant: a cell is a precedent of another exactly where the other is its dependent. A function of plan and language; the
// readers of each cell are looked up once, on the first request. Knows no screen and no indirect precedents.

import { paramOf, type Registry } from '../../core/kinds/kind';
import type { Language, Reference, Scope } from '../../core/plan/language';
import { isFormula, type Setting } from '../../core/plan/param-values';
import { type Plan, type RunPlan, settingIn } from '../../core/plan/plan';
import { type RunId, SEEDS_PATH } from '../../core/sheet/sheet';
import { OWN } from '../text/sheet-rows';

/** A cell of the sheet: its run and the id of its row. */
export interface Place {
  readonly run: RunId;
  readonly row: string;
}

/**
 * The direct precedents and dependents of a cell, each cell once; cells with a text of the person's own
 * come first.
 */
export interface Precedents {
  precedents(place: Place): readonly Place[];
  dependents(place: Place): readonly Place[];
}

/** The row id of a result. */
const resultRow = ({ group, name }: Registry['results'][number]): string => `${group}.${name}`;

/** The row id of a person's own row. */
const ownRow = (name: string): string => `${OWN}${name}`;

/** The name of a person's own row; undefined for all other rows. */
const ownRowName = (row: string): string | undefined =>
  row.startsWith(OWN) ? row.slice(OWN.length) : undefined;

/** The scope of the language with the names of the sheet's own rows. */
const rowScope = ({ sheet }: Plan): Scope => ({ rows: sheet.rows.map(({ name }) => name) });

/** The id of the row that a formula's reference means. */
export function rowOf(registry: Registry, { what, name }: Pick<Reference, 'what' | 'name'>): string {
  if (what === 'row') return ownRow(name);
  if (what === 'field') return name.split('.')[0] ?? name;
  const result = what === 'result' && registry.results.find((other) => other.name === name);
  return result ? resultRow(result) : name;
}

/** The name of a row in formulas; undefined if a formula in this scope cannot refer to the row. */
export function nameOf(registry: Registry, row: string, scope: Scope): string | undefined {
  const [kind = '', param = ''] = row.split('.');
  const declared = registry.get(kind);
  if (row === SEEDS_PATH || (declared && paramOf(declared, param))) return row;
  if (!scope.rows) return undefined;
  return ownRowName(row) ?? registry.results.find((result) => resultRow(result) === row)?.name;
}

/** A reference of a formula; `run` is undefined if the formula reads its own run. */
interface Read {
  readonly run: RunId | undefined;
  readonly row: string;
}

/**
 * An own row that reads another row; `from` is the run that the formula names, or undefined for each
 * column's own run.
 */
interface RowReader {
  readonly row: string;
  readonly from: RunId | undefined;
}

const idOf = ({ run, row }: Place): string => `${run} ${row}`;

function distinct(places: readonly Place[]): readonly Place[] {
  const seen = new Map<string, Place>();
  for (const place of places) if (!seen.has(idOf(place))) seen.set(idOf(place), place);
  return [...seen.values()];
}

/** Precedents and dependents in one plan. Formulas are parsed and indexed on the first request. */
export function createPrecedents(registry: Registry, plan: Plan, language: Language): Precedents {
  const scope = rowScope(plan);
  let readers: Map<string, Place[]> | undefined;
  let rowReaders: Map<string, RowReader[]> | undefined;
  const parsed = new Map<string, readonly Read[]>();

  function readsIn(text: string, within?: Scope): readonly Read[] {
    const { references } = language.parse(text, within).formula ?? { references: [] };
    return references.map((reference) => ({ run: reference.run, row: rowOf(registry, reference) }));
  }

  /** The references of a param's text, parsed once: inherited and filled cells share their text. */
  function readsOfText(text: string): readonly Read[] {
    const known = parsed.get(text) ?? readsIn(text);
    parsed.set(text, known);
    return known;
  }

  const placesOf = (run: RunId, reads: readonly Read[]): Place[] =>
    reads
      .map((read) => ({ run: read.run ?? run, row: read.row }))
      .filter((place) => plan.runs.has(place.run));

  /**
   * The precedents of a text in a run: the cells that the text reads, and the cell that the run inherits
   * the text from.
   */
  function sourcesOf(run: RunId, row: string, { text, from }: Setting): Place[] {
    const read = isFormula(text) ? placesOf(run, readsOfText(text)) : [];
    return from === run ? read : [...read, { run: from, row }];
  }

  function textsOf({ settings, seeds }: RunPlan): [row: string, Setting][] {
    const texts: [string, Setting][] = [...settings].flatMap(([kind, own]) =>
      [...own.texts].map(([param, setting]): [string, Setting] => [`${kind}.${param}`, setting]),
    );
    const { text, from } = seeds;
    return text === undefined || from === undefined ? texts : [...texts, [SEEDS_PATH, { text, from }]];
  }

  /** The params whose text reads a cell. */
  function readersOf(place: Place): readonly Place[] {
    readers ??= index();
    return readers.get(idOf(place)) ?? [];
  }

  /**
   * The own rows that read a cell, each once: in every run if the formula names the cell's run, else only
   * in the cell's run.
   */
  function rowReadersOf({ run, row: read }: Place): readonly Place[] {
    rowReaders ??= indexRows();
    const found = rowReaders.get(read) ?? [];
    const naming = new Set(found.flatMap(({ row, from }) => (from === run ? [row] : [])));
    const own = new Set(found.flatMap(({ row, from }) => (from === undefined ? [row] : [])));
    const places: Place[] = [];
    for (const other of naming.size > 0 ? plan.runs.keys() : [run])
      for (const row of other === run ? new Set([...own, ...naming]) : naming)
        places.push({ run: other, row });
    return places;
  }

  /**
   * The own rows by the row that they read. References are equal in every run, so only a request expands
   * them to cells.
   */
  function indexRows(): Map<string, RowReader[]> {
    const found = new Map<string, RowReader[]>();
    for (const { name, formula } of plan.sheet.rows) {
      for (const { run: from, row: read } of readsIn(formula, scope)) {
        const reader = { row: ownRow(name), from };
        const list = found.get(read);
        if (list) list.push(reader);
        else found.set(read, [reader]);
      }
    }
    return found;
  }

  function index(): Map<string, Place[]> {
    const found = new Map<string, Place[]>();
    const add = (sources: readonly Place[], reader: Place): void => {
      for (const source of sources) {
        const list = found.get(idOf(source));
        if (list) list.push(reader);
        else found.set(idOf(source), [reader]);
      }
    };
    for (const [run, planned] of plan.runs)
      for (const [row, setting] of textsOf(planned)) add(sourcesOf(run, row, setting), { run, row });
    return found;
  }

  /**
   * The run's results of one kind, or without `kind` all results, which depend on the seeds as means over
   * members.
   */
  const resultsOf = (run: RunId, kind?: string): Place[] =>
    registry.results
      .filter((result) => kind === undefined || result.kind === kind)
      .map((result) => ({ run, row: resultRow(result) }));

  return {
    precedents({ run, row }) {
      const planned = plan.runs.get(run);
      if (!planned) return [];
      const kind = registry.get(row);
      if (kind) {
        const params = Object.keys(kind.params).map((param) => `${kind.name}.${param}`);
        const set = params.filter((path) => settingIn(planned, path));
        const inputs = Object.values(kind.inputs).map(({ name }) => name);
        return distinct([...set, ...inputs, ...params].map((path) => ({ run, row: path })));
      }
      const own = ownRowName(row);
      if (own !== undefined) {
        const formula = plan.sheet.rows.find(({ name }) => name === own)?.formula;
        return formula === undefined ? [] : distinct(placesOf(run, readsIn(formula, scope)));
      }
      const result = registry.results.find((other) => resultRow(other) === row);
      if (result) {
        const members = planned.seeds.count > 1 ? [{ run, row: SEEDS_PATH }] : [];
        return [{ run, row: result.kind }, ...members];
      }
      const setting = settingIn(planned, row);
      return setting ? distinct(sourcesOf(run, row, setting)) : [];
    },
    dependents(place) {
      const { run, row } = place;
      const planned = plan.runs.get(run);
      if (!planned) return [];
      const [name = '', param = ''] = row.split('.');
      const kind = registry.get(name);
      if (kind && row === name) {
        const takers = registry.kinds.filter((other) =>
          Object.values(other.inputs).some((input) => input.name === name),
        );
        const next = takers.map((other) => ({ run, row: other.name }));
        return [...distinct([...readersOf(place), ...next, ...resultsOf(run, name)]), ...rowReadersOf(place)];
      }
      const following =
        kind && paramOf(kind, param)
          ? [{ run, row: name }]
          : row === SEEDS_PATH && planned.seeds.count > 1
            ? resultsOf(run)
            : [];
      return [...distinct([...readersOf(place), ...following]), ...rowReadersOf(place)];
    },
  };
}
