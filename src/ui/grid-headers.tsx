// The grid's headers: a row's name with its fold, a run's colour, name, menu and what differs from its base.
// Invariant: what they say follows from the plan; they hold nothing.

import { createMemo, Show } from 'solid-js';
import type { RunId } from '../core/sheet';
import { CellInput, type CellProps } from './cell-input';
import type { Checks } from './checks';
import { type Editing, NAME_ROW } from './editing';
import type { Rows } from './grid-rows';
import { runColor } from './palette';
import { differenceText } from './reading';
import { type Row, words } from './rows';
import { RunMenu } from './run-menu';
import type { Session } from './session';

/** A run's menu is drawn over the page, but its events pass through the header that it belongs to. */
export const inMenu = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('[popover]') !== null;

export function RowHeader(props: { row: Row; rows: Rows }) {
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

export function RunHeader(props: {
  session: Session;
  editing: Editing;
  checks: Checks;
  id: RunId;
  cell: CellProps;
}) {
  const { session, editing, id, cell } = props;
  const run = () => session.plan().runs.get(id);
  /** Whether the run has cells that need their width on any screen: means with their spread, costs with their button. */
  const isWide = createMemo(() => {
    const { seeds, cells } = run() ?? {};
    if ((seeds?.count ?? 1) > 1) return true;
    return [...(cells?.values() ?? [])].some(
      ({ node }) => node && session.live.state(node.key).activity === 'asking',
    );
  });
  const draft = () => {
    const current = editing.draft();
    return current?.place === 'cell' && current.run === id && current.row === NAME_ROW ? current : undefined;
  };
  return (
    <th
      scope="col"
      classList={{ wide: isWide() }}
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
              checks={props.checks}
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
