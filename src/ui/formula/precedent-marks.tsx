// The precedents and dependents of the active cell, for three uses: the marks in the grid, the line, and
// the targets of Ctrl+[ and Ctrl+].
// Invariant: the look-up waits for a pause in moving, so that moving through the sheet costs nothing;
// Ctrl+[ and Ctrl+] do not wait.

import { createEffect, createMemo, createSignal, type JSX, on, onCleanup } from 'solid-js';
import { type Plan, readIn } from '../../core/plan/plan';
import { focusActiveCell } from '../dom/focus';
import type { Workspace } from '../workspace/workspace';
import { PrecedentLine, type PrecedentLineProps } from './precedent-line';
import { createPrecedents, type Place, type Precedents } from './precedents';
import { referenceText } from './references';

const REST = 60;

/** The precedents and dependents of the active cell. */
type ShownPlaces = { readonly [which in keyof Precedents]: readonly Place[] };

/** The look-up of precedents and dependents in a workspace. Must be called inside a Solid root. */
export function createPrecedentMarks({ session, selection, editing }: Workspace) {
  const { registry } = session;
  let known: { readonly plan: Plan; readonly trace: Precedents } | undefined;
  function precedentsNow(): Precedents | undefined {
    const [plan, language] = [session.plan(), session.language()];
    if (language && known?.plan !== plan) known = { plan, trace: createPrecedents(registry, plan, language) };
    return known?.trace;
  }

  const [shown, setShown] = createSignal<ShownPlaces>();
  createEffect(
    on([session.active, session.plan, session.isMoving, editing.draft, selection.isSingle], () => {
      if (session.isMoving()) return;
      const due = setTimeout(() => {
        const trace = editing.draft() || !selection.isSingle() ? undefined : precedentsNow();
        const place = session.active();
        setShown(trace && { precedents: trace.precedents(place), dependents: trace.dependents(place) });
      }, REST);
      onCleanup(() => clearTimeout(due));
    }),
  );

  function go(place: Place): void {
    session.activate(place);
    focusActiveCell();
  }
  /** Goes to the first precedent or dependent of the active cell; undefined if there is none. */
  function trace(which: keyof Precedents): (() => void) | undefined {
    const [next] = precedentsNow()?.[which](session.active()) ?? [];
    return next && (() => go(next));
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || editing.draft()) return;
    if (event.key !== '[' && event.key !== ']') return;
    if (!(event.target instanceof Element) || !event.target.closest('.grid')) return;
    event.preventDefault();
    trace(event.key === '[' ? 'precedents' : 'dependents')?.();
  }
  addEventListener('keydown', onKeyDown);
  onCleanup(() => removeEventListener('keydown', onKeyDown));

  const line = createMemo<PrecedentLineProps | undefined>(() => {
    const found = shown();
    const { run } = session.active();
    if (!found || found.precedents.length + found.dependents.length === 0) return undefined;
    const context = { registry, run, scope: { rows: [] } };
    return {
      ...found,
      go,
      nameOf: (place) =>
        referenceText(place, context) ?? (place.run === run ? place.row : `${place.run}.${place.row}`),
    };
  });

  const isCyclic = ({ run, row }: Place): boolean => {
    const planned = session.plan().runs.get(run);
    return planned !== undefined && readIn(planned, row)?.problem?.code === '#CYCLE!';
  };

  return {
    shown,
    trace,
    /**
     * The next cell in the cycle of formulas that contains this cell; undefined for a cell outside of a
     * cycle.
     */
    nextInCycle: (place: Place): Place | undefined =>
      precedentsNow()
        ?.precedents(place)
        .find((other) => (other.run !== place.run || other.row !== place.row) && isCyclic(other)),
    line: (): JSX.Element => <PrecedentLine line={line} />,
  };
}
