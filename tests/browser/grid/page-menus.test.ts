// The menus of the grid, by the right button, by keys and by a finger; the proposed row; where a new run's column comes from.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  ghostRun,
  header,
  openNext,
  runs,
  settled,
  soon,
  textOf,
  violations,
} from '../support/steps';

const SHEET =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.architecture.activation=relu&C=c&C.base=A';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const menu = (page: Page) => page.getByRole('menu');
const entries = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role="menuitem"]')].map((item) => item.firstChild?.textContent ?? ''),
  );
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.firstChild?.textContent ?? '';
  });
const isWithin = (page: Page) =>
  menu(page).evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  });

describe('the menu', () => {
  test('opens on a cell with what applies, moves by keys, and gives the focus back', async () => {
    const { page, close, expectClean } = await openNext(app, SHEET);
    await cell(page, 'B', 'activation').click({ button: 'right' });
    await menu(page).waitFor();
    expect(await entries(page)).toEqual([
      ...['Edit', 'Cut', 'Copy', 'Paste', 'Clear to the inherited value', 'Sweep or fill …'],
      'Go to dependents',
    ]);
    expect(await isWithin(page)).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(await focused(page)).toBe('Edit');
    for (const [key, place] of [
      ['ArrowUp', 'Go to dependents'],
      ['ArrowDown', 'Edit'],
      ['End', 'Go to dependents'],
      ['Home', 'Edit'],
      ['c', 'Cut'],
      ['l', 'Clear to the inherited value'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused(page), key).toBe(place);
    }
    await page.keyboard.press('Enter');
    await soon(() => textOf(page, 'B', 'activation')).toBe('sigmoid');
    expect(await focused(page)).toMatch(/^B, activation, sigmoid/);
    await page.keyboard.press('Control+z');
    await soon(() => textOf(page, 'B', 'activation')).toBe('relu');
    for (const key of ['Escape', 'Tab']) {
      await page.keyboard.press('Shift+F10');
      await menu(page).waitFor();
      await page.keyboard.press(key);
      expect(await menu(page).count()).toBe(0);
    }
    expect(await focused(page)).not.toMatch(/^B, activation/);
    // With Shift the browser's own menu appears, and in a text that is being typed.
    await cell(page, 'B', 'activation').click({ button: 'right', modifiers: ['Shift'] });
    await cell(page, 'A', 'noise').dblclick();
    await page.locator('.cell-input').click({ button: 'right' });
    await page.waitForTimeout(100);
    expect(await menu(page).count()).toBe(0);
    await page.keyboard.press('Escape');
    expectClean();
    await close();
  });

  test('copies and pastes formulas, or says which key pastes, and keeps the selected range', async () => {
    const { page, close, expectClean } = await openNext(app, `${SHEET}&C.dataset.noise==A.noise*2`);
    const pick = async (run: string, name: string) => {
      await cell(page, run, 'noise').click({ button: 'right' });
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    await pick('C', 'Copy');
    await soon(() => page.locator('.receipt').textContent()).toContain('copied 1 cell');
    await pick('B', 'Paste');
    await soon(() => page.getByRole('note').textContent()).toContain('press Ctrl+V');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await pick('B', 'Paste');
    await soon(() => cell(page, 'B', 'noise').getAttribute('aria-label')).toContain('A.dataset.noise*2');
    await page.keyboard.press('Control+z');
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Shift+ArrowRight');
    await cell(page, 'B', 'noise').click({ button: 'right' });
    expect(await entries(page)).toContain('Fill right');
    expect(await entries(page)).not.toContain('Edit');
    await page.mouse.click(640, 760);
    expect(await menu(page).count()).toBe(0);
    await page.context().clearPermissions();
    expectClean();
    await close();
  });

  test('on headers and labels: runs, rows of formulas, groups; it stays in the window', async () => {
    const { page, close, expectClean } = await openNext(app, `${SHEET}&row.gap==loss`);
    await header(page, 'C').locator('.run-id').click({ button: 'right' });
    await menu(page).waitFor();
    expect(await entries(page)).toEqual([
      ...['Add a twin', 'Sweep or fill …', 'Rename', 'Wider', 'Narrower'],
      ...['Show alone in the figures', 'Hide in the figures'],
      ...['Use as baseline', 'Cross-check with TensorFlow.js', 'Move left', 'Remove'],
    ]);
    await page.getByRole('menuitem', { name: 'Hide in the figures' }).click();
    await soon(() => page.locator('.run-chip[aria-pressed="true"]').count()).toBe(2);
    const label = (name: string) => page.locator('.grid th[scope="row"]', { hasText: name });
    await label('dataset').click({ button: 'right' });
    await page.getByRole('menuitem', { name: '1 param of dataset at default: show' }).click();
    await soon(() => cell(page, 'A', 'random state').count()).toBe(1);
    await label('dataset').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Fold' }).click();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(0);
    await label('dataset').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Unfold' }).click();
    await label('dataset')
      .getByRole('button', { name: /: hide$/ })
      .click();
    await label('gap').click({ button: 'right' });
    await menu(page).waitFor();
    expect(await isWithin(page)).toBe(true);
    await page.getByRole('menuitem', { name: 'Remove row' }).click();
    await soon(() => label('gap').count()).toBe(0);
    await button(page, 'Actions for run B').focus();
    await page.keyboard.press('Enter');
    await menu(page).waitFor();
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Actions for run B');
    expectClean();
    await close();
  });

  test('opens by a long press of a finger, and not by one that moves', async () => {
    const size = { width: 390, height: 844 };
    const context = await app.browser.newContext({
      viewport: size,
      hasTouch: true,
      isMobile: true,
      serviceWorkers: 'block',
    });
    const { page, expectClean } = await app.openPage({ context, size, address: `/${SHEET}` });
    await settled(page);
    const devtools = await context.newCDPSession(page);
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel',
      ...touchPoints: { x: number; y: number }[]
    ) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints });
    const point = async () => {
      const box = await cell(page, 'B', 'noise').boundingBox();
      if (!box) throw new Error('there is no cell');
      return { x: box.x + 20, y: box.y + 20 };
    };
    const moved = await point();
    await touch('touchStart', moved);
    await touch('touchMove', { ...moved, x: moved.x + 14 });
    await page.waitForTimeout(700);
    await touch('touchEnd');
    expect(await menu(page).count()).toBe(0);
    await touch('touchStart', await point());
    await menu(page).waitFor();
    await touch('touchEnd');
    await page.waitForTimeout(100);
    expect(await menu(page).count()).toBe(1);
    expect(await isWithin(page)).toBe(true);
    expect(await page.evaluate(() => String(getSelection()))).toBe('');
    expect(await menu(page).getAttribute('aria-label')).toBe('Cell B.dataset.noise');
    await page.getByRole('menuitem', { name: 'Edit' }).tap();
    await page.locator('.cell-input').waitFor();
    await page.keyboard.press('Escape');
    // A press that the system takes away swallows no later tap.
    await touch('touchStart', await point());
    await menu(page).waitFor();
    await touch('touchCancel');
    await page.keyboard.press('Escape');
    await soon(() => menu(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Figures', exact: true }).tap();
    await soon(() => page.locator('.inspector').isVisible()).toBe(true);
    expectClean();
    await context.close();
  });
});

test('a new run grows in 150 ms, is active and in sight; with less motion it is there at once', async () => {
  const { page, close, expectClean } = await openNext(app, SHEET);
  const moving = () => page.evaluate(() => document.getAnimations().length);
  const add = async (run: string, motion: 'no-preference' | 'reduce') => {
    await page.emulateMedia({ reducedMotion: motion });
    await cell(page, run, 'noise').click();
    await page.evaluate(() => {
      Object.assign(window, { moved: 0 });
      const count = () => {
        const found = document
          .getAnimations()
          .filter((one) => one.effect?.getTiming().duration === 150).length;
        Object.assign(window, { moved: Math.max((window as unknown as { moved: number }).moved, found) });
        requestAnimationFrame(count);
      };
      count();
    });
    await ghostRun(page).click();
  };
  await add('B', 'no-preference');
  await soon(() => runs(page)).toBe('ABCD');
  await soon(() => page.evaluate(() => (window as unknown as { moved: number }).moved)).toBeGreaterThan(10);
  await soon(moving).toBe(0);
  expect(await cell(page, 'D', 'noise').getAttribute('aria-selected')).toBe('true');
  for (let more = 0; more < 4; more++) await ghostRun(page).click();
  await soon(() => runs(page)).toBe('ABCDEFGH');
  const inSight = () =>
    header(page, 'H').evaluate((element) => {
      const view = element.closest('.grid-scroll')?.getBoundingClientRect();
      return view !== undefined && element.getBoundingClientRect().right <= view.right + 1;
    });
  await soon(inSight).toBe(true);
  await page.keyboard.press('Control+z');
  await soon(() => runs(page)).toBe('ABCDEFG');
  await add('G', 'reduce');
  await soon(() => runs(page)).toBe('ABCDEFGH');
  expect(await page.evaluate(() => (window as unknown as { moved: number }).moved)).toBe(0);
  await page.emulateMedia({ reducedMotion: null });
  expectClean();
  await close();
});

test('the proposed row is evaluated in every run, and joins the sheet with Enter alone', async () => {
  const { page, close, expectClean } = await openNext(app, SHEET);
  const address = () => page.evaluate(() => decodeURIComponent(location.hash));
  const before = await address();
  await soon(() => textOf(page, 'A', 'new row')).toBe('0');
  const shown = await textOf(page, 'B', 'new row');
  expect(shown).toMatch(/^−?0\.\d+$/);
  await cell(page, 'B', 'new row').click();
  await page.keyboard.press('F2');
  expect(await page.locator('.cell-input').inputValue()).toBe('=loss - A.loss');
  await cell(page, 'A', 'noise').click();
  expect(await address()).toBe(before);
  await cell(page, 'B', 'new row').click();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await soon(address).toContain('&row.row1==loss - A.loss');
  await soon(() => textOf(page, 'B', 'row1')).toBe(shown);
  expect(await focused(page)).toMatch(/^B, row1, /);
  expect(await violations(page)).toEqual([]);
  expectClean();
  await close();
});
