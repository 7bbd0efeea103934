// One open sheet and its way to the disk. An edit is a function on a sheet: the page shows the edit at once, writes the edit on
// the revision that this page knows, and makes the edit again on the newest revision if another tab was faster.
//
//            edit                 written
//   saved ─────────▶ saving ─────────────────────────▶ saved
//                      │  ▲ refused: read the newest revision, make the unwritten edits again on it
//                      │  └──────┐
//                      ▼ failed  │ after a pause, or when the page is looked at again
//                   not saved ───┘
//
// Invariants: the state is "saved" only after a write is confirmed; an edit is never dropped without a notice; at most one
// operation of storage is in progress. Knows neither elements nor which sheet opens first.

import { commit, forget, type History, stepsOf } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import { applyPatch, patchBetween, sameSheet } from '../../core/sheet/sheet-patch';
import type { SheetStore, StoredSheet } from '../../platform/storage/sheets/sheets';
import type { OpenLesson } from '../../ui/session/open-lesson';
import type { SheetSaving } from '../../ui/session/open-sheets';
import {
  type Edit,
  functionEdit,
  type Made,
  madeAgain,
  redoing,
  replacement,
  takenUp,
  type Unwritten,
  undoing,
} from './pending-edits';

interface DocumentState {
  /** The id under which the sheet is stored; undefined before the first edit of an unstored sheet. */
  readonly id: string | undefined;
  /** Whether the sheet is one of the person's; otherwise it arrived by an address and lies beside them. */
  readonly kept: boolean;
  readonly history: History;
  readonly saving: SheetSaving;
}

/** The ports of a document. */
export interface DocumentPorts {
  readonly store: Pick<SheetStore, 'read' | 'write'>;
  now(): number;
  /** Calls back after `ms` milliseconds; returns a function that cancels the call. */
  after(ms: number, then: () => void): () => void;
  /** Returns an id that is unique across tabs. */
  newId(): string;
  /** Why storage failed, as a clause for people. */
  reasonOf(error: unknown): string;
  /** Tells other tabs that a sheet has a new revision. */
  announce(id: string, revision: number): void;
  /** Stores the unwritten edits in this tab's memory; undefined clears them. */
  remember(unwritten: Unwritten | undefined): void;
  /** Called at each change of the state; `news` is a sentence for the person. */
  onChange(news?: string): void;
}

/** The state in which a document opens. */
export interface Beginning {
  readonly history: History;
  readonly kept: boolean;
  /** Set if the sheet is stored, or may be stored and must be read. */
  readonly id?: string;
  readonly stored?: StoredSheet;
  /** The edits that this tab had not written when it was closed. */
  readonly unwritten?: Unwritten;
  /** The lesson of which the sheet is a step; the document itself does not use it. */
  readonly lesson?: OpenLesson | undefined;
}

/** One open sheet: its state, its edits and its way to storage. */
export interface OpenDocument {
  state(): DocumentState;
  /** Makes an edit. Throws `SheetError`, and changes nothing, if the edit cannot be made. */
  edit(label: string, make: (sheet: Sheet) => Sheet): void;
  /** Replaces the sheet on the screen by another state, as one step. */
  replace(label: string, sheet: Sheet): void;
  undo(): void;
  redo(): void;
  /** Makes the sheet one of the person's. */
  keep(): void;
  /** Reads a newer revision if there is one. Without `revision`, an announcement may have been missed. */
  readNewer(revision?: number): void;
  /** Whether no edit waits for storage. */
  isWritten(): boolean;
}

const PAUSE = { first: 250, most: 10_000 };
/** Returns the sheet with the equal runs of `known`, so that only the differences are drawn again. */
function sharing(known: Sheet | undefined, sheet: Sheet): Sheet {
  if (!known) return sheet;
  return sameSheet(known, sheet) ? known : (applyPatch(known, patchBetween(known, sheet)) ?? sheet);
}

