// The page's view on storage over a real IndexedDB in memory: what is shown, said and asked of the browser.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner } from '../../../src/core/plan/plan';
import { type OpenLibraryPort, openLibraryPort } from '../../../src/page/ports/library-port';
import { type NamedSheet, openStoragePort, type StoragePort } from '../../../src/page/ports/storage-port';
import { parseAddress } from '../../../src/platform/page/address';
import type { DiskUsage, StoredItem } from '../../../src/platform/storage/results/usage';
import { keyOf, lineage } from '../../platform/lineages';

// Node's conditions choose Solid's server build, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const MB = 2 ** 20;

function sheetOf(address: string) {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}
const SHEET = sheetOf('#v1&A=a');
const NEEDED = createPlanner(registry)(SHEET).runs.get('A')?.cells.get('train')?.node?.key ?? '';

/** What the browser is asked, and what it answers. */
function manager(answer: boolean) {
  let kept = false;
  return {
    persist: vi.fn(async () => {
      kept = answer;
      return kept;
    }),
    persisted: async () => kept,
    estimate: async () => ({ usage: 7 * MB, quota: 900 * MB }),
  };
}

let items: StoredItem[];
let full: boolean[];
let messages: string[];
let library: OpenLibraryPort;
let ports: StoragePort[];
let sheets: () => Promise<NamedSheet[]>;

const usage: DiskUsage = {
  list: async () => items,
  async remove(gone) {
    items = items.filter((item) => !gone.includes(item));
  },
  setFull: (is) => void full.push(is),
};

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  [items, full, messages, ports] = [[], [], [], []];
  sheets = async () => [{ name: 'mine', sheet: SHEET, stepBytes: 3_000_000 }];
  library = openLibraryPort(registry, (message) => messages.push(message));
});
afterEach(() => {
  for (const port of ports) port.close();
  library.library.close();
  vi.unstubAllGlobals();
});

function open(storage: ReturnType<typeof manager> = manager(true)): StoragePort {
  vi.stubGlobal('navigator', { storage });
  const port = openStoragePort({
    registry,
    usage,
    library,
    sheets: () => sheets(),
    say: (message) => messages.push(message),
  });
  ports.push(port);
  return port;
}

const stored = (id: string, megabytes: number, used = 0): StoredItem => ({
  what: 'entry',
  id,
  bytes: megabytes * MB,
  used,
});

describe('the view on storage', () => {
  test('says what is stored by what, and what is free', async () => {
    items = [stored(NEEDED, 3), stored('train-free', 4), { ...stored('trace', 5), what: 'trace' }];
    await library.library.put(lineage(1));
    const port = open(manager(false));
    await port.measure();
    expect(port.state()?.sheets.bytes).toBeGreaterThan(3_000_000);
    expect(port.state()).toMatchObject({
      results: { count: 2, bytes: 7 * MB },
      checkpoints: { count: 1, bytes: 5 * MB },
      library: { count: 1 },
      sheets: { count: 1 },
      budget: 512 * MB,
      free: 9 * MB,
      needed: 3 * MB,
      full: false,
      offers: [{ what: 'sheet', name: 'mine', bytes: 3 * MB }],
      persistence: 'no',
      used: 7 * MB,
      quota: 900 * MB,
    });
    await port.free();
    expect(items.map(({ id }) => id)).toEqual([NEEDED]);
    expect(port.state()?.free).toBe(0);
  });

  test('holds a budget that a person sets, and says once where it is too small', async () => {
    items = [stored(NEEDED, 3), stored('train-free', 4)];
    const port = open();
    await port.setBudget(2 * MB);
    expect(items.map(({ id }) => id)).toEqual([NEEDED]);
    expect(full.at(-1)).toBe(true);
    await port.setBudget(MB);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('stay in memory');
    await port.setBudget(10 * MB);
    expect(full.at(-1)).toBe(false);
    expect(port.state()).toMatchObject({ budget: 10 * MB, full: false });
  });

  test('removes nothing where the sheets cannot be read, and says so', async () => {
    items = [stored('train-free', 4)];
    sheets = () => Promise.reject(new Error('the disk is gone'));
    const port = open();
    await port.free();
    expect(items).toHaveLength(1);
    expect(port.trouble()).toContain('the disk is gone');
    sheets = async () => [];
    await port.measure();
    expect(port.trouble()).toBeUndefined();
  });
});

describe('the browser is asked to keep what is stored', () => {
  test('once for a named sheet and once for a noted training, over all pages', async () => {
    const storage = manager(false);
    const port = open(storage);
    port.sheetNamed();
    await vi.waitFor(() => expect(storage.persist).toHaveBeenCalledTimes(1));
    port.sheetNamed();
    await library.library.put(lineage(1));
    library.onUpdate(keyOf(1), { note: 'this one' });
    await vi.waitFor(() => expect(storage.persist).toHaveBeenCalledTimes(2));
    open(storage).sheetNamed();
    library.onUpdate(keyOf(1), { note: 'this one, still' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(storage.persist).toHaveBeenCalledTimes(2);
  });

  test('at fifty megabytes, and no more once it keeps them', async () => {
    const storage = manager(true);
    items = [stored(NEEDED, 49)];
    const port = open(storage);
    await port.measure();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(storage.persist).not.toHaveBeenCalled();
    items = [stored(NEEDED, 50)];
    await port.measure();
    await vi.waitFor(() => expect(port.state()?.persistence).toBe('yes'));
    port.sheetNamed();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(storage.persist).toHaveBeenCalledTimes(1);
  });

  test('not at all where it cannot be, and then it is unknown', async () => {
    vi.stubGlobal('navigator', {});
    const port = openStoragePort({ registry, usage, library, sheets: () => sheets(), say: () => {} });
    ports.push(port);
    await port.keep();
    await port.measure();
    port.sheetNamed();
    expect(port.state()).toMatchObject({ persistence: 'unknown' });
    expect(port.state()).not.toHaveProperty('quota');
  });
});

test('the library’s port lists, notes, removes and undoes; what storage refuses is tried again', async () => {
  await library.library.put(lineage(1), lineage(2));
  await vi.waitFor(() => expect(library.entries()).toHaveLength(2));
  const heard: string[] = [];
  library.onDone((what) => heard.push(what));
  library.onRemove([keyOf(1)]);
  expect(library.removed()).toBe(1);
  await vi.waitFor(() => expect(library.entries()).toHaveLength(1));
  library.onUndoRemove();
  await vi.waitFor(() => expect(library.entries()).toHaveLength(2));
  expect(library.removed()).toBeUndefined();
  const busy = (): never => {
    throw new DOMException('the disk is busy', 'UnknownError');
  };
  // On the connection that is there, and on a fresh one.
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
  transaction.mockImplementationOnce(busy).mockImplementationOnce(busy);
  library.onUpdate(keyOf(2), { name: 'kept' });
  await vi.waitFor(() => expect(library.entries()[0]?.name).toBe('kept'), 3_000);
  expect(messages).toEqual(['The library cannot be changed (the disk is busy).']);
  transaction.mockRestore();
  expect(heard).toEqual(['removed', 'noted']);
});
