// A new, empty IndexedDB for each test, in memory, and a look at what lies in it.
// Invariant: what a test opens is gone for the next one. Knows nothing of what is kept.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, delMany, entries, setMany } from 'idb-keyval';
import { beforeEach } from 'vitest';

/** Gives every test of the file an IndexedDB of its own. */
export const freshIdb = (): void =>
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });

/** What lies in a database, by key. */
export const held = async (name: string): Promise<Map<string, unknown>> =>
  new Map((await entries(createStore(name, 'keyval'))).map(([key, value]) => [String(key), value]));

/** Puts records as they are. */
export const hold = (name: string, records: Readonly<Record<string, unknown>>): Promise<void> =>
  setMany(Object.entries(records), createStore(name, 'keyval'));

/** Deletes records. */
export const lose = (name: string, ...keys: string[]): Promise<void> =>
  delMany(keys, createStore(name, 'keyval'));
