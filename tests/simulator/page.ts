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
  // What follows may take time; what it changes on the screen is the person's request until it resolves.
  /** Leads to one of the sheets. */
  open(sheet: string): Promise<void>;
  /** The same, the sheet being one of those that the page offers; `amount` says which. */
  openAny(amount: number): Promise<void>;
  /** The person went back or forward in the tab's history. */
  arrive(): Promise<void>;
  /** An address of a sheet that is none of the person's. */
  linkTo(amount: number): string;
  /** Keeps the sheet that came by an address. */
  keep(): Promise<void>;
  /** Makes a new sheet and shows it. */
  create(): Promise<void>;
  readonly deeds?: SheetDeeds;
}

/** A file that a page made, and what is in it. */
export interface Exported {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The sheets in it, each as the edits in it, and where they come from. */
  readonly sheets: readonly { readonly sheet: string; readonly tags: ReadonlySet<string> }[];
  readonly trainings: readonly number[];
}

/** What a page said that came of a file. */
export interface Imported {
  readonly added: number;
  readonly skipped: number;
  /** How many lines said that something could not be read or kept. */
  readonly damaged: number;
  /** The edits in the sheets that were there before. */
  readonly here: readonly ReadonlySet<string>[];
  /** How many lines said that something was changed since it was written. */
  readonly noted: number;
}

/**
 * What a person does with sheets as wholes, with files and with trainings, for a page that has all of it. `amount` says with
 * which of those that the page offers; the callback hears which it is, just before it is done.
 */
export interface SheetDeeds {
  /** Removes a sheet or restores it; resolves to whether nothing was said against it. */
  remove(amount: number, begin: (sheet: string) => void): Promise<boolean>;
  restore(amount: number, begin: (sheet: string) => void): Promise<boolean>;
  /** Gives a sheet a title that is this edit; resolves to whether nothing was said against it. */
  rename(amount: number, tag: string, begin: (sheet: string) => void): Promise<boolean>;
  duplicate(amount: number, begin: (sheet: string) => void): Promise<void>;
  /** Makes a file of all sheets, or of the one on the screen; nothing where that fails. */
  exportFile(amount: number): Promise<Exported | undefined>;
  /** Opens a file; hears of each sheet once it is kept. */
  importFile(
    file: Pick<Exported, 'name' | 'bytes'>,
    added: (sheet: string, tags: ReadonlySet<string>) => void,
  ): Promise<Imported | undefined>;
  /** Puts a training into the library; resolves to whether it is kept. */
  train(number: number): Promise<boolean>;
  /** The numbers of the trainings in the library, and those of them that were computed here. */
  trainings(): Promise<{ readonly all: ReadonlySet<number>; readonly own: ReadonlySet<number> }>;
}

/** Starts a page in an environment; what takes time goes on in the page's tasks. */
export interface Boot {
  (environment: Environment): SimulatedPage;
  /** Whether it lives with what other releases and damage leave among its sheets. */
  readonly meetsOthers?: true;
}
