// Points at a cell while a formula is typed: puts the cell's reference into the text, and replaces the reference on the next
// press.
// Invariant: where no reference fits, a press has its usual effect. The input keeps the focus and the draft continues.

import { createEffect, onCleanup } from 'solid-js';
import type { Span } from '../../core/plan/language';
import type { Workspace } from '../workspace/workspace';
import { replaceText } from './formula-typing';
import type { Place } from './precedents';
import { openPlace } from './references';

/** What pointing needs to know of the draft. */
interface Pointing {
  readonly workspace: Workspace;
  /** Whether a formula is being typed. */
  isTyping(): boolean;
  /** How the draft would refer to a cell; undefined where it cannot. */
  referenceTo(place: Place): string | undefined;
  /** Says why nothing came of pointing. */
  refuse(): void;
}

/** The cell of the grid in which an element is; members have none of their own that could be referred to. */
function placeOf({ selection, columns }: Workspace, element: Element): Place | undefined {
  const cell = element.closest('.grid tbody td');
  const row = cell?.parentElement?.getAttribute('aria-rowindex');
  const column = columns.all()[Number(cell?.getAttribute('aria-colindex') ?? Number.NaN) - 2];
  const id = selection.rowIds()[Number(row ?? Number.NaN) - 1];
  return column && column.member === undefined && id !== undefined ? { run: column.id, row: id } : undefined;
}

/** Listens for presses for as long as the owner lives. */
export function listenForPointing({ workspace, isTyping, referenceTo, refuse }: Pointing): void {
  /** What pointing put into the text last, as long as that is as it was then. */
  let pointed: { readonly text: string; readonly span: Span } | undefined;

  /** Where in which input a reference to the cell under the pointer can come, and the reference. */
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
    // Before everyone else: the sheet would take a press for the end of the draft.
    for (const type of ['pointerdown', 'mousedown', 'click', 'dblclick'])
      addEventListener(type, onPress, { capture: true, signal: done.signal });
    onCleanup(() => {
      done.abort();
      pointed = undefined;
    });
  });
}
