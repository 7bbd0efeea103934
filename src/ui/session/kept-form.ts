// Keeps the texts of an open form, so that a reload of the page opens the form again with its texts.
// Invariant: the texts are kept at each change, and forgotten when the form is closed in any way; a page that unloads closes no
// form.

import { createEffect, onCleanup } from 'solid-js';
import type { SessionCursor } from './cursor';
import type { SessionDocument } from './document';
import type { FormName, TypedTexts } from './open-sheets';

/** What a form was about and the texts in it. */
export type Kept = Parameters<TypedTexts['saveForm']>[2];

/** The memory of one form. */
export interface FormMemory {
  /** What was in it when the page was loaded anew. */
  readonly left?: Kept;
  keep(typed: Kept): void;
}

/** The memory of a form over the session's sheet. */
export const formMemory = (session: SessionDocument, form: FormName, left?: Kept): FormMemory => ({
  ...(left && { left }),
  keep: (typed) => session.typed?.saveForm(session.typedKey(), form, typed),
});

/** Keeps what `read` yields for as long as the owner lives; nothing where there is nothing to be kept. */
export function keepForm(memory: FormMemory | undefined, read: () => Kept): void {
  if (!memory) return;
  createEffect(() => memory.keep(read()));
  onCleanup(() => memory.keep(undefined));
}

/** The cells that are selected, as a text: the active one and the other corner. */
export function cellsText(session: SessionCursor): string {
  const { run, row } = session.active();
  const corner = session.span().corner ?? { run, row };
  return [run, row, corner.run, corner.row].join(' ');
}

/** Selects cells again; false where their runs are not there any more. */
export function selectAgain(session: SessionDocument & SessionCursor, text: string): boolean {
  const [run = '', row = '', otherRun = '', otherRow = ''] = text.split(' ');
  const runs = session.plan().runs;
  if (!runs.has(run) || !runs.has(otherRun)) return false;
  session.activate({ run, row });
  if (run !== otherRun || row !== otherRow) session.select({ corner: { run: otherRun, row: otherRow } });
  return true;
}
