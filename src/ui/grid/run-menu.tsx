// The button of a run's menu in the run's header. The menu loads with its first use.

import { withPart } from '../../core/late-loading';
import type { RunId } from '../../core/sheet/sheet';
import { menuPart } from '../menu/menu-loading';
import type { Workspace } from '../workspace/workspace';

export function RunMenu(props: { workspace: Workspace; id: RunId }) {
  const { workspace, id } = props;
  return (
    <button
      type="button"
      class="run-menu"
      tabindex={
        workspace.session.active().run === id && workspace.session.active().member === undefined ? 0 : -1
      }
      aria-label={`Actions for run ${id}`}
      aria-haspopup="menu"
      aria-expanded="false"
      onClick={({ currentTarget }) =>
        withPart(menuPart, ({ openRunMenu }) => openRunMenu(workspace, id, currentTarget))
      }
    >
      ⋯
    </button>
  );
}
