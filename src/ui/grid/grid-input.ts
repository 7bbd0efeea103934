// The grid input beyond keys: drags, filling, the clipboard and menus, in one chunk that loads once the grid is drawn.

import { createRoot } from 'solid-js';
import { activeCell, focusActiveCell } from '../dom/focus';
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
 * Hands keys to the active cell on a page that has just opened, where nothing has the focus yet; what no cell does stays the
 * page's. The first press and the first focus end this: from then on a person has chosen where keys go.
 */
function takeFirstKeys(): () => void {
  const done = new AbortController();
  const { signal } = done;
  const take = (event: KeyboardEvent): void => {
    const cell = activeCell();
    if (event.target !== document.body || event.defaultPrevented || !cell?.checkVisibility()) return;
    const again = new KeyboardEvent('keydown', event);
    cell.dispatchEvent(again);
    if (!again.defaultPrevented) return;
    event.preventDefault();
    // A cell that is edited now takes the focus itself.
    if (document.activeElement === document.body) focusActiveCell();
  };
  addEventListener('keydown', take, { signal });
  for (const type of ['pointerdown', 'focusin'])
    addEventListener(type, () => done.abort(), { signal, capture: true });
  return () => done.abort();
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
  // A page that keeps nothing is embedded in another page, whose keys stay its own.
  const first = workspace.session.typed && takeFirstKeys();
  const menus = host && fillings && attachMenus({ workspace, host, fillings, placeOf });
  return {
    fillings,
    openMenu: () => menus?.open(),
    press: gridDrag({ workspace, ...elements }),
    end() {
      fillings?.end();
      menus?.end();
      still?.();
      first?.();
    },
  };
}
