// The selection in the grid: all cells between the active cell, which stays, and the other corner.
// Invariant: the active cell is always selected, and of columns and rows only the shown ones.
// The state lies in the session, since figures follow the selected runs; knows neither keys nor elements.

import { type Accessor, createMemo, createSelector } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import type { Active, SessionCursor } from '../session/cursor';
import { type Column, type Columns, cellIn, columnName } from './columns';
import { NAME_ROW } from './editing';
import type { Rows } from './row-list';

/** The first and the last of a stretch. */
type Ends = readonly [number, number];

const sameEnds = (a: Ends, b: Ends): boolean => a[0] === b[0] && a[1] === b[1];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const clamp = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));

export interface Selection {
  /** The ids of all rows that are shown, that of the names first. */
  readonly rowIds: Accessor<readonly string[]>;
  /** Where the active cell and the other corner stand, as [column, row]. */
  active(): Ends;
  corner(): Ends;
  /** The selected columns, rows and runs, in the order in which they are seen; a member's run is selected with it. */
  readonly columns: Accessor<readonly Column[]>;
  readonly rows: Accessor<readonly string[]>;
  runs(): readonly RunId[];
  /** The selected cells, row by row. */
  cells(): readonly Active[];
  /** How much is selected, in words: "3 runs × 2 rows selected"; empty for the active cell alone. */
  words(): string;
  contains(run: RunId, row: string, member?: number): boolean;
  /** Whether nothing but the active cell is selected. */
  isSingle(): boolean;
  /** Extends it to whole columns, to whole rows, to both, or back to the active cell. */
  selectColumn(): void;
  selectRow(): void;
  selectAll(): void;
  collapse(): void;
  /** Moves the other corner by so many columns and rows, as far as there are any. */
  extend(columns: number, rows: number): void;
  /** Moves the other corner to a cell. */
  extendTo(corner: Active): void;
  /** Makes a cell the active one and another the other corner. */
  set(from: Active, to: Active): void;
  /** Makes the cell so many columns and rows from the active one the active one, as far as there are any. */
  move(columns: number, rows: number): void;
}

export function createSelection(session: SessionCursor, rows: Rows, columns: Columns): Selection {
  const rowIds = createMemo(() => [NAME_ROW, ...rows.rows().map(({ id }) => id)]);
  const rowPlaces = createMemo(() => new Map(rowIds().map((id, at) => [id, at])));
  /** A row that is folded away is where the head of its group is. */
  const rowAt = (id: string): number => rowPlaces().get(id) ?? rowPlaces().get(id.split('.')[0] ?? '') ?? 0;
  const placeOf = (cell: Active): Ends => [columns.placeOf(cell), rowAt(cell.row)];
  const active = (): Ends => placeOf(session.active());
  const corner = (): Ends => placeOf(session.span().corner ?? session.active());
  const endsOf = (which: 0 | 1, whole: boolean | undefined, length: number): Ends => {
    if (whole) return [0, length - 1];
    const [a, b] = [active()[which], corner()[which]];
    return [Math.min(a, b), Math.max(a, b)];
  };
  const columnEnds = createMemo<Ends>(() => endsOf(0, session.span().rows, columns.all().length), [0, 0], {
    equals: sameEnds,
  });
  const rowEnds = createMemo<Ends>(() => endsOf(1, session.span().columns, rowIds().length), [0, 0], {
    equals: sameEnds,
  });
  const picked = createMemo(() => columns.all().slice(columnEnds()[0], columnEnds()[1] + 1));
  const pickedRows = createMemo(() => rowIds().slice(rowEnds()[0], rowEnds()[1] + 1));
  const names = createMemo(() => new Set(picked().map(({ id, member }) => columnName(id, member))));
  const pickedSet = createMemo(() => new Set(pickedRows()));
  // Only those are told that come or go: a selection that grows by a column wakes the cells of one column.
  const isColumn = createSelector(names, (name: string, set) => set.has(name));
  const isRow = createSelector(pickedSet, (row: string, set) => set.has(row));

  /** The cell at a place, or at the nearest one that there is. */
  const cellAt = (column: number, row: number): Active => {
    const found = columns.all()[clamp(column, columns.all().length)];
    return cellIn(found ?? { id: session.active().run }, rowIds()[clamp(row, rowIds().length)] ?? NAME_ROW);
  };
  const widen = (whole: { columns?: boolean; rows?: boolean }): void => {
    session.select({ ...session.span(), ...whole });
  };

  return {
    rowIds,
    active,
    corner,
    columns: picked,
    rows: pickedRows,
    runs: session.selected,
    cells: () => pickedRows().flatMap((row) => picked().map((column) => cellIn(column, row))),
    words() {
      const [width, height] = [picked().length, pickedRows().length];
      if (width * height === 1) return '';
      const runs = picked().every(({ member }) => member === undefined) ? 'run' : 'column';
      return `${counted(width, runs)} × ${counted(height, 'row')} selected`;
    },
    contains: (run, row, member) => isRow(row) && isColumn(columnName(run, member)),
    isSingle: () => columnEnds()[0] === columnEnds()[1] && rowEnds()[0] === rowEnds()[1],
    selectColumn: () => widen({ columns: true }),
    selectRow: () => widen({ rows: true }),
    selectAll: () => widen({ columns: true, rows: true }),
    collapse: () => session.select({}),
    extend(by, lines) {
      const [column, row] = corner();
      session.select({ ...session.span(), corner: cellAt(column + by, row + lines) });
    },
    extendTo: (cell) => session.select({ corner: cell }),
    set(from, to) {
      session.activate(from);
      session.select({ corner: to });
    },
    move(by, lines) {
      const [column, row] = active();
      session.activate(cellAt(column + by, row + lines));
    },
  };
}
