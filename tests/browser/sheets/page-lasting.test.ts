// What lasts: a killed browser's training goes on, the page works and trains without its server, an update waits.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnApp, startOwnApp } from '../support/app';
import { browserPath } from '../support/chromium';
import { keepOrders } from '../support/orders';
import {
  button,
  cell,
  ghostRun,
  keepLog,
  letAskingRun,
  offlineReady,
  openOwn,
  receipt,
  runs,
  saved,
  settled,
  soon,
  stored,
  textOf,
  type,
  violations,
} from '../support/steps';

const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';

let app: OwnApp;
const folders: string[] = [];

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'gradsheet-page-'));
  folders.push(made);
  return made;
};

beforeAll(async () => {
  app = await startOwnApp();
});

afterAll(async () => {
  await app?.close();
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 10 });
});

/** A browser with a profile on disk, which outlives it. */
const launch = (profile: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, {
    executablePath: browserPath(),
    args: ['--no-sandbox', '--disable-background-networking', '--no-first-run'],
  });

/** Ends the browser's process on the spot. */
async function kill(context: BrowserContext): Promise<void> {
  const session = await context.newCDPSession(context.pages()[0] ?? (await context.newPage()));
  const gone = new Promise((done) => context.once('close', done));
  session.send('Browser.crash').catch(() => {});
  await gone;
}

/** How far the trainings of this browser are that can be gone on with, in epochs. */
const farthest = async (page: Page): Promise<number> =>
  Math.max(
    0,
    ...Object.values(await stored(page, 'gradsheet-checkpoints')).map((held) => {
      const { trace, at } = held as { trace?: string; at?: unknown };
      return trace !== undefined && typeof at === 'number' ? at : 0;
    }),
  );

describe('a browser killed in the middle of a training', () => {
  test('goes on from the checkpoint when it is opened again, with the own sheet as it was', async () => {
    const profile = folder();
    const first = await launch(profile);
    const before = await app.openPage({ context: first, address: `/${SMALL}` });
    await button(before.page, 'Keep a copy').click();
    await type(before.page, 'A', 'noise', 'much');
    await type(before.page, 'A', 'noise', '0.1');
    await type(before.page, 'A', 'learning rate', '1e-5');
    await type(before.page, 'A', 'n samples', '100000');
    await type(before.page, 'A', 'epochs', '20000');
    await ghostRun(before.page).click();
    await letAskingRun(before.page, 'A', 'train');
    await saved(before.page);
    await soon(() => farthest(before.page)).toBeGreaterThanOrEqual(32);
    const reached = Math.floor(await farthest(before.page));
    expect(await receipt(before.page)).toContain('computing');
    before.expectClean();
    await kill(first);

    const second = await launch(profile);
    const after = await app.openPage({ context: second, address: null });
    const log = await keepLog(after.page);
    await after.page.goto(app.origin);
    // It was let run before, and does not ask again.
    await soon(async () => (await log()).epochs.length).toBeGreaterThan(1);
    const epochs = (await log()).epochs.filter((epoch) => epoch > 1);
    expect(epochs[0]).toBeGreaterThan(reached);
    expect(await runs(after.page)).toBe('AB');
    expect(await textOf(after.page, 'A', 'epochs')).toBe('20000');
    expect(await textOf(after.page, 'A', 'noise')).toBe('0.1');
    expect(await cell(after.page, 'A', 'dataset').textContent()).toContain('cached');
    await type(after.page, 'A', 'epochs', String(reached));
    await settled(after.page);
    after.expectClean();
    await second.close();
  });

  test('goes on within an epoch that takes long, and does so unasked where it was let run', async () => {
    const profile = folder();
    const first = await launch(profile);
    const wide = '/#v1&A=a&A.architecture.units=256&A.dataset.nSamples=80000&A.train.epochs=500';
    const before = await app.openPage({ context: first, address: wide });
    await button(before.page, 'Keep a copy').click();
    await saved(before.page);
    await letAskingRun(before.page, 'A', 'train');
    // Within an epoch, and so that there is something to lose.
    await soon(async () => (await farthest(before.page)) % 1).toBeGreaterThan(0.1);
    const reached = await farthest(before.page);
    before.expectClean();
    await kill(first);

    const second = await launch(profile);
    const after = await app.openPage({ context: second, address: null });
    const log = await keepOrders(after.page);
    await after.page.goto(app.origin);
    await soon(async () => (await log()).orders.length).toBe(1);
    expect((await log()).orders[0]?.from).toBeGreaterThanOrEqual(reached);
    await soon(() => farthest(after.page)).toBeGreaterThan(reached);
    after.expectClean();
    await second.close();
  });
});

