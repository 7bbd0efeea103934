// Takes the README's pictures of the built page into src/assets/screenshots, and the picture that other programs show beside a
// link. Run by hand after a change that shows, by `npm run pictures`.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { preview } from 'vite';
import { launchBrowser } from '../support/chromium';

const root = resolve(import.meta.dirname, '../../..');
const folder = resolve(root, 'src/assets/screenshots');

async function opened(
  browser: Browser,
  origin: string,
  options: { width: number; height: number; dark?: boolean },
): Promise<Page> {
  const { width, height, dark = false } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  await page.goto(origin);
  await page.getByText(/recomputed .* of A, B, C/).waitFor({ timeout: 60_000 });
  await page.getByText('offline ready').waitFor();
  await page.locator('#figure-boundary .drawing svg').waitFor();
  // The last drawing is made in a task of its own; nothing says when the picture has come to rest.
  await page.waitForTimeout(1_000);
  return page;
}

async function takeAll(browser: Browser, origin: string): Promise<void> {
  const light = await opened(browser, origin, { width: 1280, height: 800 });
  await light.screenshot({ path: resolve(folder, 'sheet.png') });
  await light.locator('.inspector nav').getByRole('button', { name: 'Network', exact: true }).click();
  await light.getByRole('button', { name: /^Library/ }).click();
  const boxes = light.locator('.library-main tbody input[type=checkbox]');
  await boxes.nth(0).click();
  await boxes.nth(2).click();
  await light.getByRole('button', { name: /^Compare/ }).click();
  await light.locator('.library-main svg').first().waitFor();
  await light.waitForTimeout(1_000);
  await light.screenshot({ path: resolve(folder, 'comparison.png') });
  const dark = await opened(browser, origin, { width: 1280, height: 800, dark: true });
  await dark.screenshot({ path: resolve(folder, 'sheet-dark.png') });
}

const LINKED =
  '?embed#v1&A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu&C=twin&C.base=A&C.architecture.activation=relu';

/** 1200 × 630: the size at which other programs show such a picture whole. */
async function takePreview(browser: Browser, origin: string): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1120, height: 588 },
    deviceScaleFactor: 15 / 14,
    colorScheme: 'light',
  });
  await page.goto(`${origin}${LINKED}`);
  await page.locator('#figure-boundary .drawing svg').waitFor();
  await page.waitForTimeout(1_000);
  // A picture offers nothing to press.
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('.embedded-bar :is(button, a)')) element.remove();
    const title = document.querySelector('.embedded-bar h1');
    if (title) title.textContent = 'Gradsheet: a spreadsheet for small neural-network experiments';
  });
  await page.screenshot({ path: resolve(folder, '../preview.png') });
}

mkdirSync(folder, { recursive: true });
const server = await preview({
  root,
  build: { outDir: 'dist/page' },
  preview: { port: 0 },
  logLevel: 'error',
});
const browser = await launchBrowser();
try {
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  await takeAll(browser, `http://localhost:${address.port}/`);
  await takePreview(browser, `http://localhost:${address.port}/`);
} finally {
  await browser.close();
  await server.close();
}
