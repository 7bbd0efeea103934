// The grid input: keys and drags, in one chunk that loads once the grid is drawn.

import { fillWorkspaceOf } from '../fill/fill-workspace';
import { attachFilling } from '../fill/filling';
import type { Workspace } from '../workspace/workspace';
import { type DragTarget, gridDrag } from './grid-drag';
import { gridKeys } from './grid-keys';

export interface GridInput {
  key(event: KeyboardEvent): void;
  press(event: PointerEvent): void;
  end(): void;
}

/** The hands of one grid. */
export function createGridInput(workspace: Workspace, elements: Omit<DragTarget, 'workspace'>): GridInput {
  /** As many rows as are in view under the header, but for one, which shows where one was. */
  function pageRows(): number {
    const table = elements.table();
    const view = table?.parentElement?.getBoundingClientRect();
    const row = table?.tBodies[0]?.rows[0]?.offsetHeight;
    if (!table || !view || !row) return 1;
    const inView = Math.min(view.bottom, innerHeight) - Math.max(view.top, 0);
    return Math.max(1, Math.floor((inView - (table.tHead?.offsetHeight ?? 0)) / row) - 1);
  }
  const host = elements.table()?.parentElement;
  const fillings = host ? attachFilling(host, fillWorkspaceOf(workspace)) : undefined;
  return {
    key: gridKeys({ workspace, pageRows, fillings }),
    press: gridDrag({ workspace, ...elements }),
    end: () => fillings?.end(),
  };
}
