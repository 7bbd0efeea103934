// Measures the built page in a real browser: first paint, the opening sheet cold and from the cache, an edit, long tasks.
// Every figure is taken inside of the page, so that the driving of the browser is not in it.

import { type App, startApp } from '../browser/support/app';
import { manyRecords, storeRecords } from '../browser/support/long-library';
import { benchDrag } from './drag';
import { benchPlaying } from './figures';
import { benchGrid } from './grid';
import { benchMap } from './map';

const ROUNDS = 3;

/** What one loading of the page took, in milliseconds from navigation on. */
interface Loading {
  readonly paint: number;
  readonly results: number;
  readonly tasks: readonly number[];
}

type Print = (label: string, ms: number, note?: string) => void;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Set up before the page's own scripts: notes long tasks and the moment at which the receipt is there. */
export function observe(): void {
  const seen = { tasks: [] as number[], results: Number.NaN };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(Math.round(duration));
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    if (
      Number.isNaN(seen.results) &&
      / of [A-Z]|nothing to/.test(document.querySelector('.receipt')?.textContent ?? '')
    )
      seen.results = performance.now();
  }).observe(document, { childList: true, characterData: true, subtree: true });
}

type Page = Awaited<ReturnType<App['openPage']>>['page'];

/** Waits for the receipt and as many drawings, and tells what was noted until then. */
export async function loading(page: Page, drawings = 4): Promise<Loading> {
  await page.waitForFunction(
    (least) => {
      const { seen } = window as unknown as { seen: { results: number } };
      return seen.results > 0 && document.querySelectorAll('.inspector .drawing svg').length >= least;
    },
    drawings,
    // By the clock: to look at each frame would make the page draw each frame.
    { timeout: 120_000, polling: 50 },
  );
  return page.evaluate(() => {
    const { seen } = window as unknown as { seen: { tasks: number[]; results: number } };
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
    return { paint, results: seen.results, tasks: seen.tasks };
  });
}

/** From the key that commits an edit to the frame after the one in which the cell has its new text. */
function editToPaint(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (typed) =>
      new Promise<number>((done) => {
        const cell = document.querySelector<HTMLElement>('[role="grid"] [aria-label^="A, noise, "]');
        if (!cell) throw new Error('there is no cell to edit');
        const press = (target: Element | null, key: string): void => {
          target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        };
        cell.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
        press(cell, 'F2');
        queueMicrotask(() => {
          const input = cell.querySelector('input');
          if (!input) throw new Error('the cell is not being edited');
          input.value = typed;
          input.dispatchEvent(new InputEvent('input', { bubbles: true }));
          const start = performance.now();
          press(input, 'Enter');
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => done(performance.now() - start);
            channel.port2.postMessage('painted');
          });
        });
      }),
    text,
  );
}

/** From a click on Library to its painted table, in milliseconds. */
function openingLibrary(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        const button = [...document.querySelectorAll('button')].find(({ textContent }) =>
          /^Library/.test(textContent ?? ''),
        );
        const start = performance.now();
        button?.click();
        const look = (): void => {
          if (document.querySelector('.library-main tbody tr'))
            requestAnimationFrame(() => done(performance.now() - start));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** Measures opening the library with 100, 1,000 and 10,000 trainings, from the page as it stands. */
async function benchLibrary(app: App, print: Print): Promise<void> {
  const { page, context } = await app.openPage({ address: '/#v1&A=a&A.train.epochs=1' });
  await page.getByText(/recomputed/).waitFor();
  for (const count of [100, 1_000, 10_000]) {
    await page.waitForFunction(() => /Library [1-9]/.test(document.body.textContent ?? ''));
    // One is the page's own.
    await storeRecords(page, 'gradsheet-library', manyRecords(count - 1, 2));
    await page.reload();
    await page.waitForFunction((n) => document.body.textContent?.includes(`Library ${n}`), count);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      times.push(await openingLibrary(page));
      await page.getByRole('button', { name: 'Back to the sheet' }).click();
    }
    print(`open the library with ${count} trainings`, median(times), `first ${times[0]?.toFixed(0)} ms`);
  }
  await context.close();
}

/** Measures the page and prints a row for each figure. */
export async function benchPage(print: Print): Promise<void> {
  const app = await startApp();
  try {
    const cold: Loading[] = [];
    const warm: Loading[] = [];
    const edits: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { page, context } = await app.openPage({ address: null, offline: true });
      await page.addInitScript(observe);
      await page.goto(app.origin);
      cold.push(await loading(page));
      await page.waitForFunction(() =>
        document.querySelector('.sheet-status')?.textContent?.includes('offline ready'),
      );
      await page.reload();
      warm.push(await loading(page));
      for (let edit = 1; edit <= 3; edit++) edits.push(await editToPaint(page, `0.0${edit}`));
      await context.close();
    }
    for (const [name, loadings] of [
      ['cold', cold],
      ['from the cache', warm],
    ] as const) {
      const tasks = loadings.map(({ tasks: all }) => all);
      print(`first paint, ${name}`, median(loadings.map(({ paint }) => paint)), `median of ${ROUNDS}`);
      print(`the opening sheet’s results, ${name}`, median(loadings.map(({ results }) => results)));
      print(
        `longest task on the main thread, ${name}`,
        median(tasks.map((all) => Math.max(0, ...all))),
        `over 50 ms by round: ${tasks.map((all) => all.join(' ') || 'none').join(' | ')}`,
      );
    }
    print('edit to paint', median(edits), `worst of ${edits.length}: ${Math.max(...edits).toFixed(0)} ms`);
    await benchPlaying(app, print);
    await benchDrag(app, print);
    await benchGrid(app, print);
    await benchMap(app, print);
    await benchLibrary(app, print);
  } finally {
    await app.close();
  }
}
