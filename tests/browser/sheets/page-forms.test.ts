// Text that is being typed into any form when the page is loaded anew: the form is open again with it, and nothing was committed.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FormName } from '../../../src/ui/session/open-sheets';
import { type App, startApp } from '../support/app';
import { button, cell, choose, newRow, openOwn, runs, settled, soon } from '../support/steps';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.train.epochs=3&row.gap=%3Dloss%20-%20A.loss';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

interface Form {
  open(page: Page): Promise<unknown>;
  /** The fields, and what is typed into them. */
  fields(page: Page): readonly (readonly [Locator, string])[];
  /** What is to be seen of it besides. */
  seen?(page: Page): Promise<unknown>;
  /** Goes on with it: what was typed is committed as if there had been no reload. */
  commit?(page: Page): Promise<unknown>;
  close(page: Page): Promise<unknown>;
}

const dismiss = (page: Page): Promise<void> => page.keyboard.press('Escape');

async function openSweep(page: Page): Promise<void> {
  await cell(page, 'A', 'noise').click();
  await choose(page, 'A', 'Sweep or fill …');
  await dialog(page, 'Fill and sweep').waitFor();
}

async function openLibrary(page: Page): Promise<void> {
  await button(page, 'Library 2').click();
  await page.getByLabel('Choose all shown').waitFor();
}

const note = (page: Page) => page.getByRole('textbox', { name: /^Note on/ });
const backToSheet = (page: Page) => button(page, 'Back to the sheet').click();

