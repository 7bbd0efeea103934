// A library of ten thousand trainings on the real page: read, listed, sorted, filtered and changed without holding up the page.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startOwnApp } from '../support/app';
import { longestTasks, manyRecords, storeRecords } from '../support/long-library';
import { button, soon } from '../support/steps';

const COUNT = 10_000;
const SMALL = '/#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.train.epochs=1';
/** The most that a task may take. */
const LONG_MS = 50;

let app: App;

beforeAll(async () => {
  // A trace is of the whole browser.
  app = await startOwnApp();
});

afterAll(() => app?.close());

const listed = (page: Page) => page.locator('.library-count').textContent();

// A second try, because a shared machine may stop a task for longer than the bound; work that is too long fails twice.
const TERMS = { retry: 1, timeout: 600_000 };

test(
  'no task of reading, listing, sorting, filtering or changing ten thousand takes 50 ms',
  TERMS,
  async () => {
    const { page, close } = await app.openPage({ address: SMALL });
    await button(page, 'Library 1').waitFor();
    // A tenth is of the version before: each of those is moved by itself, which takes milliseconds.
    await storeRecords(page, 'gradsheet-lineages', manyRecords(COUNT, 1).slice(0, COUNT / 10));
    await storeRecords(page, 'gradsheet-library', manyRecords(COUNT, 2).slice(COUNT / 10));
    const figures: Record<string, { own: number; wall: number }> = {};
    const during = async (what: string, happening: () => Promise<void>): Promise<void> => {
      const start = performance.now();
      const tasks = await longestTasks(app.browser, page, happening);
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      figures[what] = tasks;
      process.stdout.write(
        `${what}: longest task ${tasks.own} ms of its own (${tasks.wall} ms), ${seconds} s in all\n`,
      );
    };
    const first = page.locator('.library tbody tr[data-key]').first();
    const name = (column: string) =>
      page.getByRole('columnheader', { name: column, exact: true }).getByRole('button').click();

    // The page's own start has tasks of its own: what is measured begins after it.
    await page.reload();
    await during('move from version 1', async () => {
      await button(page, `Library ${COUNT + 1}`).waitFor({ timeout: 60_000 });
    });
    await page.evaluate(() => performance.mark('look'));
    await during('read all again', async () => {
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await page.waitForTimeout(3_000);
    });
    await during('open the library', async () => {
      await button(page, `Library ${COUNT + 1}`).click();
      await first.waitFor();
      await page.waitForTimeout(1_000);
    });
    await during('sort by name', async () => {
      const before = await first.getAttribute('data-key');
      await name('name');
      await name('name');
      await soon(() => first.getAttribute('data-key')).not.toBe(before);
    });
    await during('filter', async () => {
      await page.getByLabel('Filter').fill('relu loss<0.2');
      await soon(() => listed(page)).not.toContain('10,001 of');
    });
    await during('filter again', async () => {
      await page.getByLabel('Filter').fill('tanh');
      await page.waitForTimeout(1_000);
    });
    await page.getByLabel('Filter').fill('');
    await soon(() => listed(page)).toContain('10,001 of');
    await during('draw the scatter', async () => {
      await button(page, 'Scatter').click();
      await page.locator('.scatter-drawing svg').first().waitFor();
      await page.waitForTimeout(500);
    });
    await during('another param, and a colour', async () => {
      await page.getByRole('combobox', { name: 'Across' }).selectOption('optimizer.learningRate');
      await page.waitForTimeout(500);
      await page.getByRole('combobox', { name: 'Colour' }).selectOption('architecture.activation');
      await page
        .locator('.scatter h3', { hasText: 'Learning rate against test loss by activation' })
        .waitFor();
      await page.waitForTimeout(500);
    });
    await during('point and choose', async () => {
      const box = await page.locator('.scatter-drawing svg').last().boundingBox();
      if (!box) throw new Error('there is no drawing');
      for (let at = 0; at < 20; at++)
        await page.mouse.move(box.x + 40 + (box.width * at) / 22, box.y + 60 + 8 * at);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    });
    await button(page, 'Table').click();
    await during('change a note', async () => {
      await first.locator('[data-control="note"]').click();
      await page.keyboard.type('the last one');
      await page.keyboard.press('Enter');
      await soon(() => first.locator('[data-control="note"]').textContent()).toBe('the last one');
    });
    await during('remove one, and undo', async () => {
      await first.locator('[data-control="remove"]').click();
      await soon(() => listed(page)).toContain('of 10,000');
      await page.getByRole('button', { name: 'Undo' }).last().click();
      await soon(() => listed(page)).toContain('of 10,001');
    });
    await during('choose all', async () => {
      await page.getByLabel('Choose all shown').click();
      await page.getByText(/^10,?001 chosen/).waitFor();
      await page.getByLabel('Choose all shown').click();
    });
    await page.getByLabel('Filter').fill('tanh');
    await soon(() => listed(page)).toMatch(/^1,\d{3} of/);
    await page.getByLabel('Choose all shown').click();
    await during('remove more than a thousand', async () => {
      await page.locator('.library-bulk').getByRole('button', { name: 'Remove' }).click();
      await page.locator('.library-empty').waitFor({ timeout: 120_000 });
    });
    await during('undo that', async () => {
      await page.locator('.library-status').getByRole('button', { name: 'Undo' }).click();
      await soon(() => listed(page)).toContain('of 10,001');
    });
    const long = Object.entries(figures).filter(([, { own }]) => own > LONG_MS);
    await close();
    expect(Object.fromEntries(long)).toEqual({});
  },
);
