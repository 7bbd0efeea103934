// What costs much, as a person sees it: hundreds of members on all cores, cells that ask first, and what no machine does.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { keepOrders } from '../support/orders';
import {
  button,
  cell,
  choose,
  letRun,
  receipt,
  saved,
  settled,
  soon,
  textOf,
  type,
  violations,
} from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** Keeps the tasks of the page's thread that took longer than 50 ms; the way to read their milliseconds and forget them. */
async function keepLongTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const long: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(Math.round(duration));
    }).observe({ type: 'longtask' });
    Object.assign(window, { takeLongTasks: () => long.splice(0) });
  });
  return () => page.evaluate(() => (window as unknown as { takeLongTasks(): number[] }).takeLongTasks());
}

describe('two hundred seeds', () => {
  test('are counted, stopped, gone on with, computed on all cores, noted in the library, and cached', async () => {
    const { page, close, expectClean } = await app.openPage({ address: null });
    const log = await keepOrders(page);
    const takeLongTasks = await keepLongTasks(page);
    await page.goto(app.origin);
    await settled(page);
    await type(page, 'C', 'epochs', '1000');
    await settled(page, /^recomputed train, diff of C/);
    await takeLongTasks();
    await type(page, 'C', 'seeds', '200');
    const status = cell(page, 'C', 'train');
    const count = async () => Number((await status.textContent())?.match(/(\d+) of 200/)?.[1]);
    await soon(count).toBeGreaterThan(2);
    const some = await count();
    await soon(count).toBeGreaterThan(some);
    expect(await violations(page)).toEqual([]);
    await takeLongTasks();
    await status.getByRole('button', { name: 'cancel' }).click();
    await soon(() => status.textContent()).toMatch(/of 200 · resume/);
    await settled(page, /recomputed/);
    const begun = (await log()).orders.length;
    // An edit elsewhere sets nothing going that was stopped.
    await type(page, 'B', 'epochs', '101');
    await settled(page, /^recomputed train, diff of B/);
    expect((await log()).orders.length).toBe(begun + 1);
    const stopped = await count();
    expect(stopped).toBeGreaterThanOrEqual(some);
    expect(stopped).toBeLessThan(200);
    // What is counted in the title follows within a beat.
    await soon(() => cell(page, 'C', 'loss').getAttribute('title')).toContain(`of ${stopped} of 200 members`);
    await status.getByRole('button', { name: 'resume' }).click();
    await soon(() => status.textContent()).toMatch(/200 members/);
    await settled(page);
    const long = await takeLongTasks();
    process.stderr.write(`page tasks above 50 ms while members were trained: ${long.join(', ') || 'none'}\n`);

    const { orders, busiest } = await log();
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    expect(busiest).toBe(cores);
    expect(new Set(orders.map(({ worker }) => worker)).size).toBe(cores);
    await soon(() => cell(page, 'C', 'loss').getAttribute('title')).toContain('of 200 of 200 members');
    const [loss, mean] = [
      await textOf(page, 'C', 'loss'),
      await cell(page, 'C', 'loss').getAttribute('title'),
    ];
    expect(loss).toMatch(/^[\d.e−]+ ± [\d.e−]+ n 200$/);
    // The opening sheet's three, C with more epochs and its 199 other members, B with one more epoch.
    await soon(() => button(page, 'Library 204').count()).toBe(1);
    await saved(page);
    await page.reload();
    await settled(page, /^nothing to recompute/);
    await soon(() => status.textContent()).toContain('200 members');
    await soon(() => cell(page, 'C', 'loss').getAttribute('title')).toBe(mean);
    expect(await textOf(page, 'C', 'loss')).toBe(loss);
    expect((await log()).orders).toEqual([]);
    expect(await button(page, 'Library 204').count()).toBe(1);
    expectClean();
    await close();
  });
});

