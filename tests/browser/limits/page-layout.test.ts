// Where the parts of the page are, in wide, usual and narrow windows: nothing shifts, nothing is cut, and a person moves the borders.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, cell, choose, header, saved, settled, soon, textOf, type } from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const WIDTHS = [
  [1920, 1080],
  [1280, 800],
  [768, 1024],
  [390, 844],
  [320, 640],
] as const;

/** Width of an element, and its left edge, in px. */
const box = (page: Page, selector: string): Promise<{ left: number; width: number; height: number }> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, width, height } = element.getBoundingClientRect();
      return { left: Math.round(left), width: Math.round(width), height: Math.round(height) };
    });

/** What reaches beyond the window, or is cut where it may not be. */
const faults = (page: Page, width: number): Promise<string[]> =>
  page.evaluate((width) => {
    const wide =
      document.documentElement.scrollWidth > innerWidth ? [`at ${width} px the page scrolls sideways`] : [];
    const cut = [
      ...document.querySelectorAll<HTMLElement>('.run-id, td[tabindex="0"] .text, .top-bar button'),
    ]
      .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .map((element) => `cut: ${element.className} ${element.textContent}`);
    return [...wide, ...cut];
  }, width);

const kept = process.env['PICTURES'];

async function keepPicture(page: Page, name: string): Promise<void> {
  if (kept) await page.screenshot({ path: join(kept, `${name}.png`) });
}

/** Writes down, from the page's first moment, what shifts by more than a hundredth of a pixel of the window. */
const watchShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as {
        value: number;
        sources: { node?: Element }[];
      }[])
        if (entry.value >= 0.0001)
          shifts.push(
            `${entry.value.toFixed(4)} ${entry.sources.map(({ node }) => `${node?.nodeName}.${(node as HTMLElement | undefined)?.className ?? ''}`).join(' ')}`,
          );
    }).observe({ type: 'layout-shift', buffered: true });
  });

describe('the opening sheet', () => {
  test.each([
    [1280, 800],
    [390, 844],
  ])('at %i × %i shifts nothing while it loads', async (width, height) => {
    const { page, close, expectClean } = await app.openPage({ address: null, size: { width, height } });
    await watchShifts(page);
    await page.goto(app.origin);
    await settled(page);
    if (width > 700) await soon(() => page.locator('#figure-boundary h3').count()).toBe(1);
    else await soon(() => page.locator('.edited-run').innerText()).toContain('0.0611');
    expect(await page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts)).toEqual([]);
    expectClean();
    await close();
  });

  test('says in its first lines what the page is', async () => {
    const { page, close, expectClean } = await app.openPage({ size: { width: 1280, height: 800 } });
    await settled(page);
    const first = await page.locator('body').innerText();
    for (const words of [
      'Gradsheet',
      'a spreadsheet for neural-network experiments',
      'Drag 0.05',
      'type over it',
      '= starts a formula',
      '+ run',
      'Examples',
      'Share',
    ])
      expect(first).toContain(words);
    // The hint names a number of the opening sheet, which another sheet without edits may not have.
    await page.goto(`${app.origin}/#v1&A=mine&A.dataset.noise=0.3&A.train.epochs=3`);
    await page.getByRole('button', { name: 'Keep a copy', exact: true }).click();
    await saved(page);
    expect(await page.locator('.hint').count()).toBe(0);
    expectClean();
    await close();
  });

  test('fits each window, also with wide letters and lines, and with the numbers that matter in view', async () => {
    const { page, close, expectClean } = await app.openPage({ size: { width: 1280, height: 800 } });
    await settled(page);
    for (const [width, height] of WIDTHS) {
      await page.setViewportSize({ width, height });
      await soon(() => faults(page, width)).toEqual([]);
      const sheet = await box(page, '.sheet');
      if (width >= 1000) {
        expect(sheet.width).toBeGreaterThanOrEqual(0.3 * width - 1);
        expect(sheet.width).toBeLessThanOrEqual(0.5 * width + 1);
        const { left } = await box(page, '.inspector');
        expect(left).toBe(sheet.width + 1);
      }
      if (width >= 700) expect((await box(page, '.top-bar')).height).toBe(48);
      else
        expect(await page.locator('.edited-run').innerText()).toMatch(
          /C\s*loss\s*0\.0611\s*accuracy\s*0\.985/,
        );
    }
    // WCAG 1.4.12, text spacing.
    await page.evaluate(() => {
      const spacing = new CSSStyleSheet();
      spacing.replaceSync(
        '* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important; }',
      );
      document.adoptedStyleSheets = [spacing];
    });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await soon(() => faults(page, width)).toEqual([]);
    }
    expectClean();
    await close();
  });
});

/** How the page is shown, each kept as a picture at each width if PICTURES names a folder. */
const APPEARANCES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

