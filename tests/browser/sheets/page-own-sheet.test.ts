// The own sheet where it is hard to keep: several tabs, texts that no address can hold, storage that fails or hangs,
// and members behind a column.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, cell, openOwn, saved, settled, soon, textOf, type } from '../support/steps';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

describe('the own sheet', () => {
  test('stays the newest one of several tabs, though an older tab is loaded again', async () => {
    const one = await openOwn(app, SMALL);
    await type(one.page, 'A', 'noise', '0.21');
    await settled(one.page);
    await saved(one.page);
    const other = await app.openPage({ context: one.context });
    await settled(other.page);
    expect(await textOf(other.page, 'A', 'noise')).toBe('0.21');
    await type(other.page, 'A', 'noise', '0.4');
    await settled(other.page);
    await saved(other.page);
    await one.page.reload();
    await settled(one.page);
    expect(await textOf(one.page, 'A', 'noise')).toBe('0.4');
    const third = await app.openPage({ context: one.context });
    await settled(third.page);
    expect(await textOf(third.page, 'A', 'noise')).toBe('0.4');
    for (const { expectClean } of [one, other, third]) expectClean();
    await one.close();
  });

  test('keeps a text that is not valid through Back, and Share says that it cannot be read elsewhere', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await type(page, 'A', 'learning rate', '-1');
    await soon(() => page.locator('#remark').textContent()).toContain('"-1" is not a number above 0');
    await type(page, 'A', 'noise', '0.3');
    await page.goBack();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.05');
    expect(await textOf(page, 'A', 'learning rate')).toBe('-1');
    expect(await page.getByRole('note').count()).toBe(0);
    await button(page, 'Share').click();
    await page.getByText('A value in this sheet is not valid').waitFor();
    expectClean();
    await close();
  });

  test('a blocked cell leads to the place that blocks it', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await type(page, 'A', 'learning rate', '-1');
    await cell(page, 'A', 'train').click();
    await button(page, 'Go to A.optimizer.learningRate').click();
    await soon(() => page.locator(':focus').getAttribute('aria-label')).toContain('A, learning rate, -1');
    expectClean();
    await close();
  });

  test.each([
    ['fails', 'fails'],
    ['hangs', 'hangs'],
  ])('where storage %s the page works, and says so until it is told to stop', async (how, way) => {
    const { page, close } = await app.openPage({ address: null });
    await page.addInitScript((chosen) => {
      IDBFactory.prototype.open = function open() {
        if (chosen === 'fails') throw new DOMException('no', 'SecurityError');
        return Object.assign(new EventTarget(), { result: null }) as unknown as IDBOpenDBRequest;
      };
    }, way);
    await page.goto(`${app.origin}/`);
    await page.locator('[role="grid"]').waitFor({ timeout: 3_000 });
    await settled(page, /^recomputed/);
    const alert = page.locator('.banner[role="note"]');
    await alert.first().waitFor();
    await type(page, 'C', 'epochs', '3');
    await settled(page, /^recomputed train, diff of C/);
    expect(await alert.first().textContent()).toMatch(/storage|saved|library/i);
    await alert.first().getByRole('button', { name: 'Close' }).click();
    const state = page.locator('.sheet-status .bad');
    const reason = how === 'fails' ? 'this browser does not allow storage here' : 'storage does not answer';
    await soon(() => state.textContent()).toBe(`not saved, trying again: ${reason}`);
    expect(await state.getAttribute('title')).toBe(await state.textContent());
    await close();
  });
});

test('a column with seeds shows the mean over its members with its spread, and how many there are', async () => {
  const { page, close, expectClean } = await openOwn(app, `${SMALL}&A.seeds=3&B=one&B.base=A&B.seeds=1`);
  await soon(() => textOf(page, 'A', 'loss')).toMatch(/^\d\.\d{4} ± [\d.e-]+ n 3$/);
  expect(await cell(page, 'A', 'loss').getAttribute('title')).toBe(
    'mean ± standard deviation of 3 of 3 members',
  );
  expect(await textOf(page, 'A', 'train')).toBe('● 3 members');
  expect(await textOf(page, 'B', 'loss')).toMatch(/^\d\.\d{4}$/);
  expectClean();
  await close();
});
