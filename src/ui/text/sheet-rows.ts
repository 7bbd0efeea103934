// The rows of the grid: seeds, then a group a kind, params first, results under them, then rows of formulas, the last of them a
// proposal; quiet params (at default, or alike in all runs) fold away.
// Invariants: a row that some run sets, or that has a problem, is never hidden by itself; the proposed row is in no sheet.

import { freshRowName } from '../../core/formulas/sheet-rows';
import type { Registry, Result } from '../../core/kinds/kind';
import type { Plan, RunPlan } from '../../core/plan/plan';
import { MAX_ROWS, SEEDS_PATH, type Sheet, type SheetRow } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';

/**
 * A row of the grid. The active cell remembers its row by `id`. A row of formulas with `proposed`, a formula, is not in the
 * sheet: it becomes a row of the sheet with the first edit of one of its cells.
 */
export type Row =
  | { readonly type: 'run'; readonly id: string }
  | { readonly type: 'kind'; readonly id: string; readonly kind: string }
  | { readonly type: 'param'; readonly id: string; readonly kind: string; readonly param: string }
  | { readonly type: 'result'; readonly id: string; readonly result: Result }
  | { readonly type: 'own'; readonly id: string; readonly name: string; readonly proposed?: string };

/** A row of formulas: a row of the sheet, or the proposed row. */
export type OwnRow = Row & { readonly type: 'own' };

/** The group of the params that belong to a run and to no kind. */
const RUN_ROW: Row = { type: 'run', id: 'run' };

/** The row of `seeds`, a param of the run and of no kind. */
export const SEEDS_ROW: Row = { type: 'param', id: SEEDS_PATH, kind: '', param: SEEDS_PATH };

/** Prefix of the grid's row ids for rows of the person's own; the row's name follows. */
export const OWN = 'row.';

/** Id of the row at the head of a row's group. */
export const headOf = (id: string): string => (id === SEEDS_PATH ? RUN_ROW.id : (id.split('.')[0] ?? id));

/** Name of the proposed row until it is a row of the sheet. */
export const PROPOSED = 'new row';

/** Params that are shown although every run has the default: params that a newcomer will want to change. */
const PROMINENT: ReadonlySet<string> = new Set([
  'dataset.generator',
  'dataset.noise',
  'architecture.hiddenLayers',
  'architecture.activation',
  'optimizer.learningRate',
  'train.epochs',
]);

/** Whether any run has a text for this param, its own or an inherited one. */
function isSet(plan: Plan, kind: string, param: string): boolean {
  for (const run of plan.runs.values()) if (run.settings.get(kind)?.texts.has(param)) return true;
  return false;
}

/**
 * A run's param as text: its value, so that a formula counts by its value, or its text if there is no value.
 */
export function valueIn({ settings }: RunPlan, kind: string, param: string): string {
  const known = settings.get(kind);
  const value = known?.params?.[param];
  return value === undefined ? (known?.texts.get(param)?.text ?? '') : String(value);
}

/** Whether the runs have different values of this param. */
function differs(plan: Plan, kind: string, param: string): boolean {
  let first: string | undefined;
  for (const run of plan.runs.values()) {
    const value = valueIn(run, kind, param);
    first ??= value;
    if (value !== first) return true;
  }
  return false;
}

/** Whether the runs have different numbers of members. */
const differInSeeds = ({ runs }: Plan): boolean =>
  new Set([...runs.values()].map(({ seeds }) => seeds.text ?? String(seeds.count))).size > 1;

type ParamRow = Row & { readonly type: 'param' };

/** The rows of a kind's params: those that are always shown, and the quiet ones. */
function paramsOf(registry: Registry, plan: Plan, kind: string, differing: boolean) {
  const params = Object.keys(registry.get(kind)?.params ?? {}).map(
    (param): ParamRow => ({ type: 'param', id: `${kind}.${param}`, kind, param }),
  );
  const loud = params.filter(({ id, param }) =>
    differing ? differs(plan, kind, param) : PROMINENT.has(id) || isSet(plan, kind, param),
  );
  return { params, loud };
}

