// The sheet as an accessible grid (W3C's ARIA grid pattern): one column per run, rows in groups by kind.
// Invariant: one tab stop for all cells, and one for the active run's menu; of many columns, those in view are drawn.
// Reads the workspace, computes nothing. The grid input beyond keys loads once the grid is drawn.

import {
  createEffect,
  createRenderEffect,
  createSelector,
  createSignal,
  For,
  on,
  onCleanup,
  onMount,
} from 'solid-js';
import { late, withPart } from '../../core/late-loading';
import { keepPrintHead } from '../dom/print-head';
import type { Active } from '../session/cursor';
import { headOf } from '../text/sheet-rows';
import { cellIn, columnName } from '../workspace/columns';
import { NAME_ROW } from '../workspace/editing';
import { chooseRun } from '../workspace/run-choice';
import type { Workspace } from '../workspace/workspace';
import type { CellProps } from './cell-input';
import { GhostRun } from './ghost-run';
import { type ColumnView, createGridColumns } from './grid-columns';
import { Corner } from './grid-headers';
import type { GridInput } from './grid-input';
import { gridKeys } from './grid-keys';
import { fillRow, GridRow } from './grid-row';
import { RunHeader } from './run-header';
import './grid.css';
import '../dom/forced-colors.css';

const gridInput = late(() => import('./grid-input'));

const ROWS_A_TASK = 8;

const IS_MAC = /^Mac/.test(navigator.platform);

/** Whether a press opens the menu of a cell: by the right button, or on a Mac with Ctrl. */
const opensMenu = ({ button, ctrlKey }: MouseEvent): boolean => button === 2 || (IS_MAC && ctrlKey);

/** Whether cells of a type of row take a text. */
const isEditable = (type: string | undefined): boolean =>
  type === NAME_ROW || type === 'param' || type === 'own';

