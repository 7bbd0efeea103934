// The workspace: one object for all parts of the page around the sheet, made once, in place of a handful of props.
// Invariant: the parts do not know each other through the workspace; each part is made from the parts before it. Holds no
// elements.

import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Session } from '../session/session';
import { type Baseline, createBaseline } from './baseline';
import { type ColumnWidths, createColumnWidths } from './column-widths';
import { type Columns, createColumns } from './columns';
import { type CrossChecks, createCrossChecks } from './cross-checks';
import { createEditing, type Editing } from './editing';
import { createRows, type Rows } from './row-list';
import { createSelection, type Selection } from './selection';

/** The parts around one session, by name. */
export interface Workspace {
  readonly session: Session;
  readonly rows: Rows;
  readonly columns: Columns;
  readonly widths: ColumnWidths;
  readonly selection: Selection;
  readonly editing: Editing;
  readonly crossChecks: CrossChecks;
  readonly baseline: Baseline;
}

/** The workspace of one session; must be made inside a Solid root. */
export function createWorkspace(session: Session, scheduler: Scheduler, ask: Ask): Workspace {
  const rows = createRows(session);
  const columns = createColumns(session);
  return {
    session,
    rows,
    columns,
    widths: createColumnWidths(session),
    selection: createSelection(session, rows, columns),
    editing: createEditing(session, rows),
    crossChecks: createCrossChecks(session, scheduler, ask),
    baseline: createBaseline(session),
  };
}
