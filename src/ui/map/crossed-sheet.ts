// Crosses two params over a base: the sheet in which every tile of the map is a run, and the edit that turns some tiles into
// runs.
// Invariant: a crossing is exactly the sweep of the sheet, so that a tile has the key of its run.
// Pure; knows no screen.

import type { Registry } from '../../core/kinds/kind';
import type { Parsed } from '../../core/kinds/param';
import { paramAt } from '../../core/plan/param-values';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import type { MapAxis } from '../figures/map/map-values';
import { type Axis, type Sweep, sweepRuns } from '../fill/sweep';

/**
 * A base run and two params with their values: a row of tiles for each value of `rows`, a column for each
 * value of `columns`.
 */
export interface Crossing {
  readonly base: RunId;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** Largest number of values on a side: more tiles would be too small to see. */
const MOST_VALUES = 20;

/** A draft of the sheet with all runs of a crossing, and the ids of these runs, row by row. */
interface Crossed {
  readonly sheet: Sheet;
  readonly ids: readonly RunId[];
}

/**
 * Drafts the sheet with a run for every tile, inserted behind the base. Fails with a reason if a side has too
 * many values or if the sweep is not possible.
 */
export function crossedSheet(sheet: Sheet, { base, rows, columns }: Crossing): Parsed<Crossed> {
  const long = [rows, columns].find(({ texts }) => texts.length > MOST_VALUES);
  if (long)
    return {
      ok: false,
      reason: `a side of the map holds at most ${MOST_VALUES} values; there are ${long.texts.length}`,
    };
  const sweep = sweepRuns(sheet, base, [rows, columns]);
  if (!sweep.ok) return sweep;
  const made = sweep.value.make(sheet);
  const first = made.runs.findIndex(({ id }) => id === base) + 1;
  const ids = made.runs.slice(first, first + sweep.value.names.length).map(({ id }) => id);
  return { ok: true, value: { sheet: made, ids } };
}

/**
 * Sweep that adds the runs of the values `down` and `across`, which are some of the crossing's values, behind
 * the base.
 */
export const tileSweep = (
  sheet: Sheet,
  { base, rows, columns }: Crossing,
  down: readonly string[],
  across: readonly string[],
): Parsed<Sweep> =>
  sweepRuns(sheet, base, [
    { path: rows.path, texts: down },
    { path: columns.path, texts: across },
  ]);

/**
 * Indices (row · columns + column) of all tiles, coarse first: every fourth tile in both directions, then
 * every second, then the rest.
 */
export function coarseFirst(rows: number, columns: number): number[] {
  const level = (place: number): number => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return row % 4 === 0 && column % 4 === 0 ? 0 : row % 2 === 0 && column % 2 === 0 ? 1 : 2;
  };
  const places = Array.from({ length: rows * columns }, (_, place) => place);
  return places.toSorted((a, b) => level(a) - level(b) || a - b);
}

/**
 * Name of a param on a side of the map: with its kind if several kinds have a param of that name. A param
 * called `name` goes by its kind alone.
 */
function sideName(registry: Registry, path: string): string {
  const [kind = '', param = ''] = path.split('.');
  if (param === 'name') return kind;
  const isShared = registry.kinds.filter(({ params }) => Object.hasOwn(params, param)).length > 1;
  return isShared ? `${kind} ${words(param)}` : words(param);
}

/** A side of the map in the form that the figure takes. */
export function mapAxis(registry: Registry, { path, texts }: Axis): MapAxis {
  const param = paramAt(registry, path);
  return {
    path,
    name: sideName(registry, path),
    values: texts,
    isOrdered: param?.range !== undefined && texts.every((text) => Number.isFinite(Number(text))),
    isWord: param?.choices !== undefined && param.type !== 'bool',
  };
}
