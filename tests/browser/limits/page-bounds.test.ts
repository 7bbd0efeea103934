// Sheets each of whose bounds holds where their product is what would hang the page: they open, the page can be used, and
// what costs much as a whole asks first.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp, type WatchedPage } from '../support/app';
import { keepOrders } from '../support/orders';
import { button, cell, receipt, settled, soon, textOf, type, violations } from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** The id of the run at a place: A … Z, AA … */
function idAt(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : idAt(Math.floor(place / 26) - 1) + last;
}

const addressOf = (
  runs: number,
  overrides: (place: number) => Readonly<Record<string, string>>,
  rows: readonly string[] = [],
): string => {
  const texts = Array.from({ length: runs }, (_, place) => {
    const id = idAt(place);
    return `&${id}=run${Object.entries(overrides(place))
      .map(([path, text]) => `&${id}.${path}=${encodeURIComponent(text)}`)
      .join('')}`;
  });
  return `/#v1${texts.join('')}${rows.map((formula, at) => `&row.r${at}=${encodeURIComponent(formula)}`).join('')}`;
};

/** A task this long is a page that hangs, on a machine with ten times as much to do as it can. */
const HANGS_MS = 2_000;

interface Opened extends WatchedPage {
  readonly orders: Awaited<ReturnType<typeof keepOrders>>;
  /** The tasks above 50 ms since it was asked last, in ms. */
  takeLongTasks(): Promise<number[]>;
}

/** Opens an address, and says how long the page's longest tasks were until it stood there. */
async function open(address: string, run: string): Promise<Opened> {
  const watched = await app.openPage({ address: null });
  const { page } = watched;
  const orders = await keepOrders(page);
  await page.addInitScript(() => {
    const long: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(Math.round(duration));
    }).observe({ type: 'longtask' });
    Object.assign(window, { takeLongTasks: () => long.splice(0) });
  });
  const takeLongTasks = (): Promise<number[]> =>
    page.evaluate(() => (window as unknown as { takeLongTasks(): number[] }).takeLongTasks());
  await page.goto(new URL(address, app.origin).href);
  // A sheet opens at its first run.
  await soon(() => cell(page, 'A', 'train').count()).toBe(1);
  if ((await cell(page, run, 'train').count()) === 0) await pressFrom(page, 'A', 'Control+ArrowRight', run);
  return { ...watched, orders, takeLongTasks };
}

const tell = (what: string, long: readonly number[]): void => {
  process.stderr.write(`page tasks above 50 ms, ${what}: ${long.join(', ') || 'none'}\n`);
  expect(Math.max(0, ...long)).toBeLessThan(HANGS_MS);
};

const line = (page: Page) => page.locator('.banner', { hasText: /\btrains?\b/ });

/** Goes from a run's cell to that of another run by a key: the page answers, once it has loaded what listens to keys. */
async function pressFrom(page: Page, run: string, key: string, to: string): Promise<void> {
  await cell(page, run, 'noise').click();
  const active = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  await soon(async () => {
    if ((await active()).startsWith(`${run}, noise, `)) await page.keyboard.press(key);
    return active();
  }).toContain(`${to}, noise, `);
}

const expectUsable = (page: Page, run: string, before: string): Promise<void> =>
  pressFrom(page, run, 'ArrowLeft', before);

const TIMEOUT = 300_000;

test(
  'a thousand runs of a thousand seeds open, name their limit, and ask before they train',
  async () => {
    const address = addressOf(1_000, (place) => ({ seeds: '1000', 'train.epochs': String(100 + place) }));
    const { page, close, orders, takeLongTasks, expectClean } = await open(address, 'ALL');
    await expectUsable(page, 'ALL', 'ALK');
    expect(await cell(page, 'ALL', 'train').getAttribute('title')).toContain(
      'at most 10,000 members in total',
    );
    // The ten that fit are far to the left: nothing of them is in view.
    await page.keyboard.press('Control+Home');
    await soon(() => line(page).textContent()).toMatch(
      /^This sheet trains (9,9\d\d|10,000) networks: about [\d,]+ (s|min) and [\d,]+ MB\./,
    );
    await settled(page);
    const few = (await orders()).orders.length;
    expect(few).toBeLessThanOrEqual(6 * 3);
    expect(await cell(page, 'A', 'train').textContent()).toContain('of 1000');
    tell('while 1,000 runs of 1,000 seeds were opened', await takeLongTasks());
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await button(page, 'Only the runs in the figures').click();
    await soon(() => line(page).textContent()).toContain('Only the runs in the figures are computed');
    expect(await focused()).toBe('Compute all');
    expect(await violations(page)).toEqual([]);
    expect((await orders()).orders.length).toBeLessThanOrEqual(few + 6);
    await button(page, 'Compute all').click();
    await soon(() => line(page).count()).toBe(0);
    expect(await page.locator('.grid :focus').count()).toBe(1);
    await soon(async () => (await orders()).orders.length).toBeGreaterThan(few + 20);
    await expectUsable(page, 'B', 'A');
    await soon(() => receipt(page)).toContain('computing');
    tell('while ten thousand members were let start', await takeLongTasks());
    expectClean();
    await close();
  },
  TIMEOUT,
);

