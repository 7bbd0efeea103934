// A row of the grid: its name, and a cell in each drawn column, with gaps in place of the other columns.
// Invariant: a cell is made once for as long as its column and its row are drawn, and never moves while columns and rows stay
// in order.

import { type Accessor, createMemo, createRenderEffect, type JSX, mapArray, Show } from 'solid-js';
import { late } from '../../core/late-loading';
import { later } from '../dom/late-signal';
import type { OwnRow, Row } from '../text/sheet-rows';
import type { Workspace } from '../workspace/workspace';
import type { CellProps } from './cell-input';
import { arrange } from './child-order';
import type { Gap } from './column-window';
import type { ColumnView, GridColumns, Piece } from './grid-columns';
import { RowHeader } from './grid-headers';
import { ParamCell } from './param-cell';
import { ResultCell } from './result-cell';
import { StatusCell } from './status-cell';

interface RowProps {
  readonly workspace: Workspace;
  readonly columns: GridColumns;
  readonly cellProps: (view: ColumnView, row: string) => CellProps;
}

/**
 * The element of a component. In development, Solid wraps a component in a function. Throws if a component is
 * not a single element.
 */
function elementOf(made: JSX.Element): Element {
  const element = typeof made === 'function' ? (made as () => JSX.Element)() : made;
  if (element instanceof Element) return element;
  throw new Error('a piece of a row is one element');
}

/**
 * Fills a row with its head and a cell for each piece; the first row sets the widths of gaps for all rows.
 */
export function fillRow(
  row: HTMLTableRowElement,
  head: JSX.Element,
  columns: GridColumns,
  cell: (view: ColumnView) => JSX.Element,
  { isFirst = false, pieces = columns.pieces as Accessor<readonly Piece[]> } = {},
): void {
  const gapOf = (gap: Gap): JSX.Element => (
    <td
      aria-hidden="true"
      class="gap"
      style={isFirst ? { width: `${columns.gapWidth(gap)}px` } : undefined}
    />
  );
  // Cells that the effect below owned would run that effect before the page has heard of a change.
  const cells = createMemo(
    mapArray(pieces, (piece) => (typeof piece === 'string' ? gapOf(piece) : cell(piece))),
  );
  createRenderEffect(() => arrange(row, [head, ...cells()].map(elementOf)));
}

/** Whether a row stays in view: the loss, which every edit changes. */
const isKept = (row: Row): boolean => row.type === 'result' && row.result.name === 'loss';

/** The cells of rows of formulas, loaded with the first such row. */
const ownRows = later(late(() => import('./own-row-cell')));

/** A row of the grid; a row of formulas has its place and its name before its cells are loaded. */
export function GridRow(props: RowProps & { row: Row; index: number }) {
  const placeholder = () => (
    <tr class={props.row.type} aria-rowindex={props.index + 2}>
      <RowHeader row={props.row} workspace={props.workspace} />
    </tr>
  );
  return (
    <Show when={props.row.type !== 'own' || ownRows()} fallback={placeholder()}>
      <ReadyRow {...props} />
    </Show>
  );
}

function ReadyRow(props: RowProps & { row: Row; index: number }) {
  const { workspace, columns, row } = props;
  const ownCell = (own: OwnRow, view: ColumnView, cell: CellProps): JSX.Element => {
    const Cell = ownRows()?.OwnRowCell;
    return Cell ? <Cell workspace={workspace} run={view.plan()} row={own} cell={cell} /> : undefined;
  };
  const cellOf = (view: ColumnView): JSX.Element => {
    const cell = props.cellProps(view, row.id);
    switch (row.type) {
      case 'param':
        return <ParamCell workspace={workspace} run={view.plan()} row={row} cell={cell} />;
      case 'result':
        return <ResultCell workspace={workspace} run={view.plan()} result={row.result} cell={cell} />;
      case 'kind':
        return <StatusCell workspace={workspace} run={view.plan()} kind={row.kind} cell={cell} />;
      case 'own':
        return ownCell(row, view, cell);
      case 'run':
        return (
          <td
            ref={cell.ref}
            aria-label={`${cell.name}, run`}
            aria-expanded={!workspace.rows.folded().has(row.id)}
          />
        );
    }
  };
  /**
   * The pieces of the row. Until its turn, a row keeps its earlier pieces and is hidden, since those lie in
   * the places of other columns.
   */
  const pieces = createMemo<readonly Piece[]>(
    (before) =>
      columns.isReady(props.index) || workspace.session.active().row === row.id ? columns.pieces() : before,
    [],
  );
  return (
    <tr
      class={row.type === 'run' ? 'kind' : row.type}
      classList={{ unfilled: pieces() !== columns.pieces(), kept: isKept(row) }}
      aria-rowindex={props.index + 2}
      ref={(element) =>
        fillRow(element, <RowHeader row={row} workspace={workspace} />, columns, cellOf, { pieces })
      }
    />
  );
}
