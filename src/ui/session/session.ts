// The session of one person's work, in four parts: the document, the cursor in it, the progress of its results, and notices.
// Invariant: a part knows only those members of other parts that its factory takes. A consumer takes the parts that it uses.
// Knows neither elements nor storage: addresses and the storage of sheets come in from outside.

import { untrack } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Registry } from '../../core/kinds/kind';
import { late, withPart } from '../../core/late-loading';
import type { Key } from '../../core/plan/key';
import { createPlanner } from '../../core/plan/plan';
import { newRuns, type Sheet } from '../../core/sheet/sheet';
import { createCursor, type SessionCursor } from './cursor';
import { passingDemands } from './demands';
import { createDocument, type DocumentPorts, type Planner, type SessionDocument } from './document';
import { createNotices, type SessionNotices } from './notices';
import { createPreview } from './preview';
import { createProgress, type SessionProgress } from './progress';

const changes = late(() => import('../../core/sheet/changed-cells'));

/** Dependencies of the session from outside. */
interface SessionPorts extends DocumentPorts {
  /** Stores the permission for a costly cell. */
  remember?(key: Key): void;
  /** A planner that has planned the sheet before; without one, the session makes its own. */
  readonly planner?: Planner;
}

/** All four parts in one object, for callers that use most of them or pass them on. */
export interface Session extends SessionDocument, SessionCursor, SessionProgress, SessionNotices {}

/** A session over one scheduler; must be made inside a Solid root. */
export function createSession(registry: Registry, scheduler: Scheduler, ports: SessionPorts): Session {
  const planner = ports.planner ?? createPlanner(registry, () => ports.language?.());
  const passing = (moved: Sheet) =>
    passingDemands(registry, document.planOf(moved), cursor.shown(), cursor.active().run, cursor.inspected());
  const preview = createPreview(scheduler, passing);
  const notices = createNotices();
  const document = createDocument(registry, ports, planner, preview.sheet, notices);
  const cursor = createCursor(document);
  const { remember } = ports;
  const parts = { document, cursor, preview, passing, ...(remember && { remember }) };
  return {
    ...document,
    ...cursor,
    ...createProgress(scheduler, parts),
    ...notices,
    ...followed(document, cursor),
  };
}

/** Edits that take the active cell along: to a run that they add, and to the cells that undo and redo change. */
function followed(
  document: SessionDocument,
  cursor: SessionCursor,
): Pick<SessionDocument, 'edit' | 'undo' | 'redo'> {
  function step(move: () => void): void {
    const before = untrack(document.sheet);
    move();
    const after = untrack(document.sheet);
    if (before === after) return;
    withPart(changes, ({ changedCells }) => {
      const active = untrack(cursor.active);
      const found = changedCells(document.registry, before, after, active.run);
      // Another step may have come while the part loaded.
      if (!found || untrack(document.sheet) !== after) return;
      cursor.activate({ run: found.run, row: found.row ?? active.row });
      if (found.last) cursor.select({ corner: found.last });
    });
  }
  return {
    edit(label, make) {
      const before = untrack(document.sheet);
      document.edit(label, make);
      const added = newRuns(before, untrack(document.sheet));
      const [first] = added;
      const selected = untrack(cursor.selected);
      // Runs between selected runs are selected with them.
      if (first !== undefined && added.some((id) => !selected.includes(id)))
        cursor.activate({ run: first, row: untrack(cursor.active).row });
    },
    undo: () => step(document.undo),
    redo: () => step(document.redo),
  };
}
