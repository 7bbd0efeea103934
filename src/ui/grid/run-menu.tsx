// The menu of actions on a run as a whole, behind one button in the run's header.
// The browser's own popover opens and closes the menu and handles the Escape key; the content loads on first use.

import { createSignal, createUniqueId, Show } from 'solid-js';
import { late } from '../../core/late-loading';
import type { RunId } from '../../core/sheet/sheet';
import { lateView } from '../dom/late-view';
import { placeBelow } from '../dom/popover';
import type { Workspace } from '../workspace/workspace';

const RunActions = lateView(
  late(() => import('./run-actions')),
  (found) => found.RunActions,
);

export function RunMenu(props: { workspace: Workspace; id: RunId }) {
  const { workspace, id } = props;
  const menu = createUniqueId();
  const [isOpened, setOpened] = createSignal(false);
  let popover: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;

  return (
    <>
      <button
        ref={(element) => {
          button = element;
        }}
        type="button"
        class="run-menu"
        tabindex={
          workspace.session.active().run === id && workspace.session.active().member === undefined ? 0 : -1
        }
        aria-label={`Actions for run ${id}`}
        popovertarget={menu}
      >
        ⋯
      </button>
      <div
        ref={(element) => {
          popover = element;
          element.addEventListener('beforetoggle', () => setOpened(true));
        }}
        id={menu}
        popover="auto"
        class="menu"
        onToggle={() => placeBelow(popover, button)}
      >
        <Show when={isOpened()}>
          <RunActions
            workspace={workspace}
            id={id}
            placed={() => placeBelow(popover, button)}
            close={() => popover?.hidePopover()}
          />
        </Show>
      </div>
    </>
  );
}
