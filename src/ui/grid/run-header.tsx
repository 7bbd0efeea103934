// A run's header: its colour, letters, name and menu, its differences from its base, and its members if it has some.
// Invariant: the content follows from the plan; the header holds no state. A member's header only names the member.

import { createMemo, Show } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import { differenceLine, differencesOf, differenceText } from '../text/based-text';
import { BASED_TEXT } from '../text/mark-text';
import { runColor } from '../text/palette';
import { NAME_ROW } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { CellInput, type CellProps } from './cell-input';
import { attachEdge } from './column-edge';
import { RunMenu } from './run-menu';

export function RunHeader(props: { workspace: Workspace; run: RunPlan; width: number; cell: CellProps }) {
  const { cell } = props;
  const { editing, columns } = props.workspace;
  const id = props.run.run.id;
  const draft = () => {
    const current = editing.draft();
    return current?.place === 'cell' && current.run === id && current.row === NAME_ROW ? current : undefined;
  };
  /** Whether the figures show other runs, but not this one. */
  const isAway = () => !props.workspace.session.shown().includes(id);
  // Each by a memo: an edit of another run leaves both plans the same objects, and compares nothing.
  const base = createMemo(() => props.workspace.session.plan().runs.get(props.run.run.base ?? ''));
  const differences = createMemo(() => differencesOf(props.run, base()));
  const aside = (): string =>
    [props.workspace.baseline.is(id) ? 'baseline' : '', differenceText(props.run, differences())]
      .filter(Boolean)
      .join(', ');
  /** The aside in one line: a text that may be cut, and a number that may not. */
  const line = () =>
    props.workspace.baseline.is(id) ? ([aside(), ''] as const) : differenceLine(props.run, differences());
  /** The visible texts in their order; a name that is the difference is spoken once. */
  const spoken = (): string =>
    [...new Set([id, props.run.run.name, aside(), isAway() ? 'not in the figures' : ''])]
      .filter(Boolean)
      .join(', ');
  const swatch = () => (
    <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
      <circle cx="4" cy="4" r="4" fill={runColor(props.workspace.session, id).color} />
    </svg>
  );
  if (cell.member !== undefined)
    return (
      <th scope="col" class="member" style={{ width: `${props.width}px` }} ref={cell.ref}>
        <div class="run-head">
          {swatch()}
          <span class="run-id">{cell.name}</span>
          <span class="difference">seeds + {cell.member}</span>
        </div>
      </th>
    );
  return (
    <th
      scope="col"
      classList={{ away: isAway() }}
      style={{ width: `${props.width}px`, '--run': runColor(props.workspace.session, id).color }}
      ref={cell.ref}
      aria-label={draft() ? undefined : spoken()}
      title={aside() || undefined}
      onDblClick={({ target }) => !target.closest('button') && cell.edit()}
    >
      <div class="run-head">
        {swatch()}
        <span class="run-id">{id}</span>
        <Show when={draft()} fallback={<span class="run-name">{props.run.run.name}</span>}>
          {(current) => (
            <CellInput
              label={`Name of run ${id}`}
              text={current().text}
              editing={editing}
              cell={cell}
              selects
            />
          )}
        </Show>
        <Show when={isAway()}>
          <span class="unseen">not in the figures</span>
        </Show>
        <RunMenu workspace={props.workspace} id={id} />
        <Show when={aside()}>
          <span
            class="difference"
            title={props.run.run.base === undefined ? undefined : `${aside()}\n${BASED_TEXT}`}
          >
            <span>{line()[0]}</span>
            <span>{line()[1]}</span>
          </span>
        </Show>
        <Show when={props.run.seeds.count > 1}>
          <button
            type="button"
            class="expand"
            tabindex="-1"
            aria-expanded={columns.isExpanded(id)}
            // Selecting the header may scroll the grid away from under a finger.
            onMouseDown={(event) => event.stopPropagation()}
            onClick={() => columns.toggle(id)}
          >
            {props.run.seeds.count} members
            <span aria-hidden="true">{columns.isExpanded(id) ? ' ◂' : ' ▸'}</span>
          </button>
        </Show>
      </div>
      <span class="column-edge" ref={(edge) => attachEdge(edge, id, props.workspace.widths)} />
    </th>
  );
}
