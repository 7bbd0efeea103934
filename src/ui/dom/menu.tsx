// A menu over the page (W3C's menu pattern): arrow keys, Home, End and the first letters move; Enter acts; Esc and Tab close.
// Invariant: one menu is open at a time; it lies within the window; closing it gives the focus back before an entry acts.
// Knows no entries.

import { For } from 'solid-js';
import { render } from 'solid-js/web';
import { MARGIN, placeAt, placeBelow } from './popover';
import './menu.css';

/** An entry: its words, its key as the key list shows it, and its action. */
export interface MenuEntry {
  readonly words: string;
  readonly keys?: string;
  act(): void;
}

/** Entries in groups; an empty group is left out. */
export type MenuGroups = readonly (readonly MenuEntry[])[];

interface MenuOptions {
  /** Name of the menu for assistive technology. */
  readonly label: string;
  readonly groups: MenuGroups;
  /** The element that the menu is added to. */
  readonly host: HTMLElement;
  /** The button that the menu opens under, or a point of the window in px. */
  readonly at: HTMLElement | { readonly x: number; readonly y: number };
  /** Gives the focus back. */
  readonly restore: () => void;
}

/** Time in ms after which typed letters begin a new word. */
const WORD_MS = 700;

let closeOpen: (() => void) | undefined;
let anchor: MenuOptions['at'] | undefined;

/** Places a menu within the window; from a point it opens to the side that has room. */
function place(menu: HTMLElement, at: MenuOptions['at']): void {
  if (at instanceof HTMLElement) {
    placeBelow(menu, at);
    return;
  }
  const fromPoint = (start: number, size: number, room: number): number =>
    start + size + MARGIN > room ? start - size : start;
  placeAt(
    menu,
    fromPoint(at.x, menu.offsetWidth, innerWidth),
    fromPoint(at.y, menu.offsetHeight, innerHeight),
  );
}

/** The entry that the typed letters begin, after the present one for a single letter. */
function found(items: readonly HTMLElement[], from: number, typed: string): HTMLElement | undefined {
  const start = typed.length > 1 ? from : from + 1;
  return [...items.slice(Math.max(0, start)), ...items].find((item) =>
    item.textContent?.toLowerCase().startsWith(typed),
  );
}

/** Opens a menu with the focus on its first entry. A second call for the same button closes the menu. */
export function openMenu({ label, groups, host, at, restore }: MenuOptions): void {
  const isSame = at instanceof HTMLElement && anchor === at;
  closeOpen?.();
  const shown = groups.filter((group) => group.length > 0);
  if (isSame || shown.length === 0) return;
  const menu = document.createElement('div');
  menu.role = 'menu';
  menu.ariaLabel = label;
  menu.className = 'menu key-menu';
  // The browser would close an automatic popover with the release of the press that opened it.
  menu.popover = 'manual';
  host.append(menu);
  const done = new AbortController();
  const { signal } = done;

  function close(): void {
    if (closeOpen !== close) return;
    closeOpen = undefined;
    anchor = undefined;
    done.abort();
    dispose();
    menu.remove();
    if (at instanceof HTMLElement) at.ariaExpanded = 'false';
  }
  const leave = (): void => {
    close();
    restore();
  };
  const dispose = render(
    () => (
      <For each={shown}>
        {(group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
          <div role="group">
            <For each={group}>
              {(entry) => (
                <button
                  type="button"
                  role="menuitem"
                  tabindex="-1"
                  onClick={() => {
                    leave();
                    entry.act();
                  }}
                >
                  {entry.words}
                  {entry.keys !== undefined && <span aria-hidden="true">{entry.keys}</span>}
                </button>
              )}
            </For>
          </div>
        )}
      </For>
    ),
    menu,
  );
  closeOpen = close;
  anchor = at;
  if (at instanceof HTMLElement) at.ariaExpanded = 'true';

  const items = [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  let typed = '';
  let typedAt = 0;
  menu.addEventListener('keydown', (event) => {
    const { key } = event;
    const from = items.indexOf(document.activeElement as HTMLElement);
    const go = (to: number): void => items.at(to % items.length)?.focus();
    event.stopPropagation();
    if (key === 'Tab') {
      // From the place that the focus came from, the browser goes on by itself.
      leave();
      return;
    }
    if (key === 'ArrowDown') go(from + 1);
    else if (key === 'ArrowUp') go(from < 0 ? -1 : from - 1);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(-1);
    else if (key === 'Escape') leave();
    else if (key.length === 1 && key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      typed = event.timeStamp - typedAt > WORD_MS ? key.toLowerCase() : typed + key.toLowerCase();
      typedAt = event.timeStamp;
      found(items, from, typed)?.focus();
    } else return;
    event.preventDefault();
  });
  menu.addEventListener('contextmenu', (event) => event.preventDefault());
  const isOutside = ({ target }: Event): boolean =>
    !(target instanceof Node) ||
    !(menu.contains(target) || (at instanceof HTMLElement && at.contains(target)));
  addEventListener('pointerdown', (event) => isOutside(event) && close(), { signal, capture: true });
  for (const type of ['blur', 'resize']) addEventListener(type, leave, { signal });
  // The focus went elsewhere: there it stays.
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  menu.showPopover();
  place(menu, at);
  items[0]?.focus({ preventScroll: true });
}
