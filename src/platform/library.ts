// The library: the lineages of all finished trainings that this browser holds, with names and notes.
// Invariant: a stored lineage is hostile until parsed; one that does not parse is skipped and removed.
// A notice to other tabs carries nothing but "look again".

import { del, entries, type UseStore } from 'idb-keyval';
import * as v from 'valibot';
import type { Key } from '../core/key';
import { cleanName } from '../core/sheet';
import { batched } from './batch';
import { database, transact, transactAll, writeAll } from './idb';
import { cleanNote, type Lineage, lineageSchema } from './lineage';

/** A sweep finishes many trainings a second: they are written together. */
const BATCH = { most: 200, wait: { rest: 150, most: 2_000 } };

/** Where lineages are kept. All operations reject where storage fails. */
export interface Library {
  /** All lineages, the newest first. */
  list(): Promise<Lineage[]>;
  /**
   * Keeps lineages, those of a moment together; even if the page goes away meanwhile. Of one that is held already its time stays, and so do its name and note unless others are given;
   * an imported one never replaces what was computed here.
   */
  put(...lineages: readonly Lineage[]): Promise<void>;
  /** Changes name or note; nothing happens where the lineage is gone. */
  update(key: Key, changes: { readonly name?: string; readonly note?: string }): Promise<void>;
  remove(key: Key): Promise<void>;
  /** Calls the listener after each change, here or in another tab; returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Stops listening to other tabs. */
  close(): void;
}

function parseLineage(key: unknown, held: unknown): Lineage | undefined {
  const parsed = v.safeParse(lineageSchema, held);
  return parsed.success && parsed.output.key === key ? parsed.output : undefined;
}

function merged(held: Lineage | undefined, given: Lineage): Lineage {
  if (!held) return given;
  const results = given.imported && !held.imported ? held : given;
  return { ...results, when: held.when, name: given.name || held.name, note: given.note || held.note };
}

async function listAll(use: UseStore): Promise<Lineage[]> {
  const lineages: Lineage[] = [];
  for (const [key, held] of await entries<IDBValidKey, unknown>(use)) {
    const lineage = parseLineage(key, held);
    if (lineage) lineages.push(lineage);
    else await del(key, use);
  }
  return lineages.sort((a, b) => b.when - a.when || (a.key < b.key ? -1 : 1));
}

/** The library of this browser, shared by its tabs. */
export function openLibrary(): Library {
  const use = database('gradsheet-lineages');
  const channel = new BroadcastChannel('gradsheet-lineages');
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  channel.addEventListener('message', notify);
  const changed = (): void => {
    channel.postMessage('look again');
    notify();
  };

  const unwritten = new Set<Lineage>();

  async function writeTogether(lineages: readonly Lineage[]): Promise<readonly undefined[]> {
    const byKey = new Map<Key, Lineage>();
    for (const given of lineages) byKey.set(given.key, merged(byKey.get(given.key), given));
    const steps = [...byKey].map(([key, given]) => ({
      key,
      decide: (held: unknown) => ({ put: [[key, merged(parseLineage(key, held), given)] as const] }),
    }));
    await transactAll(use, steps);
    changed();
    return lineages.map(() => undefined);
  }
  const writeBatched = batched({ ...BATCH, work: writeTogether });

  async function write(lineage: Lineage): Promise<void> {
    unwritten.add(lineage);
    try {
      await writeBatched(lineage);
    } finally {
      unwritten.delete(lineage);
    }
  }
  // There is no time left to read what is held already; that stays as it is.
  globalThis.addEventListener?.('pagehide', () => {
    const pairs = [...unwritten].map((lineage) => [lineage.key, lineage] as const);
    if (pairs.length > 0) writeAll(use, pairs, 'add').catch(() => {});
  });

  return {
    list: () => listAll(use),
    async put(...lineages) {
      await Promise.all(lineages.map((lineage) => write(v.parse(lineageSchema, lineage))));
    },
    async update(key, { name, note }) {
      await transact(use, key, (stored) => {
        const held = parseLineage(key, stored);
        if (!held) return {};
        const next = {
          ...held,
          ...(name !== undefined && { name: cleanName(name) }),
          ...(note !== undefined && { note: cleanNote(note) }),
        };
        return { put: [[key, next]] };
      });
      changed();
    },
    async remove(key) {
      await del(key, use);
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => channel.close(),
  };
}
