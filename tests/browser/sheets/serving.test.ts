// How the page is served: the policy that goes with every answer, and the page without its server.

import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMER_PORT, PORT } from '../../../src/platform/page/former-address';
import { startHarness } from '../harness/start';
import { type OwnApp, servePage, startOwnApp } from '../support/app';
import { launchOwnBrowser } from '../support/chromium';
import { FOREIGN_TITLE, keptHere, serveForeign, visitForeign } from '../support/foreign';

/** A busy machine computes slowly. */
const PATIENCE = { timeout: 45_000 };

const offlineReady = (page: Page) =>
  expect.poll(() => page.locator('.sheet-status').textContent(), PATIENCE).toContain('offline ready');

let app: Awaited<ReturnType<typeof startHarness>>;

beforeAll(async () => {
  app = await startHarness('serving');
});

afterAll(() => app?.close());

describe('the content security policy', () => {
  test('is sent with every answer, and lets a figure of Observable Plot have its style', async () => {
    const { page, close, expectClean } = await app.openPage({ offline: true });
    for (const path of ['/', '/sw.js', '/icon.svg', '/manifest.webmanifest', '/robots.txt']) {
      const { headers } = await fetch(app.origin + path);
      expect(headers.get('content-security-policy'), path).toMatch(
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-/,
      );
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    }
    const display = await page.evaluate(() => {
      const { Plot } = window.harness;
      const marks = [Plot.lineY([1, 2, 3], { stroke: 'red', tip: true }), Plot.gridX()];
      const figure = Plot.plot({
        marks,
        style: { fontSize: '12px' },
        color: { legend: true, type: 'linear' },
      });
      const cells = Plot.cell([0, 1], { x: (d: number) => d, fill: (d: number) => d });
      const legend = Plot.plot({ color: { legend: true, scheme: 'Blues' }, marks: [cells] });
      document.body.append(figure, legend);
      const svg = [...document.querySelectorAll('svg')];
      return svg.map((element) => getComputedStyle(element).maxWidth);
    });
    expect(display.length).toBeGreaterThan(1);
    expect(new Set(display)).toEqual(new Set(['100%']));
    expectClean();
    await close();
  });

  test('forbids inline scripts, eval and other origins, and the account shows it', async () => {
    const { page, close, faults } = await app.openPage({ offline: true });
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inline = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'http://localhost:9/x.png';
      document.body.append(image);
    });
    await expect
      .poll(() => faults.join('\n'))
      .toMatch(/script-src-elem forbids inline[\s\S]*img-src forbids/);
    await close();
  });
});

describe('offline', () => {
  test('without the server the page loads, and trains; an update waits until it is applied', async () => {
    const { page, close, expectClean } = await app.openPage({ offline: true });
    const register = () =>
      page.evaluate(
        () =>
          new Promise<boolean>((ready) => {
            void window.harness.registerOffline({
              onReady: () => ready(true),
              onUpdate(apply) {
                document.title = apply ? 'an update waits' : 'no update waits';
                if (apply) addEventListener('click', apply);
              },
              onTrouble(message) {
                document.title = message;
              },
            });
          }),
      );
    expect(await register()).toBe(true);
    const controlled = () => page.evaluate(() => navigator.serviceWorker.controller !== null);
    await expect.poll(controlled).toBe(true);
    await app.stopServer();
    await page.reload();
    expect(await page.locator('h1').textContent()).toBe('Parts of the platform');
    const result = await page.evaluate(async () => {
      const { createScheduler, memoryStore, nodeOf, spawnWorker, workerEngine } = window.harness;
      const engine = workerEngine({ spawn: spawnWorker });
      const scheduler = createScheduler({ store: memoryStore(), engine });
      const outcome = await scheduler.demand(nodeOf('#v1&A=a&A.train.epochs=3', 'diff')).outcome;
      engine.dispose();
      return outcome.result?.from;
    });
    expect(result).toBe('computed');
    expectClean();

    appendFileSync(resolve(app.outDir, 'sw.js'), '\n// another version\n');
    await app.startServer();
    await page.reload();
    expect(await page.title()).not.toBe('an update waits');
    await register();
    // Browsers look for updates some time after a page has loaded.
    await expect.poll(() => page.title(), { timeout: 30_000 }).toBe('an update waits');
    const loaded = page.waitForEvent('load');
    await page.locator('h1').click();
    await loaded;
    expect(await page.title()).toBe('Parts of the platform');
    expectClean();
    await close();
  });
});

