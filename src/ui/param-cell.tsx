// A param's cell: its text, where that comes from, and what is wrong with it; a number can be dragged.
// Invariant: a press that does not move is a click, and selects.

import { createMemo, Show } from 'solid-js';
import type { RunPlan } from '../core/plan';
import { CellInput, type CellProps } from './cell-input';
import type { Editing } from './editing';
import { readParam } from './reading';
import { type Row, words } from './rows';
import { scrubbable } from './scrub';
import { followPress } from './scrub-drag';
import type { Session } from './session';

export function ParamCell(props: {
  session: Session;
  editing: Editing;
  run: RunPlan;
  row: Row & { type: 'param' };
  cell: CellProps;
}) {
  const { session, editing, row, cell } = props;
  const reading = createMemo(() => readParam(session.registry, props.run, row));
  const id = () => props.run.run.id;
  const draft = () => {
    const current = editing.draft();
    return current?.place === 'cell' && current.run === id() && current.row === row.id ? current : undefined;
  };
  const counts = () => {
    const kind = session.registry.get(row.kind);
    const params = props.run.settings.get(row.kind)?.params;
    return !kind?.applies || !params || kind.applies(row.param, params);
  };
  const number = createMemo(() => scrubbable(session, id(), row));
  const inspect = (): void => void session.inspect(row.kind || session.inspected());
  const spoken = () => {
    const known = reading();
    const origin =
      known?.from === 'inherited' ? `, from ${known.source}` : known?.from === 'default' ? ', default' : '';
    return `${id()}, ${words(row.param)}, ${known?.text ?? ''}${origin}${known?.problem ? `, ${known.problem}` : ''}`;
  };
  return (
    <td
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      aria-invalid={reading()?.problem ? true : undefined}
      aria-label={draft() ? undefined : spoken()}
      title={
        (reading()?.problem ?? (reading()?.text.length ?? 0) > 12)
          ? (reading()?.problem ?? reading()?.text)
          : undefined
      }
      class={reading()?.from}
      classList={{ idle: !counts(), editing: draft() !== undefined, number: number() !== undefined }}
      // A press on a number may become a drag, during which the figures are to stay what they are.
      onMouseDown={(event) => cell.pick(event, number() !== undefined)}
      onPointerDown={(event) => {
        if (number() && !draft()) followPress(event, session, event.currentTarget, number, inspect);
      }}
      onDblClick={cell.edit}
    >
      <Show when={draft()} fallback={<span class="text">{reading()?.text}</span>}>
        {(current) => (
          <CellInput
            label={`${words(row.param)} of ${id()}`}
            text={current().text}
            editing={editing}
            done={cell.done}
            choices={reading()?.param.choices}
          />
        )}
      </Show>
    </td>
  );
}
