// The actions in a run's menu. Invariant: each action closes the menu first; an edit is one step of the history.

import { onMount, Show } from 'solid-js';
import { late, withPart } from '../../core/late-loading';
import { addRun, type RunId } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { fillWorkspaceOf } from '../fill/fill-workspace';
import { removeOrAsk } from '../rows/run-removal';
import { HAND_WIDTH } from '../workspace/column-widths';
import { NAME_ROW } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { shiftRuns } from './run-moves';

const sweepPanel = late(() => import('../fill/sweep-panel'));

export function RunActions(props: {
  workspace: Workspace;
  id: RunId;
  placed: () => void;
  close: () => void;
}) {
  const { id } = props;
  const { session, editing, crossChecks, columns, baseline, widths } = props.workspace;
  const at = () => session.sheet().runs.findIndex((run) => run.id === id);
  const last = () => session.sheet().runs.length - 1;
  const seeds = () => session.plan().runs.get(id)?.seeds.count ?? 1;
  const choose = (action: () => void) => () => {
    props.close();
    action();
  };
  /** Starts the cross-check; says why where a problem leaves no training to check. */
  function crossCheck(): void {
    const planned = session.plan().runs.get(id);
    const problem = planned?.problem ?? planned?.cells.get('train')?.problem;
    if (problem)
      session.say(
        `${id} cannot be cross-checked: ${problem.kind === 'blocked' ? problem.message : `${problem.cell}: ${problem.message}`}.`,
      );
    else crossChecks.start(id);
  }
  // The menu has its size only once it is mounted.
  onMount(() => props.placed());

  /** Changes the width of the run's column, as a drag on its edge does. */
  const widen = (by: number): void => widths.set(id, widths.of(id) + by);
  return (
    <>
      <button
        type="button"
        onClick={choose(() =>
          session.edit(`add a twin of ${id}`, (sheet) =>
            addRun(sheet, { name: `twin of ${id}`, base: id, after: id }),
          ),
        )}
      >
        Add a twin
      </button>
      <button
        type="button"
        onClick={choose(() => {
          session.activate({ ...session.active(), run: id });
          focusActiveCell();
          withPart(sweepPanel, ({ openPanel }) => openPanel(fillWorkspaceOf(props.workspace), 'sweep'));
        })}
      >
        Sweep or fill …
      </button>
      <button
        type="button"
        onClick={choose(() => {
          session.activate({ run: id, row: NAME_ROW });
          editing.begin('cell');
        })}
      >
        Rename
      </button>
      <Show when={seeds() > 1}>
        <button type="button" onClick={choose(() => columns.toggle(id))}>
          {columns.isExpanded(id) ? 'Hide' : 'Show'} its {seeds()} members
        </button>
      </Show>
      <button type="button" onClick={choose(() => widen(HAND_WIDTH.step))}>
        Wider
      </button>
      <button type="button" onClick={choose(() => widen(-HAND_WIDTH.step))}>
        Narrower
      </button>
      <Show when={last() > 0}>
        <button type="button" onClick={choose(() => baseline.choose(baseline.is(id) ? undefined : id))}>
          {baseline.is(id) ? 'No baseline' : 'Use as baseline'}
        </button>
      </Show>
      <button type="button" disabled={crossChecks.state(id)?.type === 'running'} onClick={choose(crossCheck)}>
        Cross-check with TensorFlow.js
      </button>
      <button
        type="button"
        disabled={at() === 0}
        onClick={choose(() => session.edit(`move ${id} left`, (sheet) => shiftRuns(sheet, [id], -1)))}
      >
        Move left
      </button>
      <button
        type="button"
        disabled={at() === last()}
        onClick={choose(() => session.edit(`move ${id} right`, (sheet) => shiftRuns(sheet, [id], 1)))}
      >
        Move right
      </button>
      <button type="button" disabled={last() === 0} onClick={choose(() => removeOrAsk(session, [id]))}>
        Remove
      </button>
    </>
  );
}
