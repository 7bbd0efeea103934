// A page as the simulator sees it: a sheet with edits, a status, and the messages to the person.
// Invariant: each edit is a unique tag, so a lost edit can be named.
// Does not know how a page keeps its sheets; each kind of page has an adapter.

import type { Environment } from './environment';

/** A sheet on the screen: its id and its edits. */
export interface Shown {
  readonly sheet: string;
  /** Whether the sheet is one of the person's; otherwise it arrived by an address. */
  readonly kept: boolean;
  readonly tags: ReadonlySet<string>;
  /** Edits that the sheet contains twice. */
  readonly twice: readonly string[];
}

/**
 * The page's status of the sheet on the screen; `unknown` before storage has answered, `unwritten` for a
 * sheet without edits that is not kept.
 */
export type Status = 'unknown' | 'unwritten' | 'saving' | 'saved' | 'not saved';

/** One page under test. */
export interface SimulatedPage {
  /** The sheet on the screen; undefined before the first one. The same object until something changes. */
  shown(): Shown | undefined;
  status(): Status;
  /** The number of messages to the person so far. */
  messages(): number;
  /** Adds a tag to the sheet on the screen, at once. */
  edit(tag: string): void;
  /** Adds a tag by replacing the whole sheet, an edit that cannot be made again on another version. */
  replace(tag: string): void;
  undo(): void;
  redo(): void;
  // The following deeds may take time; until they resolve, their changes on the screen are intended.
  /** Opens a sheet. */
  open(sheet: string): Promise<void>;
  /** Opens one of the sheets that the page offers, chosen by `amount`. */
  openAny(amount: number): Promise<void>;
  /** Handles a navigation back or forward in the tab's history. */
  arrive(): Promise<void>;
  /** Returns the address of a sheet that is not among the person's. */
  linkTo(amount: number): string;
  /** Keeps the sheet that arrived by an address. */
  keep(): Promise<void>;
  /** Makes a new sheet and shows it. */
  create(): Promise<void>;
  readonly deeds?: SheetDeeds;
}

/** A file that a page exported, and its content. */
export interface Exported {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The sheets in the file: each one's origin and edits. */
  readonly sheets: readonly { readonly sheet: string; readonly tags: ReadonlySet<string> }[];
  readonly trainings: readonly number[];
}

/** The page's report on an imported file. */
export interface Imported {
  readonly added: number;
  readonly skipped: number;
  /** The number of remarks on lost parts. */
  readonly damaged: number;
  /** The edits of each sheet that was there before. */
  readonly here: readonly ReadonlySet<string>[];
  /** The number of remarks on parts that were changed after they were written. */
  readonly noted: number;
}

/**
 * A person's deeds with whole sheets, files and trainings, for a page that supports them. `amount` chooses
 * among the offered ones; `begin` receives the choice just before the deed.
 */
export interface SheetDeeds {
  /** Removes or restores a sheet; resolves to whether the page reported no problem. */
  remove(amount: number, begin: (sheet: string) => void): Promise<boolean>;
  restore(amount: number, begin: (sheet: string) => void): Promise<boolean>;
  /** Gives a sheet a title that is this edit; resolves to whether the page reported no problem. */
  rename(amount: number, tag: string, begin: (sheet: string) => void): Promise<boolean>;
  duplicate(amount: number, begin: (sheet: string) => void): Promise<void>;
  /** Exports all sheets, or the sheet on the screen; undefined if the export fails. */
  exportFile(amount: number): Promise<Exported | undefined>;
  /** Imports a file; `added` receives each sheet when it is stored. */
  importFile(
    file: Pick<Exported, 'name' | 'bytes'>,
    added: (sheet: string, tags: ReadonlySet<string>) => void,
  ): Promise<Imported | undefined>;
  /** Puts a training into the library; resolves to whether it is stored. */
  train(number: number): Promise<boolean>;
  /** The numbers of the trainings in the library, and of those that were computed here. */
  trainings(): Promise<{ readonly all: ReadonlySet<number>; readonly own: ReadonlySet<number> }>;
}

/** Starts a page in an environment; slow work continues in the page's tasks. */
export interface Boot {
  (environment: Environment): SimulatedPage;
  /** Whether the page handles records of other releases and damaged records among its sheets. */
  readonly meetsOthers?: true;
}
