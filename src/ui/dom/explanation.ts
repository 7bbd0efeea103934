// A small card under a label that says what the label means, for a finger or a press. Loaded late.
// Invariant: one card at a time, opened and closed by its label as any popover; the focus stays where it was. Knows nothing of
// what it explains.

import { announce } from './announcer';
import { openOwn, placeBelow } from './popover';
import './explanation.css';

let card: HTMLElement | undefined;
let owner: HTMLButtonElement | undefined;

function makeCard(): HTMLElement {
  const made = document.createElement('div');
  made.popover = 'auto';
  made.className = 'explanation';
  // Before the sheet, where the focus still is and Esc has a meaning of its own.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !made.matches(':popover-open')) return;
    event.stopPropagation();
    event.preventDefault();
    made.hidePopover();
  };
  const opens = (event: Event): boolean => (event as ToggleEvent).newState === 'open';
  // At once: a toggle is told a task later, and Esc may be pressed before.
  made.addEventListener('beforetoggle', (event) =>
    (opens(event) ? addEventListener : removeEventListener)('keydown', onKeyDown, true),
  );
  made.addEventListener('toggle', (event) => {
    if (!opens(event)) return;
    placeBelow(made, owner);
    announce('meaning', [...made.children].map(({ textContent }) => textContent).join('. '));
  });
  return made;
}

const withText = (tag: string, text: string): HTMLElement => {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
};

/** Opens the card under a label, which opens and closes the card from then on. */
export function explain(label: HTMLButtonElement, title: string, lines: readonly string[]): void {
  if (owner === label) return;
  card ??= makeCard();
  (label.closest('main') ?? document.body).append(card);
  if (owner) owner.popoverTargetElement = null;
  owner = label;
  card.replaceChildren(withText('strong', title), ...lines.map((line) => withText('p', line)));
  openOwn(card, label);
}
