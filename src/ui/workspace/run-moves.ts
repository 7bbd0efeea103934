// Adds twins of runs, and moves runs among the others. Invariant: runs that move together stay in order; a move that changes
// nothing is no edit.

import { addRun, type RunId, type Sheet } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';

/** Adds a run beside another that inherits all from it. */
export function addTwin(session: Pick<SessionDocument, 'edit'>, of: RunId): void {
  session.edit(`add a twin of ${of}`, (sheet) =>
    addRun(sheet, { name: `twin of ${of}`, base: of, after: of }),
  );
}

/**
 * Moves runs before another run, or to the end if there is no such run; returns the same sheet if nothing
 * moves.
 */
export function moveRuns(sheet: Sheet, ids: readonly RunId[], before: RunId | undefined): Sheet {
  const moved = sheet.runs.filter(({ id }) => ids.includes(id));
  const others = sheet.runs.filter(({ id }) => !ids.includes(id));
  const place = others.findIndex(({ id }) => id === before);
  const runs = others.toSpliced(place < 0 ? others.length : place, 0, ...moved);
  return runs.every((run, at) => run === sheet.runs[at]) ? sheet : { ...sheet, runs };
}

/** Moves runs one place to the left (−1) or right (1); returns the same sheet at its edge. */
export function shiftRuns(sheet: Sheet, ids: readonly RunId[], by: -1 | 1): Sheet {
  const places = ids.map((id) => sheet.runs.findIndex((run) => run.id === id));
  const next = by < 0 ? Math.min(...places) - 1 : Math.max(...places) + 2;
  return next < 0 || next > sheet.runs.length ? sheet : moveRuns(sheet, ids, sheet.runs[next]?.id);
}

/** Runs in words: "B, C", or "5 runs" for more than four. */
export const namesOf = (ids: readonly RunId[]): string =>
  ids.length > 4 ? `${ids.length} runs` : ids.join(', ');
