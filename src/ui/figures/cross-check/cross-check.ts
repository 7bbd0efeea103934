// The cross-check figure: the distance between a training and the same training in TensorFlow.js, epoch by epoch, for weights and
// loss.
// Invariant: one log scale for all runs; a difference of zero is at the bottom of the scale.

import type { AnswerOf } from '../../../cells/questions';
import { axisBelow, axisLeft, type Chart, chartOf, linePath } from '../draw/axes';
import type { Figure, Frame, Shown } from '../draw/figure';
import { count, formatNumber } from '../draw/format';
import { follow, reportEpoch } from '../draw/frame-following';
import { headlinesOf } from '../draw/headline';
import { legendEntry } from '../draw/legend-entries';
import type { Mark } from '../draw/mark';
import { addRunLegend } from '../draw/run-legend';
import { label, nothing, root, svg } from '../draw/svg';
import { epochTicks, logExtent, logTicks, spread, thin, tickText } from '../draw/ticks';

/** Largest absolute differences of a training by epoch: of its weights, and of its loss. */
export type Differences = AnswerOf<'crossCheck'>;

type Runs = readonly Shown<Differences>[];

const LEFT = 40;
const TOP = 40;
const BOTTOM = 34;

const known = (runs: Runs): Runs => runs.filter(({ value }) => value.weights.length > 0);
const most = (values: Float64Array): number => values.reduce((high, value) => Math.max(high, value), 0);
const longest = (runs: Runs): number => Math.max(1, ...runs.map(({ value }) => value.weights.length));

function title(all: Runs): string {
  const runs = known(all);
  if (runs.length === 0) return 'No cross-check yet';
  const parts = runs.map(({ id, value }) => `${formatNumber(most(value.weights))} in ${id}`);
  return `From TensorFlow.js the weights differ by at most ${parts.slice(0, 4).join(', ')}`;
}

function headlines(all: Runs): readonly string[] {
  const sorted = [...known(all)].sort((a, b) => most(b.value.weights) - most(a.value.weights));
  if (sorted.length === 0) return ['No cross-check yet'];
  const size = ({ value }: Shown<Differences>): string => formatNumber(most(value.weights));
  const sizes = (named: Runs): string => named.map((run) => `${size(run)} in ${run.id}`).join(', ');
  return headlinesOf(
    sorted,
    { first: 'most', text: size },
    (named, tail) => `Weights within ${sizes(named)} of TensorFlow.js${tail}`,
    (named, tail) => (tail ? '' : `tfjs within ${sizes(named)}`),
  );
}

const curve = (values: Float64Array, chart: Chart, { id, color }: Shown<Differences>, part: string): Mark =>
  svg(
    'g',
    { class: part, 'data-runs': id },
    svg('path', { d: linePath(thin(values, 2 * chart.width), chart), class: 'curve', stroke: color }),
  );

function draw(all: Runs, frame: Frame): Mark {
  const runs = known(all);
  if (runs.length === 0) return nothing('The differences appear here when a cross-check ends.');
  const { width } = frame;
  const height = Math.round(Math.min(Math.max(width * 0.4, 170), 220));
  const epochs = longest(runs);
  const [low, high] = logExtent(runs.flatMap(({ value }) => [value.weights, value.loss]));
  const domain: [number, number] = [low / 1.5, high * 1.5];
  const drawn = chartOf({
    width,
    height,
    margin: [TOP, 34, BOTTOM, LEFT + 8],
    x: { type: 'linear', domain: [1, Math.max(2, epochs)] },
    y: { type: 'log', domain },
  });
  const rule = svg('line', { y1: TOP - 4, y2: drawn.inner.bottom, class: 'cursor' });
  const readout = svg('text', { x: LEFT + 8, y: TOP - 12, class: 'label' });
  const ends = runs.map(({ value }) => drawn.y(value.weights.at(-1) ?? low));
  const places = spread(ends, 13, TOP + 2, drawn.inner.bottom) ?? [];
  const drawing = root(
    width,
    height,
    axisLeft(drawn, { at: logTicks(...domain, 6), text: tickText, lines: 'grid' }),
    axisBelow(drawn, { at: epochTicks(epochs, width - 80), text: String, lines: 'none' }, 'epoch'),
    ...runs.flatMap((run) => [
      curve(run.value.loss, drawn, run, 'test'),
      curve(run.value.weights, drawn, run, 'train'),
    ]),
    label('largest absolute difference (log)', 0, 12, { class: 'quiet' }),
    svg(
      'g',
      { class: 'key', transform: `translate(${width - 122} 0)` },
      svg('path', { d: 'M0 9h18', class: 'key-train' }),
      label('weights', 22, 13),
      svg('path', { d: 'M72 9h18', class: 'key-test' }),
      label('loss', 94, 13),
    ),
    ...runs.flatMap(({ id, value }, index) => {
      const y = places[index];
      const x = drawn.x(value.weights.length) + 6;
      return y === undefined
        ? []
        : [legendEntry(id, label(id, Number(x.toFixed(1)), y + 4, { class: 'strong', 'data-runs': id }))];
    }),
    rule,
    readout,
  );
  const epochAt = (pixel: number): number => Math.round(Math.min(Math.max(drawn.invertX(pixel), 1), epochs));
  addRunLegend(drawing, runs);
  reportEpoch(drawing, frame, epochAt);
  return follow(drawing, frame, (next) => {
    const epoch = Math.max(1, Math.min(next.epoch, epochs));
    for (const side of ['x1', 'x2']) rule.setAttribute(side, drawn.x(epoch).toFixed(1));
    const [first] = runs;
    const at = (values: Float64Array | undefined): string => formatNumber(values?.[epoch - 1] ?? Number.NaN);
    readout.replaceChildren(
      runs.length === 1
        ? `epoch ${epoch}   weights ${at(first?.value.weights)}   loss ${at(first?.value.loss)}`
        : `epoch ${epoch}`,
    );
  });
}

export const crossCheckFigure: Figure<Differences> = {
  name: 'cross-check',
  title,
  headlines,
  describe(all) {
    const runs = known(all);
    if (runs.length === 0) return 'No run has been cross-checked yet.';
    const parts = runs.map(
      ({ id, name, value }) =>
        `${id} (${name}): weights by at most ${formatNumber(most(value.weights))}, loss by at most ${formatNumber(most(value.loss))}, over ${count(value.weights.length, 'epoch')}.`,
    );
    return `Curves by epoch of the largest absolute difference between this training and the same in TensorFlow.js, weights solid, loss dashed. ${parts.join(' ')}`;
  },
  table: (runs) => [
    ['run', 'epoch', 'weights', 'loss'],
    ...known(runs).flatMap(({ id, value }) =>
      Array.from(value.weights, (weights, index) => [id, index + 1, weights, value.loss[index] ?? '']),
    ),
  ],
  draw,
};
