// Crosses two params over a base: the sheet in which every tile of the map is a run, and the edit that turns some tiles into
// runs.
// Invariant: a crossing is exactly the sweep of the sheet, so that a tile has the key of its run.
// Pure; knows no screen.

import type { Registry } from '../../core/kinds/kind';
import type { Parsed } from '../../core/kinds/param';
import { paramAt } from '../../core/plan/param-values';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { words } from '../../core/words';
import type { MapAxis } from '../figures/map/map-values';
import { type Axis, type Sweep, sweepRuns } from '../fill/sweep';

/** A base and two params with their values: rows down, columns across. */
export interface Crossing {
  readonly base: RunId;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** More values than these on a side are no tiles any more. */
const MOST_VALUES = 20;

/** A sheet that has all of a crossing's runs, and their ids row by row. */
interface Crossed {
  readonly sheet: Sheet;
  readonly ids: readonly RunId[];
}

/** Drafts the sheet with all tiles as runs behind the base, or says why it cannot be. */
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

/** The edit that adds the runs of some of a crossing's values behind the base. */
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

/** The places of so many rows and columns, coarse first: every fourth both ways, every second, and then the rest. */
export function coarseFirst(rows: number, columns: number): number[] {
  const level = (place: number): number => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return row % 4 === 0 && column % 4 === 0 ? 0 : row % 2 === 0 && column % 2 === 0 ? 1 : 2;
  };
  const places = Array.from({ length: rows * columns }, (_, place) => place);
  return places.toSorted((a, b) => level(a) - level(b) || a - b);
}

/** What a param is called on a side: by its kind too where it alone would not say what it is. */
function sideName(registry: Registry, path: string): string {
  const [kind = '', param = ''] = path.split('.');
  if (param === 'name') return kind;
  const isShared = registry.kinds.filter(({ params }) => Object.hasOwn(params, param)).length > 1;
  return isShared ? `${kind} ${words(param)}` : words(param);
}

/** A side as the figure takes it. */
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
