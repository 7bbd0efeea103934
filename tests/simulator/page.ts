// A page as the simulator sees it: a sheet with edits in it, a status, and what was said to the person.
// Invariant: an edit is a tag that no other edit has, so that a lost one is seen by its name.
// Does not know how a page keeps its sheets; each kind of page has an adapter.

import type { Environment } from './environment';

/** A sheet on the screen: its identity, and the edits that are in it. */
export interface Shown {
  readonly sheet: string;
  /** Whether it is one of the person's; else it came by an address. */
  readonly kept: boolean;
  readonly tags: ReadonlySet<string>;
  /** Edits that are in it twice. */
  readonly twice: readonly string[];
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
  /** The same as a change of the whole sheet, which cannot be made again on another version of it. */
  replace(tag: string): void;
  undo(): void;
  redo(): void;
  // What follows may take time; what it changes on the screen is the person's wish until it resolves.
  /** Leads to one of the sheets. */
  open(sheet: string): Promise<void>;
  /** The same, the sheet being one of those that the page offers; `amount` says which. */
  openAny(amount: number): Promise<void>;
  /** The person went back or forward in the tab's history. */
  arrive(): Promise<void>;
  /** Removes one of the sheets, and in half of the cases restores it; its name once that is done. */
  removeAny(amount: number): Promise<string | undefined>;
  /** An address of a sheet that is none of the person's. */
  linkTo(amount: number): string;
  /** Keeps the sheet that came by an address. */
  keep(): Promise<void>;
  /** Makes a new sheet and shows it. */
  create(): Promise<void>;
}

/** Starts a page in an environment; what takes time goes on in the page's tasks. */
export type Boot = (environment: Environment) => SimulatedPage;
