// What can be done to a run as a whole, behind one button in its header.
// The browser's own popover does the opening, the closing and the Escape key.

import { createUniqueId, Show } from 'solid-js';
import { addRun, moveRun, type RunId, removeRun } from '../core/sheet';
import type { Checks } from './checks';
import { focusActiveCell } from './focus';
import { placeBelow } from './popover';
import type { Session } from './session';

export function RunMenu(props: { session: Session; checks: Checks; id: RunId; rename: () => void }) {
  const { session, id } = props;
  const menu = createUniqueId();
  let popover: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;
  const at = () => session.sheet().runs.findIndex((run) => run.id === id);
  const last = () => session.sheet().runs.length - 1;

  const choose = (action: () => void) => () => {
    popover?.hidePopover();
    action();
  };

  return (
    <>
      <button
        ref={(element) => {
          button = element;
        }}
        type="button"
        class="run-menu"
        tabindex={session.active().run === id ? 0 : -1}
        aria-label={`Actions for run ${id}`}
        popovertarget={menu}
      >
        ⋯
      </button>
      <div
        ref={(element) => {
          popover = element;
        }}
        id={menu}
        popover="auto"
        class="menu"
        onToggle={() => placeBelow(popover, button)}
      >
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
        <button type="button" onClick={choose(props.rename)}>
          Rename
        </button>
        <Show when={props.checks.available}>
          <button
            type="button"
            disabled={props.checks.state(id)?.type === 'running'}
            onClick={choose(() => props.checks.start(id))}
          >
            Check with TensorFlow.js
          </button>
        </Show>
        <button
          type="button"
          disabled={at() === 0}
          onClick={choose(() => session.edit(`move ${id} left`, (sheet) => moveRun(sheet, id, at() - 1)))}
        >
          Move left
        </button>
        <button
          type="button"
          disabled={at() === last()}
          onClick={choose(() => session.edit(`move ${id} right`, (sheet) => moveRun(sheet, id, at() + 1)))}
        >
          Move right
        </button>
        <button
          type="button"
          disabled={last() === 0}
          onClick={choose(() => {
            session.edit(`remove ${id}`, (sheet) => removeRun(sheet, id));
            // The button that had the focus went with its run.
            queueMicrotask(focusActiveCell);
          })}
        >
          Remove
        </button>
      </div>
    </>
  );
}
