// Finds the cells in which two sheets differ: where undo leads, and where a new run is.
// Invariant: a pure function of two sheets; every cell that it names is in the second sheet. Knows no screen.

import type { Registry } from '../kinds/kind';
import { newRuns, type Run, type RunId, SEEDS_PATH, type Sheet } from './sheet';

/** The first of the changed cells, and the last one if they fill the rectangle between both. */
interface ChangedCells {
  readonly run: RunId;
  /** "name", the path of a param, or "row." with the name of a row of formulas; undefined for a whole run. */
  readonly row?: string;
  readonly last?: { readonly run: RunId; readonly row: string };
}

/** The run that was moved among the runs that both sheets have; undefined if they have one order. */
function movedRun(before: Sheet, after: Sheet): RunId | undefined {
  const common = (a: Sheet, b: Sheet): RunId[] => {
    const known = new Set(b.runs.map(({ id }) => id));
    return a.runs.flatMap(({ id }) => (known.has(id) ? [id] : []));
  };
  const [old, now] = [common(before, after), common(after, before)];
  const at = now.findIndex((id, place) => id !== old[place]);
  const [moved, other] = [now[at], old[at]];
  if (moved === undefined || other === undefined) return undefined;
  const without = (ids: readonly RunId[], gone: RunId): string => ids.filter((id) => id !== gone).join(' ');
  return without(old, moved) === without(now, moved) ? moved : other;
}

/** The rows in which a run differs from its earlier state: its name, and its params in any order. */
function changedRows(before: Run, after: Run): string[] {
  const paths = new Set([...before.overrides.keys(), ...after.overrides.keys()]);
  const params = [...paths].filter((path) => before.overrides.get(path) !== after.overrides.get(path));
  return before.name === after.name ? params : ['name', ...params];
}

/** Params in the order of the grid: names, seeds, then kind by kind. */
const placesOf = ({ kinds }: Registry): ReadonlyMap<string, number> =>
  new Map(
    [
      'name',
      SEEDS_PATH,
      ...kinds.flatMap(({ name, params }) => Object.keys(params).map((param) => `${name}.${param}`)),
    ].map((row, place) => [row, place]),
  );

/**
 * The cells that differ between two sheets; undefined if none of them is in the second sheet. New runs come
 * first, then changed cells, then rows of formulas, then a moved run. A row of formulas changes in all runs alike,
 * and is taken in the run `active`, if the second sheet has it.
 */
export function changedCells(
  registry: Registry,
  before: Sheet,
  after: Sheet,
  active?: RunId,
): ChangedCells | undefined {
  const [added] = newRuns(before, after);
  if (added !== undefined) return { run: added };
  const old = new Map(before.runs.map((run) => [run.id, run]));
  const changed = after.runs.flatMap((run) => {
    const was = old.get(run.id);
    const rows = was && was !== run ? changedRows(was, run) : [];
    return rows.length > 0 ? [{ run: run.id, rows }] : [];
  });
  const [first] = changed;
  if (first) {
    const places = placesOf(registry);
    const rows = [...new Set(changed.flatMap((run) => run.rows))].sort(
      (a, b) => (places.get(a) ?? Number.POSITIVE_INFINITY) - (places.get(b) ?? Number.POSITIVE_INFINITY),
    );
    const row = rows.find((id) => first.rows.includes(id));
    const last = { run: changed.at(-1)?.run ?? first.run, row: rows.at(-1) ?? 'name' };
    const isFilled = changed.every((run) => run.rows.length === rows.length);
    const isSingle = last.run === first.run && last.row === row;
    return { run: first.run, ...(row !== undefined && { row }), ...(isFilled && !isSingle && { last }) };
  }
  const own = after.rows.find(
    ({ name, formula }) => !before.rows.some((row) => row.name === name && row.formula === formula),
  );
  const run = after.runs.find(({ id }) => id === active) ?? after.runs[0];
  if (own && run) return { run: run.id, row: `row.${own.name}` };
  const moved = movedRun(before, after);
  return moved === undefined ? undefined : { run: moved };
}
