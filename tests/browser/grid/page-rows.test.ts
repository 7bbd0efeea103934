// Rows of a person's own, and removing runs that others read: made, edited, shared, undone; and what is said before something
// would break.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  choose,
  ghostRun,
  newRow,
  openNext,
  receipt,
  runs,
  saved,
  settled,
  soon,
  textOf,
  violations,
} from '../support/steps';

const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=4' +
  '&B=b&B.base=A&B.architecture.activation=relu';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const panel = (page: Page) => page.locator('dialog[open]');
const rowButton = (page: Page, name: string) =>
  page.locator('.grid th[scope="row"] button', { hasText: name });
const numberIn = async (page: Page, run: string, row: string) =>
  Number((await textOf(page, run, row)).replace('−', '-'));
const address = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));

async function addRow(page: Page, name: string, formula: string): Promise<void> {
  await newRow(page).click();
  await panel(page).getByLabel('Name').fill(name);
  await panel(page).getByLabel('Formula').fill(formula);
  await panel(page).getByRole('button', { name: 'Add', exact: true }).click();
}

describe('a row of one’s own', () => {
  test('is made in its panel, holds for all runs at once, and is part of the address', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await newRow(page).click();
    // What is not valid is said as it is typed.
    await panel(page).getByLabel('Name').fill('loss');
    await soon(() => panel(page).textContent()).toContain('"loss" already has a meaning in formulas');
    expect(await panel(page).getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
    await panel(page).getByLabel('Name').fill('gap');
    await panel(page).getByLabel('Formula').fill('=loss - A.los');
    await soon(() => panel(page).textContent()).toContain('#NAME? unknown name "los"; did you mean loss?');
    expect(await violations(page)).toEqual([]);
    await panel(page).getByLabel('Formula').fill('=loss - A.loss');
    await page.keyboard.press('Enter');
    await soon(() => textOf(page, 'A', 'gap')).toBe('0');
    const loss = async (run: string) => numberIn(page, run, 'loss');
    expect(await numberIn(page, 'B', 'gap')).toBeCloseTo((await loss('B')) - (await loss('A')), 3);
    expect(await address(page)).toContain('&row.gap==loss - A.loss');
    // It follows an edit, and nothing is computed for it alone.
    await addRow(page, 'best', 'min(train.testLoss)');
    await soon(() => textOf(page, 'B', 'best')).toMatch(/^0\.\d+/);
    await settled(page, 'nothing to recompute');
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await soon(() => textOf(page, 'B', 'best')).toMatch(/^0\.\d+/);
    expect(await textOf(page, 'B', 'train')).toMatch(/cached/);
    expectClean();
    await close();
  });

  test('is edited in any of its cells, renamed with what reads it, moved, removed, and each is undone', async () => {
    const { page, close, expectClean } = await openNext(
      app,
      `${SMALL}&row.gap==loss-A.loss&row.twice==2*gap`,
    );
    const twice = () => textOf(page, 'B', 'twice');
    await soon(() => textOf(page, 'A', 'twice')).toBe('0');
    await cell(page, 'B', 'gap').click();
    expect(await page.locator('#formula').inputValue()).toBe('=loss-A.loss');
    await page.keyboard.type('=units / A.units');
    await page.keyboard.press('Enter');
    await soon(twice).toBe('2');
    expect(await address(page)).toContain('row.gap==architecture.units / A.architecture.units');
    await page.keyboard.press('Control+z');
    await soon(() => address(page)).toContain('row.gap==loss-A.loss');
    expect(await receipt(page)).toContain('undid: set the row gap to');
    await rowButton(page, 'gap').click();
    await panel(page).getByLabel('Name').fill('excess');
    await panel(page).getByRole('button', { name: 'Save' }).click();
    await soon(() => address(page)).toContain('&row.excess==loss-A.loss&row.twice==2*excess');
    await rowButton(page, 'twice').click();
    await panel(page).getByRole('button', { name: 'Move up' }).click();
    await soon(() => address(page)).toContain('&row.twice==2*excess&row.excess==');
    await rowButton(page, 'excess').click();
    await panel(page).getByRole('button', { name: 'Remove' }).click();
    await soon(twice).toBe('#NAME?');
    for (let step = 0; step < 3; step++) await button(page, 'Undo').click();
    await soon(() => address(page)).toContain('&row.gap==loss-A.loss&row.twice==2*gap');
    expectClean();
    await close();
  });

  test('shows what is wrong as an error value, and over members a mean with its n', async () => {
    const { page, close, expectClean } = await openNext(
      app,
      `${SMALL}&B.seeds=3&row.zero==1/0&row.gone==Z.loss&row.mean==loss&row.curve==train.loss`,
    );
    await soon(() => textOf(page, 'A', 'zero')).toBe('#DIV/0!');
    expect(await textOf(page, 'B', 'gone')).toBe('#REF!');
    expect(await cell(page, 'A', 'gone').getAttribute('aria-invalid')).toBe('true');
    await soon(() => textOf(page, 'B', 'mean')).toMatch(/^0\.\d+ ± \S+ n 3$/);
    expect(await textOf(page, 'A', 'curve')).toBe('[4]');
    await cell(page, 'A', 'gone').click();
    await soon(() => page.locator('#remark').textContent()).toContain('there is no run Z');
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });
});

describe('removing a run that is read', () => {
  const READ = `${SMALL}&B.optimizer.learningRate==A.learningRate*10&row.gap==loss - A.loss`;

  test('says what would break, and keeps the values where that is chosen; one undo takes it back', async () => {
    const { page, close, expectClean } = await openNext(app, READ);
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.01');
    const before = await address(page);
    const gap = await numberIn(page, 'B', 'gap');
    await choose(page, 'A', 'Remove');
    const shownText = (await panel(page).textContent()) ?? '';
    expect(shownText).toContain('B keeps its inherited values');
    expect(shownText).toContain('B.optimizer.learningRate reads A.optimizer.learningRate, which is 0.001');
    expect(shownText).toContain('row gap reads A.loss, which is 0.');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await address(page)).toBe(before);
    await choose(page, 'A', 'Remove');
    await panel(page).getByRole('button', { name: 'Remove, keep the values' }).click();
    await soon(() => runs(page)).toBe('B');
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.01');
    expect(await page.locator('#formula').inputValue()).not.toContain('#REF!');
    expect(await address(page)).toContain('B.optimizer.learningRate==0.001*10');
    await soon(() => numberIn(page, 'B', 'gap')).toBeCloseTo(gap, 6);
    await saved(page);
    await button(page, 'Undo').click();
    await soon(() => address(page)).toBe(before);
    expectClean();
    await close();
  });

  test('leaves #REF! where that is chosen, and its letter is not given to another run', async () => {
    const { page, close, expectClean } = await openNext(
      app,
      `${SMALL}&C=c&B.optimizer.learningRate==C.learningRate`,
    );
    await choose(page, 'C', 'Remove');
    await panel(page).getByRole('button', { name: 'Remove, leave #REF!' }).click();
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('#REF!');
    await ghostRun(page).click();
    await soon(() => runs(page)).toBe('ABD');
    expect(await textOf(page, 'B', 'learning rate')).toBe('#REF!');
    expectClean();
    await close();
  });
});
