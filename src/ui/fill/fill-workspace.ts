// The workspace for filling and pasting: adds a report of the finished edit, and an estimate of the cost of an edit before it
// is made.
// Invariant: an edit is one step of the history, reports its effect, and selects the written cells.

import type { Forecast } from '../session/progress';
import type { Workspace } from '../workspace/workspace';
import type { BlockEdit } from './block';

/** A workspace with a report and a forecast of costs. */
export interface FillWorkspace extends Workspace {
  /**
   * Shows the effect of a finished edit in the receipt line, where a screen reader announces the text
   * politely.
   */
  report(text: string): void;
  readonly forecast: Forecast;
}

/** The workspace with its session's report and forecast. */
export const fillWorkspaceOf = (workspace: Workspace): FillWorkspace => ({
  ...workspace,
  report: workspace.session.report,
  forecast: workspace.session.forecast,
});

/**
 * Applies an edit as one step of the history, reports the edit and selects the written cells. Returns
 * false if the sheet refuses the edit; the session has then shown the reason.
 */
export function makeEdit(
  { session, selection, report }: FillWorkspace,
  edit: Pick<BlockEdit, 'label' | 'done' | 'make' | 'corners'>,
): boolean {
  let refused = true;
  session.edit(edit.label, (sheet) => {
    const made = edit.make(sheet);
    refused = false;
    return made;
  });
  if (refused) return false;
  report(edit.done);
  const corners = edit.corners(session.sheet());
  if (corners) selection.set(corners.from, corners.to);
  return true;
}
