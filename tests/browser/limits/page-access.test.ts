// No state of the page has anything that axe objects to, in light and dark, wide and narrow.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type PageOptions, startApp, type WatchedPage } from '../support/app';
import {
  button,
  cell,
  openNext,
  openOwn,
  pressTool,
  settled,
  showView,
  soon,
  type,
  violations,
} from '../support/steps';

const SHEET =
  '#v1&A=mine&A.dataset.nSamples=60&A.train.epochs=3&B=relu&B.base=A&B.architecture.activation=relu';
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** The page in a state, with nothing that axe objects to, and not wider than the window. */
async function sound({ page }: WatchedPage, state: string): Promise<void> {
  expect(await violations(page), state).toEqual([]);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over, `${state}: wider than the window`).toBeLessThanOrEqual(0);
}

const LOOKS: readonly [string, PageOptions][] = [
  ['light and wide', { size: WIDE, dark: false }],
  ['dark and narrow', { size: NARROW, dark: true }],
];
const OTHER_LOOKS: readonly [string, PageOptions][] = [
  ['dark and wide', { size: WIDE, dark: true }],
  ['light and narrow', { size: NARROW, dark: false }],
];

test.each([...LOOKS, ...OTHER_LOOKS])(
  '%s, axe finds nothing in the sheet with the figures of every tab',
  async (_, look) => {
    const open = await openNext(app, SHEET, look);
    const { page, close, expectClean } = open;
    await showView(page, 'Figures');
    for (const tab of ['Data', 'Network', 'Sweep', 'Learning']) {
      await page.locator('.inspector nav').getByRole('button', { name: tab, exact: true }).click();
      await soon(() => page.locator('.inspector .drawing > *').count()).toBeGreaterThan(0);
      await sound(open, tab);
    }
    await page
      .locator('.run-chip')
      .first()
      .click({ modifiers: ['Alt'] });
    await soon(() => page.locator('.run-chip.away').count()).toBeGreaterThan(0);
    await sound(open, 'one run alone in the figures');
    expectClean();
    await close();
  },
);

describe.each(LOOKS)('%s, axe finds nothing', (_, look) => {
  test('while a cell is edited, with a problem, a menu, the share dialog, a notice', async () => {
    const open = await openOwn(app, SHEET, look);
    const { page, close, expectClean } = open;
    await cell(page, 'B', 'activation').click();
    await page.keyboard.press('F2');
    await sound(open, 'a cell being edited');
    await page.keyboard.press('Escape');
    await type(page, 'B', 'noise', '-1');
    await soon(() => cell(page, 'B', 'train').textContent()).toContain('blocked');
    await cell(page, 'B', 'noise').click();
    await sound(open, 'a problem');
    await button(page, 'Undo').click();
    await settled(page);
    await sound(open, 'an undone edit');
    await type(page, 'B', 'epochs', '100000');
    await soon(() => cell(page, 'B', 'train').textContent()).toMatch(/about .* · compute/);
    await sound(open, 'a cell that asks');
    await cell(page, 'B', 'train').getByRole('button', { name: 'compute' }).click();
    await soon(() => cell(page, 'B', 'train').textContent()).toMatch(/[1-9]\d* %/);
    await sound(open, 'a running training');
    await button(page, 'Undo').click();
    await button(page, 'Actions for run B').click();
    await sound(open, 'a run’s menu');
    await page.keyboard.press('Escape');
    await button(page, 'Share').click();
    await sound(open, 'the share dialog');
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      location.hash = '#v9';
    });
    await page.getByRole('note').waitFor();
    await sound(open, 'a notice');
    expectClean();
    await close();
  });

  test('with a selection, rows that differ alone, members, a param without effect, the meaning of a row, Help', async () => {
    const open = await openNext(app, `${SHEET}&B.seeds=3&B.optimizer.name=sgd&B.optimizer.beta1=0.5`, look);
    const { page, close, expectClean } = open;
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Control+a');
    await sound(open, 'everything selected');
    await page.keyboard.press('Escape');
    expect(await cell(page, 'B', 'beta1').getAttribute('aria-label')).toBe(
      'B, beta1, 0.5, overrides A, no effect with sgd',
    );
    await button(page, '3 members').click();
    await cell(page, 'B[2]', 'train').waitFor();
    await sound(open, 'members');
    await button(page, 'Only differences').click();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(0);
    await sound(open, 'only what differs');
    await button(page, 'Only differences').click();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(1);
    await button(page, '3 members').click();
    await page.locator('.row-label', { hasText: 'noise' }).click();
    await page.locator('.explanation:popover-open').waitFor();
    await sound(open, 'the meaning of a row');
    await pressTool(page, 'Help');
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.waitFor();
    await sound(open, 'Help');
    await help.getByRole('searchbox').fill('momentum');
    await soon(() => help.locator('.help-entry').count()).toBeLessThan(9);
    await sound(open, 'the search of Help');
    expect(await help.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
    expectClean();
    await close();
  });

  test('with a linked sheet, in the library and in the comparison', async () => {
    const open = await app.openPage({ ...look, address: `/${SHEET}` });
    const { page, close, expectClean } = open;
    await settled(page, /^recomputed/);
    await button(page, 'Keep a copy').waitFor();
    await sound(open, 'a linked sheet');
    await soon(() => page.locator('.top-bar .library-tool').textContent()).toBe('Library 2');
    await pressTool(page, 'Library 2');
    await soon(() => page.locator('.library tbody tr[data-key]').count()).toBe(2);
    await sound(open, 'the library');
    await button(page, 'Scatter').click();
    await page.getByRole('combobox', { name: 'Colour' }).selectOption({ label: 'epochs' });
    await soon(() => page.locator('.scatter-drawing svg').count()).toBe(2);
    await sound(open, 'the scatter');
    await button(page, 'Table').click();
    await page.getByLabel('Choose all shown').click();
    await button(page, 'Compare').click();
    await page.locator('.comparison-plot').waitFor();
    await sound(open, 'the comparison');
    expectClean();
    await close();
  });
});
