// The presses that open a menu of the grid: the right button, a long press of a finger, the menu key.
// Invariants: a finger that moves pans and opens nothing; with Shift, and in a text that is being typed, the browser's own menu
// appears.

import { withPart } from '../../core/late-loading';
import type { Fillings } from '../fill/filling';
import type { Active } from '../session/cursor';
import type { Workspace } from '../workspace/workspace';
import { menuPart } from './menu-loading';
import type { Spot } from './open-menu';

/** Time in ms after which a press of a finger is long, and the px that it may move meanwhile. */
const LONG_MS = 500;
const STILL_PX = 10;

/** The scrolling element of the grid, and the cell of an element, if it is one. */
interface MenuTarget {
  readonly workspace: Workspace;
  readonly host: HTMLElement;
  readonly fillings: Fillings;
  readonly placeOf: (element: Element) => Active | undefined;
}

/** Keeps the release of the present touch from being a click; a touch that is cancelled, or another one, ends this. */
function swallowRelease(until: AbortSignal): void {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, until]);
  addEventListener(
    'touchend',
    (release) => {
      release.preventDefault();
      over.abort();
    },
    { signal, passive: false },
  );
  for (const type of ['touchcancel', 'touchstart']) addEventListener(type, () => over.abort(), { signal });
}

/** Listens for these presses until `end`; `open` opens the menu of the active cell, for keys. */
export function attachMenus({ workspace, host, fillings, placeOf }: MenuTarget) {
  const done = new AbortController();
  const { signal } = done;
  let fingerAt = Number.NEGATIVE_INFINITY;

  function spotOf(target: EventTarget | null): Spot | undefined {
    const element = target instanceof Element ? target.closest('td, th') : null;
    if (!element || (target instanceof Element && target.closest('input'))) return undefined;
    const place = placeOf(element);
    if (place) return { place };
    const row = workspace.rows.rows()[Number(element.parentElement?.ariaRowIndex) - 2];
    return element.matches('th[scope="row"]') && row ? { row } : undefined;
  }
  function openAt(spot: Spot, x: number, y: number): void {
    const { editing } = workspace;
    if (editing.draft()) editing.commit();
    withPart(menuPart, ({ openSpotMenu }) => openSpotMenu(workspace, spot, { host, fillings, at: { x, y } }));
  }

  host.addEventListener(
    'contextmenu',
    (event) => {
      const spot = spotOf(event.target);
      if (!spot || (event.shiftKey && event.button === 2)) return;
      event.preventDefault();
      // The browser's own long press comes about when ours does.
      if (event.timeStamp - fingerAt < 2 * LONG_MS) return;
      openAt(spot, event.clientX, event.clientY);
    },
    { signal },
  );

  host.addEventListener(
    'pointerdown',
    (press) => {
      const spot = press.pointerType === 'touch' && press.isPrimary ? spotOf(press.target) : undefined;
      if (!spot) return;
      const { pointerId, clientX, clientY } = press;
      const over = new AbortController();
      const timer = setTimeout(() => {
        end();
        fingerAt = performance.now();
        // The release is no click: it would take the focus from the menu.
        swallowRelease(signal);
        openAt(spot, clientX, clientY);
      }, LONG_MS);
      function end(): void {
        clearTimeout(timer);
        over.abort();
      }
      const options = { signal: AbortSignal.any([over.signal, signal]) };
      addEventListener(
        'pointermove',
        (move) => {
          const isFar = Math.hypot(move.clientX - clientX, move.clientY - clientY) > STILL_PX;
          if (move.pointerId !== pointerId || isFar) end();
        },
        options,
      );
      for (const type of ['pointerup', 'pointercancel', 'pointerdown', 'blur'])
        addEventListener(type, (event) => event !== press && end(), options);
    },
    { signal },
  );

  return {
    end: () => done.abort(),
    /** Opens the menu of the active cell, beside the cell. */
    open(): void {
      const cell = host.querySelector(':is(td, th)[tabindex="0"]');
      const box = cell?.getBoundingClientRect();
      const spot = cell && spotOf(cell);
      if (box && spot) openAt(spot, box.left + 8, box.bottom);
    },
  };
}
