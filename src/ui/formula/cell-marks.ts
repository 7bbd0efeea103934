// Marks cells of the grid: the references of a draft, the precedents and dependents of the active cell. Marks are attributes,
// and the style sheet reads them.
// Invariant: only marked cells are touched; a cell that is drawn later, or moves, is marked as well.
// Finds cells by the row and column in their attributes; knows no reason of a mark.

import { type Accessor, createEffect, onCleanup } from 'solid-js';
import type { Workspace } from '../workspace/workspace';
import type { Place } from './precedents';

/** The `data-` attributes that mark a cell of the sheet. */
export interface Mark {
  readonly place: Place;
  readonly attributes: Readonly<Record<`data-${string}`, string>>;
}

type Attributes = Map<string, string>;

/**
 * The drawn cells of the grid among these places, with their attributes. A cell with several marks gets
 * the values of an attribute joined by spaces.
 */
function findCells({ selection, columns }: Workspace, marks: readonly Mark[]): Map<Element, Attributes> {
  const table = document.querySelector<HTMLTableElement>('table.grid');
  const found = new Map<Element, Attributes>();
  if (!table || marks.length === 0) return found;
  const rowPlaces = new Map(selection.rowIds().map((id, at) => [id, at]));
  const cellsByColumn = new Map<string, ReadonlyMap<string | null, Element>>();
  for (const { place, attributes } of marks) {
    const row = table.rows[rowPlaces.get(place.row) ?? -1];
    const column = columns.indexOf(place.run);
    if (!row || column < 0) continue;
    let cells = cellsByColumn.get(place.row);
    if (!cells) {
      cells = new Map([...row.cells].map((cell) => [cell.getAttribute('aria-colindex'), cell]));
      cellsByColumn.set(place.row, cells);
    }
    const cell = cells.get(String(column + 2));
    if (!cell) continue;
    const all = found.get(cell) ?? new Map<string, string>();
    for (const [name, value] of Object.entries(attributes)) {
      const before = all.get(name);
      all.set(name, before === undefined ? value : `${before} ${value}`);
    }
    found.set(cell, all);
  }
  return found;
}

/**
 * Sets the attributes of the marks on the grid's cells, and removes them when a mark or the Solid owner
 * goes away.
 */
export function markCells(workspace: Workspace, marks: Accessor<readonly Mark[]>): void {
  let marked = new Map<Element, Attributes>();

  function apply(): void {
    const next = findCells(workspace, marks());
    for (const [cell, attributes] of marked) {
      for (const name of attributes.keys()) if (!next.get(cell)?.has(name)) cell.removeAttribute(name);
    }
    for (const [cell, attributes] of next) {
      for (const [name, value] of attributes)
        if (cell.getAttribute(name) !== value) cell.setAttribute(name, value);
    }
    marked = next;
  }

  let due = 0;
  const drawn = new MutationObserver((records) => {
    const isElement = ({ nodeType }: Node): boolean => nodeType === Node.ELEMENT_NODE;
    const came = records.some(
      ({ target, addedNodes }) =>
        (target instanceof HTMLTableRowElement || target instanceof HTMLTableSectionElement) &&
        [...addedNodes].some(isElement),
    );
    if (came && due === 0)
      due = requestAnimationFrame(() => {
        due = 0;
        apply();
      });
  });

  createEffect(() => {
    workspace.selection.rowIds();
    workspace.columns.all();
    apply();
    drawn.disconnect();
    const table = document.querySelector('table.grid');
    if (table && marks().length > 0) drawn.observe(table, { childList: true, subtree: true });
  });
  onCleanup(() => {
    drawn.disconnect();
    cancelAnimationFrame(due);
  });
}
