// Many sheets: a menu under the sheet's name opens, adds, names, duplicates, removes and restores them, by hand and by keys.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/ui/examples/examples';
import { type App, startApp } from '../support/app';
import { contentOf } from '../support/download';
import { button, header, openOwn, receipt, saved, settled, soon, type, violations } from '../support/steps';
import { holdDatabase } from '../support/storage-faults';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';
const LINKED = `${SMALL.replace('mine', 'theirs')}&title=Two%20nets`;

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const nameButton = (page: Page) => page.locator('.sheet-name');
const menu = (page: Page) => page.getByRole('dialog', { name: 'Sheets' });
const shown = async (page: Page): Promise<string> =>
  ((await nameButton(page).locator('span').textContent()) ?? '').trim();
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.querySelector('span')?.textContent ?? '');

/** The names in the list, from the top. */
const listed = (page: Page): Promise<string[]> =>
  menu(page).locator('.sheet-open span:first-child').allTextContents();

async function openMenu(page: Page): Promise<void> {
  await nameButton(page).click();
  await soon(() => menu(page).isVisible()).toBe(true);
  // The button that opened it has the focus for a moment, and a name in it too.
  await soon(() => menu(page).locator(':focus').count()).toBe(1);
}

async function addSheet(page: Page, name: string): Promise<void> {
  await openMenu(page);
  await button(page, 'New sheet').click();
  await soon(() => shown(page)).toBe(name);
  await saved(page);
}

async function act(page: Page, name: string, action: string): Promise<void> {
  await menu(page)
    .getByRole('button', { name: `Actions for ${name}`, exact: true })
    .click();
  await menu(page).getByRole('button', { name: action, exact: true }).click();
}

/** Names the sheet whose row has the focus. */
async function renameFocused(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F2');
  await menu(page).getByLabel('Name of the sheet').fill(title);
  await page.keyboard.press('Enter');
}

