// The rows of the grid: a group a kind, params first, results under them; what is alike in all runs folds away.
// Invariant: a row that some run sets, or that has a problem, is never hidden by itself. Results are read here and nowhere else.

import type { Registry } from '../core/kind';
import type { Plan } from '../core/plan';
import { SEEDS_PATH } from '../core/sheet';
import type { Plain } from '../core/value';

/** A row of the grid. Its id is what the active cell remembers. */
export type Row =
  | { readonly type: 'kind'; readonly id: string; readonly kind: string }
  | { readonly type: 'param'; readonly id: string; readonly kind: string; readonly param: string }
  | { readonly type: 'result'; readonly id: string; readonly result: ResultRow }
  | { readonly type: 'more'; readonly id: string; readonly kind: string; readonly hidden: number };

/** The row of the run's own param, which belongs to no kind. */
export const SEEDS_ROW: Row = { type: 'param', id: SEEDS_PATH, kind: '', param: SEEDS_PATH };

/** A figure of a finished cell, as the sheet shows it. */
export interface ResultRow {
  readonly id: string;
  readonly label: string;
  /** The kind under whose rows it stands. */
  readonly group: string;
  /** The kind whose value it is read from. */
  readonly kind: string;
  /** The figure, or undefined where the value has none. */
  read(value: Plain): number | undefined;
  /** The course of the figure over the epochs, for a small curve. */
  curve?(value: Plain): Float64Array | undefined;
  readonly format: 'loss' | 'accuracy' | 'ratio';
}

/** A field of a value that is an object; values come parsed by their schema, so that a missing one is none. */
function field(value: Plain, name: string): Plain | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return undefined;
  const found = Object.getOwnPropertyDescriptor(value, name)?.value;
  return found;
}

function curveOf(value: Plain, name: string): Float64Array | undefined {
  const curve = field(value, name);
  return curve instanceof Float64Array && curve.length > 0 ? curve : undefined;
}

const lastOf = (name: string, label: string, format: 'loss' | 'accuracy'): ResultRow => ({
  id: `train.${name}`,
  label,
  group: 'train',
  kind: 'train',
  read: (value) => curveOf(value, name)?.at(-1),
  curve: (value) => curveOf(value, name),
  format,
});

/** The first layer's gradient over the last's in the first epoch, before training has changed either. */
function firstToLast(value: Plain): number | undefined {
  const flow = field(value, 'gradientRms');
  const data = flow === undefined ? undefined : field(flow, 'data');
  const shape = flow === undefined ? undefined : field(flow, 'shape');
  if (!(data instanceof Float64Array) || !Array.isArray(shape)) return undefined;
  const layers = Number(shape[1]);
  const [first, last] = [data[0], data[layers - 1]];
  return first === undefined || last === undefined || last === 0 ? undefined : first / last;
}

/** The results that the sheet shows, in order. */
export const RESULTS: readonly ResultRow[] = [
  lastOf('loss', 'loss', 'loss'),
  lastOf('accuracy', 'accuracy', 'accuracy'),
  lastOf('testLoss', 'test loss', 'loss'),
  lastOf('testAccuracy', 'test accuracy', 'accuracy'),
  {
    id: 'diff.firstToLast',
    label: 'first : last',
    group: 'diff',
    kind: 'train',
    read: firstToLast,
    format: 'ratio',
  },
];

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

/** The rows to show; `folded` holds kinds that are closed, `opened` those whose quiet params are shown as well. */
export function rowsOf(
  registry: Registry,
  plan: Plan,
  folded: ReadonlySet<string>,
  opened: ReadonlySet<string>,
): Row[] {
  const rows = registry.kinds.flatMap((kind): Row[] => {
    const head: Row = { type: 'kind', id: kind.name, kind: kind.name };
    if (folded.has(kind.name)) return [head];
    const params = Object.keys(kind.params).map((param): Row & { type: 'param' } => ({
      type: 'param',
      id: `${kind.name}.${param}`,
      kind: kind.name,
      param,
    }));
    const shown = params.filter(
      ({ id, param }) => opened.has(kind.name) || PROMINENT.has(id) || isSet(plan, kind.name, param),
    );
    const hidden = params.length - shown.length;
    const quiet =
      params.length -
      params.filter(({ id, param }) => PROMINENT.has(id) || isSet(plan, kind.name, param)).length;
    const more: Row[] = quiet > 0 ? [{ type: 'more', id: `${kind.name}.more`, kind: kind.name, hidden }] : [];
    const results = RESULTS.filter(({ group }) => group === kind.name).map(
      (result): Row => ({ type: 'result', id: result.id, result }),
    );
    return [head, ...shown, ...more, ...results];
  });
  return [...rows, SEEDS_ROW];
}

/** A camelCase name in words: "learningRate" is "learning rate". */
export const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
