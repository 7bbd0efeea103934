// The runs that the person chooses for the figures, by chips, headers and legends.
// Invariant: a choice never leaves the figures without a run, and never has more runs than figures show.

import { createEffect, createMemo, on } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionCursor } from '../session/cursor';
import { MAX_SHOWN } from '../session/demands';
import type { SessionDocument } from '../session/document';
import { NAME_ROW } from './editing';

/** What a press on a run does: hides or shows it, adds it to the chosen runs, or shows it alone. */
type RunPress = 'toggle' | 'add' | 'only';

/** What a click means: plain toggles, with Ctrl adds, with Alt shows the run alone. */
export const pressOf = ({ ctrlKey, metaKey, altKey }: MouseEvent | KeyboardEvent): RunPress =>
  altKey ? 'only' : ctrlKey || metaKey ? 'add' : 'toggle';

/**
 * The runs to show after a press on a run; undefined for no choice of the person's, which shows all that fit.
 * The first run that is added joins the `selected` runs; of too many runs the first is dropped.
 */
export function runsAfter(
  press: RunPress,
  run: RunId,
  { shown, selected, isChosen }: { shown: readonly RunId[]; selected: readonly RunId[]; isChosen: boolean },
): readonly RunId[] | undefined {
  if (press === 'only') return shown.length === 1 && shown[0] === run ? undefined : [run];
  const before = press === 'add' && !isChosen ? selected : shown;
  const after = before.includes(run) ? before.filter((id) => id !== run) : [...before, run];
  return after.length > 0 ? after.slice(-MAX_SHOWN) : undefined;
}

/** Applies a press on a run to the figures of a session. */
export function chooseRun(session: SessionDocument & SessionCursor, run: RunId, press: RunPress): void {
  const [shown, selected, isChosen] = [session.shown(), session.selected(), session.hidden() !== undefined];
  const next = runsAfter(press, run, { shown, selected, isChosen });
  const others = session.sheet().runs.flatMap(({ id }) => (next?.includes(id) ? [] : id));
  session.hide(next && others.length > 0 ? new Set(others) : undefined);
}

/**
 * Forgets the choice when another sheet opens, and when the person selects whole runs, by several headers or
 * whole columns: the figures then follow the selection. Must be called inside a Solid root.
 */
export function forgetChoice(session: SessionDocument & SessionCursor): void {
  createEffect(
    on(
      session.span,
      ({ corner, columns }) => {
        const areHeaders = corner?.row === NAME_ROW && session.active().row === NAME_ROW;
        if (columns || areHeaders) session.hide(undefined);
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      createMemo(() => session.open().opened),
      () => session.hide(undefined),
      { defer: true },
    ),
  );
}
