// Two tabs of one browser that show the same long training: one of them trains, and the other has it from the disk.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { keepOrders } from '../support/orders';
import { cell, letAskingRun, settled, soon, stored } from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** A training of so many epochs: of some seconds, which asks before where they are many. */
const addressOf = (epochs: number): string => `/#v1&A=a&A.dataset.nSamples=2000&A.train.epochs=${epochs}`;

async function openTwo(epochs: number) {
  const first = await app.openPage({ address: null });
  const second = await app.openPage({ address: null, context: first.context });
  const orders = [await keepOrders(first.page), await keepOrders(second.page)] as const;
  const trained = async (at: 0 | 1) => (await orders[at]()).orders.filter((order) => order.epochs === epochs);
  const go = (page: Page) => page.goto(new URL(addressOf(epochs), app.origin).href);
  return { first, second, trained, go };
}

const status = (page: Page) => cell(page, 'A', 'train').textContent();

/** How far the training is that can be gone on with, in epochs. */
const farthest = async (page: Page): Promise<number> =>
  Math.max(
    0,
    ...Object.values(await stored(page, 'gradsheet-checkpoints')).map((held) => {
      const { at } = held as { at?: unknown };
      return typeof at === 'number' ? at : 0;
    }),
  );

test('train it once', async () => {
  const { first, second, trained, go } = await openTwo(1_900);
  await go(first.page);
  await soon(() => status(first.page)).toMatch(/\d %/);
  await go(second.page);
  // On a busy machine the training has ended before the second page opens; the test below holds it long enough.
  await soon(() => status(second.page)).toMatch(/queued|cached/);
  await settled(first.page);
  await settled(second.page);
  expect([(await trained(0)).length, (await trained(1)).length]).toEqual([1, 0]);
  expect(await status(second.page)).toContain('cached');
  first.expectClean();
  second.expectClean();
  await first.close();
}, 180_000);

test('go on from the checkpoint of one that is killed', async () => {
  const { first, second, trained, go } = await openTwo(12_000);
  await go(first.page);
  await letAskingRun(first.page, 'A', 'train');
  await soon(() => status(first.page)).toMatch(/\d %/);
  await go(second.page);
  await soon(() => status(second.page)).toContain('queued');
  await soon(() => farthest(second.page)).toBeGreaterThan(100);
  const session = await first.context.newCDPSession(first.page);
  const gone = new Promise((done) => first.page.once('crash', done));
  session.send('Page.crash').catch(() => {});
  await gone;
  await settled(second.page);
  const [order, ...more] = await trained(1);
  expect(more).toEqual([]);
  expect(order?.from).toBeGreaterThanOrEqual(100);
  await second.close();
}, 180_000);
