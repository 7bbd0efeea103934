// What a person does on the page and sees there, in words that several stories share.
// Invariant: nothing waits for a fixed time; every step waits for what a person would wait for.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { App, PageOptions, WatchedPage } from './app';

/** A busy machine trains slowly. */
const PATIENCE = { timeout: 45_000, interval: 50 };

/** A cell of the grid by its run and what stands at the head of its row: a param, a result or a kind. */
export const cell = (page: Page, run: string, row: string): Locator =>
  page.locator(`[role="grid"] [aria-label^="${run}, ${row}, "]`);

/** What a cell says: the text of a param or a result, or a status. */
export const textOf = async (page: Page, run: string, row: string): Promise<string> =>
  ((await cell(page, run, row).textContent()) ?? '').trim();

/** A run's header. */
export const header = (page: Page, run: string): Locator =>
  page.locator('[role="grid"] th[scope="col"]', {
    has: page.locator('.run-id', { hasText: new RegExp(`^${run}$`) }),
  });

/** The runs' letters from left to right. */
export const runs = async (page: Page): Promise<string> =>
  (await page.locator('[role="grid"] .run-id').allTextContents()).join('');

/** The line under the sheet. */
export const receipt = async (page: Page): Promise<string> =>
  (await page.locator('.receipt').textContent()) ?? '';

/** Waits until everything is computed and the receipt says so in these words. */
export async function settled(page: Page, words: string | RegExp = /recomputed|nothing to recompute/) {
  await expect.poll(() => receipt(page), PATIENCE).toMatch(words);
}

/** Waits for what a look at the page yields. */
export const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, PATIENCE);

/** Makes a cell the active one and types over what stands in it. */
export async function type(page: Page, run: string, row: string, text: string, end = 'Enter'): Promise<void> {
  await cell(page, run, row).click();
  await page.keyboard.type(text);
  await page.keyboard.press(end);
}

/** Lets a cell run where it asks first, as it does on a slow machine. */
export async function letRun(page: Page, run: string, kind: string): Promise<void> {
  await soon(() => textOf(page, run, kind)).toMatch(/compute$|%|ms$|cancel$/);
  const asking = cell(page, run, kind).getByRole('button', { name: 'compute', exact: true });
  if (await asking.count()) await asking.click();
}

/**
 * Lets a cell run that asks first on any machine. What it says until then may be of the computation before, for as long as
 * that is not told to be old, and is no reason to go on.
 */
export const letAskingRun = (page: Page, run: string, kind: string): Promise<void> =>
  cell(page, run, kind).getByRole('button', { name: 'compute', exact: true }).click();

/** Chooses an action from a run's menu. */
export async function choose(page: Page, run: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for run ${run}`, exact: true }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** What a figure states: in whole, where its headline is shorter. */
export const statement = (page: Page, figure: string): Promise<string> =>
  page.locator(`#figure-${figure} h3`).evaluate((heading) => heading.ariaLabel ?? heading.textContent ?? '');

/** Opens those of these figures that are closed. */
export async function openFigures(page: Page, ...figures: readonly string[]): Promise<void> {
  for (const figure of figures) {
    const fold = page.locator(`#figure-${figure} .fold`);
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  }
}

export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** The label of the proposed row, which opens the panel of a new row. */
export const newRow = (page: Page): Locator => page.getByRole('button', { name: /^new row = / });

/** The column that adds a run. */
export const ghostRun = (page: Page): Locator => page.getByRole('button', { name: /^\+ run/ });

/** Shows the sheet or the figures of a phone; a wider page shows both. */
export async function showView(page: Page, view: 'Sheet' | 'Figures'): Promise<void> {
  const choice = page
    .getByRole('navigation', { name: 'Sheet or figures' })
    .getByRole('button', { name: view });
  if (await choice.count()) await choice.click();
}

/** Presses a button of the top bar, which a phone keeps behind ⋯. */
export async function pressTool(page: Page, name: string): Promise<void> {
  const more = button(page, 'More');
  if (await more.isVisible()) await more.click();
  await button(page, name).click();
}

/** Opens an address in a new profile and makes its sheet the own one. */
export async function openOwn(app: App, address: string, options: PageOptions = {}): Promise<WatchedPage> {
  const watched = await app.openPage({ ...options, address: `/${address}` });
  await button(watched.page, 'Keep a copy').click();
  await settled(watched.page);
  await saved(watched.page);
  return watched;
}

/** Pages on which a test came to its end, by the app that opened them. */
const resting = new WeakMap<App, WatchedPage[]>();
let stories = 0;

/**
 * Opens an address as `openOwn` does, on a page on which an earlier test of the file ended, where there is one: that takes a
 * quarter of the time. The profile then has the sheets and results of the tests before; the sheet has a name of its own, so
 * that none of them is taken for it.
 */
export async function openNext(app: App, address: string, options: PageOptions = {}): Promise<WatchedPage> {
  const { size = { width: 1280, height: 800 }, dark = false } = options;
  const pages = resting.get(app) ?? [];
  resting.set(app, pages);
  const rested = pages.pop();
  stories += 1;
  const story = `${address}&title=story%20${stories}`;
  const watched = rested ?? (await openOwn(app, story, options));
  const { page } = watched;
  if (rested) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.evaluate((hash) => location.assign(hash), story);
    await button(page, 'Keep a copy').click();
    await showView(page, 'Sheet');
    await settled(page);
    await saved(page);
  }
  return {
    ...watched,
    async close() {
      await page.keyboard.press('Escape');
      await page.evaluate(() => scrollTo(0, 0));
      pages.push(watched);
    },
  };
}