test('in light, dark and forced colours nothing is cut at any width, with either half as narrow as can be', async () => {
  const { page, close, expectClean } = await app.openPage({ size: { width: 1280, height: 800 } });
  await settled(page);
  const sideways = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.inspector, .diagnosis .said, .figure-view h3')]
        .filter((element) => element.checkVisibility())
        .filter((element) =>
          element.matches('.inspector')
            ? element.scrollWidth > element.clientWidth
            : element.clientWidth < 80,
        )
        .map((element) => `${element.className} ${element.tagName}: ${element.scrollWidth} px`),
    );
  for (const [name, media] of Object.entries(APPEARANCES)) {
    await page.emulateMedia(media);
    for (const [width, height] of WIDTHS) {
      await page.setViewportSize({ width, height });
      await soon(() => faults(page, width)).toEqual([]);
      await soon(sideways).toEqual([]);
      await keepPicture(page, `${name}-${width}`);
    }
  }
  await page.emulateMedia(APPEARANCES.light);
  await page.setViewportSize({ width: 1000, height: 800 });
  const line = page.getByRole('separator', { name: 'Width of the sheet' });
  for (const key of ['Home', 'End']) {
    await line.focus();
    await page.keyboard.press(key);
    await soon(sideways).toEqual([]);
    await keepPicture(page, `light-1000-${key}`);
  }
  expectClean();
  await close();
});

describe('the borders', () => {
  test('of sheet and columns move by hand and by keys, within bounds, and go back', async () => {
    const { page, close, expectClean } = await app.openPage({ size: { width: 1280, height: 800 } });
    await settled(page);
    const before = await box(page, '.sheet');
    const line = page.getByRole('separator', { name: 'Width of the sheet' });
    const at = await line.boundingBox();
    if (!at) throw new Error('there is no splitter');
    await page.mouse.move(at.x + 3, 400);
    await page.mouse.down();
    await page.mouse.move(at.x + 103, 420, { steps: 4 });
    await page.mouse.up();
    expect((await box(page, '.sheet')).width).toBe(before.width + 100);
    await line.focus();
    await page.keyboard.press('ArrowLeft');
    expect((await box(page, '.sheet')).width).toBe(before.width + 84);
    await page.keyboard.press('End');
    expect((await box(page, '.sheet')).width).toBe(1280 - 320);
    await page.keyboard.press('Home');
    expect((await box(page, '.sheet')).width).toBe(320);
    await page.reload();
    await settled(page);
    expect((await box(page, '.sheet')).width).toBe(320);
    await line.dblclick();
    expect((await box(page, '.sheet')).width).toBe(before.width);

    const column = async (run: string): Promise<number> =>
      (await header(page, run).boundingBox())?.width ?? 0;
    const usual = await column('A');
    const edge = await header(page, 'A').locator('.column-edge').boundingBox();
    if (!edge) throw new Error('there is no edge');
    await page.mouse.move(edge.x + 4, edge.y + 8);
    await page.mouse.down();
    await page.mouse.move(edge.x + 64, edge.y + 8, { steps: 4 });
    await page.mouse.up();
    expect(await column('A')).toBe(usual + 60);
    expect((await cell(page, 'A', 'loss').boundingBox())?.width).toBe(usual + 60);
    expect(await column('B')).toBe(usual);
    await choose(page, 'A', 'Narrower');
    expect(await column('A')).toBe(usual + 36);
    while ((await column('A')) < 320) await choose(page, 'A', 'Wider');
    expect(await column('A')).toBe(320);
    await header(page, 'A').locator('.column-edge').dblclick();
    expect(await column('A')).toBe(usual);
    expectClean();
    await close();
  });
});

describe('a phone', () => {
  test('shows sheet or figures, and the edited run beside both', async () => {
    const { page, close, expectClean } = await app.openPage({ size: { width: 390, height: 844 } });
    await settled(page);
    const views = page.getByRole('navigation', { name: 'Sheet or figures' });
    expect(await page.locator('.inspector').isVisible()).toBe(false);
    await cell(page, 'A', 'epochs').click();
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await settled(page, /^recomputed train, diff of A/);
    await soon(() => page.locator('.edited-run').innerText()).toContain(await textOf(page, 'A', 'loss'));
    for (const [row, text, words] of [
      ['learning rate', '-1', /^A\s*blocked by A\.optimizer\.learningRate$/],
      ['epochs', '100000', /^A\s*about .* s$/],
      ['seeds', '3', /^A\s*member 0 of 3\s*loss\s*\d/],
    ] as const) {
      await type(page, 'A', row, text);
      await soon(() => page.locator('.edited-run').innerText()).toMatch(words);
      await button(page, 'Undo').click();
      await settled(page);
    }
    // The meaning of the param lies above the bar while the bar is edited, and not over it.
    await page.locator('#formula').click();
    for (const part of ['#place', '#formula'])
      expect(
        await page.locator(part).evaluate((element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2)?.id;
        }),
      ).toBe(part.slice(1));
    await page.keyboard.press('Escape');
    await views.getByRole('button', { name: 'Figures' }).click();
    expect(await page.locator('.sheet').isVisible()).toBe(false);
    await soon(() => page.locator('#figure-loss svg').first().isVisible()).toBe(true);
    expect(await page.locator('.edited-run').innerText()).toContain(await textOf(page, 'A', 'loss'));
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Examples', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Examples', exact: true }).isVisible()).toBe(false);
    expectClean();
    await close();
  });
});