/** All forms; the compiler wants each of them here. */
const FORMS: Readonly<Record<Exclude<FormName, 'tab'>, Form>> = {
  help: {
    open: (page) => button(page, 'Help').click(),
    fields: (page) => [[dialog(page, 'Help').getByRole('searchbox'), 'momentu']],
    close: dismiss,
  },
  row: {
    open: (page) => newRow(page).click(),
    fields: (page) => [
      [dialog(page, 'Add a row').getByLabel('Name'), 'least'],
      [dialog(page, 'Add a row').getByLabel(/^Formula/), '=min(train.lo'],
    ],
    close: dismiss,
  },
  title: {
    async open(page) {
      await page.locator('.sheet-name').click();
      await soon(() => dialog(page, 'Sheets').locator(':focus').count()).toBe(1);
      await page.keyboard.press('F2');
    },
    fields: (page) => [[page.getByLabel('Name of the sheet'), 'My she']],
    async close(page) {
      await dismiss(page);
      await dismiss(page);
    },
  },
  fill: {
    async open(page) {
      await cell(page, 'A', 'noise').click();
      await page.keyboard.press('Control+Shift+F');
    },
    fields: (page) => [[page.getByLabel('Further cells'), '5']],
    async commit(page) {
      await page.getByLabel('Further cells').press('Enter');
      await soon(() => runs(page)).toBe('ABCDEF');
    },
    close: dismiss,
  },
  sweep: {
    async open(page) {
      await openSweep(page);
      await page.getByLabel('Crossed with').selectOption('train.epochs');
    },
    fields: (page) => [
      [page.getByLabel('Separated by commas').first(), '0.1, 0.'],
      [page.getByLabel('Separated by commas').last(), '4, '],
    ],
    async seen(page) {
      expect(await page.getByLabel('Crossed with').inputValue()).toBe('train.epochs');
    },
    close: dismiss,
  },
  map: {
    async open(page) {
      await page.locator('.inspector nav').getByRole('button', { name: 'Sweep' }).click();
      await button(page, 'Values').click();
    },
    fields: (page) => [[page.locator('.map-values').getByLabel('Last').first(), '1.']],
    // The map keeps what was chosen for as long as the session is; who leaves it is not led back to it.
    close: (page) =>
      page.locator('.inspector nav').getByRole('button', { name: 'Learning', exact: true }).click(),
  },
  library: {
    async open(page) {
      await openLibrary(page);
      await page.getByLabel('Filter').fill('2');
      await page
        .getByRole('button', { name: /^Add a note to/ })
        .first()
        .click();
    },
    fields: (page) => [[note(page), 'Half a no']],
    async seen(page) {
      expect(await page.getByLabel('Filter').inputValue()).toBe('2');
    },
    async commit(page) {
      await note(page).pressSequentially('te');
      await note(page).press('Enter');
      await page.getByRole('button', { name: 'Note: Half a note' }).waitFor();
    },
    close: backToSheet,
  },
  budget: {
    async open(page) {
      await openLibrary(page);
      await button(page, 'Storage').click();
    },
    fields: (page) => [[page.getByLabel('Budget in MB'), '3']],
    async commit(page) {
      await page.getByLabel('Budget in MB').press('End');
      await page.keyboard.type('00');
      await page.keyboard.press('Enter');
    },
    async close(page) {
      await dismiss(page);
      await backToSheet(page);
    },
  },
  note: {
    async open(page) {
      await page.locator('.sheet-name').click();
      await page.locator('.sheet-menu [aria-current] + .sheet-more').click();
      await button(page, 'Note').click();
    },
    fields: (page) => [[page.getByLabel('Note on the sheet'), 'Look at <b>A']],
    async commit(page) {
      await page.getByLabel('Note on the sheet').press('Enter');
      await page.getByText('Look at <b>A').waitFor();
      expect(await page.evaluate(() => location.hash)).toContain('&note=Look%20at');
      await page.keyboard.press('Control+z');
      await soon(() => page.getByRole('region', { name: 'Note', exact: true }).count()).toBe(0);
    },
    close: dismiss,
  },
  lesson: {
    async open(page) {
      await page.locator('.sheet-name').click();
      await button(page, 'Make a lesson …').click();
      await dialog(page, 'Make a lesson').getByRole('button', { name: 'Add mine, b' }).click();
      await page.getByLabel('Question before step 1').selectOption('B.loss');
    },
    fields: (page) => [[page.getByLabel('Title of the lesson'), 'Half a les']],
    async seen(page) {
      await soon(() => page.getByLabel('Question before step 1').inputValue()).toBe('B.loss');
    },
    close: dismiss,
  },
  guess: {
    open: (page) =>
      page.evaluate(
        (address) => {
          location.hash = address;
        },
        `#lesson1&predict.1=A.loss/${SMALL.slice(1)}/${SMALL.slice(1)}`,
      ),
    fields: (page) => [[page.getByRole('textbox', { name: /^Predict first/ }), '0.']],
    async commit(page) {
      await page.getByRole('textbox', { name: /^Predict first/ }).press('End');
      await page.keyboard.type('5');
      await page.keyboard.press('Enter');
      await page.getByText(/^Your guess: 0\.5\. A’s loss: \d/).waitFor();
    },
    close: dismiss,
  },
  removal: {
    open: (page) => choose(page, 'A', 'Remove'),
    fields: () => [],
    seen: (page) => button(page, 'Remove, keep the value').waitFor(),
    close: dismiss,
  },
};

test.each(Object.entries(FORMS))('%s', async (_, { open, fields, seen, commit, close: closeForm }) => {
  const { page, close, expectClean } = await openOwn(app, SMALL);
  await soon(() => button(page, 'Library 2').count()).toBe(1);
  await settled(page);
  await open(page);
  for (const [field, text] of fields(page)) await field.fill(text);
  await seen?.(page);
  const sheet = page.url();
  // Once more before all is there again: what waits for the rest of the page is not forgotten by that.
  await page.reload();
  await page.reload();
  for (const [field, text] of fields(page)) await soon(() => field.inputValue()).toBe(text);
  await seen?.(page);
  expect(page.url()).toBe(sheet);
  await commit?.(page);
  if (!commit) expect(page.url()).toBe(sheet);
  await closeForm(page).catch((error: unknown) => {
    if (!commit) throw error;
  });
  await page.reload();
  await settled(page);
  await cell(page, 'A', 'noise').waitFor();
  for (const [field] of fields(page)) expect(await field.count()).toBe(0);
  expect(await page.locator('dialog[open], .library').count()).toBe(0);
  expectClean();
  await close();
});
