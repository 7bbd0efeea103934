// "Saved" means saved: what befalls storage in a real browser, each fault as it was once seen.

import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp, type WatchedPage } from '../support/app';
import { button, cell, openOwn, saved, settled, soon, stored, textOf, type } from '../support/steps';
import {
  failing,
  holdDatabase,
  keepStatuses,
  mend,
  put,
  quietPage,
  SHEETS,
  sheetsOnDisk,
} from '../support/storage-faults';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';
const LINK = SMALL.replace('mine', 'linked');

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const status = async (page: Page): Promise<string> =>
  (await page.locator('.sheet-status [title]').textContent()) ?? '';
const banners = async (page: Page): Promise<string> =>
  (await page.getByRole('note').allTextContents()).join(' ');

/** What the page itself wrote for a sheet whose noise is 0.21, made once and put into the profiles of the tests. */
let written: Record<string, unknown> | undefined;

async function writeSheet(): Promise<Record<string, unknown>> {
  const { page, close } = await openOwn(app, SMALL);
  await type(page, 'A', 'noise', '0.21');
  await saved(page);
  const records = await stored(page, SHEETS);
  await close();
  return records;
}

interface Profile {
  readonly context: BrowserContext;
  /** The sheet's key. */
  readonly id: string;
  readonly disk: Record<string, unknown>;
  close(): Promise<void>;
}

/** A profile with that sheet, and no page. */
async function profile(): Promise<Profile> {
  const { context, page: blank, close } = await app.openPage({ address: null });
  await blank.close();
  const page = await quietPage(app, context);
  written ??= await writeSheet();
  await put(page, written);
  const disk = await sheetsOnDisk(page);
  await page.close();
  return { context, id: Object.keys(disk)[0] ?? '', disk, close };
}

/** A page of a profile that has not opened the address yet. */
async function pageIn(context: BrowserContext): Promise<WatchedPage & { statuses: () => Promise<string[]> }> {
  const watched = await app.openPage({ context, address: null });
  return { ...watched, statuses: await keepStatuses(watched.page) };
}

describe('a stored sheet', () => {
  // The first one is tried again on a fresh connection, and each of the two reads asks for two keys.
  test.each([
    ['UnknownError', 4],
    ['DataError', 1],
  ])('whose first read fails with %s is not written over, and appears', async (name, times) => {
    const { context, disk, close } = await profile();
    const { page, statuses } = await pageIn(context);
    await failing(page, { read: name, times });
    await page.goto(`${app.origin}/`);
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.21');
    expect((await statuses())[0]).toContain('storage has not answered yet');
    expect(await sheetsOnDisk(page)).toEqual(disk);
    await close();
  });

  test('whose read takes four seconds is not written over, is not called saved, and appears', async () => {
    const { context, disk, close } = await profile();
    const letGo = await holdDatabase(await quietPage(app, context));
    const { page, statuses } = await pageIn(context);
    await page.goto(`${app.origin}/`);
    await page.locator('[role="grid"]').waitFor();
    await new Promise((then) => setTimeout(then, 4_000));
    expect(new Set(await statuses())).toEqual(
      new Set(['storage has not answered yet: the stored sheet may differ from this one']),
    );
    await letGo();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.21');
    expect(await sheetsOnDisk(page)).toEqual(disk);
    await close();
  });

  test('and one that was edited before storage answered are both there afterwards', async () => {
    const { context, id, disk, close } = await profile();
    const letGo = await holdDatabase(await quietPage(app, context));
    const { page, statuses } = await pageIn(context);
    await page.goto(`${app.origin}/`);
    await type(page, 'A', 'noise', '0.33');
    await soon(() => status(page)).toMatch(/^(saving|not saved)/);
    expect(await statuses()).not.toContain('saved here');
    await letGo();
    await saved(page);
    expect(await textOf(page, 'A', 'noise')).toBe('0.33');
    await soon(() => banners(page)).toContain('Storage answered late.');
    const after = await sheetsOnDisk(page);
    expect(Object.keys(after)).toHaveLength(2);
    expect(after[id]).toEqual(disk[id]);
    await page.reload();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.33');
    await close();
  });

  test('that is damaged or newer stays, whatever is edited meanwhile', async () => {
    const { context, id, disk, close } = await profile();
    const sound = disk[id] as object;
    const quiet = await quietPage(app, context);
    for (const change of [{ checksum: 'damaged' }, { format: 3, folder: 'mine' }]) {
      const other = { ...sound, ...change };
      await put(quiet, { [`sheet ${id}`]: other, last: id });
      const { page, expectClean } = await pageIn(context);
      await page.goto(`${app.origin}/`);
      await type(page, 'A', 'noise', '0.4');
      await saved(page);
      await page.reload();
      await soon(() => textOf(page, 'A', 'noise')).toBe('0.4');
      expect((await sheetsOnDisk(page))[id]).toEqual(other);
      expectClean();
      await page.close();
    }
    await close();
  });
});

