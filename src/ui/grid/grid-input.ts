// The grid input beyond keys: drags, filling, the clipboard and menus, in one chunk that loads once the grid is drawn.

import { createRoot } from 'solid-js';
import { fillWorkspaceOf } from '../fill/fill-workspace';
import { attachFilling, type Fillings } from '../fill/filling';
import { attachMenus } from '../menu/menu-presses';
import type { Workspace } from '../workspace/workspace';
import { followColumns } from './column-motion';
import { type DragTarget, gridDrag } from './grid-drag';

/** Drags, filling, the clipboard and menus of one grid; `fillings` is undefined before the grid has a table. */
export interface GridInput {
  readonly fillings: Fillings | undefined;
  press(event: PointerEvent): void;
  /** Opens the menu of the active cell. */
  openMenu(): void;
  end(): void;
}

/**
 * Attaches filling, the clipboard and menus to one grid; `press` begins a drag, `end` detaches the others.
 */
export function createGridInput(workspace: Workspace, elements: Omit<DragTarget, 'workspace'>): GridInput {
  const host = elements.table()?.parentElement;
  const fillings = host ? attachFilling(host, fillWorkspaceOf(workspace)) : undefined;
  const { placeOf } = elements;
  const table = elements.table();
  const still =
    table &&
    createRoot((dispose) => {
      followColumns(workspace, table, placeOf);
      return dispose;
    });
  const menus = host && fillings && attachMenus({ workspace, host, fillings, placeOf });
  return {
    fillings,
    openMenu: () => menus?.open(),
    press: gridDrag({ workspace, ...elements }),
    end() {
      fillings?.end();
      menus?.end();
      still?.();
    },
  };
}
