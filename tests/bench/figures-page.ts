// A page that draws every figure from values that it fetches, in steps as the product's page does, and times it.
// Invariant: one figure stands in the page at a time, and each frame that it takes counts whole, with the browser's own
// layout and painting. Knows nothing of how many runs there are.

import '../../src/ui/dom/tokens.css';
import '../../src/ui/figures/page/figures.css';
import '../browser/gallery/gallery.css';
import { followFrame, putting } from '../../src/ui/figures';
import type { Frame, Shown } from '../../src/ui/figures/draw/figure';
import type { Mark } from '../../src/ui/figures/draw/mark';
import { paint } from '../../src/ui/figures/page/paint';
import { unpack } from '../browser/support/unpack';
import { type AnyFigure, everyFigure } from '../ui/figures/every-figure';

/** Milliseconds: drawn for the first time in all, and its longest task; drawn again, middle and longest task; followed. */
export interface Timed {
  readonly first: number;
  readonly firstTask: number;
  readonly again: number;
  readonly againTask: number;
  readonly follow: number;
}

const TURNS = 6;

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds of each frame from now until `isOver`: what is called before it is painted, layout, painting. */
function frames(isOver: () => boolean): Promise<number[]> {
  return new Promise((done) => {
    const taken: number[] = [];
    const { port1, port2 } = new MessageChannel();
    let from = 0;
    const look = (): void => {
      if (isOver()) {
        done(taken);
        return;
      }
      from = performance.now();
      // Asked for before anything else in the frame, so that it is called first in the next one; the message comes after.
      requestAnimationFrame(look);
      port2.postMessage('painted');
    };
    port1.onmessage = () => taken.push(performance.now() - from);
    requestAnimationFrame(look);
  });
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

async function timed(figure: AnyFigure, runs: readonly Shown<unknown>[], frame: Frame): Promise<Timed> {
  const place = document.createElement('section');
  const [heading, container, remark] = ['h2', 'div', 'p'].map((name) => document.createElement(name));
  if (!heading || !container || !remark) throw new Error('nothing can be made');
  place.append(heading, container, remark);
  document.querySelector('main')?.append(place);
  await frames(() => true);
  const owner = { isSeen: () => true };
  let drawing: Mark | undefined;
  const draw = async (shown: readonly Shown<unknown>[]): Promise<number[]> => {
    let isDrawn = false;
    const drawn = frames(() => isDrawn);
    paint(owner, function* () {
      const [before, next] = [drawing, figure.draw(shown, frame)];
      drawing = next;
      yield;
      yield* putting(container, before, next);
      heading.textContent = figure.title(shown);
      remark.textContent = figure.note?.(shown) ?? '';
      isDrawn = true;
    });
    return drawn;
  };
  const first = await draw(runs);
  const again: number[][] = [];
  // Alternately of two orders of the runs, so that something changes each time.
  for (let turn = 0; turn < TURNS; turn++) again.push(await draw(turn % 2 ? runs : runs.toReversed()));
  const follow: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const from = performance.now();
    if (drawing) followFrame(drawing, { ...frame, epoch: turn + 1 });
    place.getBoundingClientRect();
    follow.push(performance.now() - from);
  }
  place.remove();
  return {
    first: sum(first),
    firstTask: Math.max(...first),
    again: middle(again.map(sum)),
    againTask: middle(again.map((taken) => Math.max(...taken))),
    follow: middle(follow),
  };
}

const search = new URLSearchParams(location.search);
const values = JSON.parse(await (await fetch(`values-${search.get('case')}.json`)).text(), unpack);
const times: Record<string, Timed> = {};
for (const { kind, figure } of everyFigure(values))
  times[figure.name] = await timed(figure, values[kind] ?? [], {
    width: Number(search.get('width')),
    epoch: 62,
    onEpoch: () => {},
    onRun: () => {},
  });
Object.assign(globalThis, { times });
