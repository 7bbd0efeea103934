// The grid input beyond keys: drags, filling and the clipboard, in one chunk that loads once the grid is drawn.

import { fillWorkspaceOf } from '../fill/fill-workspace';
import { attachFilling, type Fillings } from '../fill/filling';
import type { Workspace } from '../workspace/workspace';
import { type DragTarget, gridDrag } from './grid-drag';

/** Drags, filling and the clipboard of one grid; `fillings` is undefined before the grid has a table. */
export interface GridInput {
  readonly fillings: Fillings | undefined;
  press(event: PointerEvent): void;
  end(): void;
}

/**
 * Attaches filling and the clipboard to one grid; `press` begins a drag, `end` detaches filling and the
 * clipboard.
 */
export function createGridInput(workspace: Workspace, elements: Omit<DragTarget, 'workspace'>): GridInput {
  const host = elements.table()?.parentElement;
  const fillings = host ? attachFilling(host, fillWorkspaceOf(workspace)) : undefined;
  return {
    fillings,
    press: gridDrag({ workspace, ...elements }),
    end: () => fillings?.end(),
  };
}
