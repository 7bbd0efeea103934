// A page that draws every figure from values that it fetches: what the tests and the screenshots look at.
// Invariant: it runs under the page's own policy of content. Knows nothing of sheets and schedulers.

import '../../../src/ui/dom/tokens.css';
import '../../../src/ui/figures/page/figures.css';
import './gallery.css';
import { csvText, followFrame, put, savePng, saveSvg } from '../../../src/ui/figures';
import type { Frame, Shown } from '../../../src/ui/figures/draw/figure';
import { everyFigure } from '../../ui/figures/every-figure';
import { unpack } from '../support/unpack';

type Case = Readonly<Record<string, readonly Shown<unknown>[]>>;

async function show(): Promise<void> {
  const search = new URLSearchParams(location.search);
  const name = search.get('case') ?? 'opening';
  const runs = JSON.parse(await (await fetch(`values-${name}.json`)).text(), unpack) as Case;
  const every = everyFigure(runs);
  const width = Number(search.get('width') ?? 560);
  const epoch = Number(search.get('epoch') ?? 62);
  const marked = search.get('marked');
  const main = document.querySelector('main');
  const reported: unknown[] = [];
  const times: Record<string, number> = {};
  const frame: Frame = {
    width,
    epoch,
    ...(marked ? { marked } : {}),
    onEpoch: (at) => reported.push(at),
    onRun: (run) => reported.push(run),
  };
  const drawn: Record<
    string,
    { element: Element; words: { title: string; description: string }; csv: string }
  > = {};
  for (const { kind, figure } of every) {
    const own = runs[kind] ?? [];
    const half = width >= 500 && (figure.name === 'loss' || figure.name === 'accuracy') && search.has('half');
    const from = performance.now();
    const title = figure.title(own);
    const element = figure.draw(own, half ? { ...frame, width: (width - 16) / 2 } : frame);
    const container = document.createElement('section');
    container.dataset['figure'] = figure.name;
    const heading = document.createElement('h2');
    heading.textContent = title;
    const place = document.createElement('div');
    container.append(heading, place);
    const note = figure.note?.(own);
    if (note) {
      const words = document.createElement('p');
      words.className = 'figure-note';
      words.textContent = note;
      container.append(words);
    }
    main?.append(container);
    put(place, undefined, element);
    container.getBoundingClientRect();
    times[figure.name] = performance.now() - from;
    drawn[figure.name] = {
      element: place,
      words: { title, description: figure.describe(own) },
      csv: csvText(figure.table(own)),
    };
  }

  /** Milliseconds to draw, lay out and put into the page, once warm, and of following: the middle and the worst of 20. */
  const measure = (name: string): { draw: number; follow: number; worst: number } => {
    const found = every.find(({ figure }) => figure.name === name);
    const own = found ? (runs[found.kind] ?? []) : [];
    const taken = (task: (turn: number) => void): readonly [middle: number, worst: number] => {
      const times = Array.from({ length: 20 }, (_, turn) => {
        const from = performance.now();
        task(turn);
        main?.getBoundingClientRect();
        return performance.now() - from;
      });
      times.sort((a, b) => a - b);
      return [times[10] ?? 0, times[19] ?? 0];
    };
    if (!found || !main) return { draw: 0, follow: 0, worst: 0 };
    const place = document.createElement('div');
    main.append(place);
    let drawing = found.figure.draw(own, frame);
    put(place, undefined, drawing);
    // Alternately of two sets of runs, so that something changes each time.
    const [draw, worst] = taken((turn) => {
      const next = found.figure.draw(turn % 2 ? own : own.slice().reverse(), frame);
      put(place, drawing, next);
      drawing = next;
    });
    const [follow] = taken((turn) => followFrame(drawing, { ...frame, epoch: turn + 1 }));
    place.remove();
    return { draw, follow, worst };
  };

  const save = async (name: string): Promise<{ svg: string; png: number[]; csv: string }> => {
    const found = drawn[name];
    if (!found) throw new Error(`there is no figure ${name}`);
    const png = await savePng(found.element, found.words);
    return {
      svg: await saveSvg(found.element, found.words).text(),
      png: [...new Uint8Array(await png.arrayBuffer())],
      csv: found.csv,
    };
  };

  const words = Object.fromEntries(Object.entries(drawn).map(([name, { words: own }]) => [name, own]));
  const shown = { times, measure, save, words, reported };
  Object.assign(globalThis, { gallery: shown });
}

await show();
