// What is being typed, or moved by a hand, while the page is loaded anew or another tab changes the same sheet.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  choose,
  header,
  newRow,
  openOwn,
  receipt,
  runs,
  saved,
  settled,
  soon,
  textOf,
  type,
} from '../support/steps';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.train.epochs=3&row.gap=%3Dloss%20-%20A.loss';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const cellInput = (page: Page) => page.locator('.cell-input');

test('what is typed as soon as the cells are there is typed, though drags and filling are still to come', async () => {
  const { page, close, expectClean } = await app.openPage({ address: null });
  let letCome = (): void => {};
  const held = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  let asked = 0;
  await page.route(/\/grid-input-[^/]*\.js$/, async (route) => {
    asked++;
    await held;
    await route.continue();
  });
  await page.goto(`${app.origin}/${SMALL}`);
  await cell(page, 'B', 'noise').click();
  await page.keyboard.type('0.2');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  expect(asked).toBe(1);
  // Enter goes to the next param, hidden layers, and the arrow to the row above that one.
  await soon(() => textOf(page, 'B', 'noise')).toBe('0.2');
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
    /^B, architecture, /,
  );
  letCome();
  await settled(page, /^recomputed/);
  expectClean();
  await close();
});

describe('after a reload', () => {
  test.each([
    ['a param', 'noise', '0.0', '7', '0.07'],
    ['a formula', 'epochs', '=A.train.epochs+', '2', '=A.train.epochs+2'],
  ])('%s is still being typed into its cell', async (_, row, before, rest, after) => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await cell(page, 'B', row).click();
    await page.keyboard.type(before);
    await page.reload();
    await soon(() => cellInput(page).inputValue()).toBe(before);
    expect(await page.locator('#formula').inputValue()).toBe(before);
    await soon(() => page.evaluate(() => document.activeElement?.className)).toBe('cell-input');
    await page.keyboard.type(rest);
    await page.keyboard.press('Enter');
    await settled(page, /^recomputed/);
    await cell(page, 'B', row).click();
    await soon(() => page.locator('#formula').inputValue()).toMatch(
      new RegExp(`^${after.replace(/[+=.]/g, (sign) => `\\${sign}`).replace('\\+', ' *\\+ *')}$`),
    );
    expectClean();
    await close();
  });

  test('so is a text in the formula bar, a run’s name, a row’s formula', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await cell(page, 'B', 'noise').click();
    await page.locator('#formula').fill('0.31');
    await page.reload();
    await soon(() => page.locator('#formula').inputValue()).toBe('0.31');
    await page.locator('#formula').press('Escape');
    await soon(() => page.locator('#formula').inputValue()).toBe('0.05');

    // A row that its chip opened is hidden by the reload, but for the text in it.
    await page.getByRole('button', { name: /of dataset at default: show$/ }).click();
    await cell(page, 'B', 'random state').click();
    await page.keyboard.type('47');
    await page.reload();
    await soon(() => cellInput(page).inputValue()).toBe('47');
    await page.keyboard.press('Escape');

    await choose(page, 'B', 'Rename');
    await cellInput(page).fill('bet');
    await page.reload();
    await soon(() => cellInput(page).inputValue()).toBe('bet');
    await cellInput(page).press('Enter');
    await soon(() => header(page, 'B').textContent()).toContain('bet');

    await saved(page);
    await cell(page, 'B', 'gap').click();
    await page.keyboard.press('F2');
    await cellInput(page).fill('=loss * 2');
    await page.reload();
    await soon(() => cellInput(page).inputValue()).toBe('=loss * 2');
    await cellInput(page).press('Enter');
    await soon(() => page.url()).toContain('row.gap=%3Dloss%20%2A%202');
    await saved(page);
    await page.reload();
    await settled(page);
    expect(await cellInput(page).count()).toBe(0);
    expectClean();
    await close();
  });

  test('so are a new row’s name and formula, and each edit can be undone', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await type(page, 'A', 'noise', '0.2');
    await type(page, 'A', 'noise', '0.3');
    await saved(page);
    await newRow(page).click();
    const dialog = page.getByRole('dialog', { name: 'Add a row' });
    await dialog.getByLabel('Name').fill('least');
    await dialog.getByLabel(/^Formula/).fill('=min(train.lo');
    await page.reload();
    await soon(() => dialog.getByLabel('Name').inputValue()).toBe('least');
    expect(await dialog.getByLabel(/^Formula/).inputValue()).toBe('=min(train.lo');
    await page.keyboard.press('Escape');
    await page.reload();
    await settled(page);
    expect(await dialog.count()).toBe(0);
    await button(page, 'Undo').click();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.2');
    await button(page, 'Undo').click();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.05');
    await button(page, 'Redo').click();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.2');
    expectClean();
    await close();
  });
});

