// Opens the menus of the grid: over a cell, a row's label, and under the button of a run. Loaded with the first of them.
// Invariant: copying and cutting are the browser's own commands, so that one code serves the menu and the keys.

import { focusActiveCell } from '../dom/focus';
import { openMenu } from '../dom/menu';
import type { Fillings } from '../fill/filling';
import { assistant } from '../formula/formula-loading';
import type { Active } from '../session/cursor';
import type { Row } from '../text/sheet-rows';
import { columnName } from '../workspace/columns';
import { NAME_ROW } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { cellEntries, type GridActions, labelEntries } from './cell-entries';
import { runEntries } from './run-entries';

/** What a menu opens over: a cell, or the label of a row. */
export type Spot = { readonly place: Active } | { readonly row: Row };

/** Pastes what the clipboard holds, if the browser lets the page read it. */
async function paste({ session }: Workspace, fillings: Fillings): Promise<void> {
  let text: string;
  try {
    text = await navigator.clipboard.readText();
  } catch {
    // Also where there is no clipboard to ask, at an address without https.
    session.say('The browser lets only keys paste here: press Ctrl+V.');
    return;
  }
  fillings.paste(text);
}

function actionsOf(workspace: Workspace, fillings: Fillings): GridActions {
  return {
    copy: () => document.execCommand('copy'),
    cut: () => document.execCommand('cut'),
    paste: () => void paste(workspace, fillings),
    fill: fillings.copy,
    sweep: () => fillings.open('fill'),
    trace: (which) => assistant()?.trace(which),
  };
}

/** Opens the menu of a spot of the grid at a point of the window; the focus returns to the active cell. */
export function openSpotMenu(
  workspace: Workspace,
  spot: Spot,
  { host, fillings, at }: { host: HTMLElement; fillings: Fillings; at: { x: number; y: number } },
): void {
  const { session, selection } = workspace;
  const options = { host, at, restore: () => focusActiveCell({ preventScroll: true }) };
  if ('row' in spot) {
    const { row } = spot;
    openMenu({ ...options, label: `Row ${row.id}`, groups: labelEntries(workspace, row) });
    return;
  }
  const { run, row, member } = spot.place;
  if (!selection.contains(run, row, member)) session.activate(spot.place);
  const column = columnName(run, member);
  const label = row === NAME_ROW ? `Run ${column}` : `Cell ${column}.${row}`;
  openMenu({ ...options, label, groups: cellEntries(workspace, spot.place, actionsOf(workspace, fillings)) });
}

/** Opens the menu of a run under its button. */
export function openRunMenu(workspace: Workspace, id: string, button: HTMLElement): void {
  openMenu({
    label: `Run ${id}`,
    groups: runEntries(workspace, id),
    host: button.closest<HTMLElement>('.grid-scroll') ?? document.body,
    at: button,
    restore: () => button.focus({ preventScroll: true }),
  });
}
