// Drawings that are put into a real page step by step, so that no task of the page takes long.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './chromium';
import { type Gallery, serveGallery } from './gallery-server';
import { type Values, valuesOf } from './gallery-values';

let gallery: Gallery;
let browser: Browser;

/** Twelve runs of the notebook's sizes. */
const MANY = `#v1&${[...'ABCDEFGHIJKL']
  .map((id, index) => `${id}=r${index}&${id}.architecture.seed=${index}&${id}.train.epochs=${20 + index}`)
  .join('&')}`;

beforeAll(async () => {
  const cases: Record<string, Values> = { few: await valuesOf('#v1'), many: await valuesOf(MANY) };
  gallery = await serveGallery(cases, new URL('drawing.html', import.meta.url).pathname);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  gallery?.close();
});

test('every figure that is put step by step looks as it does put at once, whatever stood there and whatever is followed meanwhile', async () => {
  const page = await browser.newPage();
  await page.goto(`${gallery.origin}/drawing.html`);
  await page.waitForFunction(() => 'compared' in globalThis, undefined, { timeout: 60_000 });
  const compared = await page.evaluate(
    () =>
      (globalThis as unknown as { compared: { name: string; steps: number[]; differ: string[] }[] }).compared,
  );
  expect(compared.filter(({ differ }) => differ.length > 0)).toEqual([]);
  expect(compared.map(({ name }) => name)).toContain('diff');
  // Of what has a panel a run, each panel is a step at least.
  for (const { name, steps } of compared)
    if (/boundary|^diff|network|gradient$/.test(name)) expect(steps[1], name).toBeGreaterThan(12);
  await page.close();
});
