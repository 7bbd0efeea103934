// Measures a hand that drags a number of the opening sheet: from each move of the pointer to the frame in which the
// figures show its value. Real input events, noted and awaited inside of the page, so that the driving is not in it.

import type { App } from '../browser/app';

const MOVES = 300;
const FRAME_MS = 1_000 / 60;

type Page = Awaited<ReturnType<App['openPage']>>['page'];
type Print = (label: string, ms: number, note?: string) => void;

/** A number to drag: the row, the pixels of one step, and how many steps to go before turning back. */
interface Drag {
  readonly row: string;
  readonly pixels: number;
  readonly steps: number;
}

const DRAGS: readonly Drag[] = [
  { row: 'noise', pixels: 2, steps: 60 },
  { row: 'learning rate', pixels: 2, steps: 60 },
  { row: 'hidden layers', pixels: 8, steps: 4 },
  { row: 'seed', pixels: 4, steps: 60 },
];

const share = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN;

interface Log {
  readonly figures: number[];
  readonly boundaries: number[];
  stop(): void;
}

/** Notes, for each move, how long it takes until figures and field that are at least as new are painted. */
async function observe(page: Page, label: string): Promise<void> {
  await page.evaluate((name) => {
    const cell = document.querySelector(`[role="grid"] [aria-label^="A, ${name}, "]`);
    const figure = document.querySelector('.inspector .drawing');
    if (!cell || !figure) throw new Error('there is nothing to observe');
    const moves: number[] = [];
    const [figures, boundaries]: [number[], number[]] = [[], []];
    // How many moves the value that is being computed, the figures and the field account for.
    let [begun, drawn, painted] = [0, 0, 0];
    let due = false;
    const onMove = (event: Event): void => void moves.push(event.timeStamp);
    // Before the page's own listener, which may begin with the value at once.
    addEventListener('pointerrawupdate', onMove, { capture: true });
    const begin = new MutationObserver(() => {
      begun = moves.length;
    });
    begin.observe(cell, { characterData: true, subtree: true, childList: true });
    /** Counts what is newly shown, in the task after the frame that shows it. */
    const afterPaint = (): void => {
      if (due) return;
      due = true;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          due = false;
          const now = performance.now();
          for (; drawnCounted < drawn; drawnCounted++) figures.push(now - (moves[drawnCounted] ?? now));
          for (; paintedCounted < painted; paintedCounted++)
            boundaries.push(now - (moves[paintedCounted] ?? now));
        };
        channel.port2.postMessage('painted');
      });
    };
    let [drawnCounted, paintedCounted] = [0, 0];
    const draw = new MutationObserver(() => {
      drawn = begun;
      afterPaint();
    });
    draw.observe(figure, { attributes: true, characterData: true, subtree: true, childList: true });
    // Only the field of the boundary is put pixel by pixel; it is asked for when the figures' values are there.
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function putNoted(
      this: CanvasRenderingContext2D,
      ...args: Parameters<typeof put>
    ) {
      painted = Math.max(painted, drawn);
      afterPaint();
      return put.apply(this, args);
    } as typeof put;
    Object.assign(window, {
      dragLog: {
        figures,
        boundaries,
        stop() {
          removeEventListener('pointerrawupdate', onMove, { capture: true });
          begin.disconnect();
          draw.disconnect();
          CanvasRenderingContext2D.prototype.putImageData = put;
        },
      },
    });
  }, label);
}

async function drag(
  page: Page,
  { row, pixels, steps }: Drag,
): Promise<{ figures: number[]; boundaries: number[] }> {
  const cell = page.locator(`[role="grid"] [aria-label^="A, ${row}, "]`);
  const box = await cell.boundingBox();
  if (!box) throw new Error(`there is no ${row} to drag`);
  const [x, y] = [box.x + 16, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 4, y);
  await page.waitForTimeout(200);
  await observe(page, row);
  const start = performance.now();
  for (let move = 1; move <= MOVES; move++) {
    const turn = move % (2 * steps);
    const away = turn <= steps ? turn : 2 * steps - turn;
    await page.mouse.move(x + 4 + away * pixels, y);
    const early = start + move * FRAME_MS - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  }
  await page.waitForTimeout(500);
  const log = await page.evaluate(() => {
    const { dragLog } = window as unknown as { dragLog: Log };
    dragLog.stop();
    return { figures: dragLog.figures, boundaries: dragLog.boundaries };
  });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  return log;
}

/** Drags four numbers of run A on the opening sheet, its trainings in view, and prints how the figures follow. */
export async function benchDrag(app: App, print: Print): Promise<void> {
  const { page, context } = await app.openPage();
  await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
  // The seed is a quiet param, folded away.
  await page.getByRole('button', { name: '3 at default' }).first().click();
  await page.waitForTimeout(1_000);
  for (const what of DRAGS) {
    const { figures, boundaries } = await drag(page, what);
    await page.waitForTimeout(500);
    const note = (values: readonly number[]): string =>
      `95th percentile ${share(values, 0.95).toFixed(1)} ms, of ${values.length} moves`;
    print(`drag ${what.row}: from a move to the painted figures`, share(figures, 0.5), note(figures));
    print(`drag ${what.row}: … and to the painted boundary`, share(boundaries, 0.5), note(boundaries));
  }
  await context.close();
}
