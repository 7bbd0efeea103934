// Puts a text into an input in a person's place, as if typed: listeners of the input receive the usual events.
// Invariant: the browser's own undo reverts the text, if the browser can.

import type { Span } from '../../core/plan/language';

const replacing = new WeakSet<EventTarget>();

/** Whether what an input just says comes from here and not from a person's keys. */
export const isReplacing = (input: EventTarget): boolean => replacing.has(input);

/** Puts a text in the place of a part of the input's, and the caret behind it. */
export function replaceText(input: HTMLInputElement, { from, to }: Span, text: string): void {
  replacing.add(input);
  input.setSelectionRange(from, to);
  // The only way that the browser's undo knows of; deprecated, and without a successor.
  if (!document.execCommand('insertText', false, text)) {
    input.setRangeText(text, from, to, 'end');
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  replacing.delete(input);
}
