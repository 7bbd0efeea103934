// The library over a real IndexedDB in memory: what it keeps, what it finds damaged, what older and newer versions left.

import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, entries, get, set, type UseStore } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Library, openLibrary } from '../../../../src/platform/storage/library/library';
import type { Lineage } from '../../../../src/platform/storage/library/lineage';
import { sealLineage } from '../../../../src/platform/storage/library/lineage-record';
import { keyOf, lineage } from '../../lineages';

const opened: Library[] = [];
let stores: Map<string, UseStore>;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  stores = new Map();
});
afterEach(() => {
  for (const library of opened.splice(0)) library.close();
});

function open(...environment: Parameters<typeof openLibrary>): Library {
  const library = openLibrary(...environment);
  opened.push(library);
  return library;
}

function raw(name = 'gradsheet-library'): UseStore {
  const store = stores.get(name) ?? createStore(name, 'keyval');
  stores.set(name, store);
  return store;
}
const old = () => raw('gradsheet-lineages');

/** The record of a lineage with one field of the lineage altered, as by a fault of the disk. */
const altered = (index: number, change: Partial<Lineage>) => {
  const record = sealLineage(lineage(index));
  return { ...record, lineage: { ...record.lineage, ...change } };
};

describe('a stored lineage', () => {
  test('comes back as it was put, newest first', async () => {
    const put = [1, 3, 2].map((index) => lineage(index, { note: `note ${index}` }));
    await open().put(...put);
    expect(await open().list()).toEqual([put[1], put[2], put[0]]);
  });

  test.each<[string, Partial<Lineage>]>([
    ['loss', { results: { ...lineage(1).results, loss: 0.001 } }],
    ['params', { params: { train: { epochs: '3' } } }],
    ['curve', { curves: { ...lineage(1).curves, loss: new Float32Array([1, 0.5]) } }],
    ['name', { name: 'another' }],
    ['time', { when: 5 }],
  ])('whose %s was altered is not listed, and is kept as it lies there', async (_, change) => {
    const damaged = altered(1, change);
    await set(keyOf(1), damaged, raw());
    await set(keyOf(2), sealLineage(lineage(2)), raw());
    const library = open();
    expect(await library.list()).toEqual([lineage(2)]);
    expect(await library.unreadable()).toEqual([
      { key: keyOf(1), held: damaged, newer: false, reason: 'the checksum does not match the content' },
    ]);
    expect(await get(keyOf(1), raw())).toEqual(damaged);
    await library.removeUnreadable(keyOf(1));
    expect(await library.unreadable()).toEqual([]);
  });

  test('that lies under the key of another is not listed', async () => {
    await set(keyOf(1), sealLineage(lineage(2)), raw());
    expect(await open().list()).toEqual([]);
  });

  test('that is damaged makes way for a new one and is not lost', async () => {
    const damaged = altered(1, { when: 7 });
    await set(keyOf(1), damaged, raw());
    const library = open();
    await library.put(lineage(1));
    expect(await library.list()).toEqual([lineage(1)]);
    expect((await library.unreadable()).map(({ held }) => held)).toEqual([damaged]);
  });

  test('with a date of 1e16, or whatever else no page can show, does not keep the others from being listed', async () => {
    const hostile: [IDBValidKey, unknown][] = [
      [keyOf(1), sealLineage(lineage(1, { when: 1e16 }))],
      [keyOf(2), 'no lineage'],
      [keyOf(3), null],
      [keyOf(4), { version: 2 }],
      [5, sealLineage(lineage(5))],
      [['train'], sealLineage(lineage(5))],
      [new Date(0), 1],
      ['removed', 1],
      ['aside', 1],
      [`removed ${keyOf(6)}`, { version: 2, removed: 1e16, record: 1 }],
    ];
    for (const [key, held] of hostile) await set(key, held, raw());
    await set(keyOf(9), sealLineage(lineage(9)), raw());
    const library = open();
    expect(await library.list()).toEqual([lineage(9)]);
    expect(await library.unreadable()).toHaveLength(hostile.length);
    expect(await library.removed()).toEqual([]);
    expect(await entries(raw())).toHaveLength(hostile.length + 1);
  });
});

describe('a lineage of a newer version', () => {
  const newer = (version: number) => ({ version, made: 'later', lineage: 'in another form' });

  test('that cannot be read is listed as such and neither overwritten nor removed', async () => {
    await set(keyOf(1), newer(3), raw());
    const library = open();
    await library.put(lineage(1));
    await expect(library.update(keyOf(1), { name: 'mine' })).rejects.toThrow('newer version');
    await library.remove(keyOf(1));
    expect(await get(keyOf(1), raw())).toEqual(newer(3));
    expect((await library.unreadable())[0]).toMatchObject({ key: keyOf(1) });
  });
});

