// The menu of examples: links to their addresses, in a popover of the browser's own under its button.
// Invariant: choosing an example opens its address, so that the person's own sheet is unchanged and Back returns to it.
// Loaded on first use.

import { For } from 'solid-js';
import { render } from 'solid-js/web';
import { placeBelow } from '../dom/popover';
import { EXAMPLES } from './examples';
import './examples.css';

/** How far a key moves in the list; the ends are beyond any number of examples. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

function Menu(props: { close: () => void }) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const links = [...event.currentTarget.querySelectorAll('a')];
    const at = links.findIndex((link) => link.matches(':focus'));
    links[Math.max(0, Math.min(at + step, links.length - 1))]?.focus();
  };
  return (
    <ul onKeyDown={onKeyDown}>
      <For each={EXAMPLES}>
        {({ title, lesson, address }) => (
          <li>
            <a href={address} onClick={() => props.close()}>
              {title}
              <span class="quiet">{lesson}</span>
            </a>
          </li>
        )}
      </For>
    </ul>
  );
}

/** Puts the menu under its button and opens it; from then on the button opens and closes it by itself. */
export function openExamples(button: HTMLButtonElement): void {
  if (button.popoverTargetElement) return;
  const popover = document.createElement('nav');
  popover.popover = 'auto';
  popover.className = 'menu examples-menu';
  popover.ariaLabel = 'Examples';
  button.after(popover);
  render(() => <Menu close={() => popover.hidePopover()} />, popover);
  popover.addEventListener('toggle', ({ newState }) => {
    button.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return;
    placeBelow(popover, button);
    const links = [...popover.querySelectorAll('a')];
    for (const link of links) link.ariaCurrent = link.hash === location.hash ? 'true' : null;
    (links.find((link) => link.ariaCurrent) ?? links[0])?.focus();
  });
  button.popoverTargetElement = popover;
  popover.showPopover();
}
