// Points at a cell while a formula is typed: puts the cell's reference into the text, and replaces the reference on the next
// press.
// Invariant: where no reference fits, a press has its usual effect. The input keeps the focus and the draft continues.

import { createEffect, onCleanup } from 'solid-js';
import type { Span } from '../../core/plan/language';
import type { Workspace } from '../workspace/workspace';
import { replaceText } from './formula-typing';
import type { Place } from './precedents';
import { openPlace } from './references';

/** The draft as pointing needs it. */
interface Pointing {
  readonly workspace: Workspace;
  /** Whether a formula is being typed. */
  isTyping(): boolean;
  /** The text of a reference from the draft to a cell; undefined if the draft cannot refer to the cell. */
  referenceTo(place: Place): string | undefined;
  /** Explains to the person why a press inserted no reference. */
  refuse(): void;
}

/** The grid cell that contains an element; undefined for a member's cell, which no formula can refer to. */
function placeOf({ selection, columns }: Workspace, element: Element): Place | undefined {
  const cell = element.closest('.grid tbody td');
  const row = cell?.parentElement?.getAttribute('aria-rowindex');
  const column = columns.all()[Number(cell?.getAttribute('aria-colindex') ?? Number.NaN) - 2];
  const id = selection.rowIds()[Number(row ?? Number.NaN) - 1];
  return column && column.member === undefined && id !== undefined ? { run: column.id, row: id } : undefined;
}

/** Inserts references on presses while a formula is typed, for as long as the Solid owner lives. */
export function listenForPointing({ workspace, isTyping, referenceTo, refuse }: Pointing): void {
  /** The input's text and the inserted reference right after the last press; void once the text differs. */
  let pointed: { readonly text: string; readonly span: Span } | undefined;

  /**
   * The input, the span to replace and the reference to the pressed cell; undefined if the press has its
   * usual effect.
   */
  function targetOf(event: Event) {
    const input = document.activeElement;
    const draft = workspace.editing.draft();
    if (!draft || !(input instanceof HTMLInputElement) || !(event.target instanceof Element))
      return undefined;
    if (event.target.closest('input, button, [popover]')) return undefined;
    const place = placeOf(workspace, event.target);
    if (!place || (place.run === draft.run && place.row === draft.row)) return undefined;
    const reference = referenceTo(place);
    const selection = { from: input.selectionStart ?? 0, to: input.selectionEnd ?? 0 };
    const last = pointed?.text === input.value ? pointed.span : undefined;
    const span = openPlace(input.value, selection, last);
    return span && { input, span, reference };
  }

  function onPress(event: Event): void {
    const target = targetOf(event);
    if (!target) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== 'click') return;
    const { input, span, reference } = target;
    if (reference === undefined) {
      refuse();
      return;
    }
    replaceText(input, span, reference);
    pointed = { text: input.value, span: { from: span.from, to: span.from + reference.length } };
  }

  createEffect(() => {
    if (!isTyping()) return;
    const done = new AbortController();
    // In the capture phase, before the sheet's own listeners: these would end the draft on a press.
    for (const type of ['pointerdown', 'mousedown', 'click', 'dblclick'])
      addEventListener(type, onPress, { capture: true, signal: done.signal });
    onCleanup(() => {
      done.abort();
      pointed = undefined;
    });
  });
}
