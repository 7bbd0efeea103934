// The sheets of this browser, shared by its tabs: the sheet that was edited last, reading a sheet, writing a sheet.
// Invariants: a write names the revision that it was made on, and changes nothing unless that revision is the latest;
// unreadable data are never overwritten. Writing and undo steps are loaded after the first paint.

import { promisifyRequest } from 'idb-keyval';
import * as v from 'valibot';
import { late } from '../../../core/late-loading';
import { asked, database } from '../idb';
import {
  ADOPTED,
  count,
  type Head,
  headKey,
  keysFrom,
  LAST,
  LEGACY,
  parseHead,
  parseRecord,
  type SheetWrite,
  type StoredSheet,
  sheetKey,
  type Unreadable,
} from './sheet-records';

export type { Head, StoredSheet, Unreadable } from './sheet-records';

/** The stored sheets. All operations reject if storage fails or does not answer. */
export interface SheetStore {
  /**
   * The id of the sheet that was edited last and is not removed, even if only its head is left; undefined if
   * there is none. First turns the one sheet of an older version into an ordinary sheet, under the new id.
   * `now` in milliseconds since 1970.
   */
  last(newId: () => string, now: number): Promise<string | undefined>;
  /** The id of the last edited sheet whose address has this hash and that is not removed. */
  find(print: string): Promise<string | undefined>;
  /** Returns a sheet, with or without its undo steps; undefined if there is no sheet of this id. */
  read(id: string, steps: boolean): Promise<StoredSheet | Unreadable | undefined>;
  /** Writes a sheet and returns it as stored; undefined, and no change, if `before` is outdated. */
  write(change: SheetWrite): Promise<StoredSheet | undefined>;
}

const writing = late(() => import('./sheet-writing'));

const legacy = v.object({ revision: count, sheet: v.unknown() });

/** Returns the ids of all sheets, and their heads, last edited first, removed sheets included. */
async function headsIn(store: IDBObjectStore): Promise<{ readonly ids: string[]; readonly heads: Head[] }> {
  const [held, keys] = await Promise.all([
    asked<unknown[]>(() => store.getAll(keysFrom('head '))),
    asked(() => store.getAllKeys(keysFrom('sheet '))),
  ]);
  const ids = keys.map((key) => String(key).slice(sheetKey('').length));
  // A head without its sheet is skipped.
  const heads = held.flatMap((one) => parseHead(one) ?? []).filter(({ id }) => ids.includes(id));
  return { ids, heads: heads.sort((a, b) => b.edited - a.edited) };
}

const isThere = ({ removed }: Head): boolean => removed === undefined;

/** Opens this browser's sheets; `onGone` is called when they may have been deleted. */
export function openSheets(onGone?: () => void): SheetStore {
  const use = database('gradsheet-sheet', undefined, onGone);

  const lastIn = async (store: IDBObjectStore): Promise<string | undefined> => {
    const id = await promisifyRequest<unknown>(store.get(LAST));
    if (typeof id === 'string') {
      const [sheets, held] = await Promise.all([
        asked(() => store.count(sheetKey(id))),
        asked<unknown>(() => store.get(headKey(id))),
      ]);
      const head = parseHead(held);
      // A sheet with a damaged head counts. The head of a lost sheet counts too, so the loss is reported.
      if (head ? isThere(head) : sheets > 0) return id;
    }
    const { ids, heads } = await headsIn(store);
    const found = heads.find((head) => head.kept && isThere(head));
    // A sheet without a head is better than no sheet.
    return found?.id ?? ids.find((one) => heads.every((head) => head.id !== one));
  };

  return {
    async last(newId, now) {
      const [id, own, adopted] = await use('readonly', (store) =>
        Promise.all([
          lastIn(store),
          asked<unknown>(() => store.get(LEGACY)),
          asked<unknown>(() => store.get(ADOPTED)),
        ]),
      );
      const parsed = v.safeParse(legacy, own);
      if (!parsed.success || parsed.output.revision === adopted) return id;
      const { adopt } = await writing();
      await adopt(use, { ...parsed.output, before: adopted, id: newId(), now });
      return use('readonly', lastIn);
    },
    find: (print) =>
      use('readonly', async (store) => {
        const { heads } = await headsIn(store);
        return heads.find((head) => head.print === print && isThere(head))?.id;
      }),
    async read(id, steps) {
      if (steps) return (await writing()).readWithSteps(use, id);
      const held = await use('readonly', (store) => promisifyRequest<unknown>(store.get(sheetKey(id))));
      if (held === undefined) return undefined;
      return (await parseRecord(id, held)) ?? { id, unreadable: true };
    },
    write: async (change) => (await writing()).write(use, change),
  };
}
