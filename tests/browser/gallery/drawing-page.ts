// A page that puts every figure into it at once and step by step, and tells whether both are the same, and as if they were new.
// Invariant: what is compared is what is seen, elements and the pixels of canvases. Knows no figure by name.

import '../../../src/ui/dom/tokens.css';
import '../../../src/ui/figures/page/figures.css';
import { followFrame, put, putting } from '../../../src/ui/figures';
import type { Frame } from '../../../src/ui/figures/draw/figure';
import type { Mark } from '../../../src/ui/figures/draw/mark';
import { cancelPaint, finishPaint, paint } from '../../../src/ui/figures/page/paint';
import { everyFigure, type Runs } from '../../ui/figures/every-figure';
import { unpack } from '../support/unpack';

const FRAME: Frame = { width: 560, epoch: 62, onEpoch: () => {}, onRun: () => {} };

const load = async (name: string): Promise<Runs> =>
  JSON.parse(await (await fetch(`values-${name}.json`)).text(), unpack);

const pixelsOf = (container: Element): string[] =>
  [...container.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL());

/** What differs between the drawings, in words; empty where nothing does. */
function differences(whole: Element, stepped: Element, fresh: Element): string[] {
  const pixels = JSON.stringify(pixelsOf(fresh));
  return [
    ...(whole.innerHTML === stepped.innerHTML ? [] : ['elements']),
    ...(JSON.stringify(pixelsOf(whole)) === pixels ? [] : ['pixels put at once']),
    ...(JSON.stringify(pixelsOf(stepped)) === pixels ? [] : ['pixels put in steps']),
  ];
}

/** The same values with the runs in the opposite order: the same places, and something else in each. */
const reversed = (values: Runs): Runs =>
  Object.fromEntries(Object.entries(values).map(([kind, runs]) => [kind, runs.toReversed()]));

/** One figure drawn from each of the values in turn: in how many steps each time, and what differed. */
function compare(name: string, turns: readonly Runs[]): { steps: number[]; differ: string[] } {
  const [whole, stepped] = [document.createElement('div'), document.createElement('div')];
  document.querySelector('main')?.replaceChildren(whole, stepped);
  const [steps, differ]: [number[], string[]] = [[], []];
  let last: { whole: Mark; stepped: Mark } | undefined;
  for (const values of turns) {
    const entry = everyFigure(values).find(({ figure }) => figure.name === name);
    if (!entry) continue;
    const draw = (): Mark => entry.figure.draw(values[entry.kind] ?? [], FRAME);
    const next = { whole: draw(), stepped: draw() };
    put(whole, last?.whole, next.whole);
    let count = 0;
    for (const _ of putting(stepped, last?.stepped, next.stepped)) {
      count++;
      // A pointer may move meanwhile.
      followFrame(next.stepped, { ...FRAME, epoch: count });
    }
    followFrame(next.stepped, FRAME);
    steps.push(count);
    const fresh = document.createElement('div');
    put(fresh, undefined, draw());
    differ.push(...differences(whole, stepped, fresh));
    last = next;
  }
  return { steps, differ };
}

const [few = {}, many = {}] = await Promise.all(['few', 'many'].map(load));
const names = everyFigure(few).map(({ figure }) => figure.name);
const turns = [few, many, reversed(many), few, few];
const compared = names.map((name) => ({ name, ...compare(name, turns) }));
Object.assign(globalThis, { compared, painting: { paint, finishPaint, cancelPaint } });