describe('the menu of sheets', () => {
  test('adds, opens, names, duplicates, removes and restores by mouse', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    expect(await shown(page)).toBe('mine');
    expect(await page.title()).toBe('mine · Gradsheet');
    await addSheet(page, 'Sheet 2');
    expect(await page.title()).toBe('Sheet 2 · Gradsheet');
    await type(page, 'A', 'epochs', '3');
    await saved(page);

    await openMenu(page);
    await soon(() => listed(page)).toEqual(['Sheet 2', 'mine']);
    expect(await menu(page).locator('[aria-current]').textContent()).toMatch(/^Sheet 2just now · 1 run$/);
    await menu(page).getByRole('button', { name: /^mine/ }).click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expect(await menu(page).isVisible()).toBe(false);

    await openMenu(page);
    await act(page, 'mine', 'Rename');
    await menu(page).getByLabel('Name of the sheet').fill('The first');
    await page.keyboard.press('Enter');
    await soon(() => shown(page)).toBe('The first');
    expect(new URL(page.url()).hash).toBe(`${SMALL}&title=The%20first`);
    expect(await page.title()).toBe('The first · Gradsheet');

    await act(page, 'The first', 'Duplicate');
    await soon(() => shown(page)).toBe('The first (copy)');
    await saved(page);
    await openMenu(page);
    await soon(() => listed(page)).toEqual(['The first (copy)', 'The first', 'Sheet 2']);

    await act(page, 'The first', 'Remove');
    await soon(() => listed(page)).toEqual(['The first (copy)', 'Sheet 2']);
    await soon(() => receipt(page)).toContain('removed “The first”');
    await menu(page).getByRole('button', { name: 'Undo', exact: true }).click();
    await soon(() => listed(page)).toEqual(['The first (copy)', 'The first', 'Sheet 2']);
    expect(await menu(page).getByText('Removed “The first”.').count()).toBe(0);

    await act(page, 'Sheet 2', 'Remove');
    await soon(() => listed(page)).toEqual(['The first (copy)', 'The first']);
    await page.reload();
    await settled(page);
    await openMenu(page);
    await menu(page).getByRole('button', { name: 'Removed 1' }).click();
    await soon(() => menu(page).locator('.aside').textContent()).toContain('30 days left');
    await button(page, 'Restore Sheet 2').click();
    await soon(() => listed(page)).toEqual(['The first (copy)', 'The first', 'Sheet 2']);
    expectClean();
    await close();
  });

  test('does all of that by keys, and gives the focus back', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await addSheet(page, 'Sheet 2');
    await addSheet(page, 'Sheet 3');
    await nameButton(page).focus();
    await page.keyboard.press('Enter');
    await soon(() => listed(page)).toEqual(['Sheet 3', 'Sheet 2', 'mine']);
    await soon(() => focused(page)).toBe('Sheet 3');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Sheet 2');

    await page.keyboard.press('F2');
    await soon(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('Nobody');
    await page.keyboard.press('Escape');
    await soon(() => focused(page)).toBe('Sheet 2');
    await page.keyboard.press('F2');
    await soon(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('Second');
    await page.keyboard.press('Enter');
    await soon(() => listed(page)).toEqual(['Second', 'Sheet 3', 'mine']);
    await soon(() => focused(page)).toBe('Second');
    expect(await shown(page)).toBe('Sheet 3');

    for (let steps = 0; steps < 2; steps++) await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('mine');
    await page.keyboard.press('Delete');
    await soon(() => listed(page)).toEqual(['Second', 'Sheet 3']);
    await soon(() => focused(page)).toBe('Sheet 3');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await soon(() => listed(page)).toEqual(['Second', 'Sheet 3', 'mine']);
    await soon(() => focused(page)).toBe('mine');
    await page.keyboard.press('Enter');
    await soon(() => shown(page)).toBe('mine');
    await soon(() => page.evaluate(() => document.activeElement?.closest('.grid') !== null)).toBe(true);

    await nameButton(page).focus();
    await page.keyboard.press('Enter');
    await soon(() => focused(page)).toBe('mine');
    await page.keyboard.press('Escape');
    await soon(() => menu(page).isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('sheet-name');
    expectClean();
    await close();
  });

  test('removes the sheet on the screen and brings it back; the last one leaves the opening sheet', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await addSheet(page, 'Sheet 2');
    await openMenu(page);
    await page.keyboard.press('Delete');
    await soon(() => shown(page)).toBe('mine');
    await menu(page).getByRole('button', { name: 'Undo', exact: true }).click();
    await soon(() => shown(page)).toBe('Sheet 2');
    for (const left of ['mine', 'sigmoid, relu, twin']) {
      await soon(() => focused(page)).not.toBe('');
      await menu(page).locator('[aria-current]').focus();
      await page.keyboard.press('Delete');
      await soon(() => shown(page)).toBe(left);
    }
    await menu(page).getByRole('button', { name: 'Removed 2' }).waitFor();
    expectClean();
    await close();
  });

  test('goes to a new sheet before storage has answered, and stays there', async () => {
    const { page: holder, context, close } = await openOwn(app, SMALL);
    await holder.goto(`${app.origin}/icon.svg`);
    const letGo = await holdDatabase(holder);
    const { page, expectClean } = await app.openPage({ context });
    await soon(() => page.locator('.sheet-status').textContent()).toContain('storage has not answered yet');
    await openMenu(page);
    await button(page, 'New sheet').click();
    await soon(() => shown(page)).toBe('Sheet 2');
    await letGo();
    await saved(page);
    await openMenu(page);
    await soon(() => listed(page)).toEqual(['Sheet 2', 'mine']);
    expect(await shown(page)).toBe('Sheet 2');
    expectClean();
    await close();
  });

  test('follows what other tabs do while it is open', async () => {
    const one = await openOwn(app, SMALL);
    await openMenu(one.page);
    const other = await app.openPage({ context: one.context });
    await settled(other.page);
    await addSheet(other.page, 'Sheet 2');
    await soon(() => listed(one.page)).toEqual(['Sheet 2', 'mine']);
    await openMenu(other.page);
    await renameFocused(other.page, 'Elsewhere');
    await soon(() => listed(one.page)).toEqual(['Elsewhere', 'mine']);
    await act(other.page, 'mine', 'Remove');
    await soon(() => one.page.locator('.sheet-open[aria-current]').textContent()).toContain(
      'an edit restores the sheet',
    );
    one.expectClean();
    other.expectClean();
    await one.close();
  });

  test.each([
    [{ width: 1280, height: 800 }, false],
    [{ width: 390, height: 844 }, true],
  ])('has nothing that axe objects to, and fits, at %o, dark: %s', async (size, dark) => {
    const { page, close, expectClean } = await openOwn(app, SMALL, { size, dark });
    await addSheet(page, 'Sheet 2');
    await openMenu(page);
    expect(await violations(page)).toEqual([]);
    await menu(page).getByRole('button', { name: 'Actions for mine' }).click();
    expect(await violations(page)).toEqual([]);
    await menu(page).getByRole('button', { name: 'Rename' }).click();
    await menu(page).getByLabel('Name of the sheet').waitFor();
    expect(await violations(page)).toEqual([]);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over).toBeLessThanOrEqual(0);
    const box = await menu(page).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= size.width).toBe(true);
    expectClean();
    await close();
  });
});

