// The curve figures by epoch, loss and accuracy: training solid, test dashed, one colour per run, named at their ends; for a run
// with seeds, the medians over its members within bands.
// Invariant: a curve is as long as its known part; runs of different lengths share one axis.
// Knows nothing of where a person chooses an epoch.

import { late } from '../../../core/late-loading';
import type { RunId } from '../../../core/sheet/sheet';
import { axisBelow, axisLeft, type Chart, chartOf, linePath } from '../draw/axes';
import type { Place } from '../draw/calculation';
import type { Figure, Frame, Shown } from '../draw/figure';
import { formatNumber } from '../draw/format';
import { follow, reportEpoch } from '../draw/frame-following';
import { legendEntry } from '../draw/legend-entries';
import type { Mark } from '../draw/mark';
import { markPoint, placedBy } from '../draw/placing';
import { addRunLegend } from '../draw/run-legend';
import { label, nothing, root, svg } from '../draw/svg';
import { epochTicks, thin, tickText } from '../draw/ticks';
import { bandArea, medianPoints, readingAt } from './band-area';
import { valueAxis } from './curve-axis';
import { endLabels, labelRoom, ROOMY } from './curve-ends';
import {
  ACCURACY,
  accuracyHeadlines,
  accuracyTitle,
  describe,
  LOSS,
  longest,
  lossHeadlines,
  lossTitle,
  type Measure,
  type Runs,
  rangeText,
  started,
  type Trained,
  table,
  wordsAt,
} from './curve-text';
import {
  type PublishedValue,
  publishedLines,
  publishedPoints,
  publishedRows,
  publishedText,
} from './published-figures';

export type { Trained } from './curve-text';

const LEFT = 40;
const TOP = 40;
const BOTTOM = 34;

const isBanded = (runs: Runs): boolean => runs.some(({ members }) => members);

/** Width in pixels of a value in the row above the chart, without and with its range. */
const PART = { short: 62, full: 138 } as const;

/**
 * The line at the chosen epoch, a dot on each curve, and the values in a row above the chart: medians with
 * ranges for runs with members.
 */
function cursor(measure: Measure, runs: Runs, { x, y, width, inner }: Chart) {
  const rule = svg('line', { y1: TOP - 4, y2: inner.bottom, class: 'cursor' });
  const dots = runs.map(({ id, color }) => svg('circle', { r: 3, fill: color, 'data-runs': id }));
  const readout = svg('text', { y: TOP - 12, class: 'label' });
  const element = svg('g', {}, rule, ...dots, readout);
  const banded = runs.filter(({ members }) => members);
  const isFitting = (full: number): boolean =>
    56 + PART.short * runs.length + (PART.full - PART.short) * full <= width;
  const hasRoom = 56 + PART.short * runs.length <= width - LEFT;
  const place = hasRoom && banded.length === 0 ? LEFT : 0;
  /**
   * The runs whose values fit in the row above the chart, and those of them with ranges; if room is scarce,
   * only the marked run has its range.
   */
  function fittingRuns(marked: RunId | undefined): { shown: Runs; full: Runs } {
    if (isFitting(banded.length)) return { shown: runs, full: banded };
    const one = banded.find(({ id }) => id === marked) ?? (banded.length === 1 ? banded[0] : undefined);
    if (!one) return { shown: runs, full: [] };
    return { shown: isFitting(1) ? runs : [one], full: [one] };
  }
  const move = (chosen: number, marked: RunId | undefined): void => {
    const epoch = Math.max(1, Math.min(chosen, longest(runs)));
    const across = x(epoch).toFixed(1);
    rule.setAttribute('x1', across);
    rule.setAttribute('x2', across);
    runs.forEach((run, index) => {
      const { epoch: at, value } = readingAt(run, measure.name, epoch);
      dots[index]?.setAttribute('cx', x(at).toFixed(1));
      dots[index]?.setAttribute('cy', y(value).toFixed(1));
    });
    const words: (Mark | string)[] = [`epoch ${epoch}`];
    const { shown, full } = fittingRuns(marked);
    let room = width - 50;
    for (const run of shown) {
      const { value, range } = readingAt(run, measure.name, epoch);
      const isFull = full.includes(run);
      room -= isFull ? PART.full : PART.short;
      if (room < 0) break;
      words.push(
        '   ',
        legendEntry(run.id, svg('tspan', { class: 'strong' }, run.id)),
        ` ${formatNumber(value, measure.digits)}`,
        ...(isFull && range ? [svg('tspan', { class: 'quiet' }, ` (${rangeText(range, '–')})`)] : []),
      );
    }
    readout.replaceChildren(...words);
    readout.setAttribute('x', String(place));
  };
  return { element, move };
}

