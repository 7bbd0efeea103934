// The rows of the grid: a group a kind, params first, results under them; quiet params (at default, or alike in all runs) fold
// away.
// Invariant: a row that some run sets, or that has a problem, is never hidden by itself.

import type { Registry, Result } from '../../core/kinds/kind';
import type { Plan, RunPlan } from '../../core/plan/plan';
import { SEEDS_PATH } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';

/** A row of the grid. The active cell remembers its row by `id`; `hidden` is the number of folded params. */
export type Row =
  | { readonly type: 'kind'; readonly id: string; readonly kind: string }
  | { readonly type: 'param'; readonly id: string; readonly kind: string; readonly param: string }
  | { readonly type: 'result'; readonly id: string; readonly result: Result }
  | { readonly type: 'own'; readonly id: string; readonly name: string }
  | { readonly type: 'add'; readonly id: string }
  | {
      readonly type: 'more';
      readonly id: string;
      readonly kind: string;
      readonly hidden: number;
      readonly identical?: boolean;
    };

/** The row that offers to add a row of formulas. */
const ADD_ROW: Row = { type: 'add', id: 'row' };

/** The row of `seeds`, a param of the run and of no kind. */
export const SEEDS_ROW: Row = { type: 'param', id: SEEDS_PATH, kind: '', param: SEEDS_PATH };

/** Prefix of the grid's row ids for rows of the person's own; the row's name follows. */
export const OWN = 'row.';

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
function valueIn({ settings }: RunPlan, kind: string, param: string): string {
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

/**
 * The rows to show. `folded` holds closed kinds, `opened` kinds that also show their quiet params. Quiet
 * params are those at default or, with `differing`, those that are identical in all runs.
 */
export function rowsOf(
  registry: Registry,
  plan: Plan,
  folded: ReadonlySet<string>,
  opened: ReadonlySet<string>,
  differing = false,
): Row[] {
  const rows = registry.kinds.flatMap((kind): Row[] => {
    const { name } = kind;
    const head: Row = { type: 'kind', id: name, kind: name };
    if (folded.has(name)) return [head];
    const params = Object.keys(kind.params).map((param): Row & { type: 'param' } => ({
      type: 'param',
      id: `${name}.${param}`,
      kind: name,
      param,
    }));
    const loud = params.filter(({ id, param }) =>
      differing ? differs(plan, name, param) : PROMINENT.has(id) || isSet(plan, name, param),
    );
    const quiet = params.length - loud.length;
    const hidden = opened.has(name) ? 0 : quiet;
    const more: Row = {
      type: 'more',
      id: `${name}.more`,
      kind: name,
      hidden,
      ...(differing && { identical: true }),
    };
    const results = registry.results
      .filter(({ group }) => group === name)
      .map((result): Row => ({ type: 'result', id: `${name}.${result.name}`, result }));
    return [head, ...(opened.has(name) ? params : loud), ...(quiet > 0 ? [more] : []), ...results];
  });
  const own = plan.sheet.rows.map(({ name }): Row => ({ type: 'own', id: OWN + name, name }));
  return [...rows, ...own, ADD_ROW, SEEDS_ROW];
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
