// The rows that the grid shows, with the folded and the opened groups.
// Invariant: an unchanged row is the same object as before, and an unchanged set of rows is the same list.

import { createMemo, createSignal } from 'solid-js';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { headOf, quietOf, type Row, rowsOf } from '../text/sheet-rows';

/** The rows of the session's sheet, and the state of folding; must be made inside a Solid root. */
export function createRows(session: SessionDocument & SessionProgress) {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const [differing, setDiffering] = createSignal(false);
  const rows = createMemo<readonly Row[]>((before) => {
    // A drag must not move the rows under the pointer.
    if (session.isMoving() && before.length > 0) return before;
    const known = new Map(before.map((row) => [JSON.stringify(row), row]));
    const next = rowsOf(session.registry, session.plan(), folded(), opened(), differing()).map(
      (row) => known.get(JSON.stringify(row)) ?? row,
    );
    return next.length === before.length && next.every((row, index) => row === before[index]) ? before : next;
  }, []);
  const quiet = createMemo(() => quietOf(session.registry, session.plan(), differing()));
  const flip = (set: ReadonlySet<string>, name: string): ReadonlySet<string> =>
    set.has(name) ? new Set([...set].filter((other) => other !== name)) : new Set(set).add(name);
  return {
    rows,
    folded,
    opened,
    /** The number of quiet params of a kind, shown or not. */
    quiet: (kind: string): number => quiet().get(kind) ?? 0,
    /** What shows or hides these params: "2 params of dataset at default: show". */
    quietWords(kind: string): string {
      const count = quiet().get(kind) ?? 0;
      const what = `${count} param${count === 1 ? '' : 's'} of ${kind}`;
      const why = differing() ? 'alike in all runs' : 'at default';
      return `${what} ${why}: ${opened().has(kind) ? 'hide' : 'show'}`;
    },
    /** Shows the quiet params of a kind, or hides them. */
    toggleQuiet: (kind: string): void => void setOpened(flip(opened(), kind)),
    /** Whether only the params in which runs differ are shown. */
    differing,
    setDiffering(only: boolean) {
      setOpened(new Set<string>());
      setDiffering(only);
    },
    find: (id: string) => rows().find((row) => row.id === id),
    /** Unfolds the group of a row, and shows the group's quiet params if the row is still hidden. */
    reveal(id: string) {
      const kind = headOf(id);
      if (folded().has(kind)) setFolded(flip(folded(), kind));
      if (!rows().some((row) => row.id === id) && !opened().has(kind)) setOpened(flip(opened(), kind));
    },
    /** Folds or unfolds a group. */
    toggle(row: Row) {
      if (row.type === 'kind' || row.type === 'run') setFolded(flip(folded(), row.id));
    },
  };
}

export type Rows = ReturnType<typeof createRows>;
