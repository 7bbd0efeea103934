// Measures the built page's grid with few and with many runs: a key press to its painted cell, an edit, scrolling sideways.
// Every figure is taken inside of the page, so that the driving of the browser is not in it.

import type { App, WatchedPage } from '../browser/support/app';

type Page = WatchedPage['page'];
type Print = (label: string, ms: number, note?: string) => void;

const ROUNDS = 25;

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number =>
  sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
const worst = (values: readonly number[]): string => `worst ${Math.max(...values).toFixed(0)} ms`;

const id = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : id(Math.floor(index / 26) - 1) + id(index % 26);

/** So many runs that are computed in a moment, each a twin of the first but for its learning rate. */
const sheetOf = (count: number): string =>
  `/#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2${Array.from(
    { length: count - 1 },
    (_, index) =>
      `&${id(index + 1)}=r&${id(index + 1)}.base=A&${id(index + 1)}.optimizer.learningRate=${(index + 2) / 1e4}`,
  ).join('')}`;

/** From a key press to the task after the frame in which its effect is painted, key by key. */
function keysToPaint(page: Page, keys: readonly string[]): Promise<number[]> {
  return page.evaluate(async (pressed) => {
    const times: number[] = [];
    for (const key of pressed) {
      await new Promise((next) => setTimeout(next, 50));
      const start = performance.now();
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      );
      await new Promise<void>((done) => {
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done();
          channel.port2.postMessage('painted');
        });
      });
      times.push(performance.now() - start);
    }
    return times;
  }, keys);
}

/** From the Enter that commits an edit of A, on which all others are based, to its painted cells. */
async function editsToPaint(page: Page): Promise<number[]> {
  const times: number[] = [];
  await page.keyboard.press('Control+Home');
  for (let round = 0; round < ROUNDS; round++) {
    await page.locator('[role="grid"] [aria-label^="A, noise, "]').click();
    await page.keyboard.type(`0.${100 + round}`);
    times.push(...(await keysToPaint(page, ['Enter'])));
    await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
  }
  return times;
}

/** The frames' lengths while the sheet is scrolled to its end and back, half a column a frame. */
function scrolling(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((done) => {
        const scroller = document.querySelector('.grid-scroll');
        if (!scroller) throw new Error('there is nothing to scroll');
        const frames: number[] = [];
        let before = performance.now();
        let step = 64;
        const frame = (): void => {
          const now = performance.now();
          frames.push(now - before);
          before = now;
          scroller.scrollLeft += step;
          if (scroller.scrollLeft + scroller.clientWidth >= scroller.scrollWidth - 1) step = -step;
          if (scroller.scrollLeft <= 0) done(frames.slice(2));
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
  );
}

/** Measures the grid and prints a row for each figure. */
export async function benchGrid(app: App, print: Print): Promise<void> {
  for (const count of [3, 30, 200]) {
    const { page, context } = await app.openPage({ address: sheetOf(count) });
    await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
    await page.locator('[role="grid"] [aria-label^="A, noise, "]').click();
    const moves = await keysToPaint(
      page,
      Array.from(
        { length: ROUNDS },
        (_, at) => ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp'][at % 4] ?? '',
      ),
    );
    print(`an arrow key to its painted cell, ${count} runs`, median(moves), worst(moves));
    const edits = await editsToPaint(page);
    print(`an edit of A to its painted cells, ${count} runs`, median(edits), worst(edits));
    if (count === 200) {
      const frames = await scrolling(page);
      const late = frames.filter((ms) => ms > 25).length;
      print(
        'a frame while scrolling 200 runs',
        median(frames),
        `${worst(frames)}, ${late} of ${frames.length} over 25 ms`,
      );
    }
    await context.close();
  }
}
