// What the simulator's disk, channels and locks do is what a real browser does: each script runs in both, and both say the same.
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Held, type ScriptedPage, simulatedWorld, type World } from '../../simulator/world';
import { launchBrowser } from '../support/chromium';

/** An address that nothing answers at but the test. */
const ORIGIN = 'http://localhost:1';
const QUOTA_BYTES = 1_000;

async function scripted(page: Page, session: CDPSession): Promise<ScriptedPage> {
  await page.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>page</title>' }),
  );
  await page.goto(`${ORIGIN}/`);
  const held = await page.evaluateHandle(() => ({}) as Held);
  return {
    // Playwright's own types unwrap what a script keeps.
    evaluate: <T>(script: (held: Held) => T | Promise<T>) =>
      page.evaluate(script as (held: unknown) => Promise<T>, held) as Promise<T>,
    kill: () => page.close(),
    freeze: async () => void (await session.send('Page.setWebLifecycleState', { state: 'frozen' })),
    thaw: async () => void (await session.send('Page.setWebLifecycleState', { state: 'active' })),
    disconnect: async () =>
      void (await session.send('Storage.clearDataForOrigin', { origin: ORIGIN, storageTypes: 'indexeddb' })),
  };
}

async function realWorld(browser: Browser): Promise<World> {
  const context = await browser.newContext();
  let last: CDPSession | undefined;
  return {
    async open() {
      const page = await context.newPage();
      last = await context.newCDPSession(page);
      return scripted(page, last);
    },
    async fill() {
      await last?.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN, quotaSize: QUOTA_BYTES });
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    close: () => context.close(),
  };
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

// Scripts: each is sent to the page as text, so each stands for itself.

const openStore = (held: Held): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('faults', 1);
    const log: string[] = [];
    held['log'] = log;
    request.onupgradeneeded = () => request.result.createObjectStore('store');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      held['db'] = request.result;
      request.result.onclose = () => log.push('close');
      request.result.onversionchange = () => log.push('versionchange');
      resolve();
    };
  });

const log = (held: Held): string[] => held['log'] as string[];

const read = (held: Held): Promise<unknown> =>
  new Promise((resolve) => {
    const request = (held['db'] as IDBDatabase).transaction('store').objectStore('store').get('key');
    request.onsuccess = () => resolve(request.result ?? 'nothing');
  });

/** Writes in a transaction that asks again and again, and so never ends. */
const writeWithoutEnd = (held: Held): Promise<void> =>
  new Promise((resolve) => {
    const store = (held['db'] as IDBDatabase).transaction('store', 'readwrite').objectStore('store');
    store.put('written', 'key').onsuccess = () => {
      const again = (): void => {
        store.get('key').onsuccess = again;
      };
      again();
      resolve();
    };
  });

const writeAndCommit = (held: Held): void => {
  const transaction = (held['db'] as IDBDatabase).transaction('store', 'readwrite');
  transaction.objectStore('store').put('written', 'key');
  transaction.commit();
};

/** Writes, and resolves with all that the transaction says of its end. */
const writeAndTell = (held: Held): Promise<string[]> =>
  new Promise((resolve) => {
    const events: string[] = [];
    try {
      const transaction = (held['db'] as IDBDatabase).transaction('store', 'readwrite');
      transaction.oncomplete = () => resolve([...events, 'complete']);
      transaction.onabort = () => resolve([...events, `abort ${transaction.error?.name}`]);
      transaction.objectStore('store').put('x'.repeat(2 ** 20), 'large');
    } catch (error) {
      resolve([...events, `throws ${(error as Error).name}`]);
    }
  });