describe('tabs', () => {
  const EDITS = [
    ['noise', '0.31'],
    ['learning rate', '0.01'],
    ['epochs', '3'],
    ['units', '3'],
  ] as const;

  test.each([2, 4])(
    'of which %d edit one sheet all show all edits, and Back writes none of them over',
    async (n) => {
      const { context, close } = await profile();
      const tabs = await Promise.all(EDITS.slice(0, n).map(() => app.openPage({ context })));
      for (const { page } of tabs) await soon(() => textOf(page, 'A', 'noise')).toBe('0.21');
      await Promise.all(
        tabs.map(({ page }, at) => type(page, 'A', EDITS[at]?.[0] ?? '', EDITS[at]?.[1] ?? '')),
      );
      const made = EDITS.slice(0, n);
      for (const { page } of tabs) {
        for (const [row, text] of made) await soon(() => textOf(page, 'A', row)).toBe(text);
        await saved(page);
      }
      expect(Object.keys(await sheetsOnDisk(tabs[0]?.page ?? expect.unreachable()))).toHaveLength(1);
      const first = tabs[0]?.page ?? expect.unreachable();
      await first.goBack();
      await soon(() => textOf(first, 'A', 'noise')).not.toBe('0.31');
      await button(first, 'Undo').click();
      for (const { page, expectClean } of tabs) {
        for (const [row, text] of made) await soon(() => textOf(page, 'A', row)).toBe(text);
        await saved(page);
        expectClean();
      }
      await close();
    },
  );

  test('that are open keep nobody from upgrading or deleting the database', async () => {
    const { context, close } = await profile();
    const { page } = await app.openPage({ context });
    await saved(page);
    const quiet = await quietPage(app, context);
    const outcome = await quiet.evaluate(
      (name) =>
        new Promise<string>((resolve) => {
          const upgrade = indexedDB.open(name, 2);
          upgrade.onblocked = () => resolve('the upgrade is blocked');
          upgrade.onsuccess = () => {
            upgrade.result.close();
            const removal = indexedDB.deleteDatabase(name);
            removal.onblocked = () => resolve('the removal is blocked');
            removal.onsuccess = () => resolve('done');
          };
        }),
      SHEETS,
    );
    expect(outcome).toBe('done');
    await soon(() => status(page)).toContain('not stored');
    // What is on the screen is stored anew with the next edit.
    await type(page, 'A', 'noise', '0.5');
    await saved(page);
    expect(Object.keys(await sheetsOnDisk(page))).toHaveLength(1);
    await close();
  });

  test('and that the browser clears are called saved no longer; the next edit stores what is on the screen', async () => {
    const { context, close } = await profile();
    const { page } = await app.openPage({ context });
    await saved(page);
    const browser = await context.newCDPSession(page);
    const site = { origin: app.origin, storageTypes: 'indexeddb' } as const;
    await browser.send('Storage.clearDataForOrigin', site);
    await soon(() => status(page)).toContain('not stored');
    expect(await textOf(page, 'A', 'noise')).toBe('0.21');
    await type(page, 'A', 'noise', '0.5');
    await saved(page);
    await page.reload();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.5');
    await close();
  });
});

