// Keeps the texts of an open form, so that a reload of the page opens the form again with its texts.
// Invariant: the texts are kept at each change, and forgotten when the form is closed in any way; a page that unloads closes no
// form.

import { createEffect, onCleanup } from 'solid-js';
import type { SessionDocument } from './document';
import type { FormName, TypedTexts } from './open-sheets';

/** The subject of a form and the texts in it; undefined for a closed form. */
export type Kept = Parameters<TypedTexts['saveForm']>[2];

/** Keeps the content of one form. */
export interface FormMemory {
  /** The content of the form before the reload, if there was any. */
  readonly left?: Kept;
  keep(typed: Kept): void;
}

/** The memory of a form over the open sheet; `left` is the content before the reload. */
export const formMemory = (session: SessionDocument, form: FormName, left?: Kept): FormMemory => ({
  ...(left && { left }),
  keep: (typed) => session.typed?.saveForm(session.typedKey(), form, typed),
});

/**
 * Keeps the result of `read`, at each change, until the Solid owner is disposed; then forgets the form. Does
 * nothing without a memory.
 */
export function keepForm(memory: FormMemory | undefined, read: () => Kept): void {
  if (!memory) return;
  createEffect(() => memory.keep(read()));
  onCleanup(() => memory.keep(undefined));
}