/** The run with the curve nearest to a height at an epoch, within 16 pixels; `names` are the curves to look at. */
function nearestRun(
  names: readonly Measure['name' | 'test'][],
  runs: Runs,
  drawn: Chart,
  epoch: number,
  y: number,
): string | undefined {
  let [best, distance]: [string | undefined, number] = [undefined, 16];
  for (const run of runs) {
    if (epoch > run.value.loss.length) continue;
    for (const name of names) {
      const off = Math.abs(drawn.y(readingAt(run, name, epoch).value) - y);
      if (off < distance) [best, distance] = [run.id, off];
    }
  }
  return best;
}

/** Key to the lines of training and test, and to the band if there is one. */
const key = (width: number, banded: boolean): Mark =>
  svg(
    'g',
    { class: 'key', transform: `translate(${width - 104} 0)` },
    ...(banded
      ? [
          svg('rect', { x: -68, y: 4, width: 18, height: 10, fill: 'currentColor', 'fill-opacity': 0.2 }),
          label('5–95 %', -46, 13),
        ]
      : []),
    svg('path', { d: 'M0 9h18', class: 'key-train' }),
    label('train', 22, 13),
    svg('path', { d: 'M58 9h18', class: 'key-test' }),
    label('test', 80, 13),
  );

/** One run's curve as a line: for a run with members, the median. */
function curve(
  run: Shown<Trained>,
  name: Measure['name' | 'test'],
  chart: Chart,
  part: 'train' | 'test',
): Mark {
  const { id, color, value, members } = run;
  const band = members?.curves[name];
  const points = members && band ? medianPoints(members, band) : thin(value[name], 2 * chart.width);
  return svg(
    'g',
    { class: part, 'data-runs': id },
    svg('path', { d: linePath(points, chart), class: 'curve', stroke: color }),
  );
}

/**
 * Points of all curves, every 4 pixels: closer than a character is wide, so that no label can slip between
 * two points.
 */
function pointsOf(measure: Measure, runs: Runs, { x, y, inner }: Chart): [number, number][] {
  const places = Array.from(
    { length: Math.ceil((inner.right - inner.left) / 4) },
    (_, at) => inner.left + 4 * at,
  );
  const last = longest(runs);
  return runs.flatMap((run) =>
    ([measure.name, measure.test] as const).flatMap((name) =>
      places.flatMap((place): [number, number][] => {
        const epoch = Math.round(1 + ((place - inner.left) / (inner.right - inner.left)) * (last - 1));
        if (epoch > run.value.loss.length) return [];
        return [[x(epoch), y(readingAt(run, name, epoch).value)]];
      }),
    ),
  );
}

