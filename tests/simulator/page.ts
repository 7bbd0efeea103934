// A page as the simulator sees it: a sheet with edits in it, a status, and what was said to the person.
// Invariant: an edit is a tag that no other edit has, so that a lost one is seen by its name.
// Does not know how a page keeps its sheets; each kind of page has an adapter.

import type { Environment } from './environment';

/** A sheet on the screen: its identity, and the edits that are in it. */
export interface Shown {
  readonly sheet: string;
  readonly tags: ReadonlySet<string>;
}

/**
 * What the page says of the sheet that it shows; `unknown` before storage has answered, `unwritten` of a sheet that has no
 * edits and is not kept.
 */
export type Status = 'unknown' | 'unwritten' | 'saving' | 'saved' | 'not saved';

export interface SimulatedPage {
  /** Nothing before the first sheet is on the screen; the same object as long as nothing changes. */
  shown(): Shown | undefined;
  status(): Status;
  /** How many lines were said to the person so far. */
  messages(): number;
  /** Puts a tag into the sheet that is shown, at once. */
  edit(tag: string): void;
  undo(): void;
  redo(): void;
  // What follows may take time; what it changes on the screen is the person's wish until it resolves.
  /** Leads to one of the sheets. */
  open(sheet: string): Promise<void>;
  /** The same, the sheet being one of those that the page offers; `amount` says which. */
  openAny(amount: number): Promise<void>;
  /** The person went back or forward in the tab's history. */
  arrive(): Promise<void>;
  /** Makes a new sheet and shows it. */
  create(): Promise<void>;
}

/** Starts a page in an environment; what takes time goes on in the page's tasks. */
export type Boot = (environment: Environment) => SimulatedPage;
