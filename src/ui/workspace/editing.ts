// One draft at a time: the text being typed into a param's cell or into the formula bar, and its commit or cancellation.
// Invariant: a draft is committed, cancelled, or dropped with a notice; an invalid text is kept as typed.

import { createComputed, createEffect, createSignal, on, untrack } from 'solid-js';
import { addRow, freshRowName, removeRow, rowFormula, setRow } from '../../core/formulas/sheet-rows';
import type { Param } from '../../core/kinds/param';
import type { Scope } from '../../core/plan/language';
import { isFormula } from '../../core/plan/param-values';
import { clearOverride, renameRun, type Sheet, setOverride } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import type { Active } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import type { Session } from '../session/session';
import { readParam } from '../text/param-reading';
import { isProposal, OWN, sheetRowOf } from '../text/sheet-rows';
import type { Rows } from './row-list';

/** Row id of the runs' names, which are in the grid's header. */
export const NAME_ROW = 'name';

/** A text for an editable cell. */
interface CellText {
  readonly run: string;
  readonly row: string;
  readonly text: string;
}

/** A text being typed, and whether into the cell or into the formula bar. */
export interface Draft extends CellText {
  readonly place: 'cell' | 'bar';
  /** Whether the row was a proposal when the draft began. */
  readonly proposed?: boolean | undefined;
  /** Whether the text was typed over the cell: arrow keys then leave the cell; otherwise they move the caret. */
  readonly over?: boolean | undefined;
}

/**
 * Scope of a row's formulas: a param's may read params only, an own row's may read results and the own rows
 * too.
 */
export const scopeOf = (session: SessionDocument, row: string): Scope =>
  row.startsWith(OWN) ? { rows: session.sheet().rows.map(({ name }) => name) } : {};

/** The formula that a text of a row holds, or undefined; any text of an own row is a formula. */
function formulaIn(row: string, text: string): string | undefined {
  if (row.startsWith(OWN)) return rowFormula(text);
  return row !== NAME_ROW && isFormula(text) ? text.trim() : undefined;
}

export type Editing = ReturnType<typeof createEditing>;

