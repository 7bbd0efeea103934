// Finds the sheet that an address asks for: in storage, in the tab's memory, or in the address.
// Invariants: a stored sheet that cannot be read is named and never counts as absent; an address is read only when needed.
// Shows nothing and writes nothing.

import { hashText } from '../../core/plan/key';
import { startHistory } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import { formerSpelling } from '../../platform/page/address-writing';
import type { Arrival, Place } from '../../platform/page/navigation';
import type { SheetList } from '../../platform/storage/sheets/sheet-list';
import type { SheetStore, StoredSheet, Unreadable } from '../../platform/storage/sheets/sheets';
import type { OpenLesson } from '../../ui/session/open-lesson';
import type { Beginning } from './document';
import type { ReadAddress } from './lesson-opening';
import type { Wanted } from './opening-decision';
import type { Unwritten } from './pending-edits';

/** A request for a sheet, by an address or without one. */
export interface Asked {
  readonly wanted: Wanted;
  readonly sheet?: Sheet | undefined;
  readonly place?: Place | undefined;
  /** The address to parse if the sheet is needed. */
  readonly address?: string | undefined;
  readonly refused?: string | undefined;
  /** The lesson of which the sheet is a step. A step never is a stored sheet with the same content. */
  readonly lesson?: OpenLesson | undefined;
}

/** The ports of finding. */
export interface FindingPorts {
  readonly store: Pick<SheetStore, 'read' | 'last' | 'find'>;
  /** The list of sheets, loaded on first use. */
  list(): Promise<Pick<SheetList, 'heads'>>;
  parse(address: string): Promise<ReadAddress>;
  /** The sheet's canonical address, by which sheets are compared. */
  write(sheet: Sheet): string;
  /** The sheet of a first visit. */
  readonly start: Sheet;
  now(): number;
  newId(): string;
}

/** Finds the sheet that a request asks for, and reads nothing that the request does not need. */
export interface Finding {
  read(arrival: Arrival): Promise<Asked>;
  /** Finds the stored sheet of a request; undefined if none is readable. Rejects if storage fails. */
  find(asked: Asked): Promise<StoredSheet | undefined>;
  /** The person's readable sheet that was edited last. */
  findLast(): Promise<StoredSheet | undefined>;
  /** The sheet that this tab's memory or the address holds. */
  sheetOf(asked: Asked): Promise<Sheet | undefined>;
  /**
   * The beginning of a sheet that storage did not yield: from the address, from this tab's memory, or the
   * sheet of a first visit.
   */
  ownBeginning(asked: Asked): Promise<Beginning>;
  /** The id of the sheet that was edited last, readable or not. */
  lastId(): Promise<string | undefined>;
  /** The hash of the sheet's address in the former spelling, which stored sheets have. */
  printOf(sheet: Sheet): string;
  /** Returns a sentence about a sheet that could not be shown, once. */
  takeNews(): string | undefined;
}

/** The beginning of a stored sheet. */
export const beginningOf = (stored: StoredSheet, lesson?: OpenLesson): Beginning => ({
  ...{ history: stored.history, kept: stored.kept, id: stored.id },
  stored,
  lesson,
});

/** Whether a sheet was found and is readable. */
export const isReadable = (found: StoredSheet | Unreadable | undefined): found is StoredSheet =>
  found !== undefined && !('unreadable' in found);

/** `left` returns the edits of a sheet that this tab had not written when it was closed. */
export function createFinding(ports: FindingPorts, left: (id: string) => Unwritten | undefined): Finding {
  const { store, start } = ports;
  let unreadNews: string | undefined;

  const printOf = (sheet: Sheet): string => hashText(formerSpelling(ports.write(sheet)));
  const lastId = (): Promise<string | undefined> => store.last(ports.newId, ports.now());

  async function sheetOf({ sheet, address }: Asked): Promise<Sheet | undefined> {
    if (sheet || address === undefined) return sheet;
    const parsed = await ports.parse(address);
    return parsed.ok ? parsed.sheet : undefined;
  }

  async function findLast(): Promise<StoredSheet | undefined> {
    const last = await lastId();
    if (last === undefined) return undefined;
    const found = await store.read(last, false);
    if (isReadable(found)) return found;
    unreadNews =
      'The last edited sheet cannot be read. The stored data stay unchanged: see the list of sheets.';
    for (const { id, kept, removed } of await (await ports.list()).heads()) {
      if (!kept || removed !== undefined || id === last) continue;
      const other = await store.read(id, false);
      if (isReadable(other)) return other;
    }
    return undefined;
  }

  return {
    async read({ address, place }) {
      const marked = place?.lesson ? (await ports.parse(place.lesson)).lesson : undefined;
      if (place && place.id !== '')
        return { wanted: 'this one', place, address, sheet: left(place.id)?.sheet, lesson: marked };
      if (place || address === '' || address === '#') return { wanted: 'the last', lesson: marked };
      const parsed = await ports.parse(address);
      const { lesson } = parsed;
      if (parsed.ok) return { wanted: 'a link', sheet: parsed.sheet, lesson };
      // The lesson itself says that its step cannot be read.
      if (lesson) return { wanted: 'the last', lesson };
      const refused = parsed.message.charAt(0).toUpperCase() + parsed.message.slice(1);
      return { wanted: 'the last', refused };
    },
    async find(asked) {
      const { wanted, place, sheet, lesson } = asked;
      if (wanted === 'this one' && place) {
        const found = await store.read(place.id, false);
        if (isReadable(found)) return found;
        if (found)
          unreadNews = 'The stored copy of this sheet cannot be read. The stored data stay unchanged.';
        // The state in the address or in this tab's memory is shown in its place.
        return (await sheetOf(asked)) ? undefined : findLast();
      }
      if (wanted === 'a link' && sheet) {
        if (lesson) return undefined;
        const id = await store.find(printOf(sheet));
        const found = id === undefined ? undefined : await store.read(id, false);
        // The hash in the head may be outdated; the sheet itself decides.
        return isReadable(found) && ports.write(found.history.present) === ports.write(sheet)
          ? found
          : undefined;
      }
      return findLast();
    },
    findLast,
    sheetOf,
    async ownBeginning(asked) {
      const { wanted, place, lesson } = asked;
      const sheet = await sheetOf(asked);
      if (!sheet) return { history: startHistory(start), kept: true, lesson };
      const history = startHistory(sheet);
      if (wanted !== 'this one' || !place) return { history, kept: false, lesson };
      return { history, kept: left(place.id)?.kept ?? true, id: place.id, lesson };
    },
    lastId,
    printOf,
    takeNews() {
      const news = unreadNews;
      unreadNews = undefined;
      return news;
    },
  };
}
