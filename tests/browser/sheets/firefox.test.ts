// The page in Firefox: it computes, keeps an edit, and its service worker neither announces nor holds what is not there.

import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, servePage } from '../support/app';
import { type Firefox, firefoxPath, launchFirefox } from '../support/firefox';
import { keptHere, serveForeign, visitForeign } from '../support/foreign';

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

/** A person gives up a page that does not answer for so long. */
const ANSWER_MS = 10_000;

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page does not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The letters of the run in a place, counted from 0. */
const runId = (place: number): string =>
  (place < 26 ? '' : runId(Math.floor(place / 26) - 1)) + String.fromCharCode(65 + (place % 26));

const sheetStatus = (page: Page): Promise<string> => textOf(page, '.sheet-status');

const offlineReady = (page: Page) =>
  expect.poll(() => sheetStatus(page), PATIENCE).toContain('offline ready');

describe.skipIf(!firefoxPath)('Firefox', () => {
  test('opens the page, computes the opening sheet, and an edit is there after a reload', async () => {
    const { page, context, faults } = await firefox.openPage(`${served.origin}/`);
    await expect.poll(() => textOf(page, cell('A', 'loss')), PATIENCE).toContain('0.4448');
    await page.click(cell('A', 'noise'));
    await page.keyboard.type('0.2');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, cell('B', 'noise')), PATIENCE).toBe('0.2');
    await expect.poll(() => sheetStatus(page), PATIENCE).toMatch(/^saved/);
    await page.reload();
    await expect.poll(() => textOf(page, cell('A', 'noise')), PATIENCE).toBe('0.2');
    expect(faults).toEqual([]);
    await context.close();
  });

  test('offers a reload for a part that failed, which an import never yields again, and loses nothing by it', async () => {
    const { page, context } = await firefox.openPage('about:blank');
    let isBlocked = true;
    await page.setRequestInterception(true);
    // Without a service worker, which would have the part.
    page.on('request', (request) => {
      const isRefused = isBlocked && /\/assets\/help-|\/sw\.js/.test(request.url());
      void (isRefused ? request.abort() : request.continue());
    });
    await page.goto(`${served.origin}/`);
    await expect.poll(() => textOf(page, cell('A', 'loss')), PATIENCE).toContain('0.4448');
    await page.click(cell('A', 'noise'));
    await page.keyboard.type('0.2');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, cell('B', 'noise')), PATIENCE).toBe('0.2');
    await page.click('.help-button');
    await expect.poll(() => textOf(page, '.banner.lost'), PATIENCE).toContain('did not load');
    isBlocked = false;
    await page.click('.banner.lost button');
    await expect.poll(() => textOf(page, '.banner.lost').catch(() => '?'), PATIENCE).toBe('');
    await expect.poll(() => textOf(page, cell('A', 'noise')), PATIENCE).toBe('0.2');
    await page.click('.help-button');
    await expect.poll(() => textOf(page, 'dialog[open]'), PATIENCE).toContain('Ctrl');
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
      expect(await sheetStatus(page), `after ${delayMs} ms`).not.toContain('newer version');
      await context.close();
    }
  });

  // A second try, because starting a Firefox on a busy machine takes part of that time; a page that hangs fails twice.
  test('answers in the grid although a link asks for 1,000 runs of 1,000 seeds', {
    retry: 1,
    timeout: 120_000,
  }, async () => {
    // A Firefox of its own: a page that hangs holds up the others.
    const own = await launchFirefox();
    try {
      const ids = Array.from({ length: 999 }, (_, index) => runId(index + 1));
      const runs = ids.map((id) => `&${id}=r&${id}.base=A`).join('');
      const { page } = await within(
        ANSWER_MS,
        own.openPage(`${served.origin}/#v1&A=a&A.seeds=1000&A.dataset.nSamples=20&A.train.epochs=2${runs}`),
      );
      await within(ANSWER_MS, page.waitForSelector(cell('A', 'noise'), { timeout: 0 }));
      for (const row of ['noise', 'learning rate', 'epochs']) {
        await within(ANSWER_MS, page.click(cell('A', row)));
        await within(
          ANSWER_MS,
          page.waitForFunction(
            (start) => document.activeElement?.getAttribute('aria-label')?.startsWith(start),
            { timeout: 0 },
            `A, ${row}, `,
          ),
        );
      }
    } finally {
      await own.close();
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
