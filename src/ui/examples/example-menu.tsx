// The menu of examples: links to their addresses, in a native popover under its button.
// Invariant: choosing an example opens its address, so that the person's own sheet is unchanged and Back
// returns to it.
// Loaded on first use.

import { For } from 'solid-js';
import { render } from 'solid-js/web';
import { statesOf } from '../../core/sheet/history';
import { openOwn, placeBelow } from '../dom/popover';
import type { SessionDocument } from '../session/document';
import { EXAMPLES, EXAMPLES_LESSON, exampleAt } from './examples';
import './examples.css';

/** How many places a key moves the focus in the list; the focus stops at the ends. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The example that the open sheet is, or was when it was opened by its address. */
function openExample(session: SessionDocument): string | undefined {
  const { linked, history } = session.open();
  const [first = session.sheet()] = statesOf(history);
  const example = exampleAt(session.address()) ?? (linked ? exampleAt(session.addressOf(first)) : undefined);
  return example?.address;
}

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
      <li>
        <a href={EXAMPLES_LESSON} onClick={() => props.close()}>
          All ten as a lesson
          <span class="quiet">One after the other; some ask for a guess before they show the results.</span>
        </a>
      </li>
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

/**
 * Creates the menu after its button and opens it; later presses of the button open and close it without this
 * function. Does nothing if the button has its menu.
 */
export function openExamples(button: HTMLButtonElement, session: SessionDocument): void {
  if (button.popoverTargetElement) return;
  const popover = document.createElement('nav');
  popover.popover = 'auto';
  popover.className = 'menu examples-menu';
  popover.ariaLabel = 'Examples';
  // Not within the tools, which a phone hides.
  (button.closest('[popover]') ?? button).after(popover);
  render(() => <Menu close={() => popover.hidePopover()} />, popover);
  popover.addEventListener('toggle', ({ newState }) => {
    button.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return;
    placeBelow(popover, button);
    const links = [...popover.querySelectorAll('a')];
    const shown = openExample(session);
    for (const link of links) link.ariaCurrent = link.hash === shown ? 'true' : null;
    (links.find((link) => link.ariaCurrent) ?? links[0])?.focus();
  });
  openOwn(popover, button);
}
