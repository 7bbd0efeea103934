// A seventh kind on the page: one file and one line give it rows, a tab, a computed value as a table, and a place in storage.
// Invariant: the page is the real one; only the list of kinds is one entry longer.

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../support/app';
import { startSevenKinds } from '../support/seven-kinds';
import {
  button,
  cell,
  digests,
  openOwn,
  saved,
  settled,
  soon,
  textOf,
  type,
  violations,
} from '../support/steps';

const ADDRESS =
  '#v1&A=first&A.dataset.nSamples=40&A.architecture.units=3&A.train.epochs=5&A.tally.stripes=2&B=second&B.base=A&B.tally.part=test';

let app: App;

beforeAll(async () => {
  app = await startSevenKinds();
});
afterAll(async () => {
  await app?.close();
});

const tabs = (page: Page) => page.getByRole('navigation', { name: 'Figures' }).getByRole('button');

/** Opens the kind's tab in the inspector. */
const inspect = (page: Page) => tabs(page).filter({ hasText: 'tally' }).click();

/** The texts of the table of the value, row by row. */
const tableOf = (page: Page): Promise<string[][]> =>
  page
    .locator('#figure-value-of-tally table')
    .first()
    .locator('tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((part) => part.textContent ?? '')));

/** The row of a field. */
const fieldOf = async (page: Page, name: string): Promise<string[] | undefined> =>
  (await tableOf(page)).find(([field]) => field === name)?.slice(1);

test('has rows and a tab, and the inspector shows its computed value as a table', async () => {
  const { page, expectClean } = await openOwn(app, ADDRESS);
  expect(await tabs(page).allTextContents()).toEqual(['Data', 'Network', 'Learning', 'tally', 'Sweep']);
  expect(await textOf(page, 'A', 'stripes')).toBe('2');
  expect(await textOf(page, 'B', 'part')).toBe('test');
  await soon(() => textOf(page, 'A', 'share of class 1')).toMatch(/^0\.\d+$/);

  await inspect(page);
  await soon(() => fieldOf(page, 'part')).toEqual(['train', 'test']);
  expect(await fieldOf(page, 'isEven')).toEqual(['true', 'true']);
  expect((await fieldOf(page, 'edges'))?.[0]).toMatch(/ \(3 entries\)$/);
  expect(await fieldOf(page, 'counts')).toEqual(['2 × 2', '2 × 2']);
  const captions = page.locator('#figure-value-of-tally caption');
  expect(await captions.allTextContents()).toEqual(['counts in A, 2 × 2', 'counts in B, 2 × 2']);
  expect(await violations(page)).toEqual([]);

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.locator('#figure-value-of-tally .save').click();
      const kinds = page.locator('#figure-value-of-tally .menu button');
      expect(await kinds.allTextContents()).toEqual(['Table', 'Save as CSV']);
      await kinds.last().click();
    })(),
  ]);
  expect(file.suggestedFilename()).toBe('value-of-tally.csv');
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe('runs,field,row,column,value');
  expect(lines.filter((line) => line.startsWith('A,counts,'))).toHaveLength(4);
  expectClean();
});

test('an edit of its param recomputes it alone, goes into the address, and is refused beyond its bounds', async () => {
  const { page, expectClean } = await openOwn(app, ADDRESS);
  await type(page, 'A', 'stripes', '4');
  await settled(page, /recomputed/);
  await inspect(page);
  await soon(() => fieldOf(page, 'counts')).toEqual(['4 × 2', '4 × 2']);
  expect(Object.keys(await digests(page)).filter((key) => key.startsWith('train-'))).toHaveLength(1);
  await button(page, 'Share').click();
  const url = await page.getByRole('dialog').getByRole('textbox').first().inputValue();
  expect(url).toContain('A.tally.stripes=4');
  await page.keyboard.press('Escape');
  await type(page, 'A', 'stripes', '65');
  await soon(() => cell(page, 'A', 'stripes').getAttribute('aria-label')).toContain('from 1 to 64');
  expectClean();
});

test('its value is saved and found again: a new tab shows it without computing it', async () => {
  const { page, context } = await openOwn(app, ADDRESS);
  await inspect(page);
  await soon(() => fieldOf(page, 'part')).toEqual(['train', 'test']);
  const before = await tableOf(page);
  await saved(page);
  await soon(
    async () => Object.keys(await digests(page)).filter((key) => key.startsWith('tally-')).length,
  ).toBe(2);
  await page.close();
  const again = await app.openPage({ context });
  await soon(() => textOf(again.page, 'A', 'tally')).toContain('cached');
  expect(await textOf(again.page, 'A', 'stripes')).toBe('2');
  await inspect(again.page);
  await soon(() => tableOf(again.page)).toEqual(before);
  again.expectClean();
});
