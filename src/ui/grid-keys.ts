// What the keys do in the grid, as in every grid: moving, selecting, editing, clearing, folding.
// Invariant: a key acts on the active cell alone; what it has no use for goes on to the page.

import { cellAction } from './cell-action';
import type { Editing } from './editing';
import type { Rows } from './grid-rows';
import type { Session } from './session';

const PAGE = 10;
const FAR = 100_000;

/** What the keys act on; `move` goes so many columns and lines from the active cell, as far as there are any. */
export interface KeyTarget {
  readonly session: Session;
  readonly rows: Rows;
  readonly editing: Editing;
  move(columns: number, lines: number, extend?: boolean): void;
}

/** The listener for key presses in the grid. */
export function gridKeys({ session, rows, editing, move }: KeyTarget): (event: KeyboardEvent) => void {
  return (event) => {
    if (editing.draft()?.place === 'cell') return;
    // Buttons inside of cells answer for themselves.
    if (event.target instanceof HTMLButtonElement) return;
    const control = event.ctrlKey || event.metaKey;
    const row = rows.find(session.active().row);
    const moves: Record<string, [number, number]> = {
      ArrowLeft: control ? [-FAR, 0] : [-1, 0],
      ArrowRight: control ? [FAR, 0] : [1, 0],
      ArrowUp: control ? [0, -FAR] : [0, -1],
      ArrowDown: control ? [0, FAR] : [0, 1],
      Home: control ? [-FAR, -FAR] : [-FAR, 0],
      End: control ? [FAR, FAR] : [FAR, 0],
      PageUp: [0, -PAGE],
      PageDown: [0, PAGE],
    };
    const by = moves[event.key];
    if (by) move(by[0], by[1], event.shiftKey);
    else if (event.key === 'Enter' || event.key === 'F2' || (event.key === ' ' && row?.type !== 'param')) {
      const action = row?.type === 'kind' && cellAction(session, session.active().run, row.kind);
      if (action) action.act();
      else if (row && row.type !== 'param') rows.toggle(row);
      else editing.begin('cell');
    } else if (event.key === 'Delete' || event.key === 'Backspace') editing.clear();
    else if (event.key.length === 1 && !control && !event.altKey) editing.begin('cell', event.key);
    else return;
    event.preventDefault();
  };
}
