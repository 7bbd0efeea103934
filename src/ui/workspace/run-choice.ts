// The runs that the person chooses for the figures, by chips, headers and legends.
// Invariant: a choice never leaves the figures without a run, and never has more runs than figures show.

import { createEffect, createMemo, on } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionCursor } from '../session/cursor';
import { MAX_SHOWN, shownRuns } from '../session/demands';
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

/** The state of the figures' runs before a press; `all` in the order of the sheet. */
interface Choice {
  readonly all: readonly RunId[];
  readonly selected: readonly RunId[];
  readonly active: RunId;
  /** The runs that the person hid; undefined without a choice. */
  readonly hidden: ReadonlySet<RunId> | undefined;
}

/**
 * The runs that are hidden after a press on a run; undefined for no choice of the person's. A click hides that
 * run alone, so that a run without room takes its place; where a run cannot be shown beside the others, and
 * for every other press, all but the chosen runs are hidden.
 */
export function hiddenAfter(
  press: RunPress,
  run: RunId,
  { all, selected, active, hidden }: Choice,
): ReadonlySet<RunId> | undefined {
  const shown = shownRuns(all, selected, active, hidden);
  const next = runsAfter(press, run, { shown, selected, isChosen: hidden !== undefined });
  if (next === undefined) return undefined;
  if (press === 'toggle') {
    const before = hidden ?? (selected.length > 1 ? all.filter((id) => !selected.includes(id)) : []);
    const after = new Set(before);
    if (shown.includes(run)) after.add(run);
    else after.delete(run);
    const then = shownRuns(all, selected, active, after);
    if (then.includes(run) !== shown.includes(run)) return after;
  }
  return new Set(all.filter((id) => !next.includes(id)));
}

/** Whether the person hid runs that the sheet has. */
export const isChosen = (session: SessionDocument & SessionCursor): boolean =>
  session.sheet().runs.some(({ id }) => session.hidden()?.has(id));

/** Applies a press on a run to the figures of a session. */
export function chooseRun(session: SessionDocument & SessionCursor, run: RunId, press: RunPress): void {
  const next = hiddenAfter(press, run, {
    all: session.sheet().runs.map(({ id }) => id),
    selected: session.selected(),
    active: session.active().run,
    hidden: isChosen(session) ? session.hidden() : undefined,
  });
  session.hide(next && next.size > 0 ? next : undefined);
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
