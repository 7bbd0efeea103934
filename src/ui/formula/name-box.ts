// The box with the name of the active cell: what is typed there leads to another cell.
// Invariant: Enter goes to the chosen cell or else to the likeliest one; nothing is edited; left without Enter, the box says
// where the active cell is.

import { focusActiveCell } from '../dom/focus';
import { squeezed } from '../text/meaning-text';
import type { Workspace } from '../workspace/workspace';
import { type FoundCell, findCells } from './cell-search';
import { completeIn } from './completion';
import './formulas.css';

/** Lets the box, which shows `place()`, lead to what is typed there; must be called inside a Solid root. */
export function attachNameBox(input: HTMLInputElement, { session }: Workspace, place: () => string): void {
  const found = (text: string): readonly FoundCell[] =>
    findCells(text, { registry: session.registry, sheet: session.sheet(), active: session.active().run });
  /** What the box said last, which no longer holds once a cell is found. */
  let said: string | undefined;
  const leave = (): void => {
    input.value = place();
    focusActiveCell();
  };
  input.spellcheck = false;
  input.autocomplete = 'off';
  input.after(
    completeIn(input, (text) =>
      found(text).map((cell) => ({ text: cell.text, about: cell.about, from: 0, to: text.length })),
    ),
  );
  input.addEventListener('focus', () => input.select());
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') leave();
    else if (event.key !== 'Enter') return;
    else {
      const typed = input.value.trim();
      // No name, as after a slip of the hand, leads nowhere.
      const all = squeezed(typed) === '' || typed === place() ? [] : found(typed);
      const cell = all.find(({ text }) => text === typed) ?? all[0];
      if (cell) {
        session.activate({ run: cell.run, row: cell.row });
        if (said !== undefined && session.notice() === said) session.say(undefined);
      } else if (typed !== '' && typed !== place()) {
        said = `No cell, run or param is called “${typed}”.`;
        session.say(said);
        return;
      }
      leave();
    }
    event.preventDefault();
  });
  input.addEventListener('blur', () => {
    input.value = place();
  });
  if (document.activeElement !== input) return;
  // What was typed while this part loaded stays.
  if (input.value === place()) input.select();
  else input.dispatchEvent(new Event('input'));
}
