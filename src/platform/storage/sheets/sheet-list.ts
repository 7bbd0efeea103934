// The list of all sheets in this browser: their heads, removal and restoration, unreadable records.
// Loaded when the list is first shown.
// Invariants: a removed sheet stays whole until its days are over, and no single wrong clock can end them; unreadable records
// are listed and never changed, unless a person discards them.

import { promisifyRequest } from 'idb-keyval';
import { asked, atomically, database } from '../idb';
import { asideDays, countedAt, daysLeft } from './removed-sheet-days';
import { parseSheet } from './sheet-data';
import { type Head, headKey, keysFrom, LEGACY, parseHead, sheetKey } from './sheet-records';
import { headOf } from './sheet-writing';
import type { SheetStore } from './sheets';

/** The most sheets that arrived by an address, were edited and not kept; those edited last stay. */
const MOST_UNKEPT = 50;

/** An unreadable record, with its key. */
export interface UnreadableItem {
  readonly key: string;
  readonly held: unknown;
  /** Set if the sheet's own record is missing; `held` is then the rest of the sheet, its head and steps. */
  readonly missing?: true;
  /** The head of a missing sheet, if it is readable. */
  readonly head?: Head;
}

/** A head; of a removed sheet, with the number of days left. */
export type ListedHead = Head & { readonly left?: number };

/** The list of sheets; all operations reject if storage fails. */
export interface SheetList {
  /** Returns all heads, last edited first, removed sheets included. */
  heads(): Promise<ListedHead[]>;
  /** The ids of sheets without a readable head or sheet record, which are not among the heads. */
  lost(): Promise<string[]>;
  /** Marks a sheet as removed at a time, in milliseconds since 1970, or as not removed. */
  mark(id: string, removed: number | undefined): Promise<void>;
  /** Returns the unreadable records of sheets, and the remains of missing sheets. */
  unreadable(): Promise<UnreadableItem[]>;
  /** Deletes an unreadable record that a person no longer wants. */
  discard(key: string): Promise<void>;
  /**
   * Counts the day for removed sheets, and for sheets that arrived by an address and were not kept, except
   * the newest. Deletes those past their days that are not open, and returns their ids.
   */
  purge(now: number, open: ReadonlySet<string>): Promise<readonly string[]>;
}

/** The key under which an older version kept the unreadable data of its one sheet. */
const LEFT = 'unreadable';

const idOf = (key: string): string => key.slice(key.indexOf(' ') + 1);

/** Parses a head for the list, with the number of days left if the sheet is removed. */
function listedHead(held: unknown): ListedHead | undefined {
  const head = parseHead(held);
  if (head?.removed === undefined) return head;
  return { ...head, left: daysLeft(asideDays(held, head.removed)) };
}