describe('a name', () => {
  test('that is being typed stays while the list is read again', async () => {
    const { page, context, close, expectClean } = await openOwn(app, SMALL);
    const other = await app.openPage({ context });
    await settled(other.page);
    await openMenu(page);
    await soon(() => listed(page)).toEqual(['mine']);
    await page.keyboard.press('F2');
    const field = page.getByRole('textbox', { name: 'Name of the sheet' });
    await field.waitFor();
    await page.keyboard.type('Thr');
    await openMenu(other.page);
    await button(other.page, 'New sheet').click();
    await soon(() => listed(page)).toEqual(['Sheet 2']);
    expect(await field.inputValue()).toBe('Thr');
    await page.keyboard.type('ee nets');
    await page.keyboard.press('Enter');
    await soon(() => shown(page)).toBe('Three nets');
    expectClean();
    await close();
  });

  test('is one step of undo, comes by a link, and is the copy’s', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await page.goto(`${app.origin}/${LINKED}`);
    await soon(() => shown(page)).toBe('Two nets');
    expect(await page.title()).toBe('Two nets · Gradsheet');
    const banner = page.locator('.banner').filter({ hasText: 'This sheet is not in your list' });
    expect(await banner.count()).toBe(1);
    await button(page, 'Keep a copy').click();
    await soon(() => receipt(page)).toContain('Kept as “Two nets”');
    expect(await page.locator('.grid :focus').count()).toBe(1);
    await saved(page);
    await openMenu(page);
    await soon(() => listed(page)).toEqual(['Two nets', 'mine']);
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Three nets');
    await page.keyboard.press('Enter');
    await soon(() => shown(page)).toBe('Three nets');
    await page.keyboard.press('Escape');
    await button(page, 'Undo').click();
    await soon(() => shown(page)).toBe('Two nets');
    expectClean();
    await close();
  });

  test('of a kept example is the example’s, also where it was edited first', async () => {
    const [, twin] = EXAMPLES;
    const { page, close, expectClean } = await app.openPage({ address: `/${twin?.address}` });
    await settled(page, /^recomputed/);
    await type(page, 'B', 'epochs', '50');
    await soon(() => page.locator('.sheet-status').textContent()).toContain('edits saved');
    await openMenu(page);
    await soon(() => listed(page)).toEqual(['sigmoid, twin']);
    expect(await menu(page).locator('[aria-current]').textContent()).toContain('not in your list');
    await page.keyboard.press('Escape');
    await button(page, 'Back to my sheets').click();
    await soon(() => page.locator('.grid :focus').count()).toBe(1);
    await page.goBack();
    await soon(() => shown(page)).toBe('sigmoid, twin');
    await page.reload();
    await button(page, 'Keep a copy').click();
    await soon(() => shown(page)).toBe(twin?.title);
    await soon(() => receipt(page)).toContain(`Kept as “${twin?.title}”`);
    await openMenu(page);
    await soon(() => listed(page)).toEqual([twin?.title]);
    expectClean();
    await close();
  });

  test('that is being typed is still being typed after a reload', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await openMenu(page);
    await page.keyboard.press('F2');
    await page.keyboard.type('Half a na');
    await page.reload();
    const field = menu(page).getByLabel('Name of the sheet');
    await soon(() => field.inputValue()).toBe('Half a na');
    await page.keyboard.type('me');
    await page.keyboard.press('Enter');
    await soon(() => shown(page)).toBe('Half a name');
    await saved(page);
    await page.reload();
    await settled(page);
    expect(await menu(page).count()).toBe(0);
    expectClean();
    await close();
  });
});

