// The port from the page to the person's sheets: the open sheet, its saving state, and the actions on sheets.
// Knows neither storage nor the address bar: both are behind this port.

import type { History } from '../../core/sheet/history';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import type { OpenLesson } from './open-lesson';

/**
 * Saving state of the open sheet. `unanswered`: storage has not answered yet; `unwritten`: the sheet is not
 * in storage and has no edit to save; `reason` is a text for the person.
 */
export type SheetSaving =
  | { readonly state: 'saved' | 'saving' | 'unanswered' | 'unwritten' }
  | { readonly state: 'not saved'; readonly reason: string };

/** The open sheet: its document history and its saving state. */
export interface OpenSheet {
  /** Undefined until the sheet is stored for the first time. */
  readonly id: string | undefined;
  readonly history: History;
  readonly saving: SheetSaving;
  /** Whether the sheet came from an address and is not among the person's sheets. */
  readonly linked: boolean;
  /**
   * Serial number of the opening: different each time that a sheet takes the place of another on the screen.
   */
  readonly opened: number;
  /** The lesson of which the sheet is a step. */
  readonly lesson?: OpenLesson | undefined;
}

/** A text being typed, and its place. */
export interface TypedText {
  readonly run: RunId;
  readonly row: string;
  readonly text: string;
  readonly place: 'cell' | 'bar';
  /** Whether the row was a proposal, which another tab may have turned into a row of its own meanwhile. */
  readonly proposed?: boolean | undefined;
  /** Whether the text was typed over the cell, so that arrow keys leave the cell. */
  readonly over?: boolean | undefined;
}

/**
 * Keeps the text being typed across a reload, under the sheet's id or, if the sheet has none, its address.
 */
export interface TypedTexts {
  load(sheet: string): Promise<TypedText | undefined>;
  save(sheet: string, text: TypedText | undefined): void;
  /** The forms that were open over that sheet before the reload. */
  loadForms(sheet: string): Promise<readonly TypedForm[]>;
  /** Remembers the content of one form; undefined forgets the form. */
  saveForm(sheet: string, form: FormName, typed: Omit<TypedForm, 'form'> | undefined): void;
}

/** The forms with text fields, apart from the grid's cells and the formula bar, and the open tab of figures. */
export type FormName =
  | 'tab'
  | 'row'
  | 'title'
  | 'fill'
  | 'sweep'
  | 'map'
  | 'library'
  | 'budget'
  | 'removal'
  | 'note'
  | 'guess'
  | 'lesson'
  | 'help';

/** Content of a form that is open over the sheet. */
export interface TypedForm {
  readonly form: FormName;
  /**
   * Subject of the form: a row, a sheet, cells, a training or runs; empty for a subject that the form
   * creates.
   */
  readonly about: string;
  readonly texts: readonly string[];
}

/** Summary of a stored sheet, for lists. */
export interface SheetHead {
  readonly id: string;
  readonly title?: string;
  /** The names of the first runs. */
  readonly names: readonly string[];
  /** Number of all runs. */
  readonly runs: number;
  /** Time of the last edit in ms since 1970, by the clock of the device, which may be wrong. */
  readonly edited: number;
  /** Whether the person keeps the sheet; false for a sheet that came from an address and was then edited. */
  readonly kept: boolean;
  /** Time of the removal in ms since 1970; absent unless the sheet was removed. */
  readonly removed?: number;
  /** Days for which the list will still show a removed sheet. */
  readonly left?: number;
}

/** An unreadable item in the storage of sheets, under its key. */
export interface UnreadableItem {
  readonly key: string;
  readonly held: unknown;
  /** Set if the sheet itself is missing, and this item is the rest of it. */
  readonly missing?: true;
  readonly head?: SheetHead;
}

/** The sheets of the person: actions without an id act on the open sheet. */
export interface OpenSheets {
  state(): OpenSheet;
  /**
   * Calls `listener` after each change, with a notice if there is one for the person; returns the function
   * that unsubscribes.
   */
  subscribe(listener: (news?: string) => void): () => void;
  /** Applies an edit; throws SheetError if the edit cannot be made. */
  edit(label: string, make: (sheet: Sheet) => Sheet): void;
  undo(): void;
  redo(): void;
  open(id: string): Promise<void>;
  /** Adds a sheet beside the others and opens it; without an argument, a new sheet. */
  add(sheet?: Sheet): Promise<void>;
  duplicate(id: string): Promise<void>;
  /** Gives a sheet a title; without an id, the open sheet. */
  rename(id: string | undefined, title: string): Promise<void>;
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Adds the linked sheet to the person's sheets; `title` applies if the sheet has none. */
  keepCopy(title?: string): Promise<void>;
  /** Opens the person's sheet that was edited last. */
  backToOwn(): Promise<void>;
  /**
   * Summaries of all sheets, removed and unkept ones included, the last edited first. Rejects if storage
   * fails.
   */
  heads(): Promise<readonly SheetHead[]>;
  /** The unreadable items. Rejects if storage fails. */
  unreadable(): Promise<readonly UnreadableItem[]>;
  /** Deletes an unreadable item for good. */
  discard(key: string): Promise<void>;
}

/** Actions on files of sheets; each opens its own dialog. */
export interface SheetFiles {
  /** Downloads the sheet on the screen; resolves to the file's name, or to undefined after a reported failure. */
  saveSheet(): Promise<string | undefined>;
  openFile(): void;
  exportAll(): void;
  /** Makes a lesson of chosen sheets. `left` is the form before a reload; `keep` stores the form. */
  makeLesson(memory: {
    readonly left?: Omit<TypedForm, 'form'> | undefined;
    keep(typed: Omit<TypedForm, 'form'> | undefined): void;
  }): void;
}