function drawCurves(
  measure: Measure,
  publishedValues: readonly PublishedValue[],
  all: Runs,
  frame: Frame,
): Mark {
  const runs = started(all);
  if (runs.length === 0) return nothing('The curves appear here after the first epoch.');
  const { width } = frame;
  const height = Math.round(Math.min(Math.max(width * 0.55, 204), 250));
  const epochs = Math.max(longest(runs), ...publishedValues.map(({ epoch }) => epoch));
  const { ticks, ...y } = valueAxis(measure, runs, publishedValues);
  const right = labelRoom(measure, runs, width);
  const drawn = chartOf({
    width,
    height,
    margin: [TOP, right, BOTTOM, LEFT],
    x: { type: 'linear', domain: [1, Math.max(2, epochs)] },
    y,
  });
  const { element: marks, move } = cursor(measure, runs, drawn);
  // The band of the test points is fainter, to match the dashed curve.
  const bands = ([measure.test, measure.name] as const).flatMap((name) =>
    runs.flatMap(({ id, color, members }) => {
      const band = members?.curves[name];
      const share = name === measure.test ? 0.5 : 1;
      return members && band
        ? [svg('g', { 'data-runs': id }, bandArea(members, band, drawn, color, share))]
        : [];
    }),
  );
  const drawing = root(
    width,
    height,
    axisLeft(drawn, { at: ticks, text: tickText, lines: 'grid' }),
    axisBelow(drawn, { at: epochTicks(epochs, width - LEFT - right), text: String, lines: 'none' }, 'epoch'),
    ...bands,
    ...publishedLines(publishedValues, drawn),
    ...runs.flatMap((run) => [
      curve(run, measure.test, drawn, 'test'),
      curve(run, measure.name, drawn, 'train'),
    ]),
    ...publishedPoints(
      publishedValues,
      drawn,
      publishedValues.length > 0 ? pointsOf(measure, runs, drawn) : [],
    ),
    label(width < (isBanded(runs) ? ROOMY : 360) ? measure.short : measure.axis, 0, 12, { class: 'quiet' }),
    key(width, isBanded(runs)),
    ...endLabels(measure, runs, drawn),
    marks,
  );
  const epochAt = (pixel: number): number => Math.round(Math.min(Math.max(drawn.invertX(pixel), 1), epochs));
  addRunLegend(drawing, runs);
  const placeAt = (x: number, up: number): Place | undefined => {
    const epoch = epochAt(x);
    const run = nearestRun([measure.name, measure.test], runs, drawn, epoch, up);
    return run === undefined ? undefined : [run, epoch];
  };
  placedBy(drawing, width, placeAt);
  reportEpoch(
    drawing,
    frame,
    epochAt,
    (x, up) => nearestRun([measure.name], runs, drawn, epochAt(x), up),
    (place) => markPoint(drawing, place !== undefined && placeAt(place.x, place.y) !== undefined),
  );
  return follow(drawing, frame, ({ epoch, marked }) => move(epoch, marked));
}

const figureOf = (
  measure: Measure,
  words: Pick<Figure<Trained>, 'title' | 'headlines'>,
  calculation: NonNullable<Figure<Trained>['calculation']>,
  published: readonly PublishedValue[],
): Figure<Trained> => {
  const publishedValues = published.filter((value) => value.measure === measure.name);
  return {
    name: measure.name,
    ...words,
    describe: (runs) => `${describe(measure, runs)}${publishedText(publishedValues)}`,
    byEpoch: {
      epochs: (runs) => longest(started(runs)),
      words: (runs, epoch) => wordsAt(measure, runs, epoch),
    },
    table(runs) {
      const [head = [], ...rows] = table(measure, runs);
      return [head, ...rows, ...publishedRows(publishedValues, head.length)];
    },
    draw: (runs, frame) => drawCurves(measure, publishedValues, runs, frame),
    calculation,
  };
};

const lossCalculation = late(() => import('./loss-calculation'));
const accuracyCalculation = late(() => import('./accuracy-calculation'));

/** The figures of loss and accuracy by epoch, with published values beside the curves. */
export const curveFigures = (
  publishedValues: readonly PublishedValue[],
): readonly [Figure<Trained>, Figure<Trained>] => [
  figureOf(LOSS, { title: lossTitle, headlines: lossHeadlines }, lossCalculation, publishedValues),
  figureOf(
    ACCURACY,
    { title: accuracyTitle, headlines: accuracyHeadlines },
    accuracyCalculation,
    publishedValues,
  ),
];

export const [lossFigure, accuracyFigure] = curveFigures([]);