test('what cannot be read is listed, downloaded as it is, and discarded by a second click', async () => {
  const { page, close, expectClean } = await openOwn(app, SMALL);
  await addSheet(page, 'Sheet 2');
  const broken = await page.evaluate(async () => {
    const opened = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('gradsheet-sheet');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const transaction = opened.transaction('keyval', 'readwrite');
    const store = transaction.objectStore('keyval');
    const id = await new Promise<string>((resolve) => {
      const asked = store.get('last');
      asked.onsuccess = () => resolve(String(asked.result));
    });
    store.put({ format: 2, note: 'damaged' }, `sheet ${id}`);
    store.put('what once was a sheet', 'unreadable');
    await new Promise((done) => {
      transaction.oncomplete = done;
    });
    opened.close();
    return `sheet ${id}`;
  });
  await page.goto('about:blank');
  await page.goto(`${app.origin}/`);
  await soon(() => page.getByRole('note').textContent()).toContain('cannot be read');
  await soon(() => shown(page)).toBe('mine');
  await openMenu(page);
  await menu(page).getByRole('button', { name: '2 items cannot be read' }).click();
  expect(await listed(page)).toEqual(['mine']);
  const items = menu(page).locator('.aside');
  expect((await items.allTextContents()).join('\n')).toContain('Sheet 2');
  expect(await violations(page)).toEqual([]);

  const saving = page.waitForEvent('download');
  await button(page, `Download ${broken}`).click();
  expect(JSON.parse(String(await contentOf(await saving)))).toEqual({
    key: broken,
    held: { format: 2, note: 'damaged' },
  });

  await button(page, 'Discard unreadable').click();
  await button(page, 'Discard unreadable permanently').click();
  await menu(page).getByRole('button', { name: 'One item cannot be read' }).waitFor();
  await button(page, `Discard ${broken}`).click();
  await button(page, `Download ${broken}`).focus();
  expect(await button(page, `Discard ${broken} permanently`).count()).toBe(0);
  expect(await items.count()).toBe(1);
  expectClean();
  await close();
});

test('a sheet that is lost but for its head leaves the way to the others, and what is left is downloaded', async () => {
  const { page, close, expectClean } = await openOwn(app, SMALL);
  await addSheet(page, 'Sheet 2');
  const lost = await page.evaluate(async () => {
    const opened = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('gradsheet-sheet');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const transaction = opened.transaction('keyval', 'readwrite');
    const store = transaction.objectStore('keyval');
    const id = await new Promise<string>((resolve) => {
      const asked = store.get('last');
      asked.onsuccess = () => resolve(String(asked.result));
    });
    store.delete(`sheet ${id}`);
    await new Promise((done) => {
      transaction.oncomplete = done;
    });
    opened.close();
    return `sheet ${id}`;
  });
  await page.goto('about:blank');
  await page.goto(`${app.origin}/`);
  await soon(() => page.getByRole('note').textContent()).toContain('cannot be read');
  await soon(() => shown(page)).toBe('mine');
  await settled(page);
  await openMenu(page);
  expect(await listed(page)).toEqual(['mine']);
  await menu(page).getByRole('button', { name: 'One item cannot be read' }).click();
  expect(await menu(page).locator('.aside').textContent()).toMatch(/Sheet 2.*the rest of a lost sheet/);
  const saving = page.waitForEvent('download');
  await button(page, `Download ${lost}`).click();
  const file: unknown = JSON.parse(String(await contentOf(await saving)));
  expect(file).toMatchObject({ key: lost, held: { head: { title: 'Sheet 2' }, steps: [] } });
  await button(page, `Discard ${lost}`).click();
  await button(page, `Discard ${lost} permanently`).click();
  await soon(() => menu(page).locator('.aside').count()).toBe(0);
  expectClean();
  await close();
});
