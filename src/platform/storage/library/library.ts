// The library: the lineages of all finished trainings in this browser, with names and notes.
// Invariant: a stored lineage is hostile until parsed; an unreadable one is kept and listed as unreadable. The first reading
// leaves the page free. After it, only changed lineages are read or written, whichever tab changed them.
// Tabs send each other keys and nothing else.

import { del } from 'idb-keyval';
import * as v from 'valibot';
import { macrotask } from '../../../core/macrotask';
import type { Key } from '../../../core/plan/key';
import { batched } from '../batch';
import { database, type Step, transactAll, writeAll } from '../idb';
import { type NoticeEnvironment, openNotices } from '../tab-notices';
import {
  changing,
  forgetting,
  lineageKey,
  puttingAside,
  type Removed,
  removing,
  storing,
  type Tell,
  type Unreadable,
} from './library-records';
import { type Lineage, type LineageChanges, lineageSchema, merged } from './lineage';
import { type Change, createListing } from './lineage-listing';
import { createLineageReading, type UnreadableCount } from './lineage-reading';
import { sealLineage } from './lineage-record';
import { moveOldLineages, OLD_DATABASE } from './old-lineages';

const NAME = 'gradsheet-library';

/** A sweep finishes many trainings per second, so their lineages are written together. */
const BATCH = { most: 200, wait: { rest: 150, most: 2_000 } };

/** The most records of one transaction. */
const FEW = 128;
/** A notice with more keys is invalid. */
const MAX_TOLD = 1_000;

const notice = v.strictObject({ changed: v.pipe(v.array(lineageKey), v.maxLength(MAX_TOLD)) });

/** The stored lineages. All operations reject if storage fails. */
export interface Library {
  /** Reads everything again and returns all lineages, newest first. */
  list(): Promise<readonly Lineage[]>;
  /** Returns all lineages, newest first; reads them only if not all have been read yet. */
  all(): Promise<readonly Lineage[]>;
  /** The lineages known so far, newest first; the same array until one changes. */
  known(): readonly Lineage[];
  /**
   * Stores lineages, even if the page closes in the meantime. A lineage with the same key is merged (see
   * `merged`): its time stays, its name and note stay unless others are given, and an imported lineage never
   * replaces results that were computed here.
   */
  put(...lineages: readonly Lineage[]): Promise<void>;
  /** Changes a name or a note of a lineage if it is stored. Rejects if a newer version wrote the record. */
  update(key: Key, changes: LineageChanges): Promise<void>;
  /** Removes lineages and remembers them as removed until they are forgotten or put again. */
  remove(...keys: readonly Key[]): Promise<void>;
  /** The lineages that were removed and not yet forgotten. */
  removed(): Promise<readonly Removed[]>;
  forget(removed: readonly Removed[]): Promise<void>;
  /** The number of unreadable records at the last full reading, and how many a newer version wrote. */
  unreadableCount(): UnreadableCount;
  /** Returns the unreadable records; a record stays until it is removed by its key. */
  unreadable(): Promise<readonly Unreadable[]>;
  removeUnreadable(key: IDBValidKey): Promise<void>;
  /** Calls the listener after each change, in this tab or another; returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** Stops listening to other tabs. */
  close(): void;
}

