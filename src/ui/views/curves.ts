// Curves by epoch, loss and accuracy: training solid, test dashed, one colour a run, named at their ends.
// Invariant: a curve is as long as it is known to be; runs of different lengths share one axis.
// Deliberately knows nothing of where an epoch is chosen.

import type { train } from '../../cells/train';
import type { ValueOf } from '../../core/kind';
import type { Figure, Frame, Shown } from '../figure';
import { axisBelow, axisLeft, type Chart, chartOf, linePath } from './axes';
import { follow, reportEpoch } from './follow';
import { count, formatNumber } from './format';
import type { Mark } from './mark';
import { epochTicks, logExtent, logTicks, spread, thin, tickText } from './series';
import { label, nothing, root, svg } from './svg';

/** A training, finished or as far as it is known. */
export type Trained = ValueOf<typeof train>;

interface Measure {
  readonly name: 'loss' | 'accuracy';
  readonly test: 'testLoss' | 'testAccuracy';
  readonly axis: string;
  /** The axis' words where there is little room. */
  readonly short: string;
  readonly digits: number;
}

const LOSS: Measure = {
  name: 'loss',
  test: 'testLoss',
  axis: 'loss: cross-entropy in nats, log scale',
  short: 'loss in nats (log)',
  digits: 4,
};
const ACCURACY: Measure = {
  name: 'accuracy',
  test: 'testAccuracy',
  axis: 'accuracy: share of points',
  short: 'accuracy',
  digits: 3,
};

const LEFT = 40;
const TOP = 40;
const BOTTOM = 34;

type Runs = readonly Shown<Trained>[];

const started = (runs: Runs): Runs => runs.filter(({ value }) => value.loss.length > 0);
const longest = (runs: Runs): number => Math.max(1, ...runs.map(({ value }) => value.loss.length));
const lastOf = (values: Float64Array): number => values.at(-1) ?? Number.NaN;

/** "0.061 in C, to 0.445 in A", with the epochs where they differ, and only the extremes of many. */
function endings(runs: Runs, name: Measure['name'], ascending: boolean, joint: string): string {
  const epochs = new Set(runs.map(({ value }) => value.loss.length));
  const sorted = [...runs].sort(
    (a, b) => (lastOf(a.value[name]) - lastOf(b.value[name])) * (ascending ? 1 : -1),
  );
  const part = ({ id, value }: Shown<Trained>): string =>
    `${formatNumber(lastOf(value[name]), 3)} in ${id}${epochs.size > 1 ? ` (epoch ${value.loss.length})` : ''}`;
  const [first] = sorted;
  const last = sorted.at(-1);
  if (!first || !last) return '';
  if (sorted.length <= 4) return sorted.map(part).join(joint);
  return `${part(first)}, best of ${sorted.length} runs${joint}${part(last)}, the worst`;
}

function lossTitle(all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return 'No epoch is trained yet';
  if (longest(runs) === 1) return `Loss after one epoch: ${endings(runs, 'loss', true, ', ')}`;
  const falls = (run: Shown<Trained>): boolean => lastOf(run.value.loss) <= (run.value.loss[0] ?? 0);
  const [down, up] = [runs.filter(falls), runs.filter((run) => !falls(run))];
  return [
    down.length > 0 ? `Loss falls to ${endings(down, 'loss', true, ', to ')}` : '',
    up.length > 0
      ? `${down.length > 0 ? 'it rises' : 'Loss rises'} to ${endings(up, 'loss', true, ', to ')}`
      : '',
  ]
    .filter(Boolean)
    .join('; ');
}

function accuracyTitle(all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return 'No epoch is trained yet';
  return `Accuracy ${longest(runs) === 1 ? 'after one epoch:' : 'ends at'} ${endings(runs, 'accuracy', false, ', ')}`;
}

