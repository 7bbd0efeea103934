// Finds the sheet that an address asks for: in storage, in the tab's memory, or in the address.
// Invariants: a stored sheet that cannot be read is named and never counts as absent; an address is read only when needed.
// Shows nothing and writes nothing.

import { hashText } from '../../core/plan/key';
import { startHistory } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import type { Arrival, Place } from '../../platform/page/navigation';
import type { SheetList } from '../../platform/storage/sheets/sheet-list';
import type { SheetStore, StoredSheet, Unreadable } from '../../platform/storage/sheets/sheets';
import type { Beginning } from './document';
import type { Unwritten } from './edits';
import type { Wanted } from './opening';

/** What an address, or the lack of one, asks for. */
export interface Asked {
  readonly wanted: Wanted;
  readonly sheet?: Sheet | undefined;
  readonly place?: Place | undefined;
  /** Where the sheet can be read if it is needed. */
  readonly address?: string | undefined;
  readonly refused?: string | undefined;
}

/** What finding sheets needs of the page around it. */
export interface FindingPorts {
  readonly store: Pick<SheetStore, 'read' | 'last' | 'find'>;
  /** The list of sheets, loaded when first asked for. */
  list(): Promise<Pick<SheetList, 'heads'>>;
  parse(address: string): Promise<{ ok: true; sheet: Sheet } | { ok: false; message: string }>;
  /** The sheet's one address, by which sheets are compared. */
  write(sheet: Sheet): string;
  /** The sheet of a first visit. */
  readonly start: Sheet;
  now(): number;
  newId(): string;
}

export interface Finding {
  read(arrival: Arrival): Promise<Asked>;
  /** The stored sheet that is asked for; undefined where storage has none that can be read. Rejects where storage fails. */
  find(asked: Asked): Promise<StoredSheet | undefined>;
  /** The sheet of the person's that was edited last, of those that can be read. */
  findLast(): Promise<StoredSheet | undefined>;
  /** The sheet that this tab's memory or the address holds. */
  sheetOf(asked: Asked): Promise<Sheet | undefined>;
  /** How a sheet begins that storage did not yield: from the address, from this tab's memory, or as on a first visit. */
  ownBeginning(asked: Asked): Promise<Beginning>;
  /** The id of the sheet that was edited last, readable or not. */
  lastId(): Promise<string | undefined>;
  /** Equal for sheets with equal addresses. */
  printOf(sheet: Sheet): string;
  /** What is to be said of a sheet that could not be shown, once. */
  takeNews(): string | undefined;
}

/** How a stored sheet begins. */
export const beginningOf = (stored: StoredSheet): Beginning => ({
  ...{ history: stored.history, kept: stored.kept, id: stored.id },
  stored,
});

/** Whether a sheet was found and can be read. */
export const isReadable = (found: StoredSheet | Unreadable | undefined): found is StoredSheet =>
  found !== undefined && !('unreadable' in found);

/** `left` yields what this tab had not written of a sheet when it was closed. */
export function createFinding(ports: FindingPorts, left: (id: string) => Unwritten | undefined): Finding {
  const { store, start } = ports;
  let unreadNews: string | undefined;

  const printOf = (sheet: Sheet): string => hashText(ports.write(sheet));
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
      if (place && place.id !== '')
        return { wanted: 'this one', place, address, sheet: left(place.id)?.sheet };
      if (place || address === '' || address === '#') return { wanted: 'the last' };
      const parsed = await ports.parse(address);
      if (parsed.ok) return { wanted: 'a link', sheet: parsed.sheet };
      const refused = parsed.message.charAt(0).toUpperCase() + parsed.message.slice(1);
      return { wanted: 'the last', refused };
    },
    async find(asked) {
      const { wanted, place, sheet } = asked;
      if (wanted === 'this one' && place) {
        const found = await store.read(place.id, false);
        if (isReadable(found)) return found;
        if (found)
          unreadNews = 'The stored copy of this sheet cannot be read. The stored data stay unchanged.';
        // What the address or this tab holds of it is shown in its place.
        return (await sheetOf(asked)) ? undefined : findLast();
      }
      if (wanted === 'a link' && sheet) {
        const id = await store.find(printOf(sheet));
        const found = id === undefined ? undefined : await store.read(id, false);
        // A head says which sheet it may be; the sheet itself says whether it is.
        return isReadable(found) && ports.write(found.history.present) === ports.write(sheet)
          ? found
          : undefined;
      }
      return findLast();
    },
    findLast,
    sheetOf,
    async ownBeginning(asked) {
      const { wanted, place } = asked;
      const sheet = await sheetOf(asked);
      if (!sheet) return { history: startHistory(start), kept: true };
      const history = startHistory(sheet);
      if (wanted !== 'this one' || !place) return { history, kept: false };
      return { history, kept: left(place.id)?.kept ?? true, id: place.id };
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
