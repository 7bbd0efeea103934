// Shows where a column came from or went: a new column grows from no width, the others slide to their new places; and the grid
// scrolls to a run that came or moved.
// Invariant: 150 ms, and only what is drawn moves; the layout is the final one from the start. Nothing moves where less motion is
// wanted, or when another sheet opens.

import { createComputed, createEffect, createMemo, on, onCleanup } from 'solid-js';
import type { Active } from '../session/cursor';
import { columnName } from '../workspace/columns';
import type { Workspace } from '../workspace/workspace';

const TIMING: KeyframeAnimationOptions = { duration: 150, easing: 'ease-out' };

/** The places of drawn columns: left edges in px by the columns' names. */
type Places = ReadonlyMap<string, number>;

/** What moves: the columns that are new, and the px from which each other column comes. */
export function motionOf(before: Places, after: Places, known: ReadonlySet<string>) {
  const slides = new Map<string, number>();
  const grown: string[] = [];
  for (const [name, left] of after) {
    const from = before.get(name);
    if (from !== undefined && from !== left) slides.set(name, from - left);
    // A column that was out of sight has no place to come from, and is not new.
    if (from === undefined && !known.has(name)) grown.push(name);
  }
  return { slides, grown };
}

/** Follows the columns of a grid; must be called inside a Solid root. */
export function followColumns(
  { session, columns }: Workspace,
  table: HTMLTableElement,
  placeOf: (element: Element) => Active | undefined,
): void {
  const nameOf = (cell: Element): string | undefined => {
    const place = placeOf(cell);
    return place && columnName(place.run, place.member);
  };
  const placesNow = (): Places =>
    new Map(
      [...(table.tHead?.rows[0]?.cells ?? [])].flatMap((cell) => {
        const name = nameOf(cell);
        return name === undefined ? [] : [[name, cell.offsetLeft] as const];
      }),
    );
  const namesNow = (): ReadonlySet<string> =>
    new Set(columns.all().map(({ id, member }) => columnName(id, member)));

  let before: Places = new Map();
  let known: ReadonlySet<string> = new Set();
  const opened = createMemo(() => session.open().opened);
  let running: Animation[] = [];

  function move(): void {
    const names = namesNow();
    const { slides, grown } = motionOf(before, placesNow(), known);
    known = names;
    for (const animation of running) animation.cancel();
    running = [];
    for (const row of table.rows)
      for (const cell of row.cells) {
        const name = nameOf(cell);
        const by = name === undefined ? undefined : slides.get(name);
        if (by !== undefined)
          running.push(cell.animate({ transform: [`translateX(${by}px)`, 'none'] }, TIMING));
        if (name !== undefined && grown.includes(name))
          running.push(cell.animate({ clipPath: ['inset(0 100% 0 0)', 'inset(0)'] }, TIMING));
      }
  }
  /** Scrolls to the active column if it is new or has moved; the focus may be elsewhere on the page. */
  function reveal(places: Places): void {
    const cell = table.querySelector<HTMLElement>(':is(td, th)[tabindex="0"]');
    const name = cell ? nameOf(cell) : undefined;
    if (cell && name !== undefined && places.get(name) !== cell.offsetLeft)
      cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  // Runs before the page draws the columns anew, the effect after that.
  createComputed(
    on(
      columns.all,
      () => {
        before = placesNow();
      },
      { defer: true },
    ),
  );
  createEffect(
    on([opened, columns.all], ([now], last) => {
      const places = before;
      const isOther = now !== last?.[0];
      if (isOther || matchMedia('(prefers-reduced-motion: reduce)').matches) known = namesNow();
      else move();
      if (!isOther) queueMicrotask(() => reveal(places));
    }),
  );
  onCleanup(() => {
    for (const animation of running) animation.cancel();
  });
}