/** Opens the list over a store of sheets. */
export function openSheetList(sheets: Pick<SheetStore, 'read'>): SheetList {
  const use = database('gradsheet-sheet');

  /** Rebuilds the head of a sheet from the sheet itself, for a head that is lost or damaged. */
  async function madeHead(id: string): Promise<Head | undefined> {
    const found = await sheets.read(id, false);
    return found && !('unreadable' in found) ? headOf(found, found.history.present) : undefined;
  }

  async function readHeads(): Promise<{ readonly id: string; readonly head: ListedHead | undefined }[]> {
    const [held, keys] = await use('readonly', (store) =>
      Promise.all([
        asked<unknown[]>(() => store.getAll(keysFrom('head '))),
        asked(() => store.getAllKeys(keysFrom('sheet '))),
      ]),
    );
    const known = new Map(held.flatMap((one) => listedHead(one) ?? []).map((head) => [head.id, head]));
    return Promise.all(
      keys
        .map((key) => idOf(String(key)))
        .map(async (id) => ({ id, head: known.get(id) ?? (await madeHead(id)) })),
    );
  }

  async function heads(): Promise<ListedHead[]> {
    const found = (await readHeads()).flatMap(({ head }) => head ?? []);
    return found.sort((a, b) => b.edited - a.edited);
  }

  /** The remains of sheets whose own record is missing: their heads and undo steps. */
  async function traces(): Promise<UnreadableItem[]> {
    const [keys, ...others] = await use('readonly', (store) =>
      Promise.all(
        ['sheet ', 'head ', 'step '].map((prefix) => asked(() => store.getAllKeys(keysFrom(prefix)))),
      ),
    );
    const ids = new Set((keys ?? []).map((key) => idOf(String(key))));
    const left = new Set(others.flat().map((key) => idOf(String(key)).split(' ')[0] ?? ''));
    const lost = [...left].filter((id) => !ids.has(id));
    return Promise.all(
      lost.map(async (id) => {
        const [head, steps] = await use('readonly', (store) =>
          Promise.all([
            asked<unknown>(() => store.get(headKey(id))),
            asked<unknown[]>(() => store.getAll(keysFrom(`step ${id} `))),
          ]),
        );
        const known = parseHead(head);
        const held = { ...(head !== undefined && { head }), steps };
        return { key: sheetKey(id), held, missing: true as const, ...(known && { head: known }) };
      }),
    );
  }

  return {
    heads,
    lost: async () => (await readHeads()).flatMap(({ id, head }) => (head ? [] : [id])),
    async mark(id, removed) {
      const made = await madeHead(id);
      await atomically(use, async (store) => {
        const held = await promisifyRequest<unknown>(store.get(headKey(id)));
        // Fields that a newer version added stay.
        const head = parseHead(held)?.id === id ? (held as Head) : made;
        if (!head) return;
        const { removed: _, ...rest } = head;
        store.put(removed === undefined ? rest : { ...rest, removed }, headKey(id));
      });
    },
    async unreadable() {
      const [keys, old, own] = await use('readonly', (store) =>
        Promise.all([
          asked(() => store.getAllKeys(keysFrom('sheet '))),
          asked<unknown>(() => store.get(LEFT)),
          asked<unknown>(() => store.get(LEGACY)),
        ]),
      );
      const found: UnreadableItem[] = old === undefined ? [] : [{ key: LEFT, held: old }];
      const isLost = own !== undefined && !parseSheet({ ...(own as { sheet?: unknown }) }.sheet);
      if (isLost) found.push({ key: LEGACY, held: own });
      for (const key of keys.map(String)) {
        const read = await sheets.read(idOf(key), false);
        if (!read || !('unreadable' in read)) continue;
        const held = await use('readonly', (store) => promisifyRequest<unknown>(store.get(key)));
        found.push({ key, held });
      }
      return [...found, ...(await traces())];
    },
    async discard(key) {
      const id = idOf(key);
      const isSheet = key === sheetKey(id);
      const read = isSheet ? await sheets.read(id, false) : undefined;
      // A missing sheet may have been stored again by a tab in which it was still open.
      if (read && !('unreadable' in read)) return;
      await atomically(use, async (store) => {
        if (isSheet && !read && (await promisifyRequest(store.count(key))) > 0) return;
        store.delete(key);
        if (!isSheet) return;
        store.delete(headKey(id));
        store.delete(keysFrom(`step ${id} `));
      });
    },
    async purge(now, open) {
      const all = await heads();
      const removed = all.filter((head) => head.removed !== undefined);
      const unkept = all.filter((head) => !head.kept && head.removed === undefined).slice(MOST_UNKEPT);
      const gone: string[] = [];
      for (const { id, ...seen } of [...removed, ...unkept]) {
        if (open.has(id)) continue;
        const isGone = await atomically(use, async (store) => {
          const held = await promisifyRequest<unknown>(store.get(headKey(id)));
          const head = parseHead(held);
          // A sheet that was edited, kept or restored in the meantime stays.
          const isSame =
            head?.edited === seen.edited && head.removed === seen.removed && head.kept === seen.kept;
          if (!isSame) return false;
          const since = head.removed ?? head.edited;
          const before = asideDays(held, since);
          const aside = countedAt(before, since, now);
          if (daysLeft(aside) > 0) {
            // Fields that a newer version added stay.
            if (aside.day !== before?.day) store.put({ ...(held as Head), aside }, headKey(id));
            return false;
          }
          store.delete(sheetKey(id));
          store.delete(headKey(id));
          store.delete(keysFrom(`step ${id} `));
          return true;
        });
        if (isGone) gone.push(id);
      }
      return gone;
    },
  };
}
