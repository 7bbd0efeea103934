// Parts of the page that come late, each asked for while nothing answers for it: once, and for as long as the page is open.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, cell, choose, newRow, receipt, settled, soon, textOf, type } from '../support/steps';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.train.epochs=3&row.gap=%3Dloss%20-%20A.loss';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const line = (page: Page) => page.locator('.banner.lost');
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

interface Step {
  readonly name: string;
  act(page: Page): Promise<void>;
  /** What is there then. */
  seen(page: Page): Promise<unknown>;
  /** Puts the page back. */
  end?(page: Page): Promise<unknown>;
}

const dismiss = (page: Page): Promise<void> => page.keyboard.press('Escape');

const STEPS: readonly Step[] = [
  {
    name: 'the list of sheets',
    act: (page) => page.locator('.sheet-name').click(),
    seen: (page) => dialog(page, 'Sheets').getByRole('button', { name: 'New sheet' }).waitFor(),
    end: dismiss,
  },
  {
    name: 'the examples',
    act: (page) => button(page, 'Examples').click(),
    seen: (page) => page.getByRole('navigation', { name: 'Examples' }).getByRole('link').first().waitFor(),
    end: dismiss,
  },
  {
    name: 'Help',
    act: (page) => button(page, 'Help').click(),
    seen: (page) => page.getByRole('dialog').getByText('Ctrl').first().waitFor(),
    end: dismiss,
  },
  {
    name: 'sharing',
    act: (page) => button(page, 'Share').click(),
    seen: (page) => dialog(page, 'Share this sheet').waitFor(),
    end: dismiss,
  },
  {
    name: 'a run’s actions',
    act: (page) => button(page, 'Actions for run A').click(),
    seen: (page) => page.getByRole('menuitem', { name: 'Add a twin' }).waitFor(),
    end: dismiss,
  },
  {
    name: 'the panel of a sweep',
    act: (page) => choose(page, 'A', 'Sweep or fill …'),
    seen: (page) => dialog(page, 'Fill and sweep').waitFor(),
    end: dismiss,
  },
  {
    name: 'the panel of a row',
    act: (page) => newRow(page).click(),
    seen: (page) => dialog(page, 'Add a row').waitFor(),
    end: dismiss,
  },
  {
    name: 'the differences',
    async act(page) {
      await cell(page, 'A', 'noise').click();
      await cell(page, 'B', 'noise').click({ modifiers: ['Shift'] });
    },
    seen: (page) => page.locator('.inspector .why').waitFor(),
    end: (page) => cell(page, 'A', 'noise').click(),
  },
  {
    name: 'the map',
    act: (page) => page.locator('.inspector nav').getByRole('button', { name: 'Sweep' }).click(),
    seen: (page) => page.locator('.map-line').first().waitFor(),
    end: (page) =>
      page.locator('.inspector nav').getByRole('button', { name: 'Learning', exact: true }).click(),
  },
  {
    name: 'the library',
    act: (page) => button(page, 'Library 2').click(),
    seen: (page) => page.getByRole('checkbox', { name: /^Choose all/ }).waitFor(),
  },
  {
    name: 'what is stored',
    act: (page) => button(page, 'Storage').click(),
    seen: (page) => dialog(page, /^Stor/).waitFor(),
    end: dismiss,
  },
  {
    name: 'the comparison',
    async act(page) {
      await page.getByRole('checkbox', { name: 'Choose all shown' }).check();
      await button(page, 'Compare').click();
    },
    seen: (page) => page.locator('.comparison-curves svg').first().waitFor(),
    async end(page) {
      await button(page, 'Back to the library').click();
      await button(page, 'Back to the sheet').click();
    },
  },
];

/** The script of a part that comes late; workers have their own, and are replaced where they fail. */
const isPart = (url: string): boolean => /\/assets\/[^/]+\.js$/.test(url) && !/\/assets\/index-/.test(url);

/** The files of the build that something imports by a call; a file that such a file needs is lost and had with it. */
function calledFiles(): Set<string> {
  const folder = resolve(import.meta.dirname, '../../../dist/page/assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return new Set(
    scripts.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/\bimport\(["'`]\.\/([^"'`]+)/g)].map(
        ([, file = '']) => file,
      ),
    ),
  );
}

/** A style sheet that comes with a part. */
const isStyle = (url: string): boolean => /\/assets\/(?!index-)[^/]+\.css$/.test(url);

/** Makes the pauses between attempts a tenth as long: a page that has lost a part waits for little else. */
const hurry = (page: Page) =>
  page.addInitScript(() => {
    const wait = window.setTimeout.bind(window);
    const shorter = (handler: TimerHandler, ms?: number, ...rest: unknown[]): number =>
      wait(handler, ms === 300 || ms === 1_500 ? ms / 10 : ms, ...rest);
    Object.assign(window, { setTimeout: shorter });
  });

/** The way to have nothing answer for some addresses on a page; unlike a route it leaves the others to the browser's cache. */
async function blocker(page: Page): Promise<(...urls: string[]) => Promise<unknown>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  return (...urls) => session.send('Network.setBlockedURLs', { urls });
}

/** Pages without a service worker, which would have every part. */
const uncached = (): Promise<BrowserContext> =>
  app.browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 800 } });

/** Goes through these steps. */
async function tour(page: Page, steps: readonly Step[] = STEPS): Promise<void> {
  for (const step of steps) {
    await step.act(page);
    await step.seen(page);
    await step.end?.(page);
  }
}