describe('frozen lineages', () => {
  interface Frozen {
    readonly database: string;
    readonly key: string;
    readonly record: Record<string, unknown>;
    readonly expected: { readonly name: string; readonly note: string; readonly loss: number };
  }
  const read = (name: string): Frozen =>
    JSON.parse(
      readFileSync(new URL(`../../../fixtures/storage/${name}.json`, import.meta.url), 'utf8'),
      (_, value: unknown) =>
        typeof value === 'object' && value !== null && 'float32' in value
          ? new Float32Array(value.float32 as number[])
          : value,
    ) as Frozen;

  test.each(['lineage-v1', 'lineage-v2', 'lineage-v3'])('%s is read', async (name) => {
    const { database, key, record, expected } = read(name);
    await set(key, record, raw(database));
    const [listed] = await open().list();
    expect(listed).toMatchObject({ key, name: expected.name, note: expected.note });
    expect(listed?.results.loss).toBe(expected.loss);
  });

  test('of a newer version are kept to the byte, whatever is done to them but removing', async () => {
    const { key, record } = read('lineage-v3');
    await set(key, record, raw());
    const library = open();
    const [listed] = await library.list();
    if (!listed) throw new Error('it is not listed');
    await library.put({ ...listed, name: 'mine', named: true });
    await expect(library.update(key, { note: 'mine' })).rejects.toThrow('newer version');
    expect(await get(key, raw())).toEqual(record);
    await library.remove(key);
    expect(await entries(raw())).toEqual([]);
  });
});

describe('lineages of version 1', () => {
  test('move, sealed, with their names and notes', async () => {
    const bare = [lineage(1), lineage(2, { note: 'the one' }), lineage(3, { name: 'run 2' })];
    for (const held of bare) await set(held.key, held, old());
    const library = open();
    // A name that one training alone has counts as given by a person.
    const named = { ...lineage(1), named: true };
    expect(await library.list()).toEqual([
      lineage(3, { name: 'run 2' }),
      lineage(2, { note: 'the one' }),
      named,
    ]);
    expect(await entries(old())).toEqual([]);
    expect(await get(keyOf(2), raw())).toEqual(sealLineage(lineage(2, { note: 'the one' })));
  });

  test('that cannot be read are kept', async () => {
    const hostile: [IDBValidKey, unknown][] = [
      [keyOf(1), { ...lineage(1), when: 1e16 }],
      [keyOf(2), { ...lineage(2), html: '<b>' }],
      [7, 'seven'],
    ];
    for (const [key, held] of hostile) await set(key, held, old());
    const library = open();
    expect(await library.list()).toEqual([]);
    const kept = await library.unreadable();
    expect(kept.map(({ held }) => held)).toEqual(expect.arrayContaining(hostile.map(([, held]) => held)));
    expect(kept.map(({ reason }) => reason).join()).toContain('when');
    expect(await entries(old())).toEqual([]);
  });

  test('do not replace what is there already', async () => {
    await open().put(lineage(1, { name: 'mine', named: true, note: 'kept' }));
    await set(keyOf(1), lineage(1, { name: 'theirs', note: 'older', when: 3 }), old());
    const [listed] = await open().list();
    expect(listed).toMatchObject({ name: 'mine', note: 'kept', when: 3 });
  });
});

describe('putting again', () => {
  test('keeps the name that a person gave, and takes another such name', async () => {
    const library = open();
    await library.put(lineage(1));
    await library.update(keyOf(1), { name: 'the best\n' });
    await library.put(lineage(1, { name: 'the run' }));
    expect((await library.list())[0]).toMatchObject({ name: 'the best ', named: true });
    await library.put(lineage(1, { name: 'better', named: true }));
    expect(library.known()[0]).toMatchObject({ name: 'better', named: true });
    await library.update(keyOf(1), { name: '' });
    expect(library.known()[0]).not.toHaveProperty('named');
  });

  test('never lets an imported one replace what was computed, and clears its mark once it is computed', async () => {
    const library = open();
    const wrong = { ...lineage(1).results, loss: 99 };
    await library.put(lineage(1, { note: 'mine' }));
    await library.put(lineage(1, { imported: true, results: wrong, note: 'theirs', name: 'other' }));
    expect((await library.list())[0]).toEqual(lineage(1, { note: 'mine' }));
    await library.put(lineage(2, { imported: true, results: wrong }));
    await library.put(lineage(2));
    expect(library.known()[0]).toEqual(lineage(2));
  });

  test('in one moment is written together', async () => {
    const library = open();
    const heard = vi.fn();
    library.subscribe(heard);
    await Promise.all(Array.from({ length: 150 }, (_, index) => library.put(lineage(index))));
    expect(library.known()).toHaveLength(150);
    expect(heard.mock.calls.length).toBeLessThan(5);
  });
});

