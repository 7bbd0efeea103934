// Trainings as a person sees them: cross-checked against TensorFlow.js, longer and shorter, and with a worker lost on the way.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { keepOrders } from '../support/orders';
import {
  button,
  cell,
  choose,
  letRun,
  openOwn,
  saved,
  settled,
  soon,
  statement,
  textOf,
  type,
  violations,
} from '../support/steps';

const CHECK = 'Cross-check with TensorFlow.js';

/** "weights within 2.1e-6 (most in epoch 88), loss within 1.4e-7" */
const WITHIN =
  /agrees with TensorFlow\.js: weights within [\d.e−]+ \(most in epoch \d+\), loss within [\d.e−]+/;

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** What the cross-checks say, a line a run. */
const lines = (page: Page): Promise<string[]> => page.locator('.cross-checks p').allTextContents();

const lossOf = (page: Page, run: string): Promise<string | null> =>
  cell(page, run, 'loss').getAttribute('title');

describe('a cross-check with TensorFlow.js', () => {
  test('says the largest differences in the cell and beside it, and draws them epoch by epoch, of two at once', async () => {
    const { page, close, expectClean } = await app.openPage();
    await settled(page);
    await choose(page, 'A', CHECK);
    await choose(page, 'C', CHECK);
    await soon(() => page.locator('.cross-checks progress').count()).toBe(2);
    expect(await violations(page)).toEqual([]);
    await soon(async () => (await lines(page)).filter((line) => WITHIN.test(line)).length).toBe(2);
    for (const run of ['A', 'C']) {
      const label = await cell(page, run, 'train').getAttribute('aria-label');
      expect(label).toMatch(WITHIN);
      expect(await cell(page, run, 'train').getAttribute('title')).toMatch(WITHIN);
      expect(await textOf(page, run, 'train')).toMatch(/tfjs ± \d\.\de−\d$/);
    }
    expect(await textOf(page, 'B', 'train')).not.toContain('tfjs');
    const figure = page.locator('#figure-cross-check');
    await soon(() => statement(page, 'cross-check')).toMatch(/in A, .* in C$/);
    expect(await figure.locator('path.curve').count()).toBe(4);
    expect(await figure.textContent()).toContain('over 100 epochs');
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('belongs to the training: an edit takes it away, undo brings it back, and it can be closed', async () => {
    const { page, close, expectClean } = await openOwn(app, '#v1&A=a&A.train.epochs=5&A.train.engine=tfjs');
    await choose(page, 'A', CHECK);
    await soon(() => lines(page)).toEqual([expect.stringMatching(WITHIN)]);
    const before = await lines(page);
    await type(page, 'A', 'learning rate', '0.002');
    await settled(page, /^recomputed/);
    expect(await lines(page)).toEqual([]);
    expect(await textOf(page, 'A', 'train')).not.toContain('tfjs');
    await button(page, 'Undo').click();
    await soon(() => lines(page)).toEqual(before);
    // The other engine makes it another training, with the same differences.
    await type(page, 'A', 'engine', 'fused');
    await settled(page, /^recomputed/);
    expect(await lines(page)).toEqual([]);
    await choose(page, 'A', CHECK);
    await soon(() => lines(page)).toEqual(before);
    await button(page, 'Close the cross-check of A').click();
    expect(await lines(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('of a run with seeds is member 0’s; of one that diverges it says so; one under way can be cancelled', async () => {
    const { page, close, expectClean } = await openOwn(
      app,
      '#v1&A=steep&A.architecture.activation=linear&A.optimizer.name=sgd&A.optimizer.learningRate=1e30' +
        '&B=seeded&B.seeds=3&B.train.epochs=5&C=long&C.train.epochs=5000',
    );
    for (const run of ['A', 'B', 'C']) await choose(page, run, CHECK);
    await soon(async () => (await lines(page))[0]).toMatch(
      /^A could not be cross-checked: with both engines the loss became (NaN|infinite) in epoch 1 /,
    );
    await soon(async () => (await lines(page))[1]).toMatch(/^B member 0 agrees with TensorFlow\.js: /);
    await soon(async () =>
      Number(await page.locator('.cross-checks progress').getAttribute('value')),
    ).toBeGreaterThan(0);
    await button(page, 'Cancel the cross-check of C').click();
    await soon(async () => (await lines(page)).length).toBe(2);
    await choose(page, 'C', CHECK);
    await soon(() => page.locator('.cross-checks progress').count()).toBe(1);
    await type(page, 'C', 'epochs', '6');
    await settled(page, /^recomputed/);
    expect((await lines(page)).length).toBe(2);
    await choose(page, 'C', CHECK);
    await soon(async () => (await lines(page))[2]).toMatch(WITHIN);
    expectClean();
    await close();
  });
});

describe('the number of epochs', () => {
  test('raised computes only those that are missing, lowered only those since a checkpoint; a short one begins anew after a reload', async () => {
    const { page, close, expectClean } = await app.openPage({ address: null });
    const orders = async () => (await log()).orders.map(({ epochs, from }) => `${from} to ${epochs}`);
    const log = await keepOrders(page);
    await page.goto(app.origin);
    await settled(page);
    expect(await orders()).toEqual(['0 to 100', '0 to 100', '0 to 100']);
    await type(page, 'C', 'epochs', '150');
    await settled(page, /^recomputed train, diff of C/);
    await type(page, 'C', 'epochs', '50');
    await settled(page, /^recomputed train, diff of C/);
    expect((await orders()).slice(3)).toEqual(['100 to 150', '48 to 50']);
    const fifty = await lossOf(page, 'C');
    await saved(page);
    await page.reload();
    await settled(page, /^nothing to recompute/);
    await type(page, 'C', 'epochs', '160');
    await settled(page, /^recomputed train, diff of C/);
    await type(page, 'C', 'epochs', '40');
    await settled(page, /^recomputed train, diff of C/);
    // States that stand for less than half a second of work are not worth their place on disk.
    expect(await orders()).toEqual(['0 to 160', '32 to 40']);
    const ends = [fifty, await lossOf(page, 'C')];
    expectClean();
    await close();

    const fresh = await openOwn(
      app,
      '#v1&A=a&A.architecture.activation=relu&A.train.epochs=50&B=b&B.base=A&B.train.epochs=40',
    );
    expect([await lossOf(fresh.page, 'A'), await lossOf(fresh.page, 'B')]).toEqual(ends);
    await fresh.close();
  });
});

describe('a worker that is lost in the middle of a training', () => {
  test('is replaced, and the training goes on from its last checkpoint to the same end', async () => {
    const address = '/#v1&A=a&A.dataset.nSamples=20000&A.train.epochs=800';
    const { page, close, expectClean } = await app.openPage({ address: null });
    const log = await keepOrders(page);
    await page.goto(`${app.origin}${address}`);
    await letRun(page, 'A', 'train');
    await soon(() => textOf(page, 'A', 'train')).toMatch(/[1-9]\d* %/);
    const [order] = (await log()).orders;
    // It ends without a word, as one does that the system takes away; that it is gone is known by its silence.
    await page.workers()[order?.worker ?? 0]?.evaluate(() => close());
    await settled(page);
    const { orders } = await log();
    expect(orders).toHaveLength(2);
    expect(orders[1]?.from).toBeGreaterThan(0);
    const end = await lossOf(page, 'A');
    expectClean();
    await close();

    const fresh = await app.openPage({ address });
    await letRun(fresh.page, 'A', 'train');
    await settled(fresh.page);
    expect(await lossOf(fresh.page, 'A')).toBe(end);
    await fresh.close();
  });
});