function describe(measure: Measure, all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return 'No epoch is trained yet.';
  const number = (value: number): string => formatNumber(value, measure.digits);
  const parts = runs.map(({ id, name, value }) => {
    const [own, test] = [value[measure.name], value[measure.test]];
    return `${id} (${name}): from ${number(own[0] ?? Number.NaN)} to ${number(lastOf(own))} in training, ${number(lastOf(test))} on the test points, after ${count(own.length, 'epoch')}.`;
  });
  return `Curves of ${measure.name} by epoch, training solid, test dashed. ${parts.join(' ')}`;
}

const table = (measure: Measure, runs: Runs): (string | number)[][] => [
  ['run', 'epoch', measure.name, measure.test],
  ...runs.flatMap(({ id, value }) =>
    Array.from(value[measure.name], (number, index) => [
      id,
      index + 1,
      number,
      value[measure.test][index] ?? '',
    ]),
  ),
];

/** The value axis: logarithmic for loss; for accuracy from the lowest tenth to 1. */
function valueAxis(
  measure: Measure,
  runs: Runs,
): { type: 'log' | 'linear'; domain: [number, number]; ticks: number[] } {
  const lists = runs.flatMap(({ value }) => [value[measure.name], value[measure.test]]);
  if (measure.name === 'loss') {
    const [low, high] = logExtent(lists);
    const domain: [number, number] = [low / 1.08, high * 1.08];
    return { type: 'log', domain, ticks: logTicks(...domain, 6) };
  }
  let low = 1;
  for (const list of lists) for (const value of list) if (value < low) low = value;
  const from = Math.min(0.9, Math.max(0, Math.floor(low * 10 - 0.001) / 10));
  const step = 1 - from > 0.5 ? 0.2 : 1 - from > 0.1 ? 0.1 : 0.02;
  const steps = Math.floor((1 - from) / step + 1e-9);
  return {
    type: 'linear',
    domain: [from, 1.004],
    ticks: Array.from({ length: steps + 1 }, (_, index) => Number((1 - (steps - index) * step).toFixed(2))),
  };
}

/** The runs' names and last values at the ends of their curves; none where they would not fit. */
function endLabels(measure: Measure, runs: Runs, { x, y, inner }: Chart): Mark[] {
  const ends = runs.map(({ value }) => y(lastOf(value[measure.name])));
  const places = spread(ends, 13, TOP + 2, inner.bottom);
  if (!places) return [];
  return runs.map(({ id, color, value }, index) => {
    const right = Math.round(x(value.loss.length)) + 9;
    const [from, place] = [Math.round(ends[index] ?? 0), Math.round(places[index] ?? 0)];
    const leader = svg('path', {
      d: `M${right - 6} ${from}L${right - 1} ${place}`,
      stroke: color,
      class: 'leader',
    });
    const text = svg(
      'text',
      { x: right + 1, y: place + 4, class: 'label end' },
      svg('tspan', { class: 'strong' }, id),
      ` ${formatNumber(lastOf(value[measure.name]), measure.digits)}`,
    );
    return svg('g', { 'data-runs': id }, leader, text);
  });
}

/** The line at the chosen epoch, a dot on each curve, and their values in a row above. */
function cursor(measure: Measure, runs: Runs, { x, y, width, inner }: Chart) {
  const rule = svg('line', { y1: TOP - 4, y2: inner.bottom, class: 'cursor' });
  const dots = runs.map(({ id, color }) => svg('circle', { r: 3, fill: color, 'data-runs': id }));
  const readout = svg('text', { y: TOP - 12, class: 'label' });
  const element = svg('g', {}, rule, ...dots, readout);
  const move = (chosen: number): void => {
    const epoch = Math.max(1, Math.min(chosen, longest(runs)));
    const across = x(epoch).toFixed(1);
    rule.setAttribute('x1', across);
    rule.setAttribute('x2', across);
    const words: (Mark | string)[] = [`epoch ${epoch}`];
    const place = 62 * runs.length + 56 > width - LEFT ? 0 : LEFT;
    let room = width - place - 50;
    runs.forEach(({ id, value }, index) => {
      const at = Math.min(epoch, value.loss.length);
      const number = value[measure.name][at - 1] ?? Number.NaN;
      dots[index]?.setAttribute('cx', x(at).toFixed(1));
      dots[index]?.setAttribute('cy', y(number).toFixed(1));
      room -= 62;
      if (room < 0) return;
      words.push('   ', svg('tspan', { class: 'strong' }, id), ` ${formatNumber(number, measure.digits)}`);
    });
    readout.replaceChildren(...words);
    readout.setAttribute('x', String(place));
  };
  return { element, move };
}

