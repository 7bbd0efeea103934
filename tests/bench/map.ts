// The map: how long 8 × 10 and 10 × 10 tiles take that nobody has computed, and what that asks of the main thread.
// Every figure is taken inside of the page. Longer tasks than 50 ms are what the browser itself reports as long.

import type { App } from '../browser/support/app';

type Print = (label: string, ms: number, note?: string) => void;
type Page = Awaited<ReturnType<App['openPage']>>['page'];

/** Ten widths, with which ten depths make a hundred networks. */
const UNITS = '4, 5, 6, 7, 8, 9, 11, 12, 14, 16';

/** Set up before anything is done: notes every task over 50 ms, and the longest gap between turns of the main thread. */
function observe(): void {
  const seen = { tasks: [] as number[], gap: 0 };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(Math.round(duration));
  }).observe({ type: 'longtask' });
  const { port1, port2 } = new MessageChannel();
  let before = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    seen.gap = Math.max(seen.gap, now - before);
    before = now;
    setTimeout(() => port2.postMessage(undefined), 4);
  };
  port2.postMessage(undefined);
}

/** Does something in the page and waits until so many tiles have their figure, in milliseconds. */
function filling(page: Page, act: 'open' | 'cross', tiles: number): Promise<number> {
  return page.evaluate(
    ([what, wanted, list]) =>
      new Promise<number>((done) => {
        const named = (name: string): HTMLButtonElement | undefined =>
          [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
        const start = performance.now();
        if (what === 'open') named('Sweep')?.click();
        else {
          const area = document.querySelector<HTMLTextAreaElement>('.map-values textarea');
          if (!area) throw new Error('there is no list to type');
          area.value = list;
          area.dispatchEvent(new InputEvent('input', { bubbles: true }));
        }
        const look = (): void => {
          const cells = [...document.querySelectorAll('.map-grid td')];
          const there = cells.filter(({ ariaLabel }) => / in epoch /.test(ariaLabel ?? ''));
          named('Fill the map')?.click();
          if (cells.length === wanted && there.length === wanted) done(performance.now() - start);
          // By the clock: to look at each frame would make the page draw each frame.
          else setTimeout(look, 20);
        };
        look();
      }),
    [act, tiles, UNITS] as const,
  );
}

const seen = (page: Page): Promise<{ tasks: number[]; gap: number }> =>
  page.evaluate(async () => {
    // What the browser reports comes a little later than it was.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { seen: noted } = window as unknown as { seen: { tasks: number[]; gap: number } };
    const copy = { tasks: [...noted.tasks], gap: noted.gap };
    noted.tasks.length = 0;
    noted.gap = 0;
    return copy;
  });

/** Measures the map and prints a row for each figure. */
export async function benchMap(app: App, print: Print): Promise<void> {
  const { page, context } = await app.openPage({ address: '/#v1&A=a' });
  await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
  await page.waitForFunction(() => document.querySelectorAll('.inspector .drawing svg').length > 3);
  await page.evaluate(observe);
  const printed = async (label: string, ms: number): Promise<void> => {
    const { tasks, gap } = await seen(page);
    print(label, ms);
    print(
      `longest wait for the main thread, ${label}`,
      gap,
      `tasks over 50 ms: ${tasks.join(' ') || 'none'}`,
    );
  };
  await printed('the map of 10 × 8, cold, from the click', await filling(page, 'open', 80));
  await page.getByRole('combobox', { name: 'across' }).selectOption('architecture.units');
  await page.getByRole('button', { name: 'Values', exact: true }).click();
  await page.getByRole('group', { name: 'Values of units' }).getByText('List').click();
  await page.waitForFunction(() => document.querySelectorAll('.map-grid td').length === 30);
  await seen(page);
  await printed('the map of 10 × 10, cold, from the last key', await filling(page, 'cross', 100));
  await context.close();
}
