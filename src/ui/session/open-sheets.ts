// The port from the page to the person's sheets: the open sheet, its saving state, and the actions on sheets.
// Knows neither storage nor the address bar: both are behind this port.

import type { History } from '../../core/sheet/history';
import type { RunId, Sheet } from '../../core/sheet/sheet';

/** How far the open sheet is on disk. */
export type SheetSaving =
  | { readonly state: 'saved' | 'saving' | 'unanswered' | 'unwritten' }
  | { readonly state: 'not saved'; readonly reason: string };

/** The sheet that is open. */
export interface OpenSheet {
  /** Undefined until the sheet is stored for the first time. */
  readonly id: string | undefined;
  readonly history: History;
  readonly saving: SheetSaving;
  /** Whether the sheet came by an address and is none of the person's. */
  readonly linked: boolean;
  /** Another number for each sheet that comes on the screen. */
  readonly opened: number;
}

/** A text being typed, and where. */
export interface TypedText {
  readonly run: RunId;
  readonly row: string;
  readonly text: string;
  readonly place: 'cell' | 'bar';
}

/** Remembers the text being typed over a reload, by the sheet's id or, where the sheet has none, its address. */
export interface TypedTexts {
  load(sheet: string): Promise<TypedText | undefined>;
  save(sheet: string, text: TypedText | undefined): void;
  /** The forms that were open over that sheet. */
  loadForms(sheet: string): Promise<readonly TypedForm[]>;
  /** Remembers one of them; forgets it where there is nothing. */
  saveForm(sheet: string, form: FormName, typed: Omit<TypedForm, 'form'> | undefined): void;
}

/** The forms with fields for text, but for the grid's cells and the bar above it. */
export type FormName = 'row' | 'title' | 'fill' | 'sweep' | 'map' | 'library' | 'budget' | 'removal';

/** What is being typed into a form that is open over the sheet. */
export interface TypedForm {
  readonly form: FormName;
  /** The row, the sheet, the cells, the training or the runs that the form is about; empty for what is new. */
  readonly about: string;
  readonly texts: readonly string[];
}

/** What a list shows of a sheet. */
export interface SheetHead {
  readonly id: string;
  readonly title?: string;
  /** The names of the first runs. */
  readonly names: readonly string[];
  /** How many runs there are. */
  readonly runs: number;
  /** When the sheet was edited, in milliseconds since 1970, by whatever clock. */
  readonly edited: number;
  /** Whether a person keeps the sheet; else it came by an address and was edited. */
  readonly kept: boolean;
  /** When the sheet was removed, if it was. */
  readonly removed?: number;
  /** On how many more days the list will show a removed sheet. */
  readonly left?: number;
}

/** What lies among the sheets and cannot be read, under its key. */
export interface UnreadableItem {
  readonly key: string;
  readonly held: unknown;
  /** Set where the sheet itself is missing, and this is what is left of it. */
  readonly missing?: true;
  readonly head?: SheetHead;
}

export interface OpenSheets {
  state(): OpenSheet;
  /** Hears each change, with a sentence where there is something to say; returns the way to stop. */
  subscribe(listener: (news?: string) => void): () => void;
  /** Makes an edit; throws SheetError where the edit cannot be made. */
  edit(label: string, make: (sheet: Sheet) => Sheet): void;
  undo(): void;
  redo(): void;
  open(id: string): Promise<void>;
  /** Adds a sheet beside the others and shows it; a new one where none is given. */
  add(sheet?: Sheet): Promise<void>;
  duplicate(id: string): Promise<void>;
  /** Gives a sheet a title, the open one where there is no id. */
  rename(id: string | undefined, title: string): Promise<void>;
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Makes the linked sheet one of the person's, with this title where it has none. */
  keepCopy(title?: string): Promise<void>;
  /** Goes back to the sheet of the person's that was edited last. */
  backToOwn(): Promise<void>;
  /** All sheets, the one that was edited last first; removed and unkept ones too. Rejects where storage fails. */
  heads(): Promise<readonly SheetHead[]>;
  /** What cannot be read. Rejects where storage fails. */
  unreadable(): Promise<readonly UnreadableItem[]>;
  /** Deletes for good what cannot be read. */
  discard(key: string): Promise<void>;
}

/** What can be done with files of sheets, each in a dialog of its own. */
export interface SheetFiles {
  saveSheet(): void;
  openFile(): void;
  exportAll(): void;
}
