// The library on the page: what finished is there with what led to it, is compared, and goes back to the sheet.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnApp, startOwnApp, type WatchedPage } from '../support/app';
import { button, header, offlineReady, openOwn, runs, settled, soon, textOf, type } from '../support/steps';

const SHEET =
  '#v1&A=short&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=longer&B.base=A&B.train.epochs=40&C=tanh&C.base=A&C.architecture.activation=tanh';

let app: OwnApp;
let open: WatchedPage;

beforeAll(async () => {
  app = await startOwnApp();
});

afterAll(() => app?.close());

const rows = () => open.page.locator('.library tbody tr[data-key]');
const names = () => rows().locator('[data-control="name"]').allTextContents();

describe('the library, without the server', () => {
  test('lists every finished run with params, results, a small curve and when', async () => {
    open = await openOwn(app, SHEET, { offline: true });
    const { page, expectClean } = open;
    await offlineReady(page);
    await app.stopServer();
    await page.reload();
    await settled(page, /^nothing to recompute/);
    await button(page, 'Library 3').click();
    await soon(async () => (await names()).toSorted()).toEqual(['longer', 'short', 'tanh']);
    const row = rows().filter({ hasText: 'longer' });
    expect(await row.locator('.library-summary').textContent()).toContain('40');
    expect(await row.locator('.library-figure').allTextContents()).toHaveLength(5);
    expect(await row.locator('.library-figure').first().textContent()).toMatch(/^\d\.\d{4}$/);
    expect(await row.locator('svg path, svg polyline').count()).toBeGreaterThan(0);
    expect(await row.locator('time').textContent()).toMatch(/just now|minute/);
    expectClean();
  });

  test('sorts and filters', async () => {
    const { page, expectClean } = open;
    const loss = page.getByRole('columnheader', { name: 'loss', exact: true }).getByRole('button');
    const losses = async () =>
      (await rows().locator('.library-figure:nth-of-type(1)').allTextContents()).map(Number);
    await loss.click();
    const ascending = await names();
    await loss.click();
    expect(await names()).toEqual(ascending.toReversed());
    expect(await losses()).toEqual((await losses()).toSorted((a, b) => b - a));
    await page.getByLabel('Filter').fill('tanh');
    await soon(names).toEqual(['tanh']);
    await page.getByLabel('Filter').fill('epochs>10');
    await soon(names).toEqual(['longer']);
    await page.getByLabel('Filter').fill('');
    await soon(() => rows().count()).toBe(3);
    expectClean();
  });

  test('compares two: differing params first, differences against a baseline, one cursor', async () => {
    const { page, expectClean } = open;
    for (const name of ['short', 'longer'])
      await rows().filter({ hasText: name }).locator('[data-control="choice"]').click();
    await button(page, 'Compare').click();
    const table = page.locator('.comparison-table');
    expect(await table.locator('tbody tr').first().textContent()).toBe('Differing: 1 param');
    expect(await table.locator('tbody tr').nth(1).textContent()).toMatch(/train\s*epochs(240|402)/);
    const differences = () => table.locator('small').allTextContents();
    const before = await differences();
    expect(before[0]).toBe('baseline');
    expect(before[1]).toMatch(/^[−+]\d/);
    await page.getByLabel(/^Baseline: 2/).check();
    const after = await differences();
    expect(after[1]).toBe('baseline');
    expect(after[0]?.slice(1, 7)).toBe(before[1]?.slice(1, 7));
    await page.locator('.comparison-plot').waitFor();
    await page.getByRole('slider', { name: 'Epoch' }).focus();
    await page.keyboard.press('Home');
    await soon(() => page.locator('.comparison-readout thead').textContent()).toContain('at epoch 1');
    expect(await page.locator('.comparison-cursor').count()).toBe(1);
    await page.keyboard.press('Escape');
    expectClean();
  });

  test('adds one to the sheet as a column of the same numbers', async () => {
    const { page, expectClean } = open;
    await rows().filter({ hasText: 'longer' }).locator('[data-control="add"]').click();
    await settled(page, /^nothing to recompute/);
    expect(await runs(page)).toBe('ABCD');
    expect(await header(page, 'D').textContent()).toContain('longer');
    expect(await textOf(page, 'D', 'loss')).toBe(await textOf(page, 'B', 'loss'));
    await button(page, 'Undo').click();
    await soon(() => runs(page)).toBe('ABC');
    await type(page, 'C', 'epochs', '3');
    await settled(page, /^recomputed train, diff of C/);
    await soon(() => button(page, 'Library 4').count()).toBe(1);
    expectClean();
  });

  test('keeps names and notes, and gives back what was removed', async () => {
    const { page, expectClean } = open;
    await button(page, 'Library 4').click();
    const row = () => rows().filter({ hasText: /short|the first/ });
    await row().locator('[data-control="name"]').click();
    await page.keyboard.type('the first');
    await page.keyboard.press('Enter');
    await soon(names).toContain('the first');
    await row().locator('[data-control="note"]').click();
    await page.keyboard.type('keep this');
    await page.keyboard.press('Enter');
    await soon(() => row().textContent()).toContain('keep this');
    await row().locator('[data-control="remove"]').click();
    await soon(() => rows().count()).toBe(3);
    await button(page, 'Library 3').waitFor();
    await page.locator('.library-status').getByRole('button', { name: 'Undo' }).click();
    await soon(names).toContain('the first');
    // Keys undo what is on the screen, and never the sheet behind it.
    const sheet = page.url();
    await row().locator('[data-control="remove"]').click();
    await soon(() => rows().count()).toBe(3);
    await page.keyboard.press('Control+z');
    await soon(names).toContain('the first');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+y');
    expect(page.url()).toBe(sheet);
    expect(await page.locator('.steps').evaluate((steps) => (steps as HTMLElement).inert)).toBe(true);
    await rows().filter({ hasText: 'longer' }).locator('[data-control="remove"]').click();
    await soon(() => rows().count()).toBe(3);
    await page.reload();
    await button(page, 'Library 3').click();
    await soon(names).toContain('the first');
    expect(await names()).not.toContain('longer');
    expect(await row().textContent()).toContain('keep this');
    await page.keyboard.press('Escape');
    await settled(page);
    expectClean();
  });

  test('keeps what is being typed while another tab changes the same text', async () => {
    const { page, context, expectClean } = open;
    const other = await app.openPage({ context });
    const fieldOf = (at: typeof page, what: 'name' | 'note') =>
      at.locator('.library tbody tr[data-key]', { hasText: 'keep this' }).locator(`[data-control="${what}"]`);
    for (const at of [page, other.page]) await button(at, 'Library 3').click();
    await fieldOf(page, 'name').click();
    await page.keyboard.type('my na');
    await fieldOf(other.page, 'name').click();
    await other.page.keyboard.type('their name');
    await other.page.keyboard.press('Enter');
    // Another row shows that the page has read the library again.
    await other.page
      .locator('.library tbody tr[data-key]', { hasText: 'tanh' })
      .first()
      .locator('[data-control="note"]')
      .click();
    await other.page.keyboard.type('from there');
    await other.page.keyboard.press('Enter');
    await soon(async () => {
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      return page.locator('.library').textContent();
    }).toContain('from there');
    expect(await page.locator('.library-edit').inputValue()).toBe('my na');
    await page.keyboard.type('me');
    await page.keyboard.press('Enter');
    await soon(names).toContain('my name');
    expectClean();
    await other.page.close();
  });
});
