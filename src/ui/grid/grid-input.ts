// The grid input beyond keys: drags, filling, the clipboard and menus, in one chunk that loads once the grid is drawn.

import { createRoot } from 'solid-js';
import { focusActiveCell } from '../dom/focus';
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

/** Keys that do something in a cell, and nothing on a page without a focus. */
const FOR_CELLS = /^(Arrow\w+|Home|End|Page\w+|F2|Enter|Delete|[^\s?])$/;

/** Hands keys that no element has to the active cell, as on a page that has just opened; returns the way to end it. */
function takeLooseKeys(table: HTMLElement): () => void {
  const take = (event: KeyboardEvent): void => {
    const isLoose = event.target === document.body && !event.defaultPrevented && FOR_CELLS.test(event.key);
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey) || event.key.toLowerCase() === 'g';
    if (!isLoose || !isPlain || !table.checkVisibility()) return;
    if (document.querySelector('dialog[open], [popover]:popover-open')) return;
    focusActiveCell();
    if (document.activeElement === document.body) return;
    event.preventDefault();
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', event));
  };
  addEventListener('keydown', take);
  return () => removeEventListener('keydown', take);
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
  const loose = table && takeLooseKeys(table);
  const menus = host && fillings && attachMenus({ workspace, host, fillings, placeOf });
  return {
    fillings,
    openMenu: () => menus?.open(),
    press: gridDrag({ workspace, ...elements }),
    end() {
      fillings?.end();
      menus?.end();
      still?.();
      loose?.();
    },
  };
}