test('what could not be written is tried once more as the page goes away', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  const library = open();
  // From now on the connection is there.
  await library.list();
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('the disk is busy', 'UnknownError');
  });
  await expect(library.put(lineage(1))).rejects.toThrow('busy');
  transaction.mockRestore();
  page.dispatchEvent(new Event('pagehide'));
  vi.unstubAllGlobals();
  const other = open();
  await vi.waitFor(async () => expect(await other.list()).toEqual([lineage(1)]));
});

describe('removing', () => {
  test('is remembered until forgotten, and undone by putting again', async () => {
    const library = open();
    await library.put(lineage(1), lineage(2));
    await library.remove(keyOf(1), keyOf(2));
    expect(await open().list()).toEqual([]);
    const removed = await library.removed();
    expect(removed.map(({ lineage: { key } }) => key)).toEqual([keyOf(1), keyOf(2)]);
    await library.put(lineage(1));
    expect((await library.removed()).map(({ lineage: { key } }) => key)).toEqual([keyOf(2)]);
    await library.forget(removed);
    expect(await library.removed()).toEqual([]);
    expect(await library.list()).toEqual([lineage(1)]);
    expect(await library.unreadable()).toEqual([]);
  });

  test('of what is not there does nothing', async () => {
    const library = open();
    await library.remove(keyOf(1));
    await library.update(keyOf(1), { name: 'nobody' });
    expect(await entries(raw())).toEqual([]);
  });
});

describe('another tab', () => {
  test('applies the keys that changed, and reads nothing else', async () => {
    const [one, other] = [open({ BroadcastChannel }), open({ BroadcastChannel })];
    await one.put(...Array.from({ length: 20 }, (_, index) => lineage(index)));
    await other.list();
    const reads = vi.spyOn(IDBObjectStore.prototype, 'getAll');
    const first = other.known();
    await one.update(keyOf(3), { note: 'look' });
    await vi.waitFor(() => expect(other.known().find(({ key }) => key === keyOf(3))?.note).toBe('look'));
    await one.remove(keyOf(3));
    await vi.waitFor(() => expect(other.known()).toHaveLength(19));
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
    expect(first).toHaveLength(20);
    expect(other.known().find(({ key }) => key === keyOf(4))).toBe(first.find(({ key }) => key === keyOf(4)));
  });

  test('that posts nonsense, or too much, is answered by reading everything', async () => {
    const library = open({ BroadcastChannel });
    await library.list();
    await set(keyOf(1), sealLineage(lineage(1)), raw());
    const channel = new BroadcastChannel('gradsheet-library');
    for (const nonsense of [null, { changed: ['__proto__'] }, { changed: Array(2_000).fill(keyOf(1)) }])
      channel.postMessage(nonsense);
    await vi.waitFor(() => expect(library.known()).toEqual([lineage(1)]));
    channel.close();
  });

  test('is seen without BroadcastChannel once the page becomes visible', async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' as const });
    const library = open({ BroadcastChannel: undefined, document: page });
    const other = open({ BroadcastChannel: undefined });
    await library.put(lineage(1));
    await other.put(lineage(2));
    await other.remove(keyOf(1));
    expect(library.known()).toEqual([lineage(1)]);
    page.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(library.known()).toEqual([lineage(2)]));
  });
});

test('two thousand lineages are read in pages, and one change costs one record', async () => {
  const library = open();
  for (let from = 0; from < 2_000; from += 200)
    await library.put(...Array.from({ length: 200 }, (_, index) => lineage(from + index)));
  const next = open();
  const pages = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  expect(await next.list()).toHaveLength(2_000);
  expect(pages.mock.calls.length).toBeGreaterThan(2_000 / 257);
  pages.mockClear();
  const gets = vi.spyOn(IDBObjectStore.prototype, 'get');
  await next.update(keyOf(1_000), { name: 'one' });
  expect([pages.mock.calls.length, gets.mock.calls.length]).toEqual([0, 1]);
  expect(next.known().filter(({ name }) => name === 'one')).toHaveLength(1);
});
