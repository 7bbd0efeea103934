// Measures a hand that drags a number of the opening sheet: from each move of the pointer to the frame in which the
// figures show its value. Real input events, noted and awaited inside of the page, so that the driving is not in it.
// Invariant: what a move is counted as shown by is read off the page, the number and then figures drawn after it.

import { registry } from '../../src/cells';
import { scrubScale } from '../../src/ui/scrub/scrub-scale';
import type { App } from '../browser/support/app';

const ROUNDS = 3;
const FRAME_MS = 1_000 / 60;

type Page = Awaited<ReturnType<App['openPage']>>['page'];
type Print = (label: string, ms: number, note?: string) => void;

/** A number to drag: its row, kind and param, and at which step the hand is at each move. */
interface Drag {
  readonly row: string;
  readonly param: readonly [kind: string, name: string];
  step(move: number): number;
}

/** Each value is a new one, but for the depth, of which there are few. */
const DRAGS: readonly Drag[] = [
  { row: 'noise', param: ['dataset', 'noise'], step: (move) => move },
  { row: 'learning rate', param: ['optimizer', 'learningRate'], step: (move) => -move },
  {
    row: 'hidden layers',
    param: ['architecture', 'hiddenLayers'],
    step: (move) => 4 - Math.abs((move % 8) - 4),
  },
  { row: 'seed', param: ['architecture', 'seed'], step: (move) => move },
];

/** Beyond these many steps the learning rate's cell has been left by more than the page is wide. */
const MOVES = 120;

const share = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN;

interface Log {
  readonly figures: number[];
  readonly boundaries: number[];
  stop(): void;
}

/**
 * Notes, for each move, how long it takes until figures and field that are at least as new are painted; `texts` are the
 * numbers that the moves ask for.
 */
async function observe(page: Page, label: string, texts: readonly string[]): Promise<void> {
  await page.evaluate(
    ([name, asked]) => {
      const cell = document.querySelector(`[role="grid"] [aria-label^="A, ${name}, "]`);
      const figure = document.querySelector('.inspector .drawing');
      if (!cell || !figure) throw new Error('there is nothing to observe');
      const moves: number[] = [];
      const [figures, boundaries]: [number[], number[]] = [[], []];
      // How many moves the number, the figures and the field account for.
      let [begun, drawn, painted] = [0, 0, 0];
      let due = false;
      const onMove = (event: Event): void => void moves.push(event.timeStamp);
      // Before the page's own listener, which may begin with the value at once.
      addEventListener('pointerrawupdate', onMove, { capture: true });
      const begin = new MutationObserver(() => {
        begun = Math.max(begun, asked.lastIndexOf(cell.textContent ?? '', moves.length - 1) + 1);
      });
      begin.observe(cell, { characterData: true, subtree: true, childList: true });
      /** Counts what is newly shown. Figures are drawn in the frame itself: the task after it comes when it is painted. */
      const afterPaint = (): void => {
        if (due) return;
        due = true;
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          due = false;
          const now = performance.now();
          for (; drawnCounted < drawn; drawnCounted++) figures.push(now - (moves[drawnCounted] ?? now));
          for (; paintedCounted < painted; paintedCounted++)
            boundaries.push(now - (moves[paintedCounted] ?? now));
        };
        channel.port2.postMessage('painted');
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
    },
    [label, texts] as const,
  );
}

async function drag(
  page: Page,
  { row, param: [kind, name], step }: Drag,
): Promise<{ figures: number[]; boundaries: number[] }> {
  const cell = page.locator(`[role="grid"] [aria-label^="A, ${row}, "]`);
  const box = await cell.boundingBox();
  const param = registry.get(kind)?.params[name];
  const value = Number(await cell.textContent());
  const scale = param && scrubScale(param, value);
  if (!box || !scale) throw new Error(`there is no ${row} to drag`);
  const [x, y] = [box.x + 16, box.y + box.height / 2];
  const steps = Array.from({ length: MOVES }, (_, index) => step(index + 1));
  // The way to the threshold does not count.
  const place = (at: number): number => x + at * scale.pixels + 4 * Math.sign(at);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 4, y);
  await page.waitForTimeout(200);
  await observe(
    page,
    row,
    steps.map((at) => String(scale.move(value, at))),
  );
  const start = performance.now();
  for (const [index, at] of steps.entries()) {
    await page.mouse.move(place(at), y);
    const early = start + (index + 1) * FRAME_MS - performance.now();
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
  const logs = new Map(
    DRAGS.map(({ row }) => [row, { figures: [] as number[], boundaries: [] as number[] }]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    // A page of its own: what was computed in another round must not be there.
    const { page, context } = await app.openPage();
    await page.getByText(/^recomputed/).waitFor({ timeout: 120_000 });
    // The seed is a quiet param, folded away.
    await page
      .getByRole('button', { name: /^\+3 params/ })
      .first()
      .click();
    await page.waitForTimeout(1_000);
    for (const what of DRAGS) {
      const { figures, boundaries } = await drag(page, what);
      logs.get(what.row)?.figures.push(...figures);
      logs.get(what.row)?.boundaries.push(...boundaries);
      await page.waitForTimeout(500);
    }
    await context.close();
  }
  for (const [row, { figures, boundaries }] of logs) {
    const note = (values: readonly number[]): string =>
      `95th percentile ${share(values, 0.95).toFixed(1)} ms, of ${values.length} moves`;
    print(`drag ${row}: from a move to the painted figures`, share(figures, 0.5), note(figures));
    print(`drag ${row}: … and to the painted boundary`, share(boundaries, 0.5), note(boundaries));
  }
}