/** Opens this browser's library, shared by its tabs. */
export function openLibrary(environment?: NoticeEnvironment): Library {
  const use = database(NAME);
  const old = database(OLD_DATABASE);
  const listing = createListing();
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };

  /** Performs steps, FEW per transaction; each commit updates the listing and notifies the other tabs. */
  async function write(make: (tell: Tell) => readonly Step[]): Promise<void> {
    // Each change carries the moment of its transaction, so that a later write of another tab wins.
    let left: [moment: number, change: Change][] = [];
    const steps = make((key, known) => left.push([listing.moment(), [key, known]]));
    for (let from = 0; from < steps.length; from += FEW) {
      left = [];
      await transactAll(use, steps.slice(from, from + FEW));
      for (const [moment, change] of left) listing.apply(moment, [change]);
      if (left.length === 0) continue;
      notices.post({ changed: left.map(([, [key]]) => key) });
      notify();
    }
  }

  const reading = createLineageReading(use, listing, notify);
  let isComplete = false;

  /** Moves the lineages of version 1; returns whether some of them are unreadable. */
  async function moveOld(): Promise<boolean> {
    let isStrange = false;
    await moveOldLineages(old, ({ lineages, unreadable }) => {
      isStrange = unreadable.length > 0;
      return write((tell) => [
        ...lineages.map((lineage) =>
          storing(lineage, (held) => (held ? merged(lineage, held) : lineage), tell),
        ),
        ...unreadable.map(puttingAside),
      ]);
    });
    return isStrange;
  }

  async function readAll(verify: boolean): Promise<void> {
    await reading.all(verify);
    // Read first: a fault of the old database must not hide the present one.
    if (await moveOld()) await reading.all(false);
    isComplete = true;
  }

  const notices = openNotices(
    NAME,
    (message) => {
      const parsed = v.safeParse(notice, message);
      const reread = parsed.success ? reading.keys(parsed.output.changed) : readAllOnce();
      // A failed reading is repeated at the next notice, or when the page becomes visible.
      reread.catch(() => {});
    },
    environment,
  );

  let readingAll: Promise<void> | undefined;
  let again = false;
  /** Reads everything, at most one reading at a time; requests during a reading share one more reading. */
  async function readAllOnce(): Promise<void> {
    again = readingAll !== undefined;
    readingAll ??= readAll(false).finally(() => {
      readingAll = undefined;
    });
    await readingAll;
    if (again) await readAllOnce();
  }

  /** Lineages that wait for a write or failed to be written; the page's last moment is one more chance. */
  const unwritten = new Map<Key, Lineage>();
  async function writeTogether(lineages: readonly Lineage[]): Promise<readonly undefined[]> {
    const byKey = new Map<Key, Lineage>();
    for (const given of lineages) byKey.set(given.key, merged(byKey.get(given.key), given));
    await write((tell) =>
      [...byKey.values()].map((given) => storing(given, (held) => merged(held, given), tell)),
    );
    return lineages.map(() => undefined);
  }
  const writeBatched = batched({ ...BATCH, work: writeTogether });

  async function keep(lineage: Lineage): Promise<void> {
    unwritten.set(lineage.key, lineage);
    await writeBatched(lineage);
    if (unwritten.get(lineage.key) === lineage) unwritten.delete(lineage.key);
  }
  // There is no time to read and merge, so existing records stay unchanged.
  const onLeave = (): void => {
    const pairs = [...unwritten].map(([key, lineage]) => [key, sealLineage(lineage)] as const);
    if (pairs.length > 0) writeAll(use, pairs, 'add').catch(() => {});
  };
  globalThis.addEventListener?.('pagehide', onLeave);

  async function list(): Promise<readonly Lineage[]> {
    await readAll(true);
    return listing.all();
  }

  return {
    list,
    all: async () => (isComplete ? listing.all() : list()),
    known: listing.all,
    async put(...lineages) {
      const kept: Promise<void>[] = [];
      for (const [index, lineage] of lineages.entries()) {
        if (index > 0 && index % FEW === 0) await macrotask();
        const keeping = keep(v.parse(lineageSchema, lineage));
        // Prevents an unhandled rejection: the promise is awaited below, maybe only after it has rejected.
        keeping.catch(() => {});
        kept.push(keeping);
      }
      await Promise.all(kept);
    },
    update: (key, changes) => write((tell) => [changing(key, changes, tell)]),
    remove(...keys) {
      for (const key of keys) unwritten.delete(key);
      return write((tell) => keys.map((key) => removing(key, Date.now(), tell)));
    },
    removed: reading.removed,
    forget: (removed) => write(() => removed.map(forgetting)),
    unreadableCount: reading.unreadableCount,
    unreadable: () => reading.all(true),
    removeUnreadable: (key) => del(key, use),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      notices.close();
      globalThis.removeEventListener?.('pagehide', onLeave);
    },
  };
}
