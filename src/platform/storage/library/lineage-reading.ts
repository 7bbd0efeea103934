// Reads the stored lineages into a listing: all of them page by page, or single keys.
// Invariant: each reading leaves the page free; the next reading tries again whatever could not be read.
// Does not know tabs, and writes nothing.

import type { UseStore } from 'idb-keyval';
import type { Key } from '../../../core/plan/key';
import { eachPage, type Pair, readEach } from '../record-pages';
import { type Removed, recordOf, removedRange, type Unreadable } from './library-records';
import type { Change, Listing } from './lineage-listing';

/** The most single keys that are read in one transaction. */
const FEW = 64;

/** The number of unreadable records, and how many of them a newer version wrote. */
export interface UnreadableCount {
  readonly all: number;
  readonly newer: number;
}

/** Readings of a store; all of them reject if storage fails. */
interface LineageReading {
  /**
   * Reads everything and returns the unreadable records. Without `verify`, records with a known checksum are
   * not parsed again.
   */
  all(verify: boolean): Promise<readonly Unreadable[]>;
  /** Reads some keys. If a reading is in progress, it takes these keys over and the call resolves at once. */
  keys(keys: readonly Key[]): Promise<void>;
  /** The lineages that were removed and not yet forgotten. */
  removed(): Promise<readonly Removed[]>;
  /** The count of the last reading of everything. */
  unreadableCount(): UnreadableCount;
}

/** Creates readings into a listing; `notify` is called after each reading that changed the listing. */
export function createLineageReading(use: UseStore, listing: Listing, notify: () => void): LineageReading {
  let counted: UnreadableCount = { all: 0, newer: 0 };
  const waiting = new Set<Key>();
  let reading = false;

  /** The record's key if its checksum equals that of the known lineage; otherwise undefined. */
  function knownKey([key, held]: Pair): Key | undefined {
    if (typeof key !== 'string' || typeof held !== 'object' || held === null) return undefined;
    const known = listing.get(key);
    return known && 'checksum' in held && held.checksum === known.checksum ? key : undefined;
  }

  async function readFew(): Promise<void> {
    const keys = [...waiting].slice(0, FEW);
    for (const key of keys) waiting.delete(key);
    const moment = listing.moment();
    try {
      const values = await readEach(use, keys);
      const changes = keys.map((key, index): Change => {
        const record = recordOf([key, values[index]]);
        return [key, record.what === 'lineage' ? record.known : undefined];
      });
      if (listing.apply(moment, changes)) notify();
    } catch (error) {
      for (const key of keys) waiting.add(key);
      throw error;
    }
  }

  return {
    async all(verify) {
      const moment = listing.moment();
      const seen = new Set<Key>();
      const unreadable: Unreadable[] = [];
      let changed = false;
      await eachPage(use, (pairs) => {
        const found: Change[] = [];
        for (const pair of pairs) {
          const known = verify ? undefined : knownKey(pair);
          if (known !== undefined) {
            seen.add(known);
            continue;
          }
          const record = recordOf(pair);
          if (record.what === 'unreadable') unreadable.push(record.unreadable);
          if (record.what !== 'lineage') continue;
          seen.add(record.key);
          found.push([record.key, record.known]);
        }
        changed = listing.apply(moment, found) || changed;
      });
      changed = listing.keepOnly(moment, seen) || changed;
      const count = { all: unreadable.length, newer: unreadable.filter(({ newer }) => newer).length };
      changed ||= count.all !== counted.all || count.newer !== counted.newer;
      counted = count;
      if (changed) notify();
      return unreadable;
    },
    async keys(keys) {
      for (const key of keys) waiting.add(key);
      if (reading) return;
      reading = true;
      try {
        while (waiting.size > 0) await readFew();
      } finally {
        reading = false;
      }
    },
    async removed() {
      const found: Removed[] = [];
      const take = (pairs: readonly Pair[]): void => {
        for (const record of pairs.map(recordOf)) if (record.what === 'removed') found.push(record.removed);
      };
      await eachPage(use, take, removedRange());
      return found;
    },
    unreadableCount: () => counted,
  };
}