export function Grid(props: { workspace: Workspace }) {
  const { workspace } = props;
  const { session, rows, columns, selection, editing } = workspace;
  const drawn = createGridColumns(workspace);
  const cells = new Map<string, HTMLElement>();
  const places = new WeakMap<Element, Active>();
  const nameOf = ({ run, row, member }: Active): string => `${columnName(run, member)} ${row}`;
  // The selector wakes only the cell that was active and the cell that becomes active.
  const isActive = createSelector(() => nameOf(session.active()));
  const isActiveRun = createSelector(() => session.active().run);
  let table: HTMLTableElement | undefined;
  let input: GridInput | undefined;
  /** Whether the focus is in the grid, or was there until its element was removed. */
  let hasFocus = false;

  // Rows are added a few per task: drawing all cells at once would block the page at the start.
  const [ready, setReady] = createSignal(ROWS_A_TASK);
  const drawOn = (): void => {
    setReady(ready() < rows.rows().length ? ready() + ROWS_A_TASK : Number.POSITIVE_INFINITY);
    if (ready() < Number.POSITIVE_INFINITY) setTimeout(drawOn);
  };
  onCleanup(() => input?.end());
  onCleanup(keepPrintHead());
  onMount(() => {
    setTimeout(drawOn);
    if (table?.parentElement) drawn.follow(table.parentElement);
    withPart(gridInput, ({ createGridInput }) => {
      input = createGridInput(workspace, {
        table: () => table,
        placeOf: (element) => places.get(element),
      });
    });
  });

  /** Number of rows in view under the header, less one, so that paging leaves one earlier row in view. */
  function pageRows(): number {
    const view = table?.parentElement?.getBoundingClientRect();
    const row = table?.tBodies[0]?.rows[0]?.offsetHeight;
    if (!table || !view || !row) return 1;
    const inView = Math.min(view.bottom, innerHeight) - Math.max(view.top, 0);
    return Math.max(1, Math.floor((inView - (table.tHead?.offsetHeight ?? 0)) / row) - 1);
  }
  const key = gridKeys({
    workspace,
    pageRows,
    // Read at each use: keys work from the first cell on, filling loads later.
    get fillings() {
      return input?.fillings;
    },
    openMenu: () => input?.openMenu(),
  });

  /** Whether the focus is on a button of the grid that is a tab stop: such a button keeps it when rows change. */
  const isOnTabStop = (): boolean =>
    document.activeElement instanceof HTMLButtonElement && document.activeElement.tabIndex >= 0;
  const focusActive = (): void => cells.get(nameOf(session.active()))?.focus();
  createEffect(
    on(
      [session.active, rows.rows, columns.all],
      ([{ run, row, member }], before) => {
        // If the active row or column goes, the head of its group, the next row or its run becomes active.
        const isShown = (id: string): boolean => selection.rowIds().includes(id);
        if (!isShown(row)) {
          const ids = before?.[1].map(({ id }) => id) ?? [];
          const at = ids.indexOf(row) + 1;
          const near = [headOf(row), ...ids.slice(at), ...ids.slice(0, at).reverse()];
          session.activate({ ...session.active(), row: near.find(isShown) ?? NAME_ROW });
        } else if (member !== undefined && columns.indexOf(run, member) < 0) session.activate({ run, row });
        else if (hasFocus && !editing.draft() && !isOnTabStop()) focusActive();
      },
      { defer: true },
    ),
  );
  createEffect(
    on(editing.draft, (draft, before) => before?.place === 'cell' && !draft && focusActive(), {
      defer: true,
    }),
  );

  /** Moves the active cell to the next param in direction `lines` (±1); stays if there is none. */
  function moveToParam(lines: number): void {
    const all = rows.rows();
    const { row } = session.active();
    for (let at = all.findIndex(({ id }) => id === row) + lines; at >= 0 && at < all.length; at += lines) {
      const next = all[at];
      if (next?.type !== 'param') continue;
      session.activate({ ...session.active(), row: next.id });
      return;
    }
  }

  function cellProps({ column, name }: ColumnView, row: string): CellProps {
    const place = cellIn(column, row);
    return {
      name,
      member: column.member,
      ref(element) {
        cells.set(nameOf(place), element);
        places.set(element, place);
        const type = row === NAME_ROW ? row : rows.find(row)?.type;
        if (place.member !== undefined || !isEditable(type)) element.ariaReadOnly = 'true';
        onCleanup(() => cells.get(nameOf(place)) === element && cells.delete(nameOf(place)));
        createRenderEffect(() => {
          // A cell with an input in it is no target of its own.
          const isEdited = isActive(nameOf(place)) && editing.draft()?.place === 'cell';
          element.tabIndex = isActive(nameOf(place)) && !isEdited ? 0 : -1;
        });
        // For the header's colour, and for digits that can be dragged.
        if (row === NAME_ROW || type === 'param')
          createRenderEffect(() => {
            element.toggleAttribute('data-near', isActiveRun(column.id));
          });
        createRenderEffect(() => {
          element.ariaSelected = String(selection.contains(column.id, row, column.member));
        });
        createRenderEffect(() => {
          element.ariaColIndex = String(columns.indexOf(column.id, column.member) + 2);
        });
      },
      edit: () => editing.begin('cell'),
      done(by, lines, near = false) {
        // After an invalid text the cell stays active, so that the line above can explain the problem.
        if (!editing.commit(lines !== 0 && !near)) selection.move(0, 0);
        else if (lines === 0 || near) selection.move(by, lines);
        else moveToParam(lines);
        queueMicrotask(focusActive);
      },
      fill() {
        editing.commitTo(selection.cells());
        queueMicrotask(focusActive);
      },
    };
  }

  /**
   * Makes the pressed cell active; with Shift, extends the selection to the pressed cell; with Ctrl on a
   * run's header, adds the run to the figures.
   */
  function press(event: MouseEvent): void {
    const element = event.target instanceof Element ? event.target.closest('td, th') : null;
    const place = element && places.get(element);
    if (!place) return;
    if (editing.draft()) editing.commit();
    if (opensMenu(event)) {
      if (!event.shiftKey && !selection.contains(place.run, place.row, place.member)) session.activate(place);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && place.row === NAME_ROW && place.member === undefined) {
      event.preventDefault();
      chooseRun(session, place.run, 'add');
      return;
    }
    if (event.shiftKey) {
      event.preventDefault();
      selection.extendTo(place);
      focusActive();
      return;
    }
    session.activate(place);
    if (!(event.target instanceof HTMLButtonElement)) focusActive();
  }

  return (
    <>
      <h2 class="unseen">Sheet</h2>
      <table
        ref={(element) => {
          table = element;
        }}
        role="grid"
        class="grid"
        aria-label="The sheet: a column is a run, a row is a parameter or a result"
        aria-multiselectable="true"
        aria-rowcount={selection.rowIds().length}
        aria-colcount={columns.all().length + 1}
        onKeyDown={key}
        onPointerDown={(event) => input?.press(event)}
        onMouseDown={press}
        onFocusIn={() => {
          hasFocus = true;
        }}
        onFocusOut={(event) => {
          if (event.relatedTarget) hasFocus = false;
        }}
      >
        <thead>
          <tr
            aria-rowindex="1"
            ref={(element) =>
              fillRow(
                element,
                <Corner rows={rows} />,
                drawn,
                (view) => (
                  <RunHeader
                    workspace={workspace}
                    run={view.plan()}
                    width={drawn.widthOf(view.column)}
                    cell={cellProps(view, NAME_ROW)}
                  />
                ),
                { isFirst: true },
              )
            }
          />
        </thead>
        <tbody>
          <For each={rows.rows().slice(0, ready())}>
            {(row, index) => (
              <GridRow
                workspace={workspace}
                columns={drawn}
                cellProps={cellProps}
                row={row}
                index={index()}
              />
            )}
          </For>
        </tbody>
      </table>
      <GhostRun workspace={workspace} />
    </>
  );
}
