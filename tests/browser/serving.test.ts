// How the page is served: the policy that goes with every answer, and the page without its server.

import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from './app';
import { startHarness } from './harness/start';

let app: Awaited<ReturnType<typeof startHarness>>;

beforeAll(async () => {
  app = await startHarness('serving');
});

afterAll(() => app?.close());

describe('the content security policy', () => {
  test('is sent with every answer, and lets a figure of Observable Plot have its style', async () => {
    const { page, context, expectClean } = await app.openPage();
    for (const path of ['/', '/sw.js', '/icon.svg', '/manifest.webmanifest', '/nothing']) {
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
    await context.close();
  });

  test('forbids inline scripts, eval and other origins, and the account shows it', async () => {
    const { page, context, faults } = await app.openPage();
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
    await context.close();
  });
});

describe('offline', () => {
  test('without the server the page loads, and trains; an update waits until it is applied', async () => {
    const { page, context, expectClean } = await app.openPage();
    const register = () =>
      page.evaluate(
        () =>
          new Promise<boolean>((ready) => {
            void window.harness.registerOffline({
              onReady: () => ready(true),
              onUpdate(apply) {
                document.title = 'an update waits';
                addEventListener('click', apply);
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
    await context.close();
  });

  test('the page itself loads without the server', async () => {
    const own = await startApp();
    try {
      const { page } = await own.openPage();
      await page.evaluate(async () => {
        await navigator.serviceWorker.register('/sw.js');
        await navigator.serviceWorker.ready;
      });
      await own.stopServer();
      await page.reload();
      await expect.poll(() => page.locator('h1').textContent()).toContain('Gradsheet');
    } finally {
      await own.close();
    }
  });
});