function nearestRun(
  measure: Measure,
  runs: Runs,
  drawn: Chart,
  epoch: number,
  y: number,
): string | undefined {
  let [best, distance]: [string | undefined, number] = [undefined, 16];
  for (const { id, value } of runs) {
    const number = value[measure.name][epoch - 1];
    const off = number === undefined ? Number.POSITIVE_INFINITY : Math.abs(drawn.y(number) - y);
    if (off < distance) [best, distance] = [id, off];
  }
  return best;
}

const key = (width: number): Mark =>
  svg(
    'g',
    { class: 'key', transform: `translate(${width - 104} 0)` },
    svg('path', { d: 'M0 9h18', class: 'key-train' }),
    label('train', 22, 13),
    svg('path', { d: 'M58 9h18', class: 'key-test' }),
    label('test', 80, 13),
  );

/** One run's curve as a line through the chart. */
const curve = (
  values: Float64Array,
  chart: Chart,
  { id, color }: Shown<Trained>,
  part: 'train' | 'test',
): Mark =>
  svg(
    'g',
    { class: part, 'data-runs': id },
    svg('path', { d: linePath(thin(values, 2 * chart.width), chart), class: 'curve', stroke: color }),
  );

function drawCurves(measure: Measure, all: Runs, frame: Frame): Mark {
  const runs = started(all);
  if (runs.length === 0) return nothing('The curves grow here as soon as the first epoch is trained.');
  const { width } = frame;
  const height = Math.round(Math.min(Math.max(width * 0.55, 190), 250));
  const epochs = longest(runs);
  const { ticks, ...y } = valueAxis(measure, runs);
  const right = Math.round(18 + 6.2 * (2 + measure.digits + 2));
  const drawn = chartOf({
    width,
    height,
    margin: [TOP, right, BOTTOM, LEFT],
    x: { type: 'linear', domain: [1, Math.max(2, epochs)] },
    y,
  });
  const { element: marks, move } = cursor(measure, runs, drawn);
  const drawing = root(
    width,
    height,
    axisLeft(drawn, { at: ticks, text: tickText, lines: 'grid' }),
    axisBelow(drawn, { at: epochTicks(epochs, width - LEFT - right), text: String, lines: 'none' }, 'epoch'),
    ...runs.flatMap((run) => [
      curve(run.value[measure.test], drawn, run, 'test'),
      curve(run.value[measure.name], drawn, run, 'train'),
    ]),
    label(width < 360 ? measure.short : measure.axis, 0, 12, { class: 'quiet' }),
    key(width),
    ...endLabels(measure, runs, drawn),
    marks,
  );
  const epochAt = (pixel: number): number => Math.round(Math.min(Math.max(drawn.invertX(pixel), 1), epochs));
  reportEpoch(drawing, frame, epochAt, (x, up) => nearestRun(measure, runs, drawn, epochAt(x), up));
  return follow(drawing, frame, ({ epoch }) => move(epoch));
}

export const lossFigure: Figure<Trained> = {
  name: 'loss',
  title: lossTitle,
  describe: (runs) => describe(LOSS, runs),
  table: (runs) => table(LOSS, runs),
  draw: (runs, frame) => drawCurves(LOSS, runs, frame),
};

export const accuracyFigure: Figure<Trained> = {
  name: 'accuracy',
  title: accuracyTitle,
  describe: (runs) => describe(ACCURACY, runs),
  table: (runs) => table(ACCURACY, runs),
  draw: (runs, frame) => drawCurves(ACCURACY, runs, frame),
};
