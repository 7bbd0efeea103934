// What a person is told in words: a notice that stays until it is taken back, and what was done last.
// Invariant: each text takes the place of the one before it. Knows neither the sheet nor what the texts are about.

import { type Accessor, createSignal } from 'solid-js';

/** What the page says to the person. */
export interface SessionNotices {
  /** What the person is told, as why an edit could not be made; undefined where there is nothing to say. */
  readonly notice: Accessor<string | undefined>;
  /** Says something to the person, once; undefined takes it back. */
  say(text: string | undefined): void;
  /** What the last undo, redo or other step did, in words. */
  readonly done: Accessor<string | undefined>;
  /** Says in the receipt line what was done; the next edit takes its place. */
  report(text: string | undefined): void;
}

/** Notices of which there is none yet. */
export function createNotices(): SessionNotices {
  const [notice, say] = createSignal<string>();
  const [done, report] = createSignal<string>();
  return { notice, say, done, report };
}
