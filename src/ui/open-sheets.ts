// The person's sheets as the page around the grid sees them: which one is open, how far it is on disk, what can be done.
// Knows neither storage nor the address bar: both are behind this port.

import type { History } from '../core/history';
import type { RunId, Sheet } from '../core/sheet';

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
}
