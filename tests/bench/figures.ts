// Measures every figure in a real browser at 3, 12 and 50 runs: drawn for the first time, drawn again in the nodes that are
// there, and followed to another epoch; and the page's longest task while a training plays.
// Every figure is taken inside of the page, so that the driving of the browser is not in it.

import type { App } from '../browser/app';
import { launchBrowser } from '../browser/chromium';
import { serveGallery } from '../browser/gallery-server';
import { valuesOf } from '../browser/gallery-values';
import { print } from './measure';

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

interface Drawn {
  readonly first: number;
  readonly draw: number;
  readonly worst: number;
  readonly follow: number;
}

/** What each figure takes, by its name. */
async function timesOf(origin: string, count: number): Promise<Map<string, Drawn>> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 680, height: 900 } });
    await page.goto(`${origin}/gallery.html?case=runs-${count}&width=640`);
    await page.waitForFunction(() => 'gallery' in globalThis);
    const measured = await page.evaluate(() => {
      const { gallery } = globalThis as unknown as {
        gallery: { times: Record<string, number>; measure(name: string): Omit<Drawn, 'first'> };
      };
      return Object.entries(gallery.times).map(
        ([name, first]) => [name, { first, ...gallery.measure(name) }] as const,
      );
    });
    return new Map(measured);
  } finally {
    await browser.close();
  }
}

/** Prints a line for each figure: milliseconds at each number of runs, and how they grow from the first to the last. */
export async function benchFigures(): Promise<void> {
  const cases = Object.fromEntries(
    await Promise.all(
      COUNTS.map(async (count) => [`runs-${count}`, await valuesOf(sheetOf(count))] as const),
    ),
  );
  const gallery = await serveGallery(cases);
  try {
    const all: Map<string, Drawn>[] = [];
    for (const count of COUNTS) all.push(await timesOf(gallery.origin, count));
    print(
      `\neach figure at ${COUNTS.join(', ')} runs, in ms: first drawing | drawn again, median of 20 (worst) | followed`,
    );
    let worst = 0;
    for (const name of all[0]?.keys() ?? []) {
      const of = all.flatMap((times) => times.get(name) ?? []);
      worst = Math.max(worst, ...of.flatMap(({ first, worst: longest }) => [first, longest]));
      const list = (read: (drawn: Drawn) => number): string =>
        of.map((drawn) => read(drawn).toFixed(1).padStart(6)).join('');
      const growth = (of.at(-1)?.draw ?? Number.NaN) / (of[0]?.draw ?? Number.NaN);
      const again = of.map((one) => `${one.draw.toFixed(1)} (${one.worst.toFixed(1)})`.padStart(14)).join('');
      print(
        `${name.padEnd(18)}${list(({ first }) => first)} |${again} |${list(({ follow }) => follow)} | ×${growth.toFixed(1)}`,
      );
    }
    print(`the longest of all: ${worst.toFixed(1)} ms`);
  } finally {
    gallery.close();
  }
}

/** Plays the training of a sheet of so many runs and prints the longest task meanwhile, and what of it was seen. */
export async function benchPlaying(app: App, row: Row): Promise<void> {
  for (const count of COUNTS) {
    const { page, context } = await app.openPage({ address: `/${sheetOf(count)}` });
    await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
    await page.locator('#figure-boundary').waitFor();
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
          titles.add(title?.textContent ?? '');
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
