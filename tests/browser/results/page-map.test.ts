// The map as a person meets it: filled by the workers, opened at the keyboard and by a click, there again after a reload.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  openNext,
  receipt,
  runs,
  saved,
  settled,
  soon,
  statement,
  textOf,
  violations,
} from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const title = (page: Page): Promise<string> => statement(page, 'map');
const costs = async (page: Page): Promise<string> => (await page.locator('.map-cost').textContent()) ?? '';
const tile = (page: Page, words: string) => page.locator(`.map-grid td[aria-label^="${words}; "]`);

/** Opens the map, and lets it be filled where that would take long. */
async function openMap(page: Page): Promise<void> {
  await button(page, 'Sweep').click();
  await soon(() => costs(page)).toMatch(/^\d+ runs, /);
  if (await button(page, 'Fill the map').count()) await button(page, 'Fill the map').click();
  await soon(() => page.locator('.map-grid td').count()).toBe(80);
  await soon(() =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('.map-grid td')].filter((cell) =>
          / in epoch /.test(cell.ariaLabel ?? ''),
        ).length,
    ),
  ).toBe(80);
}

const TITLE =
  'In epoch 1, the first layer’s gradient is below 1/100 of the last’s from 3 hidden layers on with sigmoid, and nowhere with the other 7';

describe('the map', () => {
  test('is filled by the workers, opens a tile as a run at the keyboard, and comes from the cache after a reload', async () => {
    const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.train.epochs=20');
    await openMap(page);
    await soon(() => title(page)).toBe(TITLE);
    await soon(() => costs(page)).toBe('80 runs, all cached');
    expect(await violations(page)).toEqual([]);

    await page.locator('.map-grid').focus();
    await page.keyboard.press('Control+End');
    await soon(() => page.locator('.map-readout').textContent()).toMatch(
      /^hidden layers 10, activation swish; first : last /,
    );
    for (const key of ['Home', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await soon(() => runs(page)).toBe('AB');
    expect(await textOf(page, 'B', 'hidden layers')).toBe('9');
    expect(await textOf(page, 'B', 'activation')).toBe('sigmoid');
    await soon(() => receipt(page)).toMatch(
      /^added B: A with hidden layers 9, activation sigmoid · recomputed diff of B · /,
    );
    await soon(() => tile(page, 'hidden layers 9, activation sigmoid').getAttribute('aria-label')).toMatch(
      / run B of the sheet$/,
    );
    await page.keyboard.press('Enter');
    await soon(() => receipt(page)).toMatch(/^this tile is run B/);
    await page.keyboard.press('Control+z');
    await soon(() => runs(page)).toBe('A');

    await saved(page);
    await page.reload();
    await settled(page);
    await openMap(page);
    expect(await costs(page)).toBe('80 runs, all cached');
    await soon(() => title(page)).toBe(TITLE);
    expectClean();
    await close();
  });

  test('follows the epoch and what is measured, and opens a tile by a click', async () => {
    const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.train.epochs=20');
    await openMap(page);
    await button(page, 'last epoch').click();
    await soon(() => title(page)).toMatch(/^In epoch 20, /);
    await page.locator('#epoch').focus();
    await page.keyboard.press('Home');
    await soon(() => title(page)).toBe(TITLE);
    await page
      .getByRole('region', { name: 'Map' })
      .getByRole('button', { name: 'test accuracy', exact: true })
      .click();
    await soon(() => title(page)).toMatch(/^Test accuracy after epoch 1 is highest, /);
    await tile(page, 'hidden layers 2, activation relu').click();
    await soon(() => runs(page)).toBe('AB');
    expect(await textOf(page, 'B', 'activation')).toBe('relu');
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('crosses any two params over the values that are typed, and adds a row as runs', async () => {
    const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.train.epochs=20');
    await openMap(page);
    await page.getByRole('combobox', { name: 'down' }).selectOption('optimizer.learningRate');
    await soon(() => costs(page)).toMatch(/^40 runs, /);
    await page.getByRole('combobox', { name: 'across' }).selectOption('dataset.noise');
    await soon(() => costs(page)).toMatch(/^25 runs, /);
    await button(page, 'Values').click();
    await page.getByRole('group', { name: 'Values of noise' }).getByText('List').click();
    const list = page.getByRole('textbox', { name: 'Separated by commas' });
    await list.fill('0, 0.1, 11');
    await soon(() => costs(page)).toContain('Noise: value 3: "11" is not a number from 0 to 10.');
    await list.fill('0, 0.1');
    await soon(() => costs(page)).toMatch(/^10 runs, /);
    await soon(() => page.locator('.map-grid td').count()).toBe(10);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'add to the sheet' }).selectOption('learning rate 0.01');
    await button(page, 'Add 2 runs').click();
    await soon(() => runs(page)).toBe('ABC');
    await soon(() => receipt(page)).toMatch(
      /^swept learning rate over 0\.01 and noise over 0, 0\.1, 2 runs based on A/,
    );
    expect(await textOf(page, 'C', 'noise')).toBe('0.1');
    await button(page, 'Undo').click();
    await soon(() => runs(page)).toBe('A');
    expectClean();
    await close();
  });
});
