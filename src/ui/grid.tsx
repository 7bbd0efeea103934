// The sheet as an accessible grid (W3C's ARIA grid pattern): a column a run, rows in groups by kind.
// Invariant: one tab stop for all cells, and one for the active run's menu; the keys act on the active cell alone.
// Reads the session, computes nothing.

import { createEffect, createMemo, createSelector, createSignal, For, on, onMount, Show } from 'solid-js';
import type { RunId } from '../core/sheet';
import type { CellProps } from './cell-input';
import type { Checks } from './checks';
import { type Editing, NAME_ROW } from './editing';
import { inMenu, RowHeader, RunHeader } from './grid-headers';
import { gridKeys } from './grid-keys';
import type { Rows } from './grid-rows';
import { ParamCell } from './param-cell';
import { ResultCell } from './result-cell';
import type { Session } from './session';
import { StatusCell } from './status-cell';

const ROWS_A_TASK = 8;

export function Grid(props: { session: Session; rows: Rows; editing: Editing; checks: Checks }) {
  const { session, rows, editing } = props;
  const cells = new Map<string, HTMLElement>();
  const place = (run: RunId, row: string): string => `${run} ${row}`;
  const runIds = createMemo<readonly RunId[]>((before) => {
    const ids = session.sheet().runs.map(({ id }) => id);
    return ids.join() === before.join() ? before : ids;
  }, []);
  // Selectors tell only the cells that the active one has come to or gone from; all others hear nothing of a move.
  const isActive = createSelector(() => place(session.active().run, session.active().row));
  const isActiveRow = createSelector(() => session.active().row);
  const rowIds = () => [NAME_ROW, ...rows.rows().map(({ id }) => id)];
  let table: HTMLTableElement | undefined;

  // The rows come a few a task, until all are there: at the start many cells are drawn at once.
  const [drawn, setDrawn] = createSignal(ROWS_A_TASK);
  const drawOn = (): void => {
    setDrawn(drawn() < rows.rows().length ? drawn() + ROWS_A_TASK : Number.POSITIVE_INFINITY);
    if (drawn() < Number.POSITIVE_INFINITY) setTimeout(drawOn);
  };
  onMount(() => setTimeout(drawOn));

  const focusActive = (): void => cells.get(place(session.active().run, session.active().row))?.focus();
  createEffect(
    on(
      [session.active, rows.rows],
      ([{ run, row }]) => {
        // A row that folded away hands the active cell to the head of its group.
        if (!rowIds().includes(row)) session.activate({ run, row: row.split('.')[0] ?? NAME_ROW });
        else if (table?.contains(document.activeElement) && !editing.draft()) focusActive();
      },
      { defer: true },
    ),
  );
  createEffect(
    on(editing.draft, (draft, before) => before?.place === 'cell' && !draft && focusActive(), {
      defer: true,
    }),
  );

  function move(columns: number, lines: number, extend = false): void {
    const { run, row } = session.active();
    const at = (list: readonly string[], index: number): string =>
      list[Math.max(0, Math.min(list.length - 1, index))] ?? '';
    session.activate(
      {
        run: at(runIds(), runIds().indexOf(run) + columns),
        row: at(rowIds(), rowIds().indexOf(row) + lines),
      },
      { extend },
    );
  }

  /** Goes on to the next row that can be edited; stays where there is none. */
  function moveToParam(lines: number): void {
    const { run, row } = session.active();
    const all = rows.rows();
    for (let at = all.findIndex(({ id }) => id === row) + lines; at >= 0 && at < all.length; at += lines) {
      const next = all[at];
      if (next?.type !== 'param') continue;
      session.activate({ run, row: next.id });
      return;
    }
  }

  /** The attributes of a cell that can be the active one. */
  const cellProps = (run: RunId, row: string): CellProps => ({
    ref: (element: HTMLElement) => cells.set(place(run, row), element),
    tabindex: (): 0 | -1 => (isActive(place(run, row)) ? 0 : -1),
    selected: () => isActiveRow(row) && session.selected().includes(run),
    pick: (event: MouseEvent, quiet = false) => {
      if (inMenu(event)) return;
      if (editing.draft()) editing.commit();
      session.activate({ run, row }, { extend: event.shiftKey, quiet });
      if (!(event.target instanceof HTMLButtonElement)) cells.get(place(run, row))?.focus();
    },
    edit: () => editing.begin('cell'),
    done: (columns: number, lines: number) => {
      // At a text that is not valid the cell stays the active one, so that the line above can say why.
      if (!editing.commit()) move(0, 0);
      else if (lines === 0) move(columns, 0);
      else moveToParam(lines);
      queueMicrotask(focusActive);
    },
  });

  return (
    <table
      ref={(element) => {
        table = element;
      }}
      role="grid"
      class="grid"
      aria-label="The sheet: a column is a run, a row is a parameter or a result"
      aria-rowcount={rowIds().length}
      aria-colcount={runIds().length + 1}
      onKeyDown={gridKeys({ session, rows, editing, move })}
    >
      <thead>
        <tr>
          <td class="corner" />
          <For each={runIds()}>
            {(id) => (
              <RunHeader
                session={session}
                editing={editing}
                checks={props.checks}
                id={id}
                cell={cellProps(id, NAME_ROW)}
              />
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={rows.rows().slice(0, drawn())}>
          {(row) => (
            <tr class={row.type}>
              <RowHeader row={row} rows={rows} />
              <For each={runIds()}>
                {(id) => {
                  const cell = cellProps(id, row.id);
                  const run = createMemo(() => session.plan().runs.get(id));
                  return (
                    <Show when={run()} fallback={<td />}>
                      {(planned) => {
                        if (row.type === 'param') {
                          return (
                            <ParamCell
                              session={session}
                              editing={editing}
                              run={planned()}
                              row={row}
                              cell={cell}
                            />
                          );
                        }
                        if (row.type === 'result')
                          return (
                            <ResultCell session={session} run={planned()} result={row.result} cell={cell} />
                          );
                        if (row.type === 'kind')
                          return (
                            <StatusCell
                              session={session}
                              checks={props.checks}
                              run={planned()}
                              kind={row.kind}
                              cell={cell}
                            />
                          );
                        return (
                          <td
                            ref={cell.ref}
                            tabindex={cell.tabindex()}
                            aria-selected={cell.selected()}
                            aria-label={row.hidden > 0 ? `${row.hidden} rows at default` : 'fewer rows'}
                            onMouseDown={cell.pick}
                          />
                        );
                      }}
                    </Show>
                  );
                }}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