describe.each(['the simulation', 'Chromium'])('in %s', (name) => {
  let world: World;
  beforeEach(async () => {
    world = name === 'Chromium' ? await realWorld(browser) : simulatedWorld(1);
  });
  afterEach(() => world.close());

  const opened = async (): Promise<ScriptedPage> => {
    const page = await world.open();
    await page.evaluate(openStore);
    return page;
  };

  test('a transaction is inactive after a task of another kind, and active after one of its own requests', async () => {
    const page = await opened();
    const events = await page.evaluate(async (held) => {
      const begin = () => (held['db'] as IDBDatabase).transaction('store', 'readwrite').objectStore('store');
      const answer = (request: IDBRequest) =>
        new Promise((resolve) => {
          request.onsuccess = () => resolve(request.result);
        });
      const words: string[] = [];
      const put = (store: IDBObjectStore): void => {
        try {
          store.put(1, 'other');
          words.push('put');
        } catch (error) {
          words.push((error as Error).name);
        }
      };
      const one = begin();
      await answer(one.get('key'));
      put(one);
      const other = begin();
      let isReady = false;
      // Kept open meanwhile.
      const again = (): void => {
        if (!isReady) other.get('key').onsuccess = again;
      };
      again();
      await new Promise((resolve) => setTimeout(resolve, 20));
      put(other);
      isReady = true;
      return words;
    });
    expect(events).toEqual(['put', 'TransactionInactiveError']);
  });

  test('a transaction without requests is over by itself', async () => {
    const page = await opened();
    const events = await page.evaluate(async (held) => {
      const transaction = (held['db'] as IDBDatabase).transaction('store', 'readwrite');
      const store = transaction.objectStore('store');
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      try {
        return String(store.put(1, 'key'));
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(events).toBe('TransactionInactiveError');
  });

  test('two transactions that write to one store come one after the other, in two pages too', async () => {
    const [one, other] = [await opened(), await opened()];
    await one.evaluate((held) => {
      const store = (held['db'] as IDBDatabase).transaction('store', 'readwrite').objectStore('store');
      let rest = 200;
      const again = (): void => {
        if (rest-- > 0) store.get('key').onsuccess = again;
        else store.put('written', 'key');
      };
      again();
    });
    const found = await other.evaluate(
      (held) =>
        new Promise((resolve) => {
          const store = (held['db'] as IDBDatabase).transaction('store', 'readwrite').objectStore('store');
          const request = store.get('key');
          request.onsuccess = () => resolve(request.result);
        }),
    );
    expect(found).toBe('written');
  });

  test('what a page had not committed is not there once it was killed, and holds nobody up', async () => {
    const [one, other] = [await opened(), await opened()];
    await one.evaluate(writeWithoutEnd);
    await one.kill();
    expect(await other.evaluate(read)).toBe('nothing');
  });

  test('what a page had committed is there although it was killed at once', async () => {
    const [one, other] = [await opened(), await opened()];
    await one.evaluate(writeAndCommit);
    await one.kill();
    expect(await other.evaluate(read)).toBe('written');
  });

  test('a request that fails aborts its transaction, and all of it is undone', async () => {
    const page = await opened();
    const events = await page.evaluate(
      (held) =>
        new Promise<string[]>((resolve) => {
          const words: string[] = [];
          const transaction = (held['db'] as IDBDatabase).transaction('store', 'readwrite');
          const store = transaction.objectStore('store');
          store.put('written', 'key');
          const request = store.add('again', 'key');
          request.onerror = () => words.push(`error ${request.error?.name}`);
          transaction.onerror = () => words.push('error of the transaction');
          transaction.onabort = () => resolve([...words, `abort ${transaction.error?.name}`]);
        }),
    );
    expect(events).toEqual(['error ConstraintError', 'error of the transaction', 'abort ConstraintError']);
    expect(await page.evaluate(read)).toBe('nothing');
  });

  test('without room a write is aborted with QuotaExceededError, and the connection goes on', async () => {
    const page = await opened();
    await world.fill();
    expect(await page.evaluate(writeAndTell)).toEqual(['abort QuotaExceededError']);
    expect(await page.evaluate(read)).toBe('nothing');
  });

  test('a connection that the browser closes aborts what is open, says so, and refuses what is asked', async () => {
    const page = await opened();
    await page.evaluate((held) => {
      const store = (held['db'] as IDBDatabase).transaction('store', 'readwrite').objectStore('store');
      const words = held['log'] as string[];
      store.transaction.onabort = () => words.push(`abort ${store.transaction.error?.name}`);
      const again = (): void => {
        store.get('key').onsuccess = again;
      };
      again();
    });
    await page.disconnect();
    await world.pass(200);
    expect((await page.evaluate(log)).sort()).toEqual(['abort UnknownError', 'close']);
    expect(await page.evaluate(writeAndTell)).toEqual(['throws InvalidStateError']);
    await page.evaluate(openStore);
    expect(await page.evaluate(read)).toBe('nothing');
  });

  test('a connection that its page closes lets its transaction end, and begins no other', async () => {
    const page = await opened();
    const events = await page.evaluate(
      (held) =>
        new Promise<string[]>((resolve) => {
          const db = held['db'] as IDBDatabase;
          const words: string[] = [];
          const transaction = db.transaction('store', 'readwrite');
          transaction.objectStore('store').put('written', 'key');
          transaction.oncomplete = () => resolve([...words, 'complete']);
          db.close();
          try {
            db.transaction('store');
          } catch (error) {
            words.push((error as Error).name);
          }
        }),
    );
    expect(events).toEqual(['InvalidStateError', 'complete']);
  });

  const upgrade = (held: Held): void => {
    const words: string[] = [];
    held['log'] = words;
    const request = indexedDB.open('faults', 2);
    request.onblocked = () => words.push('blocked');
    request.onupgradeneeded = () => words.push('upgradeneeded');
    request.onsuccess = () => words.push('success');
    request.onerror = () => words.push(`error ${request.error?.name}`);
  };

  test('an upgrade is blocked as long as a page of the old version stays open, and goes on when it is killed', async () => {
    const [one, other] = [await opened(), await world.open()];
    await other.evaluate(upgrade);
    await world.pass(200);
    expect(await one.evaluate(log)).toEqual(['versionchange']);
    expect(await other.evaluate(log)).toEqual(['blocked']);
    await one.kill();
    await world.pass(200);
    expect(await other.evaluate(log)).toEqual(['blocked', 'upgradeneeded', 'success']);
  });

  test('an upgrade is not blocked where the other page closes when it hears of it; the old version is refused', async () => {
    const [one, other] = [await opened(), await world.open()];
    await one.evaluate((held) => {
      const db = held['db'] as IDBDatabase;
      db.onversionchange = () => db.close();
    });
    await other.evaluate(upgrade);
    await world.pass(200);
    expect(await other.evaluate(log)).toEqual(['upgradeneeded', 'success']);
    const refused = await one.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.open('faults', 1);
          request.onerror = () => resolve(request.error?.name);
        }),
    );
    expect(refused).toBe('VersionError');
  });

  test('an upgrade that its page does not live to finish has not happened', async () => {
    const [one, other] = [await world.open(), await world.open()];
    await one.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open('faults', 3);
          request.onupgradeneeded = () => {
            const store = request.result.createObjectStore('unfinished');
            const again = (): void => {
              store.get('key').onsuccess = again;
            };
            again();
            resolve();
          };
        }),
    );
    await one.kill();
    await other.evaluate(openStore);
    const names = await other.evaluate((held) => [...(held['db'] as IDBDatabase).objectStoreNames]);
    expect(names).toEqual(['store']);
  });

  const listen = (held: Held): void => {
    const words: string[] = [];
    held['log'] = words;
    const channel = new BroadcastChannel('faults');
    held['channel'] = channel;
    channel.onmessage = ({ data }) => words.push(String(data));
  };
  const post = (held: Held): void => {
    const channel = held['channel'] as BroadcastChannel;
    for (const word of ['first', 'second', 'third']) channel.postMessage(word);
  };

  test('a channel tells all others, in order, and never itself', async () => {
    const [one, other] = [await world.open(), await world.open()];
    await one.evaluate(listen);
    await other.evaluate(listen);
    const twin = await one.evaluate((held) => {
      const words: string[] = [];
      held['twin'] = words;
      new BroadcastChannel('faults').onmessage = ({ data }) => words.push(String(data));
      return words.length;
    });
    await one.evaluate(post);
    await world.pass(200);
    expect(twin).toBe(0);
    expect(await one.evaluate(log)).toEqual([]);
    expect(await one.evaluate((held) => held['twin'])).toEqual(['first', 'second', 'third']);
    expect(await other.evaluate(log)).toEqual(['first', 'second', 'third']);
  });

  test('a channel that is closed hears nothing and posts nothing', async () => {
    const [one, other] = [await world.open(), await world.open()];
    await one.evaluate(listen);
    await other.evaluate(listen);
    await one.evaluate((held) => (held['channel'] as BroadcastChannel).close());
    await other.evaluate(post);
    await world.pass(200);
    expect(await one.evaluate(log)).toEqual([]);
    const refused = await one.evaluate((held) => {
      try {
        (held['channel'] as BroadcastChannel).postMessage('late');
        return 'posted';
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(refused).toBe('InvalidStateError');
  });

  test('a frozen page runs nothing, and hears afterwards what was said meanwhile', async () => {
    const [one, other] = [await world.open(), await world.open()];
    await one.evaluate(listen);
    await other.evaluate(listen);
    await one.evaluate((held) => {
      setTimeout(() => (held['log'] as string[]).push('timer'), 100);
    });
    await one.freeze();
    await other.evaluate(post);
    await world.pass(500);
    await one.thaw();
    await world.pass(500);
    expect((await one.evaluate(log)).filter((word) => word !== 'timer')).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(await one.evaluate(log)).toContain('timer');
  });

  const hold = (held: Held): Promise<void> =>
    new Promise((resolve) => {
      void navigator.locks.request('faults', () => {
        resolve();
        return new Promise<void>((release) => {
          held['release'] = release;
        });
      });
    });
  const tryLock = (): Promise<string> =>
    navigator.locks.request('faults', { ifAvailable: true }, (lock) => (lock ? 'held' : 'taken'));
  const wait = (held: Held): void => {
    const words: string[] = [];
    held['log'] = words;
    void navigator.locks.request('faults', () => void words.push('held'));
  };

  test('a lock is of one page at a time, and free once its page was killed', async () => {
    const [one, other] = [await world.open(), await world.open()];
    await one.evaluate(hold);
    expect(await other.evaluate(tryLock)).toBe('taken');
    await other.evaluate(wait);
    await world.pass(100);
    expect(await other.evaluate(log)).toEqual([]);
    await one.kill();
    await world.pass(200);
    expect(await other.evaluate(log)).toEqual(['held']);
  });

  test('a lock that is given back is the next one’s; one that is waited for no longer never comes', async () => {
    const [one, other] = [await world.open(), await world.open()];
    await one.evaluate(hold);
    const given = await other.evaluate(async () => {
      const control = new AbortController();
      setTimeout(() => control.abort(), 50);
      return navigator.locks
        .request('faults', { signal: control.signal }, () => 'held')
        .catch((error: unknown) => (error as Error).name);
    });
    expect(given).toBe('AbortError');
    await other.evaluate(wait);
    await one.evaluate((held) => (held['release'] as () => void)());
    await world.pass(100);
    expect(await other.evaluate(log)).toEqual(['held']);
  });
});
