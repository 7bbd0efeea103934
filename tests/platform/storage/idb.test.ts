import { get, promisifyRequest } from 'idb-keyval';
import { describe, expect, test, vi } from 'vitest';
import { atomically, database, storageReason, transact, writeAll } from '../../../src/platform/storage/idb';
import { freshIdb, held } from '../fresh-idb';

const NAME = 'test';
freshIdb();

const pause = (ms: number): Promise<void> => new Promise((then) => setTimeout(then, ms));
const request = <T>(opening: IDBRequest<T>): Promise<T> => promisifyRequest<T>(opening);

/** Holds the database in a transaction of another page until it is released. */
async function holdBack(): Promise<() => void> {
  await writeAll(database(NAME), [['there', 0]]);
  const db = await request(indexedDB.open(NAME));
  const store = db.transaction('keyval', 'readwrite').objectStore('keyval');
  let isHeld = true;
  const again = (): void => {
    if (isHeld) store.get('there').onsuccess = again;
    else db.close();
  };
  again();
  return () => {
    isHeld = false;
  };
}

describe('an operation that was not answered in time', () => {
  test('does not come true once another page lets go of the database, neither at once nor by a second try', async () => {
    const release = await holdBack();
    const use = database(NAME, 50);
    let tries = 0;
    const late = atomically(use, async (store) => {
      tries++;
      await request(store.get('there'));
      store.put('late', 'a');
    });
    await expect(late).rejects.toThrow('does not answer');
    release();
    await pause(100);
    expect(tries).toBe(1);
    expect([...(await held(NAME)).keys()]).toEqual(['there']);
    await writeAll(use, [['b', 1]]);
    expect((await held(NAME)).get('b')).toBe(1);
  });

  test('does not come true once the database opens after all', async () => {
    const open = indexedDB.open.bind(indexedDB);
    let started = 0;
    indexedDB.open = (name, version) => {
      const late = new EventTarget() as IDBOpenDBRequest;
      setTimeout(() => {
        const real = open(name, version);
        real.onupgradeneeded = () => {
          Object.defineProperty(late, 'result', { value: real.result });
          late.onupgradeneeded?.(new Event('upgradeneeded') as IDBVersionChangeEvent);
        };
        real.onsuccess = () => late.onsuccess?.(new Event('success'));
      }, 100);
      return late;
    };
    const use = database(NAME, 50);
    const write = use('readwrite', (store) => {
      started++;
      store.put('late', 'a');
      return Promise.resolve();
    });
    await expect(write).rejects.toThrow('does not answer');
    await pause(200);
    indexedDB.open = open;
    expect(started).toBe(0);
    expect((await held(NAME)).size).toBe(0);
  });
});

describe('a write of several things', () => {
  test('writes nothing where its work throws halfway', async () => {
    const use = database(NAME);
    const half = atomically(use, async (store) => {
      store.put(1, 'a');
      await request(store.get('a'));
      throw new Error('halfway');
    });
    await expect(half).rejects.toThrow('halfway');
    expect((await held(NAME)).size).toBe(0);
  });

  test('says why it failed, whichever part of it failed', async () => {
    const use = database(NAME);
    await writeAll(use, [['a', 1]]);
    const twice = atomically(use, async (store) => {
      store.put(2, 'b');
      store.add(2, 'a');
    });
    await expect(twice).rejects.toMatchObject({ name: 'ConstraintError' });
    const clash = transact(use, 'a', () => ({ put: [['c', () => {}]] }));
    await expect(clash).rejects.toMatchObject({ name: 'DataCloneError' });
    expect([...(await held(NAME)).keys()]).toEqual(['a']);
  });

  test('is kept from nobody who upgrades or deletes the database, and goes on afterwards', async () => {
    let gone = 0;
    const use = database(NAME, undefined, () => gone++);
    await writeAll(use, [['a', 1]]);
    const upgrade = indexedDB.open(NAME, 2);
    upgrade.onblocked = () => expect.unreachable('the upgrade is blocked');
    (await request(upgrade)).close();
    expect(await get('a', use)).toBe(1);
    await vi.waitFor(() => expect(gone).toBe(1));
    const removal = indexedDB.deleteDatabase(NAME);
    removal.onblocked = () => expect.unreachable('the removal is blocked');
    await request(removal);
    await vi.waitFor(() => expect(gone).toBe(2));
    await writeAll(use, [['b', 2]]);
    expect(await held(NAME)).toEqual(new Map([['b', 2]]));
  });
});

describe('a connection that the browser lost', () => {
  test('is left for a fresh one where every request on it fails with an internal error', async () => {
    const use = database(NAME);
    await writeAll(use, [['a', 1]]);
    let lost: IDBDatabase | undefined;
    const connectionLost = (): never => {
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    };
    await use('readonly', async (store) => {
      lost = store.transaction.db;
    });
    Object.assign(lost ?? {}, { transaction: connectionLost });
    expect(await get('a', use)).toBe(1);
    await writeAll(use, [['b', 2]]);
    expect((await held(NAME)).get('b')).toBe(2);
  });
});

describe('a database whose making was cut short', () => {
  test('gets its store from the first of several that ask, and what is written is there', async () => {
    (await request(indexedDB.open(NAME))).close();
    const tabs = [database(NAME), database(NAME), database(NAME)];
    expect(await Promise.all(tabs.map((use) => get('a', use)))).toEqual([undefined, undefined, undefined]);
    await Promise.all(tabs.map((use, index) => writeAll(use, [[`tab ${index}`, index]])));
    expect([...(await held(NAME)).values()]).toEqual([0, 1, 2]);
  });
});

test.each([
  ['QuotaExceededError', 'storage is full'],
  ['SecurityError', 'this browser does not allow storage here'],
  ['ReferenceError', 'this browser does not allow storage here'],
  ['UnknownError', 'an internal error'],
])('%s is said as “%s”', (name, words) => {
  expect(storageReason(new DOMException('an internal error', name))).toBe(words);
});

test.each([
  'Failed to fetch dynamically imported module: http://localhost/assets/a.js',
  'error loading dynamically imported module: http://localhost/assets/a.js',
  'Importing a module script failed.',
])('a part that did not load is said as something to be done: %s', (message) => {
  expect(storageReason(new TypeError(message))).toBe('a part of the page did not load: reload the page');
});

test('a browser without IndexedDB is said not to allow it', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const reason = await database(NAME)('readonly', async () => {}).then(() => '', storageReason);
  vi.unstubAllGlobals();
  expect(reason).toBe('this browser does not allow storage here');
});
