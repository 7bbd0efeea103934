// Combines many edits of a sheet into one: cells set in a draft, and twins added by the hundred.
// Invariant: an unchanged run stays the same object, and the overrides of a changed run are copied once;
// the original sheet is unchanged.

import type { Param } from '../../core/kinds/param';
import {
  cleanName,
  MAX_RUNS,
  nextId,
  type Run,
  type RunId,
  type Sheet,
  SheetError,
} from '../../core/sheet/sheet';
import { grouped } from '../../core/text-formatting';

/**
 * A sheet under construction, for setting many cells: the overrides of each changed run are copied once.
 */
interface Draft {
  set(run: RunId, row: string, text: string | undefined): void;
  rename(run: RunId, name: string): void;
  /** The text that the run would have without an override. */
  inherited(run: RunId, row: string, param: Param): string;
  /** Number of the run's ancestors. */
  depth(run: RunId): number;
  sheet(): Sheet;
}

/** A draft that starts with the content of a sheet; the sheet itself is never changed. */
export function draftOf(sheet: Sheet): Draft {
  const runs = new Map(sheet.runs.map((run) => [run.id, run]));
  const changed = new Set<RunId>();
  const change = (id: RunId, make: (run: Run) => Run): void => {
    const run = runs.get(id);
    if (!run) return;
    runs.set(id, make(run));
    changed.add(id);
  };
  /** The run's ancestors, nearest first; each run once if the bases form a cycle. */
  function ancestors(id: RunId): Run[] {
    const found = new Set<Run>();
    let base = runs.get(id)?.base;
    for (let run = runs.get(base ?? ''); run && !found.has(run); run = runs.get(base ?? '')) {
      found.add(run);
      base = run.base;
    }
    return [...found];
  }
  return {
    set(id, row, text) {
      if (runs.get(id)?.overrides.get(row) === text) return;
      change(id, (run) => {
        // Only the first change copies the overrides; later changes write into the copy.
        const overrides = changed.has(id) ? (run.overrides as Map<string, string>) : new Map(run.overrides);
        if (text === undefined) overrides.delete(row);
        else overrides.set(row, text);
        return { ...run, overrides };
      });
    },
    rename(id, name) {
      if (runs.get(id)?.name === name) return;
      change(id, (run) => ({
        ...run,
        name: cleanName(name),
        ...(!changed.has(id) && { overrides: new Map(run.overrides) }),
      }));
    },
    inherited: (id, row, param) =>
      ancestors(id)
        .find(({ overrides }) => overrides.has(row))
        ?.overrides.get(row) ?? param.format(param.default),
    depth: (id) => ancestors(id).length,
    sheet: () =>
      changed.size === 0 ? sheet : { ...sheet, runs: sheet.runs.map((run) => runs.get(run.id) ?? run) },
  };
}

/** Returns `count` unused run ids, in order. */
function freshIds(sheet: Sheet, count: number): RunId[] {
  const taken = new Set(sheet.runs.map(({ id }) => id));
  const ids: RunId[] = [];
  const blank = (id: RunId): Run => ({ id, name: '', overrides: new Map() });
  for (let last = ''; ids.length < count; ids.push(last)) {
    // The successor of the last id is usually free; only for a taken id are all runs searched.
    last = last === '' ? nextId(sheet) : nextId({ runs: [blank(last)], rows: [] });
    if (taken.has(last)) last = nextId({ ...sheet, runs: [...sheet.runs, ...ids.map(blank)] });
    taken.add(last);
  }
  return ids;
}

/**
 * Adds one run per name, with the base `base`, after the run `after` or at the end. Throws `SheetError`
 * above the maximum number of runs.
 */
export function addTwins(
  sheet: Sheet,
  names: readonly string[],
  { base, after }: { readonly base?: RunId | undefined; readonly after?: RunId },
): Sheet {
  if (names.length === 0) return sheet;
  if (sheet.runs.length + names.length > MAX_RUNS) {
    const [most, present, more] = [MAX_RUNS, sheet.runs.length, names.length].map(grouped);
    throw new SheetError(`a sheet holds at most ${most} runs: ${present} exist, and this would add ${more}`);
  }
  const ids = freshIds(sheet, names.length);
  const twins = names.map(
    (name, index): Run => ({
      id: ids[index] ?? '',
      name: cleanName(name),
      ...(base !== undefined && { base }),
      overrides: new Map(),
    }),
  );
  const place = after === undefined ? sheet.runs.length : sheet.runs.findIndex(({ id }) => id === after) + 1;
  return { ...sheet, runs: sheet.runs.toSpliced(place, 0, ...twins) };
}