/** Waits until the own sheet is kept. */
export async function saved(page: Page): Promise<void> {
  await soon(() => page.locator('.sheet-status [title]').textContent()).toMatch(/^(edits )?saved here$/);
}

/** Waits until the page says that it works without its server. */
export async function offlineReady(page: Page): Promise<void> {
  await soon(() => page.locator('.sheet-status').textContent()).toContain('offline ready');
}

/** Writes down, from the page's first moment, every label that a cell of the grid ever has and every epoch shown. */
export async function keepLog(page: Page): Promise<() => Promise<{ labels: string[]; epochs: number[] }>> {
  await page.addInitScript(() => {
    const labels = new Set<string>();
    const epochs = new Set<number>();
    const note = (element: Element): void => {
      const label = element.getAttribute('aria-label');
      if (label && element.closest('[role="grid"]')) labels.add(label);
    };
    const look = (): void => {
      const shown = document.querySelector('output[for="epoch"]')?.textContent?.match(/of (\d+)/)?.[1];
      if (shown) epochs.add(Number(shown));
    };
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        if (target instanceof Element) note(target);
        for (const node of addedNodes)
          if (node instanceof Element) for (const inner of node.querySelectorAll('[aria-label]')) note(inner);
      }
      look();
    }).observe(document, {
      attributes: true,
      attributeFilter: ['aria-label'],
      characterData: true,
      childList: true,
      subtree: true,
    });
    Object.assign(window, { pageLog: () => ({ labels: [...labels], epochs: [...epochs] }) });
  });
  return () =>
    page.evaluate(() =>
      (window as unknown as { pageLog(): { labels: string[]; epochs: number[] } }).pageLog(),
    );
}

/** What lies in a database of the page's, by key. */
export const stored = (page: Page, database: string): Promise<Record<string, unknown>> =>
  page.evaluate(
    (name) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const held: Record<string, unknown> = {};
          const cursor = opening.result.transaction('keyval').objectStore('keyval').openCursor();
          cursor.onerror = () => reject(cursor.error);
          cursor.onsuccess = () => {
            if (cursor.result) {
              held[String(cursor.result.key)] = cursor.result.value;
              cursor.result.continue();
            } else {
              opening.result.close();
              resolve(held);
            }
          };
        };
      }),
    database,
  );

/** The digests of all stored results, by key. */
export const digests = (page: Page): Promise<Record<string, string>> =>
  stored(page, 'gradsheet-entries').then((held) =>
    Object.fromEntries(
      Object.entries(held).flatMap(([key, entry]) => {
        const { digest } = entry as { digest?: string };
        return digest === undefined ? [] : [[key, digest]];
      }),
    ),
  );

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(options: {
    rules: Record<string, { enabled: boolean }>;
  }): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
}

/** What axe finds wrong with the page as it is now; its source is evaluated from outside, as the policy allows. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    // What fades in is judged as it will be.
    const isEnding = (animation: Animation): boolean =>
      animation.effect?.getComputedTiming().iterations === 1;
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(isEnding)
        .map((animation) => animation.finished),
    );
    const { violations: found } = await (globalThis as unknown as { axe: Axe }).axe.run({
      // WCAG 2.2 AA: axe leaves out its one rule unless it is asked for.
      rules: { 'target-size': { enabled: true } },
    });
    return found.map(
      ({ id, nodes }) =>
        `${id} ×${nodes.length}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')} ${nodes[0]?.failureSummary}`,
    );
  });
}
