// The sheet as an accessible grid (W3C's ARIA grid pattern): a column a run, rows in groups by kind.
// Invariant: one tab stop for all cells, and one for the active run's menu; the keys act on the active cell alone.
// Reads the session, computes nothing.

import { createEffect, createMemo, createSelector, createSignal, For, on, onMount, Show } from 'solid-js';
import type { RunId } from '../core/sheet';
import { CellInput, type CellProps } from './cell-input';
import { type Editing, NAME_ROW } from './editing';
import { ParamCell, ResultCell, StatusCell } from './grid-cells';
import { runColor } from './palette';
import { differenceText } from './reading';
import { type Row, rowsOf, words } from './rows';
import { RunMenu } from './run-menu';
import type { Session } from './session';

const PAGE = 10;
const ROWS_A_TASK = 8;

/** The rows of the session's sheet, the same objects as before wherever they did not change. */
export function createRows(session: Session) {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const rows = createMemo<readonly Row[]>((before) => {
    const known = new Map(before.map((row) => [JSON.stringify(row), row]));
    return rowsOf(session.registry, session.plan(), folded(), opened()).map(
      (row) => known.get(JSON.stringify(row)) ?? row,
    );
  }, []);
  const flip = (set: ReadonlySet<string>, name: string): ReadonlySet<string> =>
    set.has(name) ? new Set([...set].filter((other) => other !== name)) : new Set(set).add(name);
  return {
    rows,
    folded,
    opened,
    find: (id: string) => rows().find((row) => row.id === id),
    /** Unfolds what hides a row. */
    reveal(id: string) {
      const [kind = ''] = id.split('.');
      if (folded().has(kind)) setFolded(flip(folded(), kind));
      if (!rows().some((row) => row.id === id) && !opened().has(kind)) setOpened(flip(opened(), kind));
    },
    /** Folds or unfolds a group, or shows and hides its quiet params. */
    toggle(row: Row) {
      if (row.type === 'kind') setFolded(flip(folded(), row.kind));
      if (row.type === 'more') setOpened(flip(opened(), row.kind));
    },
  };
}

/** A run's menu is drawn over the page, but its events pass through the header that it belongs to. */
const inMenu = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('[popover]') !== null;

export type Rows = ReturnType<typeof createRows>;

export function Grid(props: { session: Session; rows: Rows; editing: Editing }) {
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
      extend,
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

  const FAR = 100_000;
  function onKeyDown(event: KeyboardEvent): void {
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
      if (row && row.type !== 'param') rows.toggle(row);
      else editing.begin('cell');
    } else if (event.key === 'Delete' || event.key === 'Backspace') editing.clear();
    else if (event.key.length === 1 && !control && !event.altKey) editing.begin('cell', event.key);
    else return;
    event.preventDefault();
  }

  /** The attributes of a cell that can be the active one. */
  const cellProps = (run: RunId, row: string) => ({
    ref: (element: HTMLElement) => cells.set(place(run, row), element),
    tabindex: (): 0 | -1 => (isActive(place(run, row)) ? 0 : -1),
    selected: () => isActiveRow(row) && session.selected().includes(run),
    pick: (event: MouseEvent) => {
      if (inMenu(event)) return;
      if (editing.draft()) editing.commit();
      session.activate({ run, row }, event.shiftKey);
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
      onKeyDown={onKeyDown}
    >
      <thead>
        <tr>
          <td class="corner" />
          <For each={runIds()}>
            {(id) => <RunHeader session={session} editing={editing} id={id} cell={cellProps(id, NAME_ROW)} />}
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
                          return <StatusCell session={session} run={planned()} kind={row.kind} cell={cell} />;
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

function RowHeader(props: { row: Row; rows: Rows }) {
  const { row, rows } = props;
  switch (row.type) {
    case 'kind':
      return (
        <th scope="row">
          <button
            type="button"
            tabindex="-1"
            aria-expanded={!rows.folded().has(row.kind)}
            onClick={() => rows.toggle(row)}
          >
            <span class="fold" aria-hidden="true">
              {rows.folded().has(row.kind) ? '▸' : '▾'}
            </span>
            {row.kind}
          </button>
        </th>
      );
    case 'more':
      return (
        <th scope="row">
          <button type="button" tabindex="-1" onClick={() => rows.toggle(row)}>
            {row.hidden > 0 ? `${row.hidden} at default` : 'fewer'}
          </button>
        </th>
      );
    case 'param':
      return <th scope="row">{words(row.param)}</th>;
    case 'result':
      return <th scope="row">{row.result.label}</th>;
  }
}

function RunHeader(props: { session: Session; editing: Editing; id: RunId; cell: CellProps }) {
  const { session, editing, id, cell } = props;
  const run = () => session.plan().runs.get(id);
  const draft = () => {
    const current = editing.draft();
    return current?.place === 'cell' && current.run === id && current.row === NAME_ROW ? current : undefined;
  };
  return (
    <th
      scope="col"
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      onMouseDown={cell.pick}
      onDblClick={(event) => !inMenu(event) && cell.edit()}
    >
      <Show when={run()}>
        {(planned) => (
          <div class="run-head">
            <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
              <circle cx="4" cy="4" r="4" fill={runColor(id)} />
            </svg>
            <span class="run-id">{id}</span>
            <Show when={draft()} fallback={<span class="run-name">{planned().run.name}</span>}>
              {(current) => (
                <CellInput
                  label={`Name of run ${id}`}
                  text={current().text}
                  editing={editing}
                  done={cell.done}
                />
              )}
            </Show>
            <RunMenu
              session={session}
              id={id}
              rename={() => {
                session.activate({ run: id, row: NAME_ROW });
                editing.begin('cell');
              }}
            />
            <span class="difference">{differenceText(planned())}</span>
          </div>
        )}
      </Show>
    </th>
  );
}
