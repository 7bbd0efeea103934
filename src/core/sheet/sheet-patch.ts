// The difference that one edit makes to a sheet, as a small piece of data; undo steps are stored as patches.
// Invariant: applying the patch from one sheet to another gives the other sheet and shares every equal run.
// Knows neither history nor storage.

import { isForest, type Run, type RunId, type Sheet, type SheetRow, setNote, setTitle } from './sheet';

/** The parts that differ. `order` is absent if both sheets have the same runs in the same order. */
export interface SheetPatch {
  readonly order?: readonly RunId[];
  /** New and changed runs, each with all its overrides. */
  readonly runs?: readonly Run[];
  readonly rows?: readonly SheetRow[];
  /** An empty text removes the title. */
  readonly title?: string;
  /** An empty text removes the note. */
  readonly note?: string;
}

function sameTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a === b) return true;
  const others = [...b];
  return (
    a.size === b.size &&
    [...a].every(([path, text], index) => path === others[index]?.[0] && text === others[index][1])
  );
}

const sameRun = (a: Run | undefined, b: Run): boolean =>
  a === b ||
  (a !== undefined && a.name === b.name && a.base === b.base && sameTexts(a.overrides, b.overrides));

const sameRows = (a: readonly SheetRow[], b: readonly SheetRow[]): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every(({ name, formula }, index) => name === b[index]?.name && formula === b[index].formula));

const runsById = ({ runs }: Sheet): Map<RunId, Run> => new Map(runs.map((run) => [run.id, run]));

/** The patch that turns `from` into `to`; an empty object if the sheets are equal. */
export function patchBetween(from: Sheet, to: Sheet): SheetPatch {
  const before = from.runs === to.runs ? undefined : runsById(from);
  const changed = before ? to.runs.filter((run) => !sameRun(before.get(run.id), run)) : [];
  const reordered =
    from.runs.length !== to.runs.length || from.runs.some(({ id }, index) => id !== to.runs[index]?.id);
  return {
    ...(reordered && { order: to.runs.map(({ id }) => id) }),
    ...(changed.length > 0 && { runs: changed }),
    ...(!sameRows(from.rows, to.rows) && { rows: to.rows }),
    ...(from.title !== to.title && { title: to.title ?? '' }),
    ...(from.note !== to.note && { note: to.note ?? '' }),
  };
}

/**
 * Applies a patch. Returns undefined if the patch names a run that neither has,
 * or if the result is no valid sheet.
 */
export function applyPatch(sheet: Sheet, { order, runs, rows, title, note }: SheetPatch): Sheet | undefined {
  const changed = new Map(runs?.map((run) => [run.id, run]));
  let patched = sheet.runs;
  let isRebased = order !== undefined;
  if (order) {
    const known = runsById(sheet);
    patched = order.flatMap((id) => changed.get(id) ?? known.get(id) ?? []);
    if (patched.length !== order.length || patched.length === 0) return undefined;
  } else if (changed.size > 0) {
    patched = sheet.runs.map((run) => {
      const now = changed.get(run.id) ?? run;
      isRebased ||= now.base !== run.base;
      return now;
    });
  }
  if (isRebased && !isForest(patched)) return undefined;
  const next = { ...sheet, runs: patched, ...(rows && { rows }) };
  const titled = title === undefined ? next : setTitle(next, title);
  return note === undefined ? titled : setNote(titled, note);
}

/** Whether two sheets have equal content, whichever objects hold it. */
export function sameSheet(a: Sheet, b: Sheet): boolean {
  return a === b || Object.keys(patchBetween(a, b)).length === 0;
}