test(
  'ten thousand members in a thousand runs ask first, and an edit after consent to them does not ask again',
  async () => {
    const address = addressOf(1_000, (place) => ({ seeds: '10', 'train.epochs': String(place + 1) }));
    const { page, close, orders, takeLongTasks, expectClean } = await open(address, 'ALL');
    await soon(() => line(page).textContent()).toMatch(/^This sheet trains (9,9\d\d|10,000) networks/);
    await expectUsable(page, 'ALL', 'ALK');
    tell('while 1,000 runs of 10 seeds were opened', await takeLongTasks());
    const few = (await orders()).orders.length;
    await button(page, 'Compute all').click();
    await soon(async () => (await orders()).orders.length).toBeGreaterThan(few + 20);
    await cell(page, 'ALL', 'noise').click();
    await page.keyboard.type('0.11');
    await page.keyboard.press('Enter');
    await soon(() => textOf(page, 'ALL', 'noise')).toBe('0.11');
    await soon(() => cell(page, 'ALL', 'train').textContent()).toMatch(/\d of 10|10 members/);
    expect(await line(page).count()).toBe(0);
    tell('while they were computed', await takeLongTasks());
    expectClean();
    await close();
  },
  TIMEOUT,
);

test('a run that waits for its person’s consent is not said to be queued', async () => {
  const address = addressOf(8, (place) => ({
    seeds: '260',
    'dataset.noise': String((place + 1) / 100),
    'train.epochs': '2',
  }));
  const { page, close, expectClean } = await open(address, 'H');
  await soon(() => line(page).textContent()).toMatch(/^This sheet trains 2,0\d\d networks/);
  // A run of the figures is computed without being asked for.
  await page.locator('.run-chip', { hasText: /^H/ }).click();
  await type(page, 'H', 'noise', '0.5');
  await soon(() => textOf(page, 'H', 'dataset')).toMatch(/not started$/);
  await button(page, 'Compute all').click();
  await soon(() => textOf(page, 'H', 'dataset')).toMatch(/ms$/);
  expectClean();
  await close();
});

test(
  'the largest networks, the largest data sets and a hundred rows of a thousand runs open',
  async () => {
    const products = {
      'the largest networks': addressOf(1_000, (place) => ({
        'architecture.hiddenLayers': '50',
        'architecture.units': '1024',
        'architecture.seed': String(place),
      })),
      'a thousand data sets of 100,000': addressOf(1_000, (place) => ({
        'dataset.nSamples': '100000',
        'dataset.randomState': String(place),
        'train.epochs': '1',
      })),
      'a hundred rows, each of which reads the one before': addressOf(
        1_000,
        (place) => ({ 'train.epochs': String(place + 1) }),
        Array.from({ length: 100 }, (_, at) => (at === 0 ? '=loss' : `=r${at - 1} + 1`)),
      ),
    };
    for (const [name, address] of Object.entries(products)) {
      const { page, close, takeLongTasks, expectClean } = await open(address, 'ALL');
      await expectUsable(page, 'ALL', 'ALK');
      await soon(() => receipt(page)).toMatch(/recomputed|wait/);
      tell(name, await takeLongTasks());
      expectClean();
      await close();
    }
  },
  TIMEOUT,
);

test('rows that come to other columns later than the header show none of their cells in the meantime', async () => {
  const small = { 'dataset.nSamples': '20', 'architecture.units': '2', 'train.epochs': '1' };
  const formulas = Array.from({ length: 80 }, (_, at) => (at === 0 ? '=train.epochs' : `=r${at - 1} + 1`));
  const { page, close, expectClean } = await open(
    addressOf(100, () => small, formulas),
    'CV',
  );
  await soon(() => textOf(page, 'CV', 'r79')).toBe('80');
  await page.evaluate(() => {
    const seen = { frames: 0, unfilled: 0, wrong: 0 };
    const columnsOf = (row: Element): string =>
      [...row.children].map(({ ariaColIndex }) => ariaColIndex ?? '').join(' ');
    const look = (): void => {
      seen.frames++;
      const [head, ...rows] = document.querySelectorAll('[role="grid"] tr');
      for (const row of rows) {
        const last = row.lastElementChild;
        if (!head || columnsOf(row) === columnsOf(head)) continue;
        seen.unfilled++;
        if (row.children.length > 1 && last && getComputedStyle(last).visibility !== 'hidden') seen.wrong++;
      }
      requestAnimationFrame(look);
    };
    look();
    Object.assign(window, { seen });
  });
  await cell(page, 'CV', 'r70').click();
  for (const [key, run] of [
    ['Control+ArrowLeft', 'A'],
    ['Control+ArrowRight', 'CV'],
    ['Control+ArrowLeft', 'A'],
  ] as const) {
    await page.keyboard.press(key);
    // The row of the active cell does not wait.
    const active = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await soon(active).toContain(`${run}, r70, 71`);
    await soon(() => textOf(page, run, 'r79')).toBe('80');
  }
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  expect(seen['wrong']).toBe(0);
  expect(seen['unfilled']).toBeGreaterThan(0);
  await soon(() => page.locator('[role="grid"] .unfilled').count()).toBe(0);
  expectClean();
  await close();
});