describe('the page at its address', () => {
  let own: OwnApp;
  beforeAll(async () => {
    own = await startOwnApp();
  });
  afterAll(() => own?.close());

  /** A page that is kept for offline use and controlled by its worker. */
  async function visited() {
    const watched = await own.openPage({ offline: true, address: '/#v1&A=a' });
    await offlineReady(watched.page);
    return watched;
  }

  test('loads without the server, however often', async () => {
    const { page, close } = await visited();
    await own.stopServer();
    for (let visit = 0; visit < 3; visit++) {
      await page.reload();
      await expect.poll(() => page.locator('h1').textContent()).toContain('Gradsheet');
      expect(await page.evaluate(keptHere)).toMatchObject({ controlled: true, workers: 1 });
    }
    await own.startServer();
    await page.reload();
    await offlineReady(page);
    expect((await page.evaluate(keptHere)).caches).toHaveLength(1);
    await close();
  });

  test('gives way to another project, whose page shows; what is saved stays', async () => {
    const { page, context, close } = await visited();
    const before = await page.evaluate(keptHere);
    expect(before).toMatchObject({ controlled: true, workers: 1 });
    expect(before.databases.length).toBeGreaterThan(0);
    await own.stopServer();
    const foreign = await serveForeign(own.origin);
    await visitForeign(
      () => page.reload(),
      () => page.title(),
    );
    const after = { ...before, controlled: false, workers: 0, caches: [] };
    expect(await page.evaluate(keptHere)).toEqual(after);
    // Every path is the other project's again, in a new tab too.
    const other = await context.newPage();
    await other.goto(`${own.origin}/somewhere?x=1`);
    expect(await other.title()).toBe(FOREIGN_TITLE);
    await foreign.close();
    await own.startServer();
    await page.reload();
    await offlineReady(page);
    expect(await page.evaluate(keptHere)).toEqual(before);
    await close();
  });

  test('gives way in a new tab, and leaves the pages that are open what they load later', async () => {
    const { page, context, close, expectClean } = await visited();
    const second = await context.newPage();
    await second.goto(own.origin);
    await offlineReady(second);
    await own.stopServer();
    const foreign = await serveForeign(own.origin);
    const third = await context.newPage();
    await visitForeign(
      () => third.goto(own.origin),
      () => third.title(),
    );
    // The library's view is loaded when it is opened.
    await page.getByRole('button', { name: /^Library/ }).click();
    await expect.poll(() => page.locator('.library-main').textContent()).toMatch(/./);
    await expect.poll(() => page.locator('.library-main').textContent()).not.toContain('Opening');
    await page.reload();
    expect(await page.title()).toBe(FOREIGN_TITLE);
    expectClean();
    await foreign.close();
    await own.startServer();
    await close();
  });

  test('stays where a server has no page for a moment', async () => {
    const { page, close } = await visited();
    await own.stopServer();
    const foreign = await serveForeign(own.origin, 404);
    for (let visit = 0; visit < 2; visit++) {
      await page.reload();
      await expect.poll(() => page.locator('h1').textContent()).toContain('Gradsheet');
    }
    await foreign.close();
    await own.startServer();
    await page.reload();
    await offlineReady(page);
    // The doubt is over.
    await expect.poll(async () => (await page.evaluate(keptHere)).caches).toHaveLength(1);
    await close();
  });
});

describe('the address before', () => {
  test('shows where the page has moved to, keeps its worker, and loses it on request', async () => {
    const served = await servePage();
    const browser = await launchOwnBrowser([
      `--host-resolver-rules=MAP localhost:${FORMER_PORT} ${new URL(served.origin).host}`,
    ]);
    const former = `http://localhost:${FORMER_PORT}`;
    try {
      const page = await (await browser.newContext()).newPage();
      await page.goto(former);
      const moved = page.locator('.moved');
      await expect
        .poll(() => moved.textContent(), PATIENCE)
        .toContain(`has moved to http://localhost:${PORT}`);
      expect(await moved.textContent()).toContain('Export everything');
      // Nobody needs a worker anew at an address that is given up.
      expect(await moved.getByRole('button').count()).toBe(0);
      expect(await page.evaluate(keptHere)).toMatchObject({ workers: 0, caches: [] });
      // Both fit the window.
      expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);

      await page.evaluate(() => navigator.serviceWorker.register('/sw.js'));
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.reload();
      await served.stopServer();
      await page.reload();
      await moved.waitFor();
      const before = await page.evaluate(keptHere);
      expect(before).toMatchObject({ workers: 1, caches: [expect.stringContaining('gradsheet-')] });
      await served.startServer();
      const loaded = page.waitForEvent('load');
      await moved.getByRole('button', { name: 'Remove Gradsheet from this address' }).click();
      await loaded;
      await moved.waitFor();
      expect(await page.evaluate(keptHere)).toEqual({ ...before, controlled: false, workers: 0, caches: [] });
    } finally {
      await browser.close();
      await served.stopServer();
    }
  });
});
