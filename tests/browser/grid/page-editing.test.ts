// Editing: in the cell, in the formula bar, whole runs; undo and redo of each; and what is not valid.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  choose,
  ghostRun,
  header,
  openNext,
  runs,
  saved,
  settled,
  soon,
  textOf,
  type,
} from '../support/steps';

/** Two runs that are computed in a moment. */
const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.architecture.activation=relu';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** Undoes and redoes the last edit, by buttons and by keys; what the sheet shows follows. */
async function thereAndBack(page: Page, look: () => Promise<unknown>, before: unknown, after: unknown) {
  await soon(look).toEqual(after);
  await button(page, 'Undo').click();
  await soon(look).toEqual(before);
  await button(page, 'Redo').click();
  await soon(look).toEqual(after);
  await page.locator('[role="grid"] [tabindex="0"]').first().focus();
  await page.keyboard.press('Control+z');
  await soon(look).toEqual(before);
  await page.keyboard.press('Control+Shift+Z');
  await soon(look).toEqual(after);
  await page.keyboard.press('Control+z');
  await soon(look).toEqual(before);
  await page.keyboard.press('Control+y');
  await soon(look).toEqual(after);
}

describe('a param', () => {
  test('is edited in its cell: typing, F2, Enter, Tab, Esc, Delete', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    const noise = () => textOf(page, 'A', 'noise');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await cell(page, 'A', 'noise').click();
    await page.keyboard.type('0.3');
    expect(await page.locator('#formula').inputValue()).toBe('0.3');
    await page.keyboard.press('Enter');
    await soon(noise).toBe('0.3');
    // Enter goes on to the next param, across the rows that cannot be edited.
    expect(await focused()).toMatch(/^A, hidden layers, /);
    await cell(page, 'A', 'noise').click();
    expect(await focused()).toBe('A, noise, 0.3, set here');
    await page.keyboard.press('F2');
    await page.keyboard.type('5');
    await page.keyboard.press('Tab');
    await soon(noise).toBe('0.35');
    expect(await focused()).toBe('B, noise, 0.35, from A');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.keyboard.type('999');
    await page.keyboard.press('Escape');
    expect(await noise()).toBe('0.35');
    expect(await focused()).toBe('A, noise, 0.35, set here');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('0.4');
    await page.keyboard.press('Shift+Tab');
    await soon(() => textOf(page, 'B', 'noise')).toBe('0.4');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Delete');
    await soon(() => cell(page, 'B', 'noise').getAttribute('aria-label')).toBe('B, noise, 0.35, from A');
    await settled(page);
    expectClean();
    await close();
  });

  test('is edited in the formula bar', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    const bar = page.locator('#formula');
    await cell(page, 'B', 'learning rate').click();
    expect(await page.locator('#place').inputValue()).toBe('B.optimizer.learningRate');
    await bar.fill('0.5');
    expect(await page.locator('#remark').textContent()).toContain('takes');
    await bar.press('Enter');
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.5');
    await settled(page, /^recomputed optimizer, train, diff of B/);
    await bar.fill('0.7');
    await bar.press('Escape');
    expect(await textOf(page, 'B', 'learning rate')).toBe('0.5');
    expect(await bar.inputValue()).toBe('0.5');
    expectClean();
    await close();
  });

  test('is undone and redone, by buttons and by keys', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await type(page, 'A', 'epochs', '3');
    await thereAndBack(page, () => textOf(page, 'B', 'epochs'), '2', '3');
    await settled(page, /^redid: set epochs of A to 3 · nothing to recompute/);
    await cell(page, 'A', 'epochs').click();
    await page.keyboard.press('Delete');
    await thereAndBack(page, () => textOf(page, 'A', 'epochs'), '3', '100');
    expectClean();
    await close();
  });

  test('out of bounds keeps its text, says what is accepted and blocks what is downstream, after a reload too', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await type(page, 'B', 'learning rate', 'minus one');
    const look = async () => {
      expect(await textOf(page, 'B', 'learning rate')).toBe('minus one');
      expect(await cell(page, 'B', 'learning rate').getAttribute('aria-invalid')).toBe('true');
      expect(await cell(page, 'B', 'learning rate').getAttribute('title')).toMatch(
        /number|greater|above|more/,
      );
      expect(await cell(page, 'B', 'optimizer').textContent()).toContain('not valid');
      for (const kind of ['train', 'diff']) {
        expect(await cell(page, 'B', kind).textContent()).toContain('blocked by B.optimizer.learningRate');
        expect((await cell(page, 'B', kind).getAttribute('title')) ?? '').toContain('learningRate');
      }
      expect(await cell(page, 'A', 'train').textContent()).not.toContain('blocked');
      await cell(page, 'B', 'learning rate').click();
      expect(await page.locator('#remark').textContent()).toMatch(/number|greater|above|more/);
      expect(await page.locator('#formula').inputValue()).toBe('minus one');
    };
    await look();
    await saved(page);
    await page.reload();
    await settled(page);
    await look();
    await thereAndBackInvalid(page);
    expectClean();
    await close();
  });
});

/** A valid text in the place of one that is not takes the block away; undo brings it back. */
async function thereAndBackInvalid(page: Page): Promise<void> {
  await type(page, 'B', 'learning rate', '0.01');
  await settled(page, /^recomputed optimizer, train, diff of B/);
  expect(await cell(page, 'B', 'train').textContent()).not.toContain('blocked');
  await button(page, 'Undo').click();
  await soon(() => textOf(page, 'B', 'learning rate')).toBe('minus one');
  expect(await cell(page, 'B', 'train').textContent()).toContain('blocked');
}

describe('a run', () => {
  test('is added and removed, each undone and redone', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await ghostRun(page).click();
    await soon(() => runs(page)).toBe('ABC');
    expect(await header(page, 'C').textContent()).toContain('twin of B');
    await settled(page, /^nothing to recompute/);
    await thereAndBack(page, () => runs(page), 'AB', 'ABC');
    await choose(page, 'B', 'Remove');
    await thereAndBack(page, () => runs(page), 'ABC', 'AC');
    expect(await textOf(page, 'C', 'activation')).toBe('relu');
    await settled(page, /nothing to recompute/);
    expectClean();
    await close();
  });

  test('is duplicated as a twin beside it, renamed and moved, each undone and redone', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await choose(page, 'A', 'Add a twin');
    await thereAndBack(page, () => runs(page), 'AB', 'ACB');
    expect(await cell(page, 'C', 'train').textContent()).toContain('shared');
    const name = () => header(page, 'A').locator('.run-name').textContent();
    await choose(page, 'A', 'Rename');
    const field = page.getByLabel('Name of run A');
    await field.fill('first & <best>');
    await field.press('Enter');
    await thereAndBack(page, name, 'a', 'first & <best>');
    await choose(page, 'C', 'Move right');
    await thereAndBack(page, () => runs(page), 'ACB', 'ABC');
    await choose(page, 'B', 'Move left');
    await thereAndBack(page, () => runs(page), 'ABC', 'BAC');
    await saved(page);
    await page.reload();
    await settled(page, /^nothing to recompute/);
    expect(await runs(page)).toBe('BAC');
    expect(await name()).toBe('first & <best>');
    expectClean();
    await close();
  });
});
