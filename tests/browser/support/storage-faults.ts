// What can befall a page's storage, done to it from inside a real browser: records put there, reads and writes that fail,
// and another page that holds the database.
// Invariant: only the database of the sheets is touched, and only as long as the test says so.

import type { BrowserContext, Page } from 'playwright-core';
import type { App } from './app';
import { stored } from './steps';

export const SHEETS = 'gradsheet-sheet';

/** A page of the same origin that runs nothing of Gradsheet. */
export async function quietPage(app: App, context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${app.origin}/icon.svg`);
  return page;
}

/** Puts records as they are. */
export const put = (page: Page, records: Readonly<Record<string, unknown>>): Promise<void> =>
  page.evaluate(
    ([name, all]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onupgradeneeded = () => opening.result.createObjectStore('keyval');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('keyval', 'readwrite');
          for (const [key, value] of Object.entries(all)) transaction.objectStore('keyval').put(value, key);
          transaction.onabort = () => reject(transaction.error);
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    [SHEETS, records] as const,
  );

/** Holds the database, as a tab does that writes for long, until it is let go. */
export async function holdDatabase(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onupgradeneeded = () => opening.result.createObjectStore('keyval');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const store = opening.result.transaction('keyval', 'readwrite').objectStore('keyval');
          let isHeld = true;
          Object.assign(window, {
            letGo() {
              isHeld = false;
            },
          });
          const again = (): void => {
            if (isHeld) store.getAllKeys().onsuccess = again;
            else opening.result.close();
          };
          again();
          resolve();
        };
      }),
    SHEETS,
  );
  return () => page.evaluate(() => (window as unknown as { letGo(): void }).letGo());
}

/** Lets the first reads of a page, or its writes until `mend` is called there, fail with an error of that name. */
export async function failing(
  page: Page,
  how: { read?: string; times?: number; write?: string },
): Promise<void> {
  await page.addInitScript(
    ([name, { read, times = 1, write }]) => {
      let left = times;
      let isBroken = true;
      Object.assign(window, {
        mend() {
          isBroken = false;
        },
      });
      const { prototype } = IDBObjectStore;
      const { get, put: write0 } = prototype;
      const isOurs = (store: IDBObjectStore): boolean => store.transaction.db.name === name;
      prototype.get = function fail(key) {
        if (read !== undefined && isOurs(this) && left-- > 0)
          throw new DOMException('an internal error', read);
        return get.call(this, key);
      };
      prototype.put = function fail(value, key) {
        if (write !== undefined && isOurs(this) && isBroken) throw new DOMException('no room', write);
        return write0.call(this, value, key);
      };
    },
    [SHEETS, how] as const,
  );
}

export const mend = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as { mend(): void }).mend());

/** Writes down every status that the page shows, from its first moment. */
export async function keepStatuses(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    new MutationObserver(() => {
      const text = document.querySelector('.sheet-status [title]')?.textContent;
      if (text && text !== seen.at(-1)) seen.push(text);
    }).observe(document, { characterData: true, childList: true, subtree: true });
    Object.assign(window, { statuses: () => seen });
  });
  return () => page.evaluate(() => (window as unknown as { statuses(): string[] }).statuses());
}

/** The sheets on disk, by id. */
export async function sheetsOnDisk(page: Page): Promise<Record<string, unknown>> {
  const all = Object.entries(await stored(page, SHEETS));
  return Object.fromEntries(
    all.flatMap(([key, record]) => (key.startsWith('sheet ') ? [[key.slice(6), record]] : [])),
  );
}
