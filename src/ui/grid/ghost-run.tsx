// The column "+ run" beside the last run: a click adds a twin of that run; under the pointer or the focus, the values that the
// twin would have.
// Invariant: nothing of it is in the sheet until the click. Not a part of the table, whose columns are runs.

import { createSignal, For, Show } from 'solid-js';
import { readParam } from '../text/param-reading';
import { addTwin } from '../workspace/run-moves';
import type { Workspace } from '../workspace/workspace';

export function GhostRun(props: { workspace: Workspace }) {
  const { session, rows } = props.workspace;
  const [isNear, setNear] = createSignal(false);
  const last = (): string => session.sheet().runs.at(-1)?.id ?? 'A';
  const textOf = (id: string): string | undefined => {
    const [plan, row] = [session.plan().runs.get(last()), rows.find(id)];
    return plan && row && readParam(session.registry, plan, row)?.shown;
  };
  return (
    <button
      type="button"
      class="ghost-run"
      title={`Adds a twin of ${last()}`}
      onClick={() => addTwin(session, last())}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={() => setNear(false)}
    >
      <span class="ghost-head">
        + run
        <span classList={{ unseen: !isNear() }}>twin of {last()}</span>
      </span>
      <Show when={isNear()}>
        <For each={rows.rows()}>
          {({ id }) => (
            <span class="ghost-cell" aria-hidden="true">
              {textOf(id)}
            </span>
          )}
        </For>
      </Show>
    </button>
  );
}
