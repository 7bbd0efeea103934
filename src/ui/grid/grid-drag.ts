// Drags across the grid: a drag from a cell that is no number selects cells, a drag from a run's header moves runs.
// Invariant: listeners live as long as the press; releasing headers is one step of the history, Escape is none.
// Ignores touch, which pans the grid, and presses on numbers, which a drag changes.

import type { RunId } from '../../core/sheet/sheet';
import type { Active } from '../session/cursor';
import { moveRuns, namesOf } from '../workspace/run-moves';
import type { Workspace } from '../workspace/workspace';

const THRESHOLD = 4;
/** Pixels per frame by which the sheet scrolls while the pointer is beyond its edge. */
const STEP = 16;

/** The grid's elements: its table, and the cell of an element, if it is one. */
export interface DragTarget {
  readonly workspace: Workspace;
  readonly table: () => HTMLTableElement | undefined;
  readonly placeOf: (element: Element) => Active | undefined;
}

/**
 * Follows the pointer of a press until a release, Escape, a cancelled pointer or the loss of the window's
 * focus. Calls `end` with true after a release; calls nothing for a press that moves less than THRESHOLD px.
 */
function follow(
  { pointerId, clientX, clientY }: PointerEvent,
  table: HTMLTableElement,
  drag: { move: (x: number, y: number) => void; end: (kept: boolean) => void },
): void {
  const done = new AbortController();
  const { signal } = done;
  let [x, y] = [clientX, clientY];
  let moving = false;
  let frame = 0;
  const root = document.documentElement;

  function scroll(): void {
    const scroller = table.parentElement;
    const box = scroller?.getBoundingClientRect();
    if (!scroller || !box) return;
    const head = table.tHead?.rows[0]?.cells[0]?.offsetWidth ?? 0;
    const past = (at: number, low: number, high: number): number => (at < low ? -STEP : at > high ? STEP : 0);
    const [across, down] = [past(x, box.left + head, box.right), past(y, box.top, box.bottom)];
    if (across || down) {
      scroller.scrollBy(across, down);
      drag.move(x, y);
    }
    frame = requestAnimationFrame(scroll);
  }
  function finish(kept: boolean): void {
    done.abort();
    cancelAnimationFrame(frame);
    root.classList.remove('dragging');
    if (moving) drag.end(kept);
  }
  addEventListener(
    'pointermove',
    (next) => {
      if (next.pointerId !== pointerId) return;
      [x, y] = [next.clientX, next.clientY];
      if (!moving) {
        if (Math.hypot(x - clientX, y - clientY) < THRESHOLD) return;
        moving = true;
        root.classList.add('dragging');
        frame = requestAnimationFrame(scroll);
      }
      drag.move(x, y);
    },
    { signal },
  );
  addEventListener('pointerup', (up) => up.pointerId === pointerId && finish(true), { signal });
  addEventListener('pointercancel', (up) => up.pointerId === pointerId && finish(false), { signal });
  addEventListener('blur', () => finish(false), { signal });
  addEventListener(
    'keydown',
    (key) => {
      if (key.key !== 'Escape' || !moving) return;
      key.preventDefault();
      key.stopPropagation();
      finish(false);
    },
    { signal, capture: true },
  );
}

/** The cell nearest to a point in viewport px, among the cells in view. */
function cellNear(
  { table, placeOf }: DragTarget,
  x: number,
  y: number,
): { cell: Element; place: Active } | undefined {
  const grid = table();
  const box = grid?.parentElement?.getBoundingClientRect();
  if (!grid || !box) return undefined;
  const head = grid.tHead?.rows[0]?.cells[0]?.offsetWidth ?? 0;
  const within = (at: number, low: number, high: number): number => Math.max(low, Math.min(high, at));
  const cell = document
    .elementFromPoint(
      within(x, box.left + head + 1, Math.min(box.right, innerWidth) - 2),
      within(y, Math.max(0, box.top) + 1, Math.min(box.bottom, innerHeight) - 2),
    )
    ?.closest('td, th');
  const place = cell && placeOf(cell);
  return place ? { cell, place } : undefined;
}

function selectFrom(event: PointerEvent, target: DragTarget, table: HTMLTableElement): void {
  const { selection } = target.workspace;
  follow(event, table, {
    move(x, y) {
      const near = cellNear(target, x, y);
      if (near) selection.extendTo(near.place);
    },
    end: (kept) => kept || selection.collapse(),
  });
}

function moveFrom(event: PointerEvent, target: DragTarget, table: HTMLTableElement, run: RunId): void {
  const { session, selection } = target.workspace;
  const ids = selection.runs().includes(run) ? selection.runs() : [run];
  const mark = document.createElement('div');
  mark.className = 'insertion';
  mark.setAttribute('aria-hidden', 'true');
  /**
   * The run that would follow the moved runs; undefined at the end, 'nowhere' until the pointer is near a
   * cell.
   */
  let before: RunId | undefined | 'nowhere' = 'nowhere';

  follow(event, table, {
    move(x) {
      const top = table.getBoundingClientRect().top;
      const header = table.tHead?.getBoundingClientRect();
      const near = cellNear(target, x, (header?.top ?? top) + 4);
      const box = near?.cell.getBoundingClientRect();
      const view = table.parentElement?.getBoundingClientRect();
      if (!near || !box || !view) return;
      const runs = session.sheet().runs.map(({ id }) => id);
      const isAfter = x > box.left + box.width / 2;
      const at = runs.indexOf(near.place.run) + (isAfter ? 1 : 0);
      before = runs.slice(at).find((id) => !ids.includes(id));
      mark.style.left = `${Math.max(view.left, Math.min(view.right, isAfter ? box.right : box.left)) - 1}px`;
      mark.style.top = `${view.top}px`;
      mark.style.height = `${Math.min(view.height, table.offsetHeight)}px`;
      if (!mark.isConnected) document.body.append(mark);
    },
    end(kept) {
      mark.remove();
      const place = before;
      if (!kept || place === 'nowhere') return;
      const where = place === undefined ? 'to the end' : `before ${place}`;
      session.edit(`move ${namesOf(ids)} ${where}`, (sheet) => moveRuns(sheet, ids, place));
    },
  });
}

/** The `pointerdown` listener of the grid. */
export function gridDrag(target: DragTarget): (event: PointerEvent) => void {
  return (event) => {
    const table = target.table();
    const from = event.target;
    if (!table || event.button !== 0 || event.pointerType === 'touch' || event.shiftKey) return;
    if (!(from instanceof Element) || from.closest('button, input, [popover], .number')) return;
    const cell = from.closest('td, th');
    const place = cell && target.placeOf(cell);
    if (!place) return;
    if (cell.tagName === 'TH' && place.member === undefined) moveFrom(event, target, table, place.run);
    else selectFrom(event, target, table);
  };
}
