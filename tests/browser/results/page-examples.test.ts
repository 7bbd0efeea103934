// The examples: a menu for keys and hands, a sheet beside the own one, what its sentences say of it, and the way back.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/ui/examples/examples';
import { type App, startApp } from '../support/app';
import { button, header, openNext, runs, settled, soon, textOf, type, violations } from '../support/steps';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const menu = (page: Page) => page.getByRole('navigation', { name: 'Examples' });
const panel = (page: Page) => page.getByRole('region', { name: 'Example', exact: true });
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

/** Opens the menu as a person without a mouse does. */
async function openByKey(page: Page): Promise<void> {
  await button(page, 'Examples').focus();
  await page.keyboard.press('Enter');
  await soon(() => menu(page).isVisible()).toBe(true);
  await soon(() => page.evaluate(() => document.activeElement?.tagName)).toBe('A');
}

/** Chooses the example at this place of the menu by keys alone. */
async function chooseByKey(page: Page, place: number): Promise<void> {
  await openByKey(page);
  await page.keyboard.press('Home');
  // The first entry is the lesson of all examples.
  for (let step = 0; step <= place; step++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

test('the menu is moved in by arrows, closed by Escape, and gives the focus back', async () => {
  const { page, close, expectClean } = await openNext(app, SMALL);
  await openByKey(page);
  expect(await focused(page)).toContain('All ten as a lesson');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toContain(EXAMPLES[0]?.title);
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toContain(EXAMPLES.at(-1)?.title);
  expect(await violations(page)).toEqual([]);
  expect(await button(page, 'Examples').getAttribute('aria-expanded')).toBe('true');
  await page.keyboard.press('Escape');
  await soon(() => menu(page).isVisible()).toBe(false);
  await soon(() => focused(page)).toBe('Examples');
  await soon(() => button(page, 'Examples').getAttribute('aria-expanded')).toBe('false');
  await button(page, 'Examples').click();
  await soon(() => menu(page).isVisible()).toBe(true);
  await button(page, 'Examples').click();
  await soon(() => menu(page).isVisible()).toBe(false);
  expectClean();
  await close();
});

describe('an example', () => {
  test.each(EXAMPLES.map(({ title }, place): [string, number] => [title, place]))(
    '%s opens computed, beside the own sheet, with its sentences',
    async (title, place) => {
      const example = EXAMPLES[place];
      const { page, close, expectClean } = await openNext(app, SMALL);
      await chooseByKey(page, place);
      await soon(() => panel(page).getByRole('heading').textContent()).toBe(title);
      expect(await panel(page).getByRole('paragraph').textContent()).toBe(example?.sentences.join(' '));
      await settled(page, /^recomputed/);
      expect(new URL(page.url()).hash).toBe(example?.address);
      const tab = page.locator('.inspector nav [aria-pressed="true"]');
      expect(await tab.textContent()).toBe(example?.inspect === 'diff' ? 'Network' : 'Learning');
      const known = (await runs(page)).length - (example?.name === 'exploding' ? 1 : 0);
      await soon(() => page.locator('[role="grid"] td.result[aria-label*=", loss, "]').count()).toBe(
        (await runs(page)).length,
      );
      const losses = page.locator('[role="grid"] td.result[aria-label*=", loss, "]');
      await soon(async () => (await losses.allTextContents()).filter((text) => /^\d/.test(text)).length).toBe(
        known,
      );
      expect(await violations(page)).toEqual([]);
      await button(page, 'Back to my sheets').click();
      await soon(() => header(page, 'A').textContent()).toContain('mine');
      expect(await panel(page).count()).toBe(0);
      expectClean();
      await close();
    },
  );

  test('shows its sentences to whoever opens its link, and says when the sheet has left it', async () => {
    const [, twin] = EXAMPLES;
    const { page, close, expectClean } = await app.openPage({ address: `/${twin?.address}` });
    await soon(() => panel(page).textContent()).toContain(twin?.sentences[1]);
    await settled(page, /^recomputed/);
    await type(page, 'B', 'epochs', '50');
    await soon(() => panel(page).textContent()).toContain('changed since');
    // The menu shows which example is open, changed or not, and begins there.
    await openByKey(page);
    expect(await menu(page).locator('[aria-current="true"]').allTextContents()).toEqual([
      `${twin?.title}${twin?.lesson}`,
    ]);
    expect(await focused(page)).toContain(twin?.title);
    await page.keyboard.press('Escape');
    await panel(page).getByRole('link', { name: 'the sheet as it was' }).click();
    await soon(() => textOf(page, 'B', 'epochs')).toBe('100');
    await soon(() => panel(page).textContent()).not.toContain('changed since');
    await button(page, 'Keep a copy').click();
    await soon(() => page.title()).toBe(`${twin?.title} · Gradsheet`);
    await type(page, 'B', 'epochs', '50');
    await soon(() => panel(page).count()).toBe(0);
    expectClean();
    await close();
  });

  test('draws what the notebook printed beside the curves, and tells it', async () => {
    const last = EXAMPLES.at(-1);
    const { page, close, expectClean } = await app.openPage({ address: `/${last?.address}` });
    const loss = page.locator('#figure-loss');
    await soon(() => loss.locator('.published').textContent()).toBe('notebook, ReLU: 0.0048 at epoch 91');
    await soon(() => loss.textContent()).toContain(
      '1 published value beside them: notebook, ReLU: 0.0048 at epoch 91.',
    );
    await soon(() => page.locator('#figure-accuracy .published').textContent()).toBe(
      'notebook, ReLU: 1 at epoch 91',
    );
    expectClean();
    await close();
  });

  test('closes the library, so that its sheet is seen', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await page.getByRole('button', { name: /^Library/ }).click();
    await soon(() => page.locator('.library-main').count()).toBe(1);
    await chooseByKey(page, 0);
    await soon(() => page.locator('.library-main').count()).toBe(0);
    await soon(() => header(page, 'B').textContent()).toContain('relu');
    expectClean();
    await close();
  });
});
