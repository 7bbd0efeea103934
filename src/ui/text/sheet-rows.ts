// The rows of the grid: a group a kind, params first, results under them; quiet params (at default, or alike in all runs) fold
// away.
// Invariant: a row that some run sets, or that has a problem, is never hidden by itself.

import type { Registry, Result } from '../../core/kinds/kind';
import type { Plan, RunPlan } from '../../core/plan/plan';
import { SEEDS_PATH } from '../../core/sheet/sheet';
import { words } from '../../core/words';

/** A row of the grid. Its id is what the active cell remembers. */
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

/** The line that offers one more row of the person's own. */
const ADD_ROW: Row = { type: 'add', id: 'row' };

/** The row of the run's own param, which belongs to no kind. */
export const SEEDS_ROW: Row = { type: 'param', id: SEEDS_PATH, kind: '', param: SEEDS_PATH };

/** What own rows are called as rows of the grid: `row.` and their name. */
export const OWN = 'row.';

/** The params that are shown even where all runs agree: those that a newcomer will want to change. */
const PROMINENT: ReadonlySet<string> = new Set([
  'dataset.generator',
  'dataset.noise',
  'architecture.hiddenLayers',
  'architecture.activation',
  'optimizer.learningRate',
  'train.epochs',
]);

/** Whether any run sets this param by itself, so that the row says something. */
function isSet(plan: Plan, kind: string, param: string): boolean {
  for (const run of plan.runs.values()) if (run.settings.get(kind)?.texts.has(param)) return true;
  return false;
}

/** What a run has for a param, as one text: the value where it is known, so that a formula is what it comes to. */
function valueIn({ settings }: RunPlan, kind: string, param: string): string {
  const known = settings.get(kind);
  const value = known?.params?.[param];
  return value === undefined ? (known?.texts.get(param)?.text ?? '') : String(value);
}

/** Whether the runs do not all have the same for this param. */
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
 * The rows to show; `folded` holds kinds that are closed, `opened` those whose quiet params are shown as well, which are
 * those at default, or all that are identical in all runs where only what is `differing` is asked for.
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

/** Params that two kinds have. */
const SHARED: ReadonlySet<string> = new Set(['seed', 'randomState']);

/** What a param is called away from its kind's rows: "learning rate", but "optimizer" for its name, and "train seed". */
export function pathWords(path: string): string {
  const [kind = '', param] = path.split('.');
  if (param === undefined) return words(kind);
  if (param === 'name') return kind;
  return SHARED.has(param) ? `${kind} ${words(param)}` : words(param);
}