describe('what a person did', () => {
  test('to a linked sheet makes one more sheet with "Keep a copy", after a reload too', async () => {
    const { context, id, disk, close } = await profile();
    const { page } = await app.openPage({ context, address: `/${LINK}` });
    await button(page, 'Keep a copy').click();
    await saved(page);
    await page.reload();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(1);
    const after = await sheetsOnDisk(page);
    expect(Object.keys(after)).toHaveLength(2);
    expect(after[id]).toEqual(disk[id]);
    await close();
  });

  test('can be undone after a reload, and the text being typed is still being typed', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    for (const noise of ['0.1', '0.2', '0.3']) await type(page, 'A', 'noise', noise);
    await saved(page);
    await cell(page, 'A', 'epochs').click();
    await page.keyboard.type('12');
    await page.reload();
    const input = page.locator('[role="grid"] input');
    await input.first().waitFor();
    expect(await input.first().inputValue()).toBe('12');
    await page.keyboard.press('Escape');
    for (const noise of ['0.2', '0.1', '0.05']) {
      await button(page, 'Undo').click();
      await soon(() => textOf(page, 'A', 'noise')).toBe(noise);
    }
    await saved(page);
    expectClean();
    await close();
  });

  test('and storage does not take is called unsaved with the reason, tried again, and then saved', async () => {
    const { page, close } = await pageIn(await app.browser.newContext());
    await failing(page, { write: 'QuotaExceededError' });
    await page.goto(`${app.origin}/`);
    await settled(page);
    await type(page, 'A', 'noise', '0.33');
    await soon(() => status(page)).toBe('not saved, trying again: storage is full');
    expect(await stored(page, SHEETS)).toEqual({});
    await mend(page);
    await saved(page);
    expect(Object.keys(await sheetsOnDisk(page))).toHaveLength(1);
    await page.reload();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.33');
    await close();
  });

  test('right before a reload, while storage is held, is there again and is saved at last', async () => {
    const { context, close } = await profile();
    const { page } = await app.openPage({ context });
    await saved(page);
    const letGo = await holdDatabase(await quietPage(app, context));
    await type(page, 'A', 'noise', '0.33');
    await page.reload();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.33');
    expect(await status(page)).not.toMatch(/^saved/);
    await letGo();
    await saved(page);
    expect(Object.keys(await sheetsOnDisk(page))).toHaveLength(1);
    await close();
  });

  test('right before its page died is there or not, and the sheet is whole', async () => {
    const { context, id, close } = await profile();
    const { page } = await app.openPage({ context });
    await saved(page);
    await type(page, 'A', 'noise', '0.33');
    const session = await context.newCDPSession(page);
    const crashed = new Promise((then) => page.once('crash', then));
    session.send('Page.crash').catch(() => {});
    await crashed;
    const after = await app.openPage({ context });
    await soon(() => textOf(after.page, 'A', 'noise')).toMatch(/^0\.(21|33)$/);
    await saved(after.page);
    expect(Object.keys(await sheetsOnDisk(after.page))).toEqual([id]);
    after.expectClean();
    await close();
  });
});

test.each(['sheet-version-1', 'sheet-format-2'])('the stored sheet of the fixture %s opens', async (name) => {
  const context = await app.browser.newContext();
  const records = JSON.parse(
    readFileSync(new URL(`../../fixtures/storage/${name}.json`, import.meta.url), 'utf8'),
  );
  await put(await quietPage(app, context), records);
  const { page, expectClean } = await app.openPage({ context });
  await soon(() => textOf(page, 'A', 'epochs')).toBe('2');
  await settled(page);
  await saved(page);
  expect(await stored(page, SHEETS)).toMatchObject(records);
  expectClean();
  await context.close();
});

test('the first edit is saved although the server is gone by then and no worker serves the page', async () => {
  const context = await app.browser.newContext({ serviceWorkers: 'block' });
  const { page } = await app.openPage({ context, address: null });
  const writing = page.waitForResponse(/sheet-writing/);
  await page.goto(`${app.origin}/`);
  await writing;
  await settled(page);
  await context.route('**', (route) => route.abort('connectionrefused'));
  await type(page, 'A', 'noise', '0.2');
  await saved(page);
  await context.close();
});