/** The editing of one session. */
export function createEditing(session: Session, { find: rowOf }: Pick<Rows, 'find'>) {
  const [draft, setDraft] = createSignal<Draft>();

  /** The text of an editable cell; undefined for any other cell. */
  function textOf(run: string, rowId: string): string | undefined {
    const planned = session.plan().runs.get(run);
    if (!planned) return undefined;
    if (rowId === NAME_ROW) return planned.run.name;
    const row = rowOf(rowId);
    if (row?.type === 'own') return sheetRowOf(session.sheet(), row)?.formula;
    return row && readParam(session.registry, planned, row)?.text;
  }

  function paramOf(run: string, row: string): Param | undefined {
    const [planned, shown] = [session.plan().runs.get(run), rowOf(row)];
    return planned && shown && readParam(session.registry, planned, shown)?.param;
  }

  /**
   * Canonical form of a text: a literal as its param formats it, a formula with its names written out, and an
   * unreadable text trimmed.
   */
  function canonical({ run, row, text }: CellText): string {
    const formula = formulaIn(row, text);
    if (formula !== undefined) return session.language()?.writeOut(formula, scopeOf(session, row)) ?? formula;
    const param = paramOf(run, row);
    const parsed = param?.parse(text);
    return param && parsed?.ok ? param.format(parsed.value) : text.trim();
  }

  /**
   * Ends the draft and returns it; undefined for blanks alone, which are a slip of the space bar and no text.
   * A cell that is removed commits its draft, perhaps before this module has heard of the change.
   */
  function takeDraft(): ReturnType<typeof draft> {
    follow();
    const done = draft();
    setDraft(undefined);
    return done?.text !== '' && done?.text.trim() === '' ? undefined : done;
  }

  function isValid(cell: CellText): boolean {
    if (cell.text.trim() === '' || cell.row === NAME_ROW) return true;
    const formula = formulaIn(cell.row, cell.text);
    if (formula !== undefined) return !session.language()?.parse(formula, scopeOf(session, cell.row)).error;
    return paramOf(cell.run, cell.row)?.parse(cell.text).ok ?? true;
  }

  const isProposed = (id: string): boolean => isProposal(rowOf(id));

  /** The sheet with one cell edited; an empty text clears a param's override, and removes an own row. */
  function put(sheet: Sheet, cell: CellText): Sheet {
    const { run, row, text } = cell;
    if (row === NAME_ROW) return renameRun(sheet, run, text.trim());
    if (row.startsWith(OWN)) {
      if (isProposed(row))
        return addRow(sheet, { name: freshRowName(sheet.rows), formula: canonical(cell) }, session.registry);
      const name = row.slice(OWN.length);
      return text.trim() === '' ? removeRow(sheet, name) : setRow(sheet, name, canonical(cell));
    }
    return text.trim() === ''
      ? clearOverride(sheet, run, row)
      : setOverride(sheet, run, row, canonical(cell));
  }

  function labelOf(cells: readonly CellText[]): string {
    const [first] = cells;
    if (!first) return '';
    const { run, row } = first;
    const isEmpty = cells.every((cell) => cell.text.trim() === '');
    const text = canonical(first);
    const own = `the row ${row.slice(OWN.length)}`;
    if (isProposed(row)) return `add ${own}`;
    if (row.startsWith(OWN) && cells.length === 1) return isEmpty ? `remove ${own}` : `set ${own} to ${text}`;
    const same = cells.every((cell) => canonical(cell) === text);
    const where =
      cells.length === 1 ? `${words(row.split('.').at(-1) ?? row)} of ${run}` : `${cells.length} cells`;
    if (row === NAME_ROW && cells.length === 1) return `rename ${run}`;
    if (isEmpty) return `clear ${where}`;
    return same ? `set ${where} to ${text}` : `set ${where}`;
  }

  /** Sets cells as one undo step; cells that cannot be edited are left out. */
  function set(cells: readonly CellText[]): void {
    const kept = cells.filter(({ row, text }) => !isProposed(row) || text.replace('=', '').trim() !== '');
    // A row has one formula, whichever of its cells it is typed into.
    const once = kept.filter(
      ({ row }, at) => !isProposed(row) || kept.findIndex((cell) => cell.row === row) === at,
    );
    const open = once.filter(({ run, row }) => textOf(run, row) !== undefined);
    if (open.length > 0) session.edit(labelOf(open), (sheet) => open.reduce(put, sheet));
  }

  /** Whether a cell belongs to a member, which cannot be edited; if so, shows a notice. */
  function isMember({ run, member }: Active): boolean {
    if (member !== undefined)
      session.say(`Members follow their run: change ${run} itself, and ${run}[${member}] changes with it.`);
    return member !== undefined;
  }

  /** Why a draft has no place in a sheet; undefined if it has one. */
  function whyGone({ run, row, text, proposed }: Draft, sheet: Sheet): string | undefined {
    const name = row.startsWith(OWN) && row.slice(OWN.length);
    const isThere = sheet.rows.some((own) => own.name === name);
    const gone = sheet.runs.every(({ id }) => id !== run)
      ? `${run} was removed`
      : name && isThere === !!proposed && `The row ${name} was ${proposed ? 'made elsewhere' : 'removed'}`;
    return gone ? `${gone} while you typed “${text}” there.` : undefined;
  }

  let seen = untrack(session.open);
  /**
   * Drops the draft, with a notice, if another sheet opened or the draft's run or row was removed or, for a row
   * that was a proposal, was made elsewhere. The same sheet may change under the draft, by another tab, or get
   * another id by an edit.
   */
  function follow(): void {
    const [before, now] = [seen, untrack(session.open)];
    seen = now;
    const typing = untrack(draft);
    if (!typing || before === now) return;
    const { id, history, opened } = now;
    const near = [history.present, history.past.at(-1)?.sheet];
    const isSame = id !== undefined && id === before.id && opened === before.opened;
    const isOther = !isSame && !near.includes(before.history.present);
    const reason = isOther
      ? `“${typing.text}” was typed into ${typing.run} of another sheet and is not saved.`
      : whyGone(typing, history.present);
    if (reason === undefined) return;
    session.say(reason);
    setDraft(undefined);
  }
  createComputed(on(session.open, follow, { defer: true }));

  // Restores the draft from before a reload.
  void session.typed?.load(session.typedKey()).then((left) => {
    if (!left || draft()) return;
    const reason = whyGone(left, session.sheet());
    if (reason !== undefined) {
      session.say(reason);
      // Said once: the next reload has nothing to restore.
      session.typed?.save(session.typedKey(), undefined);
      return;
    }
    // A row that was opened by hand is hidden again, until it is active.
    session.activate({ run: left.run, row: left.row });
    if (textOf(left.run, left.row) !== undefined) setDraft(left);
  });
  createEffect(
    on([draft, session.typedKey], ([typing, key]) => session.typed?.save(key, typing), { defer: true }),
  );

  return {
    draft,
    textOf,
    set,
    isMember,
    /** Whether the draft is a value that its param does not take; a formula is judged by the assistant, at rest. */
    isInvalid(): boolean {
      const typing = draft();
      return typing !== undefined && formulaIn(typing.row, typing.text) === undefined && !isValid(typing);
    },
    /** Begins a draft in the active cell, with the text of the cell or with `text` in its place. */
    begin(place: Draft['place'], text?: string) {
      const { run, row } = session.active();
      const present = textOf(run, row);
      if (present === undefined || isMember(session.active())) return;
      const over = place === 'cell' && text !== undefined;
      setDraft({ run, row, text: text ?? present, place, proposed: isProposed(row), over });
    },
    /** Replaces the text; `over` false hands the arrow keys to the caret from then on. */
    type(text: string, over?: false) {
      setDraft((current) => current && { ...current, text, over: over ?? current.over });
    },
    /**
     * Commits the draft, if there is one, valid or not; an unchanged text makes no edit, except that `asked`,
     * the Enter key, accepts the formula of a proposed row. Returns whether the text is valid.
     */
    commit(asked = false): boolean {
      const done = takeDraft();
      if (done && (done.text !== textOf(done.run, done.row) || (asked && isProposed(done.row)))) set([done]);
      return !done || isValid(done);
    },
    /**
     * Commits the draft to all these cells as one undo step. Returns whether the text is valid in each of
     * them.
     */
    commitTo(cells: readonly Active[]): boolean {
      const done = takeDraft();
      if (!done) return true;
      const isName = done.row === NAME_ROW;
      const filled = cells.flatMap(({ run, row, member }): CellText[] =>
        member === undefined && (row === NAME_ROW) === isName ? [{ run, row, text: done.text }] : [],
      );
      set(filled);
      return filled.every(isValid);
    },
    cancel: () => setDraft(undefined),
    /** Clears the overrides of cells as one undo step; names and own rows stay. */
    clear(cells: readonly Active[] = [session.active()]) {
      const own = cells.flatMap(({ run, row, member }): CellText[] =>
        row === NAME_ROW || row.startsWith(OWN) || member !== undefined ? [] : [{ run, row, text: '' }],
      );
      if (own.length > 0) set(own);
      else isMember(session.active());
    },
  };
}