describe('while another tab edits the same sheet', () => {
  async function twoTabs() {
    const one = await openOwn(app, SMALL);
    const other = await app.openPage({ context: one.context });
    await settled(other.page);
    const end = async (): Promise<void> => {
      one.expectClean();
      other.expectClean();
      await one.close();
    };
    return { one: one.page, other: other.page, end };
  }

  test('its edits appear at once, and what is being typed stays', async () => {
    const { one, other, end } = await twoTabs();
    await cell(one, 'A', 'epochs').click();
    await one.keyboard.type('1');
    await type(other, 'A', 'noise', '0.4');
    await soon(() => textOf(one, 'A', 'noise')).toBe('0.4');
    expect(await cellInput(one).inputValue()).toBe('1');
    expect(await one.evaluate(() => document.activeElement?.className)).toBe('cell-input');
    await one.keyboard.type('1');
    await one.keyboard.press('Enter');
    await soon(() => textOf(other, 'A', 'epochs')).toBe('11');
    for (const page of [one, other]) {
      expect(await textOf(page, 'A', 'noise')).toBe('0.4');
      await saved(page);
    }
    await end();
  });

  test('a drag goes on, and ends as one step on the other’s edit', async () => {
    const { one, other, end } = await twoTabs();
    const box = await cell(one, 'A', 'noise').boundingBox();
    if (!box) throw new Error('there is no noise');
    const [x, y] = [box.x + 16, box.y + box.height / 2];
    await one.mouse.move(x, y);
    await one.mouse.down();
    for (let step = 1; step <= 5; step++) await one.mouse.move(x + 8 * step, y);
    await soon(() => textOf(one, 'A', 'noise')).not.toBe('0.05');
    const half = await textOf(one, 'A', 'noise');
    await type(other, 'A', 'epochs', '7');
    await soon(() => textOf(other, 'A', 'epochs')).toBe('7');
    await saved(other);
    expect(await textOf(one, 'A', 'noise')).toBe(half);
    for (let step = 6; step <= 9; step++) await one.mouse.move(x + 8 * step, y);
    await soon(() => textOf(one, 'A', 'noise')).not.toBe(half);
    await one.mouse.up();
    const dragged = await textOf(one, 'A', 'noise');
    await soon(() => textOf(other, 'A', 'noise')).toBe(dragged);
    for (const page of [one, other]) expect(await textOf(page, 'A', 'epochs')).toBe('7');
    await end();
  });

  test('a run that is selected, or typed into, and removed there says so', async () => {
    const { one, other, end } = await twoTabs();
    await cell(one, 'B', 'noise').click();
    await choose(other, 'B', 'Remove');
    const ask = other.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true });
    if (await ask.count()) await ask.click();
    await soon(() => runs(one)).toBe('A');
    await soon(() => cell(one, 'A', 'noise').getAttribute('aria-selected')).toBe('true');
    await button(other, 'Undo').click();
    await soon(() => runs(one)).toBe('AB');
    await cell(one, 'B', 'noise').click();
    await one.keyboard.type('0.123');
    await button(other, 'Redo').click();
    await soon(() => runs(one)).toBe('A');
    await soon(() => one.getByRole('note').textContent()).toContain('0.123');
    expect(await receipt(one)).not.toContain('undefined');
    await end();
  });
});

test('what is being typed when Back leads to another sheet is said, and gets into neither', async () => {
  const { page, close, expectClean } = await openOwn(app, SMALL);
  await page.goto(`${app.origin}/${SMALL.replace('mine', 'theirs')}`);
  await soon(() => header(page, 'A').textContent()).toContain('theirs');
  await cell(page, 'A', 'noise').click();
  await page.keyboard.type('0.444');
  await page.goBack();
  await soon(() => header(page, 'A').textContent()).toContain('mine');
  await soon(() => page.getByRole('note').textContent()).toContain('“0.444” was typed into A');
  expect(await textOf(page, 'A', 'noise')).toBe('0.05');
  expect(page.url()).not.toContain('0.444');
  await page.goForward();
  await soon(() => header(page, 'A').textContent()).toContain('theirs');
  expect(await textOf(page, 'A', 'noise')).toBe('0.05');
  expectClean();
  await close();
});