/** The number of quiet params of each kind that has some. */
export function quietOf(registry: Registry, plan: Plan, differing: boolean): ReadonlyMap<string, number> {
  const counts = registry.kinds.map(({ name }) => {
    const { params, loud } = paramsOf(registry, plan, name, differing);
    return [name, params.length - loud.length] as const;
  });
  return new Map(counts.filter(([, count]) => count > 0));
}

/**
 * The row under the others that shows a working formula: how far each run is from the first in the first of
 * all results; undefined without results, and in a sheet that takes no more rows.
 */
function proposedRow({ results: [first] }: Registry, { runs, rows }: Sheet): OwnRow[] {
  if (!first || rows.length >= MAX_ROWS) return [];
  const [other, more] = runs;
  const name = freshRowName(rows);
  const proposed = other && more ? `=${first.name} - ${other.id}.${first.name}` : `=${first.name}`;
  return [{ type: 'own', id: OWN + name, name, proposed }];
}

/** Whether a row is only proposed: its first edit adds it to the sheet. */
export const isProposal = (row: Row | undefined): boolean =>
  row?.type === 'own' && row.proposed !== undefined;

const proposals = new WeakMap<OwnRow, SheetRow>();

/** The name and the formula of a row of formulas; undefined if the sheet no longer has the row. */
export function sheetRowOf(sheet: Sheet, row: OwnRow): SheetRow | undefined {
  const { name, proposed } = row;
  if (proposed === undefined) return sheet.rows.find((own) => own.name === name);
  // One object for each row of the grid: what is known of a row is remembered by its object.
  const made = proposals.get(row) ?? { name, formula: proposed };
  proposals.set(row, made);
  return made;
}

/**
 * The rows to show. `folded` holds closed groups, `opened` kinds that also show their quiet params. Quiet
 * params are those at default or, with `differing`, those that are identical in all runs; of these, the rows of
 * `stays` are shown.
 */
export function rowsOf(
  registry: Registry,
  plan: Plan,
  folded: ReadonlySet<string>,
  opened: ReadonlySet<string>,
  differing = false,
  stays: ReadonlySet<string> = new Set(),
): Row[] {
  const rows = registry.kinds.flatMap(({ name }): Row[] => {
    const head: Row = { type: 'kind', id: name, kind: name };
    if (folded.has(name)) return [head];
    const { params, loud } = paramsOf(registry, plan, name, differing);
    const results = registry.results
      .filter(({ group }) => group === name)
      .map((result): Row => ({ type: 'result', id: `${name}.${result.name}`, result }));
    const shown = params.filter((row) => loud.includes(row) || stays.has(row.id));
    return [head, ...(opened.has(name) ? params : shown), ...results];
  });
  const seeds = folded.has(RUN_ROW.id) ? [RUN_ROW] : [RUN_ROW, SEEDS_ROW];
  const own = plan.sheet.rows.map(({ name }): Row => ({ type: 'own', id: OWN + name, name }));
  const staysSeeds = stays.has(RUN_ROW.id) || stays.has(SEEDS_PATH);
  return [
    ...(differing && !differInSeeds(plan) && !staysSeeds ? [] : seeds),
    ...rows,
    ...own,
    ...proposedRow(registry, plan.sheet),
  ];
}

/** Names of params that several kinds have. */
const SHARED: ReadonlySet<string> = new Set(['seed', 'randomState']);

/**
 * Name of a param outside its kind's rows: "learning rate"; "train seed" for a name that several kinds have;
 * "optimizer" for that kind's param `name`.
 */
export function pathText(path: string): string {
  const [kind = '', param] = path.split('.');
  if (param === undefined) return words(kind);
  if (param === 'name') return kind;
  return SHARED.has(param) ? `${kind} ${words(param)}` : words(param);
}
