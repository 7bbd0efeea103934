// The sheets of this browser, shared by its tabs: which was edited last, what one holds, and writing it.
// Invariants: a write states the revision that it was made on, and changes nothing unless that revision is the latest;
// what cannot be read is never overwritten. Writing and undo steps are loaded after the first paint.

import { promisifyRequest } from 'idb-keyval';
import * as v from 'valibot';
import { database } from '../idb';
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

export type { Head, SheetWrite, StoredSheet, Unreadable } from './sheet-records';

/** Where sheets are stored. All operations reject where storage fails or does not answer. */
export interface SheetStore {
  /**
   * The id of the sheet that was edited last and is not removed; undefined where there is none. A sheet that an older
   * version kept since is first made one of these, under the new id.
   */
  last(newId: () => string, now: number): Promise<string | undefined>;
  /** The id of a sheet whose address has this hash and that is not removed, the one that was edited last. */
  find(print: string): Promise<string | undefined>;
  /** A sheet, with its steps or without; undefined where there is none of that id. */
  read(id: string, steps: boolean): Promise<StoredSheet | Unreadable | undefined>;
  /** What is stored from now on; undefined where the sheet was written since, and nothing has changed. */
  write(change: SheetWrite): Promise<StoredSheet | undefined>;
}

const legacy = v.object({ revision: count, sheet: v.unknown() });

/** The heads of the sheets that are not removed, the one that was edited last first. */
async function headsIn(store: IDBObjectStore): Promise<Head[]> {
  const held = await promisifyRequest<unknown[]>(store.getAll(keysFrom('head ')));
  return held
    .flatMap((one) => parseHead(one) ?? [])
    .filter(({ removed }) => removed === undefined)
    .sort((a, b) => b.edited - a.edited);
}

/** The sheets of this browser; `onGone` hears that they may be gone. */
export function openSheets(onGone?: () => void): SheetStore {
  const use = database('gradsheet-sheet', undefined, onGone);
  const writing = () => import('./sheet-writing');

  const lastIn = async (store: IDBObjectStore): Promise<string | undefined> => {
    const id = await promisifyRequest<unknown>(store.get(LAST));
    if (typeof id === 'string' && (await promisifyRequest(store.count(sheetKey(id)))) > 0) {
      const head = await promisifyRequest<unknown>(store.get(headKey(id)));
      // A sheet is there though its head is damaged.
      if (parseHead(head)?.removed === undefined) return id;
    }
    return (await headsIn(store)).find(({ kept }) => kept)?.id;
  };

  return {
    async last(newId, now) {
      const [id, own, adopted] = await use('readonly', (store) =>
        Promise.all([
          lastIn(store),
          promisifyRequest<unknown>(store.get(LEGACY)),
          promisifyRequest<unknown>(store.get(ADOPTED)),
        ]),
      );
      const parsed = v.safeParse(legacy, own);
      if (!parsed.success || parsed.output.revision === adopted) return id;
      const { adopt } = await writing();
      await adopt(use, { ...parsed.output, before: adopted, id: newId(), now });
      return use('readonly', lastIn);
    },
    find: (print) =>
      use('readonly', async (store) => (await headsIn(store)).find((head) => head.print === print)?.id),
    async read(id, steps) {
      if (steps) return (await writing()).readWithSteps(use, id);
      const held = await use('readonly', (store) => promisifyRequest<unknown>(store.get(sheetKey(id))));
      if (held === undefined) return undefined;
      return (await parseRecord(id, held)) ?? { id, unreadable: true };
    },
    write: async (change) => (await writing()).write(use, change),
  };
}
