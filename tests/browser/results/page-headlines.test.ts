// The headlines of the figures in one line, whatever the example, the width and the font; and figures that are closed.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/ui/examples/examples';
import { type App, startApp } from '../support/app';
import { button, openFigures, openOwn, settled, soon, statement, violations } from '../support/steps';

const WIDTHS = [390, 768, 1280, 1920] as const;

/** The page's own font, and the metrics of DejaVu and of Arial, which are those of Liberation Sans. */
const FONTS = ['Inter', '"DejaVu Sans"', '"Liberation Sans"'] as const;

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** The headlines that are cut, wrapped or missing, once the figures have taken their widths. */
const brokenHeadlines = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise((painted) => requestAnimationFrame(painted));
    return [...document.querySelectorAll('.figure-view')].flatMap((figure) => {
      const heading = figure.querySelector('h3');
      const words = `${innerWidth} ${getComputedStyle(figure).fontFamily} ${figure.id}: ${heading?.textContent}`;
      const isWhole = heading && heading.scrollWidth <= heading.clientWidth && heading.offsetHeight === 20;
      return isWhole && heading.textContent && !/\d [:%]/.test(heading.textContent) ? [] : [words];
    });
  });

test('no headline is cut or wrapped, in any example, at any width, in any font', async () => {
  const { page, close, expectClean } = await app.openPage({ address: `/${EXAMPLES[0]?.address}` });
  const broken = new Set<string>();
  for (const { address, inspect } of EXAMPLES) {
    await page.evaluate((hash) => location.assign(hash), address);
    await soon(() => page.locator('.example').count()).toBe(1);
    await settled(page, /^recomputed|^nothing/);
    for (const tab of inspect === 'diff' ? ['Learning', 'Network'] : ['Learning']) {
      await page.locator('.inspector nav').getByRole('button', { name: tab, exact: true }).click();
      await soon(() => page.locator('.figure-view:not(:has(h3))').count()).toBe(0);
      for (const font of FONTS) {
        await page.evaluate((name) => document.documentElement.style.setProperty('--font', name), font);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          // A phone shows sheet or figures.
          const half = page.getByRole('navigation', { name: 'Sheet or figures' });
          if (width < 700) await half.getByRole('button', { name: 'Figures' }).click();
          for (const words of await brokenHeadlines(page)) broken.add(words);
        }
      }
    }
  }
  expect([...broken]).toEqual([]);
  expectClean();
  await close();
});

test('a closed figure has its headline and no drawing, asks nothing, opens by key, and is as it was left', async () => {
  const { page, close, expectClean } = await openOwn(app, '#v1&A=a&A.train.epochs=5');
  const drawn = (figure: string) => page.locator(`#figure-${figure} .drawing > *`).count();
  const fold = (figure: string) => button(page, `Drawing: ${figure}`);
  await soon(() => drawn('boundary')).toBe(1);
  expect(await statement(page, 'saturation')).toBe('Saturated hidden outputs at the end: 0\u00a0% in A');
  expect(await statement(page, 'confusion')).toBe('Confusion matrix');
  expect([await drawn('saturation'), await drawn('confusion')]).toEqual([0, 0]);
  expect(await page.locator('#figure-saturation .unseen').textContent()).toContain('Heat maps');

  await fold('confusion').focus();
  await page.keyboard.press('Enter');
  await soon(() => statement(page, 'confusion')).toMatch(/^F1 of class 1/);
  expect(await drawn('confusion')).toBe(1);
  // A press on the headline opens too.
  await page.locator('#figure-saturation .headline').click();
  await soon(() => drawn('saturation')).toBe(1);
  for (const figure of ['gradient', 'loss']) await fold(figure).click();
  expect([await drawn('gradient'), await drawn('loss')]).toEqual([0, 0]);
  await page.locator('.inspector').evaluate((pane) => pane.scrollTo(0, 0));
  expect(await violations(page)).toEqual([]);

  await page.reload();
  await soon(() => drawn('confusion')).toBe(1);
  expect(await drawn('loss')).toBe(0);
  expect(await fold('loss').getAttribute('aria-expanded')).toBe('false');
  await button(page, 'see gradient by layer of A').click();
  await soon(() => drawn('gradient')).toBe(1);
  await openFigures(page, 'loss', 'gradient');
  expect(await fold('gradient').getAttribute('aria-expanded')).toBe('true');
  expectClean();
  await close();
});
