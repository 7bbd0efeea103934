// Replaces text in an input as if a person had typed the text: listeners of the input receive the usual
// events.
// Invariant: the browser's own undo reverts the replacement, if the browser can.

import type { Span } from '../../core/plan/language';

const replacing = new WeakSet<EventTarget>();

/** Whether `replaceText` causes the present events of the input, and not a person's keys. */
export const isReplacing = (input: EventTarget): boolean => replacing.has(input);

/** Replaces a part of an input's text and sets the caret behind the new text. */
export function replaceText(input: HTMLInputElement, { from, to }: Span, text: string): void {
  replacing.add(input);
  input.setSelectionRange(from, to);
  // Deprecated, but the only way to replace text that the browser's undo knows.
  if (!document.execCommand('insertText', false, text)) {
    input.setRangeText(text, from, to, 'end');
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  replacing.delete(input);
}
