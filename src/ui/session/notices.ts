// Notices to the person: a notice that stays until it is withdrawn, and a report of the last step.
// Invariant: each text replaces the text before it. Knows neither the sheet nor the subjects of the texts.

import { type Accessor, createSignal } from 'solid-js';

/** Texts from the page to the person. */
export interface SessionNotices {
  /** The current notice, such as why an edit was refused; undefined if there is none. */
  readonly notice: Accessor<string | undefined>;
  /** Replaces the notice; undefined withdraws it. */
  say(text: string | undefined): void;
  /** Report of the last undo, redo or other step. */
  readonly done: Accessor<string | undefined>;
  /** Replaces the report, which the receipt line shows until the next edit; undefined clears it. */
  report(text: string | undefined): void;
}

/** Notices without a text at first. */
export function createNotices(): SessionNotices {
  const [notice, say] = createSignal<string>();
  const [done, report] = createSignal<string>();
  return { notice, say, done, report };
}