/** Opens a document. If the sheet has an id and is not known with all its steps, storage is read. */
export function createDocument(beginning: Beginning, ports: DocumentPorts): OpenDocument {
  const { store } = ports;
  let { id, kept, stored, history: shown } = beginning;
  let waiting: readonly Made[] = [];
  let keeping = false;
  /** Whether storage may hold unread data: a newer revision, or the steps of this one. */
  let stale = id !== undefined && (!stored || stepsOf(stored.history).length < stored.sizes.length);
  let answered = stored !== undefined;
  let busy = false;
  let reason: string | undefined;
  let wake = (): void => {};

  function saving(): SheetSaving {
    if (waiting.length > 0 || keeping)
      return reason === undefined ? { state: 'saving' } : { state: 'not saved', reason };
    if (reason !== undefined) return { state: 'unanswered' };
    if (stored) return { state: 'saved' };
    return { state: id === undefined || answered ? 'unwritten' : 'unanswered' };
  }

  function remember(): void {
    const last = waiting.at(-1);
    const base = stored?.revision ?? 0;
    const edits = waiting.map((edit) => edit.id);
    const unwritten = last && id !== undefined && { id, kept, base, edits, label: last.label };
    ports.remember(unwritten ? { ...unwritten, sheet: shown.present } : undefined);
  }

  function changed(news?: string): void {
    remember();
    ports.onChange(news);
    void work();
  }

  /** Gives the sheet a new id, and so a separate place in storage. */
  function moveAway(): void {
    id = ports.newId();
    stored = undefined;
    stale = false;
    answered = true;
  }

  function add(edit: Edit | undefined): void {
    const next = edit?.apply(shown, stored);
    if (!edit || !next || next === shown) return;
    // A record of a newer version is not overwritten: the edit begins another sheet.
    if (id === undefined || stored?.newer) moveAway();
    shown = next;
    waiting = [...waiting, { ...edit, mine: next.present }];
    changed();
  }

  /** Adopts the stored revision and makes the waiting edits again; returns a sentence if one fails. */
  function rebase(read: StoredSheet): string | undefined {
    const present = sharing(stored?.history.present, read.history.present);
    const newest = { ...read, history: { ...read.history, present } };
    const again = madeAgain(waiting, newest, ports.newId);
    stored = newest;
    // An address does not say whether the sheet was kept; the unwritten edits do.
    kept = keeping || newest.kept || (beginning.unwritten?.kept ?? false);
    // The edits may be stored already without the mark that the sheet is kept.
    keeping = kept && !newest.kept;
    shown = again.history;
    waiting = again.waiting;
    return again.news;
  }

  /** Keeps the sheet on the screen under another id: the record under this id must not be overwritten. */
  function part(why: string): string {
    moveAway();
    kept = true;
    keeping = true;
    return `${why} The sheet on the screen is saved as another sheet.`;
  }

  async function readNewest(at: string): Promise<void> {
    stale = false;
    const found = await store.read(at, true).catch((error: unknown) => {
      stale = true;
      throw error;
    });
    // The sheet on the screen has moved to another id in the meantime.
    if (at !== id) return;
    answered = true;
    let news: string | undefined;
    if (!found) stored = undefined;
    else if ('unreadable' in found)
      news = part('The stored sheet cannot be read. The stored data stay unchanged.');
    else if (found.newer && (waiting.length > 0 || keeping))
      news = part('A newer version of Gradsheet wrote this sheet.');
    else news = rebase(found);
    changed(news);
  }

  async function write(at: string): Promise<void> {
    const batch = waiting;
    const by = batch.map((edit) => edit.id);
    const change = { id: at, before: stored, history: shown, kept, edited: ports.now(), by };
    const written = await store.write(change);
    if (!written) {
      stale = true;
      return;
    }
    stored = written;
    // The person kept the sheet during the write, so the mark must still be written.
    keeping = kept && !written.kept;
    waiting = waiting.filter((edit) => !batch.includes(edit));
    shown = forget(shown, written.history.first - shown.first);
    ports.announce(at, written.revision);
    changed();
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const callOff = ports.after(ms, resolve);
      wake = () => {
        callOff();
        resolve();
      };
    });

  /** Reads and writes until nothing is left to do; after a failure, retries with growing pauses. */
  async function work(): Promise<void> {
    const isIdle = (): boolean => !stale && waiting.length === 0 && !keeping;
    if (busy || isIdle()) return;
    busy = true;
    let ms = PAUSE.first;
    while (id !== undefined && !isIdle()) {
      try {
        await (stale ? readNewest(id) : write(id));
        reason = undefined;
        ms = PAUSE.first;
      } catch (error) {
        reason = ports.reasonOf(error);
        ports.onChange();
        await pause(ms);
        ms = Math.min(2 * ms, PAUSE.most);
      }
    }
    busy = false;
    ports.onChange();
  }

  if (beginning.unwritten) {
    const edit = takenUp(beginning.unwritten, ports.newId);
    waiting = [edit];
    shown = commit(shown, edit.mine, edit.label, edit.id);
  }
  void work();

  return {
    state: () => ({ id, kept, history: shown, saving: saving() }),
    edit: (label, make) => add(functionEdit(ports.newId(), label, shown.present, make)),
    replace: (label, sheet) => add(replacement(ports.newId(), label, shown.present, sheet)),
    undo: () => add(undoing(ports.newId(), shown)),
    redo: () => add(redoing(ports.newId(), shown)),
    keep() {
      if (kept) return;
      kept = true;
      keeping = true;
      if (id === undefined || stored?.newer) moveAway();
      changed();
    },
    readNewer(revision) {
      if (id === undefined || (revision !== undefined && revision <= (stored?.revision ?? -1))) return;
      stale = true;
      wake();
      void work();
    },
    isWritten: () => waiting.length === 0 && !keeping,
  };
}
