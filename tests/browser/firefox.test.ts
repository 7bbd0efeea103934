// The page in Firefox: it computes, keeps an edit, and its service worker neither announces nor holds what is not there.

import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, servePage } from './app';
import { type Firefox, firefoxPath, launchFirefox } from './firefox';
import { keptHere, serveForeign, visitForeign } from './foreign';

/** A busy machine trains slowly. */
const PATIENCE = { timeout: 45_000, interval: 50 };

let served: Served;
let firefox: Firefox;

beforeAll(async () => {
  if (!firefoxPath) return;
  served = await servePage();
  firefox = await launchFirefox();
});

afterAll(async () => {
  await firefox?.close();
  await served?.stopServer();
});

const textOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate((where) => document.querySelector(where)?.textContent?.trim() ?? '', selector);

const cell = (run: string, row: string): string => `[role="grid"] [aria-label^="${run}, ${row}, "]`;

const standing = (page: Page): Promise<string> => textOf(page, '.standing');

const offlineReady = (page: Page) => expect.poll(() => standing(page), PATIENCE).toContain('offline ready');

describe.skipIf(!firefoxPath)('Firefox', () => {
  test('opens the page, computes the opening sheet, and an edit is there after a reload', async () => {
    const { page, context, faults } = await firefox.openPage(`${served.origin}/`);
    await expect.poll(() => textOf(page, cell('A', 'loss')), PATIENCE).toContain('0.4448');
    await page.click(cell('A', 'noise'));
    await page.keyboard.type('0.2');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, cell('B', 'noise')), PATIENCE).toBe('0.2');
    await expect.poll(() => standing(page), PATIENCE).toMatch(/^saved/);
    await page.reload();
    await expect.poll(() => textOf(page, cell('A', 'noise')), PATIENCE).toBe('0.2');
    expect(faults).toEqual([]);
    await context.close();
  });

  test('announces no newer version where the page is loaded again during the first visit', async () => {
    for (const delayMs of [0, 100, 300]) {
      const { page, context } = await firefox.openPage(`${served.origin}/`);
      await page.waitForFunction(
        async () => (await navigator.serviceWorker.getRegistration())?.installing?.state === 'installing',
      );
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await page.reload();
      await offlineReady(page);
      expect(await standing(page), `after ${delayMs} ms`).not.toContain('newer version');
      await context.close();
    }
  });

  test('shows another project at the address, and without any server the page', async () => {
    const { page, context } = await firefox.openPage(`${served.origin}/#v1&A=a`);
    await offlineReady(page);
    const before = await page.evaluate(keptHere);
    expect(before).toMatchObject({ workers: 1, controlled: true });
    await served.stopServer();
    await page.reload();
    await expect.poll(() => page.title(), PATIENCE).toContain('Gradsheet');
    const foreign = await serveForeign(served.origin);
    try {
      await visitForeign(
        () => page.reload(),
        () => page.title(),
      );
      expect(await page.evaluate(keptHere)).toEqual({ ...before, workers: 0, controlled: false, caches: [] });
    } finally {
      await foreign.close();
      await served.startServer();
    }
    await page.reload();
    await offlineReady(page);
    await context.close();
  });
});