describe('a reload in the moment in which results are painted', () => {
  test('loses none of them, and nothing of the library', async () => {
    const wide = '#v1&A=a&A.dataset.nSamples=20&A.architecture.units=200&A.train.epochs=2';
    const { page, close, expectClean } = await openOwn(app, wide);
    for (const epochs of [3, 4, 5, 6]) {
      await type(page, 'A', 'epochs', String(epochs));
      await settled(page, /^recomputed train, diff of A/);
      await page.reload();
      await settled(page, /^nothing to recompute/);
      await soon(() => button(page, `Library ${epochs - 1}`).count()).toBe(1);
    }
    expectClean();
    await close();
  });
});

describe('without the server', () => {
  test('the page loads, shows what it had, and computes new trainings', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL, { offline: true });
    await offlineReady(page);
    const before = await cell(page, 'A', 'loss').getAttribute('title');
    await app.stopServer();
    try {
      await page.reload();
      await settled(page, /^nothing to recompute/);
      expect(await cell(page, 'A', 'loss').getAttribute('title')).toBe(before);
      await type(page, 'A', 'epochs', '4');
      await settled(page, /^recomputed train, diff of A/);
      await expect.poll(() => page.locator('.inspector figure svg').count()).toBeGreaterThan(3);
      await ghostRun(page).click();
      await type(page, 'B', 'activation', 'tanh');
      await settled(page, /^recomputed architecture, train, diff of B/);
      await soon(() => button(page, 'Library 3').count()).toBe(1);
      await page.reload();
      await settled(page, /^nothing to recompute/);
      expectClean();
    } finally {
      await app.startServer();
    }
    await close();
  });
});

describe('an update', () => {
  test('is told when it waits, is never forced, and comes when it is asked for', async () => {
    const outDir = folder();
    cpSync(resolve(import.meta.dirname, '../../../dist/page'), outDir, { recursive: true });
    const other = await startOwnApp(outDir);
    try {
      const { page, close, expectClean } = await openOwn(other, SMALL, { offline: true });
      await offlineReady(page);
      const change = (file: string, from: RegExp, to: string): void => {
        const path = join(outDir, file);
        const text = readFileSync(path, 'utf8');
        expect(text).toMatch(from);
        writeFileSync(path, text.replace(from, to));
      };
      change('index.html', /<html lang="en"/, '<html lang="en" data-version="newer"');
      change(
        'sw.js',
        /("?url"?:\s*"index\.html",\s*"?revision"?:\s*)"\w+"|("?revision"?:\s*)"\w+"(,\s*"?url"?:\s*"index\.html")/,
        '$1$2"newer"$3',
      );
      await page.reload();
      const sheetStatus = () => page.locator('.sheet-status').textContent();
      const version = () => page.evaluate(() => document.documentElement.dataset['version']);
      await soon(sheetStatus).toContain('A newer version is ready.');
      expect(await violations(page)).toEqual([]);
      expect(await version()).toBeUndefined();
      await type(page, 'A', 'epochs', '3');
      await settled(page, /^recomputed train, diff of A/);
      await saved(page);
      await page.reload();
      await soon(sheetStatus).toContain('A newer version is ready.');
      expect(await version()).toBeUndefined();
      await button(page, 'Update').click();
      await soon(version).toBe('newer');
      await settled(page, /^nothing to recompute/);
      expect(await textOf(page, 'A', 'epochs')).toBe('3');
      expect(await sheetStatus()).not.toContain('newer');
      expectClean();
      await close();
    } finally {
      await other.close();
    }
  });
});
