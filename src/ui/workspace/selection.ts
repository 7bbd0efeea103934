// The selection in the grid: all cells between the active cell, which stays, and the other corner.
// Invariant: the active cell is always selected; all selected columns and rows are shown.
// The state lies in the session, since figures follow the selected runs; knows neither keys nor elements.

import { type Accessor, createMemo, createSelector } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import type { Active, SessionCursor } from '../session/cursor';
import { headOf } from '../text/sheet-rows';
import { type Column, type Columns, cellIn, columnName } from './columns';
import { NAME_ROW } from './editing';
import type { Rows } from './row-list';

/** The first and the last index of a stretch, or a place as [column, row]. */
type Ends = readonly [number, number];

const sameEnds = (a: Ends, b: Ends): boolean => a[0] === b[0] && a[1] === b[1];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const clamp = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));

/** The selected rectangle of cells, read and changed; indices count shown columns and rows from 0. */
export interface Selection {
  /** Ids of all shown rows, the row of names first. */
  readonly rowIds: Accessor<readonly string[]>;
  /** Places of the active cell and of the other corner, as indices [column, row]. */
  active(): Ends;
  corner(): Ends;
  /**
   * The selected columns, rows and runs in the order of the screen; the run of a selected member counts as
   * selected.
   */
  readonly columns: Accessor<readonly Column[]>;
  readonly rows: Accessor<readonly string[]>;
  runs(): readonly RunId[];
  /** The selected cells, row by row. */
  cells(): readonly Active[];
  /** Size of the selection in words: "3 runs × 2 rows selected"; empty for the active cell alone. */
  words(): string;
  contains(run: RunId, row: string, member?: number): boolean;
  /** Whether the active cell alone is selected. */
  isSingle(): boolean;
  /**
   * These four extend the selection to whole columns, to whole rows or to the sheet, or reduce it to the
   * active cell.
   */
  selectColumn(): void;
  selectRow(): void;
  selectAll(): void;
  collapse(): void;
  /** Moves the other corner by numbers of columns and rows, at most to the edge. */
  extend(columns: number, rows: number): void;
  /** Moves the other corner to a cell. */
  extendTo(corner: Active): void;
  /** Makes `from` the active cell and `to` the other corner. */
  set(from: Active, to: Active): void;
  /** Makes another cell active, at a distance in columns and rows, at most at the edge. */
  move(columns: number, rows: number): void;
}

/** The selection of a session; must be made inside a Solid root. */
export function createSelection(session: SessionCursor, rows: Rows, columns: Columns): Selection {
  const rowIds = createMemo(() => [NAME_ROW, ...rows.rows().map(({ id }) => id)]);
  const rowPlaces = createMemo(() => new Map(rowIds().map((id, at) => [id, at])));
  /** Index of a row; a folded row has the index of the head of its group. */
  const rowAt = (id: string): number => rowPlaces().get(id) ?? rowPlaces().get(headOf(id)) ?? 0;
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
  // Selectors wake only the columns and rows that enter or leave the selection.
  const isColumn = createSelector(names, (name: string, set) => set.has(name));
  const isRow = createSelector(pickedSet, (row: string, set) => set.has(row));

  /** The cell at a place, or at the nearest place in the sheet. */
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
