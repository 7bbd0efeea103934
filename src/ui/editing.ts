// One draft at a time: the text being typed into a param's cell or into the formula bar, and what becomes of it.
// Invariant: a draft is committed or cancelled, never lost; a text that is not valid is kept as it was typed.

import { createEffect, createSignal, on } from 'solid-js';
import { clearOverride, renameRun, setOverride } from '../core/sheet';
import { readParam } from './reading';
import { type Row, words } from './rows';
import type { Session } from './session';

/** The row of the runs' names, which is the grid's header. */
export const NAME_ROW = 'name';

/** A text being typed, and where. */
export interface Draft {
  readonly run: string;
  readonly row: string;
  readonly text: string;
  readonly place: 'cell' | 'bar';
}

export type Editing = ReturnType<typeof createEditing>;

/** The editing of one session; `rowOf` finds a row by its id. */
export function createEditing(session: Session, rowOf: (id: string) => Row | undefined) {
  const [draft, setDraft] = createSignal<Draft>();

  /** The text that stands in a cell that can be edited; undefined where it cannot. */
  function textOf(run: string, rowId: string): string | undefined {
    const planned = session.plan().runs.get(run);
    if (!planned) return undefined;
    if (rowId === NAME_ROW) return planned.run.name;
    const row = rowOf(rowId);
    return row && readParam(session.registry, planned, row)?.text;
  }

  function isValid({ run, row, text }: Draft): boolean {
    const [planned, shown] = [session.plan().runs.get(run), rowOf(row)];
    const param = planned && shown && readParam(session.registry, planned, shown)?.param;
    return !param || text.trim() === '' || param.parse(text).ok;
  }

  function store({ run, row, text }: Draft): void {
    if (row === NAME_ROW) {
      session.edit(`rename ${run}`, (sheet) => renameRun(sheet, run, text.trim()));
      return;
    }
    const name = words(row.split('.').at(-1) ?? row);
    if (text.trim() === '') {
      session.edit(`clear ${name} of ${run}`, (sheet) => clearOverride(sheet, run, row));
      return;
    }
    const planned = session.plan().runs.get(run);
    const shown = rowOf(row);
    const param = planned && shown && readParam(session.registry, planned, shown)?.param;
    const parsed = param?.parse(text);
    const canonical = param && parsed?.ok ? param.format(parsed.value) : text.trim();
    session.edit(`set ${name} of ${run} to ${canonical}`, (sheet) => setOverride(sheet, run, row, canonical));
  }

  // A sheet that came by undo or navigation is not the one that the draft was meant for.
  createEffect(on(session.sheet, () => setDraft(undefined), { defer: true }));

  return {
    draft,
    textOf,
    /** Begins a draft in the active cell: with what stands there, or with `text` typed over it. */
    begin(place: Draft['place'], text?: string) {
      const { run, row } = session.active();
      const standing = textOf(run, row);
      if (standing === undefined) return;
      setDraft({ run, row, text: text ?? standing, place });
    },
    type(text: string) {
      setDraft((current) => current && { ...current, text });
    },
    /** Commits the draft, if there is one, valid or not; a text that was not changed is no edit. Says if it is valid. */
    commit(): boolean {
      const done = draft();
      setDraft(undefined);
      if (done && done.text !== textOf(done.run, done.row)) store(done);
      return !done || isValid(done);
    },
    cancel: () => setDraft(undefined),
    /** Gives the active cell back to what it inherits. */
    clear() {
      const { run, row } = session.active();
      if (row === NAME_ROW || textOf(run, row) === undefined) return;
      store({ run, row, text: '', place: 'cell' });
    },
  };
}
