// The address: the same sheet and the same numbers elsewhere, never over the own sheet, and Back.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  digests,
  header,
  openNext,
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
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';
const LINKED = SMALL.replace('mine', 'theirs').replace('epochs=2', 'epochs=3');

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

describe('an address', () => {
  test('opened in another profile shows the same sheet and the same numbers, to the byte', async () => {
    const one = await openOwn(app, SMALL);
    await button(one.page, 'Add run').click();
    await type(one.page, 'B', 'activation', 'relu, tanh');
    await type(one.page, 'B', 'hidden layers', '2');
    await settled(one.page, /^recomputed/);
    await button(one.page, 'Share').click();
    const link = await one.page.getByLabel('Address of this sheet').inputValue();
    expect(link).toBe(one.page.url());
    await one.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

    const other = await app.openPage({ address: link.slice(app.origin.length) });
    await settled(other.page, /^recomputed/);
    const results = async (page: typeof one.page) =>
      page
        .locator('[role="grid"] td.result')
        .evaluateAll((all) => all.map((result) => `${result.getAttribute('title')} ${result.textContent}`));
    expect(await results(other.page)).toEqual(await results(one.page));
    expect((await results(other.page)).filter((text) => /^\d/.test(text)).length).toBeGreaterThan(9);
    expect(await header(other.page, 'B').textContent()).toBe(await header(one.page, 'B').textContent());
    const there = await digests(other.page);
    expect(Object.keys(there).length).toBeGreaterThan(7);
    expect(await digests(one.page)).toMatchObject(there);
    one.expectClean();
    other.expectClean();
    await one.close();
    await other.close();
  });

  test('opens at the training of its first run, as the own sheet does and as after the way back', async () => {
    const { page, close, expectClean } = await openOwn(app, `${SMALL}&B=twin&B.base=A&C=other&C.base=A`);
    const place = () => page.locator('label[for="formula"]').textContent();
    await cell(page, 'C', 'noise').click();
    expect(await place()).toBe('C.dataset.noise');
    await page.goto('about:blank');
    await page.goto(`${app.origin}/`);
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expect(await place()).toBe('A.train');
    await cell(page, 'C', 'noise').click();
    await page.goto(`${app.origin}/${LINKED}&B=twin&B.base=A&C=other&C.base=A`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    await soon(place).toBe('A.train');
    await cell(page, 'C', 'noise').click();
    await button(page, 'Back to my sheets').click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    await soon(place).toBe('A.train');
    expectClean();
    await close();
  });

  test('never overwrites the own sheet: it lies beside it, with the way back in view', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    const banner = page.getByRole('status').filter({ hasText: 'This sheet is not in your list' });
    await page.goto(`${app.origin}/${LINKED}`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    expect(await banner.textContent()).toContain('Your own sheets are unchanged');
    await type(page, 'A', 'epochs', '4');
    await settled(page, /^recomputed train, diff of A/);
    await button(page, 'Back to my sheets').click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expect(await textOf(page, 'A', 'epochs')).toBe('2');
    expect(await banner.count()).toBe(0);
    await page.goBack();
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    expect(await textOf(page, 'A', 'epochs')).toBe('4');
    await page.goto(`${app.origin}/`);
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expectClean();
    await close();
  });

  test('kept becomes one sheet more, and the former one is in the list', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await page.goto('about:blank');
    await page.goto(`${app.origin}/${LINKED}`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    await button(page, 'Keep a copy').click();
    await soon(() => button(page, 'Back to my sheets').count()).toBe(0);
    await settled(page);
    await saved(page);
    await page.goto('about:blank');
    await page.goto(`${app.origin}/`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    expect(await button(page, 'Back to my sheets').count()).toBe(0);
    await settled(page, /^nothing to recompute/);
    await page.locator('.sheet-name').click();
    const menu = page.getByRole('dialog', { name: 'Sheets' });
    await menu.getByRole('button', { name: /^mine/ }).click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expectClean();
    await close();
  });

  test('is written at each edit, so that Back and Forward go through the edits', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await type(page, 'A', 'epochs', '3');
    await soon(() => page.url()).toContain('A.train.epochs=3');
    await type(page, 'A', 'epochs', '5');
    await page.goBack();
    await soon(() => textOf(page, 'A', 'epochs')).toBe('3');
    await page.goBack();
    await soon(() => textOf(page, 'A', 'epochs')).toBe('2');
    expect(await button(page, 'Back to my sheets').count()).toBe(0);
    await page.goForward();
    await soon(() => textOf(page, 'A', 'epochs')).toBe('3');
    await saved(page);
    await page.reload();
    await settled(page, /^nothing to recompute/);
    expect(await textOf(page, 'A', 'epochs')).toBe('3');
    expectClean();
    await close();
  });

  test.each([
    ['#v9&A=a', 'unknown version'],
    ['#v1&A=a&A.train.epochs=many', 'A.train.epochs'],
    ['#v1&A=a&A.nothing.here=1', 'there is no kind nothing'],
    ['#v1&A=%3Cimg%20src=x%20onerror=alert(1)%3E&A.base=Q', 'no run Q'],
  ])('that is refused, %s, says why and changes nothing', async (address, words) => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    const alert = page.getByRole('alert');
    await soon(() => alert.textContent()).toContain('The address is invalid');
    expect(await alert.textContent()).toContain(words);
    expect(await runs(page)).toBe('A');
    expect(await receipt(page)).toMatch(/recomputed|nothing/);
    await page.reload();
    await soon(() => page.getByRole('alert').textContent()).toContain(words);
    expect(await header(page, 'A').textContent()).toContain('mine');
    expect(await cell(page, 'A', 'epochs').textContent()).toBe('2');
    await button(page, 'Close').first().click();
    expect(await page.getByRole('alert').count()).toBe(0);
    expectClean();
    await close();
  });
});
