// Measures every figure in a real browser at 3, 12 and 50 runs: drawn for the first time and drawn again in the nodes that
// are there, in all and by its longest task, and followed to another epoch; and the page's longest task while a training plays.
// Every figure is taken inside of the page, so that the driving of the browser is not in it.

import { join } from 'node:path';
import { serveGallery } from '../browser/gallery/gallery-server';
import { valuesOf } from '../browser/gallery/gallery-values';
import type { App } from '../browser/support/app';
import { launchBrowser } from '../browser/support/chromium';
import type { Timed } from './figures-page';
import { median, print } from './measure';

type Row = (label: string, ms: number, note?: string) => void;

const COUNTS = [3, 12, 50] as const;

const id = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : id(Math.floor(index / 26) - 1) + id(index % 26);

/** So many runs of the notebook's size, sigmoid and relu in turn, each with weights and batches of its own. */
const sheetOf = (count: number): string =>
  `#v1&${Array.from({ length: count }, (_, index) => {
    const run = id(index);
    const activation = index % 2 ? `&${run}.architecture.activation=relu` : '';
    return `${run}=run%20${index}&${run}.architecture.seed=${index}${activation}`;
  }).join('&')}`;

/** Pages that each draw every figure; the middle of what they take counts. */
const PAGES = 3;

type Times = Readonly<Record<string, Timed>>;

/** What each figure takes in a page of its own. */
async function timesOf(origin: string, count: number): Promise<Times> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 680, height: 900 } });
    await page.goto(`${origin}/figures.html?case=runs-${count}&width=640`);
    await page.waitForFunction(() => 'times' in globalThis, undefined, { timeout: 120_000 });
    return await page.evaluate(() => (globalThis as unknown as { times: Times }).times);
  } finally {
    await browser.close();
  }
}

const LISTED = ['first', 'firstTask', 'again', 'againTask', 'follow'] as const;

/** Prints a line for each figure: milliseconds at each number of runs. */
export async function benchFigures(): Promise<void> {
  const cases = Object.fromEntries(
    await Promise.all(
      COUNTS.map(async (count) => [`runs-${count}`, await valuesOf(sheetOf(count))] as const),
    ),
  );
  const gallery = await serveGallery(cases, join(import.meta.dirname, 'figures.html'));
  try {
    const all: Times[][] = [];
    for (const count of COUNTS) {
      const pages: Times[] = [];
      for (let page = 0; page < PAGES; page++) pages.push(await timesOf(gallery.origin, count));
      all.push(pages);
    }
    print(
      `\neach figure at ${COUNTS.join(', ')} runs, in ms, median of ${PAGES} pages: first drawing | its longest task | drawn again | its longest task | followed`,
    );
    let worst = 0;
    for (const name of Object.keys(all[0]?.[0] ?? {})) {
      const lists = LISTED.map((part) =>
        all.map((pages) => median(pages.map((times) => times[name]?.[part] ?? Number.NaN))),
      );
      worst = Math.max(worst, ...(lists[1] ?? []), ...(lists[3] ?? []));
      const texts = lists.map((list) => list.map((ms) => ms.toFixed(1).padStart(6)).join(''));
      print(`${name.padEnd(26)}${texts.join(' |')}`);
    }
    print(`the longest task of all: ${worst.toFixed(1)} ms`);
  } finally {
    gallery.close();
  }
}

/** Plays the training of a sheet of so many runs and prints the longest task meanwhile, and what of it was seen. */
export async function benchPlaying(app: App, row: Row): Promise<void> {
  for (const count of COUNTS) {
    const { page, context } = await app.openPage({ address: `/${sheetOf(count)}` });
    await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
    await page.locator('#figure-boundary svg').waitFor();
    const { tasks, epochs, boundaries } = await page.evaluate(async () => {
      // What opening the page left to do is not what playing costs.
      await new Promise((rested) => setTimeout(rested, 1_000));
      const tasks: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(Math.round(duration));
      });
      observer.observe({ type: 'longtask' });
      const input = document.querySelector<HTMLInputElement>('#epoch');
      const title = document.querySelector('#figure-boundary h3');
      const [epochs, titles] = [new Set<string>(), new Set<string>()];
      document.querySelector<HTMLButtonElement>('.epoch button')?.click();
      await new Promise<void>((done) => {
        const look = (): void => {
          epochs.add(input?.value ?? '');
          titles.add(title?.ariaLabel ?? title?.textContent ?? '');
          if (epochs.size > 3 && input?.value === input?.max) done();
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
      await new Promise((rested) => setTimeout(rested, 300));
      observer.disconnect();
      return { tasks, epochs: epochs.size, boundaries: titles.size };
    });
    const note = `over 50 ms: ${tasks.length}; ${epochs} epochs and ${boundaries} sets of boundaries seen`;
    row(`a training of ${count} runs plays: longest task`, Math.max(0, ...tasks), note);
    await context.close();
  }
}
