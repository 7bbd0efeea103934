// What the page looks like where it is not a bright screen with a mouse: on paper, in forced colours, at the change between
// light and dark, under a finger.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, cell, choose, openNext, pressTool, settled, showView, soon, type } from '../support/steps';

const SHEET =
  '#v1&A=mine&A.dataset.nSamples=60&A.train.epochs=3&B=relu&B.base=A&B.architecture.activation=relu';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** Number of pixels of the boundaries' canvas that have exactly the colour of a token in this scheme. */
const pixels = (page: Page, color: string): Promise<number> =>
  page.evaluate((wanted) => {
    const canvas = document.querySelector<HTMLCanvasElement>('#figure-boundary canvas');
    const image = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const parts = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
    let count = 0;
    for (let at = 0; at < image.length; at += 4)
      if (image[at + 3] === 255 && parts.every((part, index) => image[at + index] === part)) count++;
    return count;
  }, color);

/** The controls in sight, in words; those of the sheet's rows are their names. */
const controls = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, textarea, nav, progress')]
      .filter((element) => element.checkVisibility() && !element.matches('.grid tbody th button'))
      .map((element) => element.textContent || element.className),
  );

/** The controls in sight that are less than 44 px wide or high; a box to tick counts with its label. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role="button"]')]
      .filter((element) => element.checkVisibility() && !element.closest('.unseen'))
      .flatMap((element) => {
        const target = element.matches('[type="checkbox"], [type="radio"]')
          ? (element.closest('label') ?? element)
          : element;
        const { width, height } = target.getBoundingClientRect();
        // A label of the screen reader's alone is a pixel.
        const isSmall = Math.min(width, height) > 1 && Math.min(width, height) < 43.9;
        return isSmall
          ? [
              `${target.className} ${target.textContent?.slice(0, 40)} ${Math.round(width)} × ${Math.round(height)}`,
            ]
          : [];
      }),
  );

test('dark, printed, in forced colours, and a blocked run that is to be cross-checked', async () => {
  const { page, close, expectClean } = await openNext(app, SHEET);
  const [lightTone, darkTone] = ['#16181d', '#f1f3f5'];
  await soon(() => pixels(page, lightTone)).toBeGreaterThan(20);
  await page.emulateMedia({ colorScheme: 'dark' });
  await soon(() => pixels(page, darkTone)).toBeGreaterThan(20);
  expect(await pixels(page, lightTone)).toBe(0);

  // A page in the dark is printed in the colours of light, canvases too.
  await page.evaluate(() => {
    new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes)
          if (node instanceof Element && node.matches('.print-head'))
            document.body.dataset['printed'] = node.textContent ?? '';
    }).observe(document.body, { childList: true });
  });
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  const head = await page.evaluate(() => document.body.dataset['printed']);
  expect(head).toMatch(/^story \d+http/);
  expect(head).toContain(SHEET);
  expect(head).toContain(String(new Date().getFullYear()));
  expect(await page.locator('.print-head').count()).toBe(0);
  await page.emulateMedia({ media: 'print' });
  await soon(() => pixels(page, lightTone)).toBeGreaterThan(20);
  expect(await controls(page)).toEqual([]);
  expect(await page.locator('.grid tbody th').filter({ hasText: 'dataset' }).first().innerText()).toContain(
    'dataset',
  );
  const breaks = await page
    .locator('.figure-view')
    .evaluateAll((figures) => figures.map((figure) => getComputedStyle(figure).breakInside));
  expect(breaks.length).toBeGreaterThan(3);
  expect(new Set(breaks)).toEqual(new Set(['avoid']));
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  expect((await controls(page)).length).toBeGreaterThan(10);

  await page.emulateMedia({ forcedColors: 'active' });
  const outlineOf = (selector: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return `${outlineStyle} ${outlineWidth}`;
      });
  expect(await outlineOf('.inspector nav [aria-pressed="true"]')).toBe('solid 2px');
  expect(await outlineOf('.inspector nav [aria-pressed="false"]')).toMatch(/^none/);
  expect(await outlineOf('.form-choice [aria-pressed="true"]')).toBe('solid 2px');
  expect(await outlineOf('.grid [aria-selected="true"][tabindex="0"]')).toBe('solid 3px');
  // What is usual is as quiet as in other colours.
  const [ink, paper] = await cell(page, 'B', 'dataset').evaluate((element) =>
    [getComputedStyle(element).color, getComputedStyle(document.body).backgroundColor].map((color) =>
      color.match(/\d+/g)?.slice(0, 3).join(' '),
    ),
  );
  expect(ink).toBe(paper);
  await cell(page, 'A', 'noise').click();
  await page.keyboard.press('Shift+ArrowRight');
  expect(await outlineOf('.grid td[aria-selected="true"]:not([tabindex="0"])')).toBe('solid 1px');
  await page.emulateMedia({ forcedColors: 'none' });

  await type(page, 'B', 'noise', '-1');
  await soon(() => cell(page, 'B', 'train').textContent()).toContain('blocked');
  await choose(page, 'B', 'Cross-check with TensorFlow.js');
  await soon(() => page.locator('.banner').allTextContents()).toContainEqual(
    expect.stringContaining('B cannot be cross-checked'),
  );
  expectClean();
  await close();
});

test('under a finger every control has 44 px, and the first swipe over the sheet moves the sheet', async () => {
  const size = { width: 390, height: 844 };
  const context = await app.browser.newContext({
    viewport: size,
    hasTouch: true,
    isMobile: true,
    serviceWorkers: 'block',
  });
  const { page, expectClean } = await app.openPage({ context, size, address: `/${SHEET}` });
  await settled(page);
  expect(await small(page), 'the sheet').toEqual([]);
  // Choosing the run moves the sheet, as the formula bar becomes lower.
  await page.locator('.run-id').first().click();
  await button(page, 'Actions for run A').click();
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
  expect(await small(page), 'a run’s menu').toEqual([]);
  await page.keyboard.press('Escape');
  const devtools = await context.newCDPSession(page);
  const touch = (kind: 'touchStart' | 'touchMove' | 'touchEnd', ...points: { x: number; y: number }[]) =>
    devtools.send('Input.dispatchTouchEvent', { type: kind, touchPoints: points });
  await touch('touchStart', { x: 200, y: 600 });
  for (let y = 580; y >= 400; y -= 20) await touch('touchMove', { x: 200, y });
  await touch('touchEnd');
  await soon(() => page.locator('.grid-scroll').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(100);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await showView(page, 'Figures');
  for (const tab of ['Data', 'Sweep']) {
    await page.locator('.inspector nav').getByRole('button', { name: tab, exact: true }).click();
    await soon(() => page.locator('.inspector .drawing > *').count()).toBeGreaterThan(0);
    expect(await small(page), tab).toEqual([]);
  }
  for (const name of ['Share', 'Help', 'Examples']) {
    if (name === 'Share') await button(page, name).click();
    else await pressTool(page, name);
    await page.locator(':is(dialog[open], [popover]:popover-open)').first().waitFor();
    expect(await small(page), name).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await button(page, 'More').click();
  await page.getByRole('button', { name: /^Library/ }).click();
  await page.locator('.library h2').first().waitFor();
  expect(await small(page), 'the library').toEqual([]);
  expectClean();
  await context.close();
});
