// The geometry of the fill handle, in pixels: the corner of the selection, and the columns under the pointer of a drag.
// Invariant: measures the drawn grid and changes nothing; beyond the last column, columns are as wide as the last one.
// Knows the grid's elements by their ARIA places alone.

import type { Workspace } from '../workspace/workspace';
import type { Pull } from './fill';

/** A box in px, relative to the scrolled content of the grid. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Parts = Pick<Workspace, 'session' | 'columns' | 'selection'>;

const cellAt = (host: HTMLElement, row: number, column: number): HTMLElement | null =>
  host.querySelector(`tr[aria-rowindex="${row + 1}"] > [aria-colindex="${column + 2}"]`);

/**
 * The first and last column and row of the selection, as indexes into the drawn grid. Row 0 holds the
 * names of runs.
 */
function ends({ columns, selection }: Parts) {
  const [first, last] = [selection.columns()[0], selection.columns().at(-1)];
  const rows = selection.rows();
  if (!first || !last) return undefined;
  return {
    left: columns.indexOf(first.id, first.member),
    right: columns.indexOf(last.id, last.member),
    top: selection.rowIds().indexOf(rows[0] ?? ''),
    bottom: selection.rowIds().indexOf(rows.at(-1) ?? ''),
  };
}

/** The box of the last cell of the selection; undefined while the cell is not drawn. */
export function cornerBox(host: HTMLElement, parts: Parts): Box | undefined {
  const at = ends(parts);
  const cell = at && cellAt(host, at.bottom, at.right);
  return cell ? within(host, cell.getBoundingClientRect()) : undefined;
}

function within(host: HTMLElement, box: DOMRect): Box {
  const frame = host.getBoundingClientRect();
  return {
    left: box.left - frame.left + host.scrollLeft,
    top: box.top - frame.top + host.scrollTop,
    width: box.width,
    height: box.height,
  };
}

/** The headers of the drawn columns, from left to right. */
const headers = (host: HTMLElement): HTMLElement[] => [
  ...host.querySelectorAll<HTMLElement>('thead [aria-colindex]'),
];

const columnOf = (header: HTMLElement): number => Number(header.ariaColIndex) - 2;

/**
 * The fill that a drag from the selection's corner to the pointer means; undefined if the pointer is on
 * no cell to fill. `more` counts further columns beyond the last one, while the pointer is held at the
 * window's edge.
 */
export function pullAt(
  host: HTMLElement,
  parts: Parts,
  pointer: { readonly x: number; readonly y: number },
  more: number,
): Pull | undefined {
  const at = ends(parts);
  const corner = at && cellAt(host, at.bottom, at.right)?.getBoundingClientRect();
  const drawn = headers(host);
  const last = drawn.at(-1);
  if (!at || !last) return undefined;
  const down = corner ? pointer.y - corner.bottom : 0;
  const right = corner ? pointer.x - corner.right : 0;
  if (corner && down > Math.max(0, right) && pointer.x > corner.left - corner.width / 2) {
    const rows = [...host.querySelectorAll<HTMLElement>('tbody tr')];
    const under = rows.filter((row) => row.getBoundingClientRect().top < pointer.y).at(-1);
    const count = Number(under?.ariaRowIndex ?? 0) - 1 - at.bottom;
    return count > 0 ? { direction: 'down', count } : undefined;
  }
  const ids = parts.session.sheet().runs.map(({ id }) => id);
  const runAt = (column: number): number => ids.indexOf(parts.columns.all()[column]?.id ?? '');
  const edge = last.getBoundingClientRect();
  const all = parts.columns.all().length;
  const beyond =
    columnOf(last) === all - 1 ? Math.max(0, Math.ceil((pointer.x - edge.right) / edge.width)) : 0;
  const under = drawn.find((header) => {
    const box = header.getBoundingClientRect();
    return pointer.x >= box.left && pointer.x < box.right;
  });
  const run = beyond > 0 ? ids.length - 1 + beyond + more : runAt(under ? columnOf(under) : at.right);
  const [first, end] = [runAt(at.left), runAt(at.right)];
  if (run > end) return { direction: 'right', count: run - end };
  return run >= 0 && run < first ? { direction: 'left', count: first - run } : undefined;
}

/**
 * The box that a fill would cover; estimated from the corner cell's size for columns that are not drawn
 * or do not exist yet.
 */
export function pullBox(host: HTMLElement, parts: Parts, pull: Pull): Box | undefined {
  const at = ends(parts);
  const corner = cornerBox(host, parts);
  if (!at || !corner) return undefined;
  const top = cellAt(host, at.top, at.right)?.getBoundingClientRect();
  const upper = top ? within(host, top).top : corner.top;
  const first = cellAt(host, at.bottom, at.left)?.getBoundingClientRect();
  const leftmost = first ? within(host, first).left : corner.left;
  const height = corner.top + corner.height - upper;
  const count = pull.count;
  if (pull.direction === 'down') {
    const below = cellAt(host, at.bottom + count, at.right)?.getBoundingClientRect();
    const end = below ? within(host, below) : corner;
    const begin = corner.top + corner.height;
    return {
      left: leftmost,
      top: begin,
      width: corner.left + corner.width - leftmost,
      height: end.top + end.height - begin,
    };
  }
  const width = corner.width * count;
  const left = pull.direction === 'right' ? corner.left + corner.width : leftmost - width;
  return { left, top: upper, width, height };
}
