// The rows that the grid shows, with the folded and the opened groups.
// Invariants: an unchanged row is the same object as before, and an unchanged set of rows is the same list; no edit takes the
// active or a selected row away, whoever makes the edit; a hidden row that becomes active is shown.

import { createComputed, createEffect, createMemo, createSignal, on, untrack } from 'solid-js';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { headOf, quietOf, type Row, rowsOf } from '../text/sheet-rows';

/** The rows of the session's sheet, and the state of folding; must be made inside a Solid root. */
export function createRows(session: SessionDocument & SessionCursor & SessionProgress) {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const [differing, setDiffering] = createSignal(false);
  /** Grows when the hand has left a row that stayed for it. */
  const [left, setLeft] = createSignal(0);
  /** What folding was when the rows were made: a person who hides rows hides them under the hand too. */
  let folding: readonly unknown[] = [];
  /** The rows that are shown for the hand alone. */
  let staying: ReadonlySet<string> = new Set();
  /** The ids of the rows, among these, that are active or selected. */
  const underHand = (all: readonly Row[]): readonly string[] => {
    const { row } = session.active();
    const { corner, columns } = session.span();
    const ends = [row, corner?.row ?? row].map((id) => all.findIndex((one) => one.id === id));
    const [low, high] = columns ? [0, all.length] : [Math.min(...ends), Math.max(...ends)];
    return low < 0 ? [] : all.slice(low, high + 1).map(({ id }) => id);
  };
  const rows = createMemo<readonly Row[]>((before) => {
    // A drag must not move the rows under the pointer.
    if (session.isMoving() && before.length > 0) return before;
    left();
    const known = new Map(before.map((row) => [JSON.stringify(row), row]));
    const now = [folded(), opened(), differing()];
    const isSame = now.every((one, index) => one === folding[index]);
    folding = now;
    const shown = (stays?: ReadonlySet<string>): Row[] =>
      rowsOf(session.registry, session.plan(), folded(), opened(), differing(), stays);
    const plain = shown();
    const ids = new Set(plain.map(({ id }) => id));
    // An edit that makes a param quiet takes no row from under the hand: the next key would act on another row.
    staying = new Set(isSame ? untrack(() => underHand(before)).filter((id) => !ids.has(id)) : []);
    const next = (staying.size > 0 ? shown(staying) : plain).map(
      (row) => known.get(JSON.stringify(row)) ?? row,
    );
    return next.length === before.length && next.every((row, index) => row === before[index]) ? before : next;
  }, []);
  const flip = (set: ReadonlySet<string>, name: string): ReadonlySet<string> =>
    set.has(name) ? new Set([...set].filter((other) => other !== name)) : new Set(set).add(name);
  const isShown = (id: string): boolean => rows().some((row) => row.id === id);
  createEffect(
    on([session.active, session.span], () => {
      if (staying.size === 0) return;
      const now = underHand(rows());
      if ([...staying].some((id) => !now.includes(id))) setLeft(left() + 1);
    }),
  );
  // Wherever the cell comes from, undo, a reference or a restored text: its group unfolds, or shows its quiet params. Before
  // all effects, some of which leave a row that is hidden.
  createComputed(
    on(session.active, ({ row }) => {
      const kind = headOf(row);
      if (isShown(row) || !isShown(kind)) return;
      if (folded().has(kind)) setFolded(flip(folded(), kind));
      if (!isShown(row) && !opened().has(kind)) setOpened(flip(opened(), kind));
    }),
  );
  const quiet = createMemo(() => quietOf(session.registry, session.plan(), differing()));
  return {
    rows,
    folded,
    opened,
    /** The number of quiet params of a kind, shown or not. */
    quiet: (kind: string): number => quiet().get(kind) ?? 0,
    /** Shows the quiet params of a kind, or hides them. */
    toggleQuiet: (kind: string): void => void setOpened(flip(opened(), kind)),
    /** Whether only the params in which runs differ are shown. */
    differing,
    setDiffering(only: boolean) {
      setOpened(new Set<string>());
      setDiffering(only);
    },
    find: (id: string) => rows().find((row) => row.id === id),
    /** Folds or unfolds a group. */
    toggle(row: Row) {
      if (row.type === 'kind' || row.type === 'run') setFolded(flip(folded(), row.id));
    },
  };
}

export type Rows = ReturnType<typeof createRows>;
