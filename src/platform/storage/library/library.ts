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
import { type NoticeEnvironment, openNotices } from '../notices';
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

/** A sweep finishes many trainings a second: they are written together. */
const BATCH = { most: 200, wait: { rest: 150, most: 2_000 } };

/** So many records are read or written in one transaction. */
const FEW = 128;
/** A notice of more keys than this is none. */
const MAX_TOLD = 1_000;

const notice = v.strictObject({ changed: v.pipe(v.array(lineageKey), v.maxLength(MAX_TOLD)) });

/** Where lineages are kept. All operations reject where storage fails. */
export interface Library {
  /** Reads everything again and yields all lineages, the newest first. */
  list(): Promise<readonly Lineage[]>;
  /** All lineages, the newest first, read only where not everything was read yet. */
  all(): Promise<readonly Lineage[]>;
  /** The lineages known so far, the newest first; the same array until one changes. */
  known(): readonly Lineage[];
  /**
   * Keeps lineages, those of a moment together; even if the page goes away meanwhile. Of one that is held already its time stays, and so do its name and note unless others are given;
   * an imported one never replaces what was computed here.
   */
  put(...lineages: readonly Lineage[]): Promise<void>;
  /** Changes name or note; nothing happens where the lineage is gone. Rejects where a newer version wrote the lineage. */
  update(key: Key, changes: LineageChanges): Promise<void>;
  /** Removes lineages; they are remembered as removed until forgotten, or until they are put again. */
  remove(...keys: readonly Key[]): Promise<void>;
  /** The lineages that were removed and not forgotten yet. */
  removed(): Promise<readonly Removed[]>;
  forget(removed: readonly Removed[]): Promise<void>;
  /** How many records could not be read when everything was read last, and how many of them a newer version wrote. */
  unreadableCount(): UnreadableCount;
  /** What is stored and cannot be read; it stays until it is removed by its key. */
  unreadable(): Promise<readonly Unreadable[]>;
  removeUnreadable(key: IDBValidKey): Promise<void>;
  /** Calls the listener after each change, here or in another tab; returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Stops listening to other tabs. */
  close(): void;
}

/** The library of this browser, shared by its tabs. */
export function openLibrary(environment?: NoticeEnvironment): Library {
  const use = database(NAME);
  const old = database(OLD_DATABASE);
  const listing = createListing();
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };

  /** Takes steps, a few in a transaction; takes over what they left once they are committed, and tells the other tabs. */
  async function write(make: (tell: Tell) => readonly Step[]): Promise<void> {
    // Of the moment at which the transaction left it: what another tab writes after that is read later than that.
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

  /** Moves what version 1 left; whether anything of it cannot be read. */
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
    // An old database that cannot be read does not hide what the present one holds.
    if (await moveOld()) await reading.all(false);
    isComplete = true;
  }

  const notices = openNotices(
    NAME,
    (message) => {
      const parsed = v.safeParse(notice, message);
      const reread = parsed.success ? reading.keys(parsed.output.changed) : readAllOnce();
      // What fails is read again at the next notice, or as the page becomes visible.
      reread.catch(() => {});
    },
    environment,
  );

  let readingAll: Promise<void> | undefined;
  let again = false;
  /** However often it is asked for: one reading at a time, and one more after it. */
  async function readAllOnce(): Promise<void> {
    again = readingAll !== undefined;
    readingAll ??= readAll(false).finally(() => {
      readingAll = undefined;
    });
    await readingAll;
    if (again) await readAllOnce();
  }

  /** What is to be written still, or could not be: the page's last moment is one more chance. */
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
  // There is no time left to read what is held already; that stays as it is.
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
        // Awaited below, maybe only after it has failed.
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