describe('a part that nothing answers for', () => {
  test('once is there a moment later, whichever it is, and nothing is said', async () => {
    const context = await uncached();
    const page = await context.newPage();
    const refused = new Set<string>();
    await page.route(
      (url) => isPart(url.href) || isStyle(url.href),
      (route) => {
        const url = route.request().url();
        if (refused.has(url)) return route.continue();
        refused.add(url);
        return route.abort();
      },
    );
    await page.goto(`${app.origin}/${SMALL}`);
    await settled(page, /^(recomputed|nothing)/);
    await soon(() => page.locator('.inspector figure').count()).toBeGreaterThan(0);
    await soon(() => button(page, 'Library 2').count()).toBe(1);
    await tour(page);
    await type(page, 'A', 'noise', '0.2');
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.2');
    expect(refused.size).toBeGreaterThan(30);
    expect([...refused].filter(isStyle).length).toBeGreaterThan(5);
    const isStyled = () =>
      page
        .locator('link[rel="stylesheet"]')
        .evaluateAll((links) => links.filter((link) => !(link as HTMLLinkElement).sheet).length);
    await soon(isStyled).toBe(0);
    expect(await line(page).count()).toBe(0);
    await context.close();
  });

  test('for ever is said, whichever it is, and a reload, once it can be had, loses nothing', async () => {
    const context = await uncached();
    const first = await context.newPage();
    await hurry(first);
    const blockOnFirst = await blocker(first);
    const open = async (page: Page): Promise<void> => {
      await page.goto('about:blank');
      await page.goto(`${app.origin}/${SMALL}`);
    };
    /** What is asked for at the start, and by each step. */
    const learnt = new Map<string, Step | undefined>();
    let at: Step | undefined;
    first.on('request', (request) => {
      const url = request.url();
      if (isPart(url) && !learnt.has(url)) learnt.set(url, at);
    });
    await open(first);
    await settled(first);
    await soon(() => button(first, 'Library 2').count()).toBe(1);
    await soon(() => [...learnt.keys()].some((url) => url.includes('late-parts'))).toBe(true);
    await soon(() => first.locator('.inspector figure').count()).toBeGreaterThan(0);
    for (const step of STEPS) {
      at = step;
      await tour(first, [step]);
    }
    const called = calledFiles();
    const parts = [...learnt].filter(([url]) => called.has(url.slice(url.lastIndexOf('/') + 1)));
    const asked = parts.filter(([, step]) => step).length;
    expect([parts.length - asked > 20, asked > 8]).toEqual([true, true]);

    const shownText = (page: Page, url: string) =>
      soon(async () => `${url}: ${await line(page).count()}`).toBe(`${url}: 1`);

    async function missAtStart(page: Page, url: string): Promise<void> {
      await open(page);
      await shownText(page, url);
    }
    /** Begins on a page that has loaded nothing but what it opens with, and leaves one behind. */
    async function missAtStep(page: Page, url: string, step: Step): Promise<void> {
      await settled(page);
      // The page opens with the tab that was open last, and then with all that the tab needs.
      const learning = page.locator('.inspector nav').getByRole('button', { name: 'Learning', exact: true });
      if ((await learning.getAttribute('aria-pressed')) !== 'true') {
        await learning.click();
        await open(page);
        await settled(page);
      }
      // What came beside a step, and not for it, is missed without it.
      if ((await line(page).count()) === 0) {
        // What is asked for in the library is asked for there.
        await tour(
          page,
          STEPS.slice(0, STEPS.indexOf(step)).filter(({ end }) => !end),
        );
        await step.act(page);
        // What only a page asks for that a step left behind, such as what reads the open tab.
        await line(page)
          .waitFor({ timeout: 2_000 })
          .catch(() => open(page));
      }
      await shownText(page, url);
      await blockOnFirst();
      // A dialog that was opened meanwhile lies over the line.
      await soon(async () => {
        await dismiss(page);
        return button(page, 'Reload')
          .click({ timeout: 3_000 })
          .then(
            () => 'clicked',
            // A click waits for the reload that it begins, which takes long on a busy machine.
            async () => ((await line(page).count()) === 0 ? 'clicked' : 'covered'),
          );
      }).toBe('clicked');
      await soon(() => line(page).count()).toBe(0);
      await cell(page, 'A', 'noise').waitFor();
      await soon(() => receipt(page)).toMatch(/recomputed|nothing/);
    }
    const early = parts.filter(([, step]) => !step);
    // Several pages at once: most of the time each waits for what is tried again.
    async function missEach(): Promise<void> {
      const page = await context.newPage();
      await hurry(page);
      const block = await blocker(page);
      for (let part = early.pop(); part; part = early.pop()) {
        const [url] = part;
        await block(url);
        await missAtStart(page, url);
      }
      await page.close();
    }
    await Promise.all(Array.from({ length: 4 }, missEach));

    await open(first);
    for (const [url, step] of parts) {
      if (!step) continue;
      await blockOnFirst(url);
      await missAtStep(first, url, step);
    }
    await context.close();
  }, 600_000);

  test('leaves no page for one that cannot be reached', async () => {
    const context = await uncached();
    const page = await context.newPage();
    await page.goto(`${app.origin}/${SMALL}`);
    await settled(page);
    await soon(() => button(page, 'Library 2').count()).toBe(1);
    await page.route(/./, (route) => route.abort());
    await button(page, 'Help').click();
    await line(page).getByText('did not load').waitFor();
    await button(page, 'Reload').click();
    await line(page).getByText('cannot be reached').waitFor();
    await type(page, 'A', 'noise', '0.2');
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.2');
    await page.unroute(/./);
    await button(page, 'Reload').click();
    await soon(() => line(page).count()).toBe(0);
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.2');
    await context.close();
  });
});