describe('a cell that asks', () => {
  test('says what it needs, is computed on Enter and by its button, and may be computed from then on', async () => {
    const { page, close, expectClean } = await app.openPage({
      address: '/#v1&A=a&A.dataset.nSamples=20000&A.train.epochs=20000&B=b&B.base=A&B.train.epochs=2',
    });
    await button(page, 'Keep a copy').click();
    const status = cell(page, 'A', 'train');
    await soon(() => status.textContent()).toMatch(/about [\d,]+ (s|min) · compute$/);
    await soon(() => receipt(page)).toContain('one cell waits for you to compute it');
    expect(await textOf(page, 'A', 'diff')).toContain('waits for train');
    expect(await textOf(page, 'B', 'train')).toContain('ms');
    expect(await violations(page)).toEqual([]);
    await status.click({ position: { x: 4, y: 4 } });
    await page.keyboard.press('Enter');
    await soon(() => status.textContent()).toMatch(/\d %/);
    await soon(() => receipt(page)).toContain('computing');
    await status.getByRole('button', { name: 'cancel' }).click();
    await soon(() => status.textContent()).toMatch(/stopped · resume$/);
    await soon(() => receipt(page)).not.toContain('computing');
    expect(await violations(page)).toEqual([]);
    await status.getByRole('button', { name: 'resume' }).click();
    await soon(() => status.textContent()).toMatch(/\d % · cancel$/);
    await type(page, 'A', 'epochs', '30000');
    await soon(() => status.textContent()).toMatch(/ · compute$/);
    await status.getByRole('button', { name: 'compute' }).click();
    await soon(() => status.textContent()).toMatch(/\d %/);
    await button(page, 'Undo').click();
    await soon(() => status.textContent()).toMatch(/\d %/);
    await saved(page);
    await page.reload();
    await soon(() => status.textContent()).toMatch(/\d %/);
    expectClean();
    await close();
  });

  test('for memory says how much, and asks again after a reload', async () => {
    const { page, close, expectClean } = await openLarge(18, 20);
    await soon(() => textOf(page, 'A', 'architecture')).toMatch(/needs \d+ MB · compute$/);
    await soon(() => textOf(page, 'A', 'train')).toMatch(/needs \d+ MB · compute$/);
    await soon(() => receipt(page)).toMatch(/^\d cells wait for you to compute them$/);
    await letRun(page, 'A', 'architecture');
    await soon(() => textOf(page, 'A', 'architecture')).not.toContain('compute');
    await page.reload();
    await soon(() => textOf(page, 'A', 'train')).toMatch(/needs \d+ MB · compute$/);
    expectClean();
    await close();
  });
});

/** A sheet of one run with so many layers of 1,024 units. */
const openLarge = (layers: number, samples: number, epochs = 1) =>
  app.openPage({
    address: `/#v1&A=a&A.architecture.units=1024&A.architecture.hiddenLayers=${layers}&A.dataset.nSamples=${samples}&A.train.epochs=${epochs}`,
  });

describe('what is too much for any machine', () => {
  test('is refused with the bound and what to lower; a cross-check of it too; all else is computed', async () => {
    const { page, close, expectClean } = await openLarge(10, 100_000, 100_000);
    await settled(page, /^recomputed dataset, split, architecture, optimizer of A · 2 cells blocked/);
    const words =
      /needs about [\d.]+e\+17 operations; the limit is 1e\+15: use fewer epochs, units, layers or samples$/;
    expect(await cell(page, 'A', 'train').getAttribute('title')).toMatch(words);
    expect(await textOf(page, 'A', 'train')).toContain('too large');
    expect(await textOf(page, 'A', 'diff')).toContain('blocked by A.train');
    await choose(page, 'A', 'Cross-check with TensorFlow.js');
    await soon(() => page.locator('.cross-checks').textContent()).toContain(
      'could not be cross-checked: the cross-check needs about',
    );
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('for memory names that bound', async () => {
    const { page, close, expectClean } = await openLarge(50, 100_000);
    await soon(() => cell(page, 'A', 'train').getAttribute('title')).toMatch(
      /needs about [\d.]+ GB of memory; the limit is 1 GB: use fewer units, layers or epochs$/,
    );
    expectClean();
    await close();
  });
});
