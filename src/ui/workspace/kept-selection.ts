// The selection as text, so that a form about some cells opens over the same cells after a reload.
// Invariant: a text that names a run which the sheet no longer has selects nothing. Loaded with the forms.

import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';

/** The selection as text: run and row of the active cell, then of the other corner, separated by spaces. */
export function cellsText(session: SessionCursor): string {
  const { run, row } = session.active();
  const corner = session.span().corner ?? { run, row };
  return [run, row, corner.run, corner.row].join(' ');
}

/** Restores a selection that `cellsText` wrote; returns false if the sheet no longer has one of its runs. */
export function selectAgain(session: SessionDocument & SessionCursor, text: string): boolean {
  const [run = '', row = '', otherRun = '', otherRow = ''] = text.split(' ');
  const runs = session.plan().runs;
  if (!runs.has(run) || !runs.has(otherRun)) return false;
  session.activate({ run, row });
  if (run !== otherRun || row !== otherRow) session.select({ corner: { run: otherRun, row: otherRow } });
  return true;
}
