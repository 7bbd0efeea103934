// The ROC figure: the curves of all runs in one chart, training solid, test dashed, with their areas in a list.
// Invariant: class 1 is the positive class; an undefined curve is a dash in the list and never a line.

import { late } from '../../../core/late-loading';
import { axisBelow, axisLeft, type Chart, chartOf, linePath } from '../draw/axes';
import type { Place } from '../draw/calculation';
import type { Figure, Frame } from '../draw/figure';
import { fitText, formatNumber } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import { legendEntry } from '../draw/legend-entries';
import type { Mark } from '../draw/mark';
import { placedBy } from '../draw/placing';
import { label, nothing, root, svg } from '../draw/svg';
import {
  type Confusion,
  type ConfusionView,
  describeRoc,
  PART_WORDS,
  PARTS,
  type Run,
  rocHeadlines,
  rocNote,
  rocTable,
  rocTitle,
  scoreText,
} from './confusion-text';

const [TOP, RIGHT, BOTTOM, LEFT] = [26, 8, 34, 34];
/** Largest width of the chart, and least width of a drawing with the list beside the chart, in pixels. */
const CHART = { width: 320, beside: 480 } as const;
const LINE = 16;
const MOST_LISTED = 12;
/** Largest number of points of a drawn curve. */
const MOST_POINTS = 600;

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The points at which a curve bends; of more than MOST_POINTS an even choice, and the last point. */
function bends({ fpr, tpr }: NonNullable<Confusion['roc']>): [number, number][] {
  const isStraight = (values: Float64Array, at: number): boolean =>
    values[at - 1] === values[at] && values[at] === values[at + 1];
  const points = Array.from(fpr, (x, at): [number, number] => [x, tpr[at] ?? 0]).filter(
    (_, at) => at === 0 || !(isStraight(fpr, at) || isStraight(tpr, at)),
  );
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, at) => at % step === 0 || at === points.length - 1);
}

function curves(run: Run, chart: Chart): Mark[] {
  return PARTS.flatMap((part) => {
    const { roc } = run.value[part];
    if (!roc) return [];
    const path = svg('path', { d: linePath(bends(roc), chart), class: 'curve', stroke: run.color });
    return [svg('g', { class: `${part} point`, 'data-runs': run.id }, path)];
  });
}

/** The point of a curve nearest to a pixel of the chart, within 16 pixels. */
function pointAt(runs: readonly Run[], { x, y }: Chart, across: number, up: number): Place | undefined {
  let [best, distance]: [Place | undefined, number] = [undefined, 16];
  for (const { id, value } of runs) {
    for (const part of PARTS) {
      const { roc } = value[part];
      for (let at = 0; at < (roc?.fpr.length ?? 0); at++) {
        const off = Math.hypot(x(roc?.fpr[at] ?? 0) - across, y(roc?.tpr[at] ?? 0) - up);
        if (off < distance) [best, distance] = [[id, PART_WORDS[part], roc?.thresholds[at] ?? 0], off];
      }
    }
  }
  return best;
}

/** Each run with its two areas, in a list `width` pixels wide. */
function list(runs: readonly Run[], width: number, frame: Frame): Mark[] {
  const [train, test] = [width - 52, width];
  const head = svg(
    'g',
    { class: 'key' },
    label('area', 0, 12, { class: 'quiet' }),
    label('training', train, 12, { 'text-anchor': 'end', class: 'quiet' }),
    label('test', test, 12, { 'text-anchor': 'end', class: 'quiet' }),
    svg('path', { d: `M${train - 42} 18H${train}`, class: 'key-train' }),
    svg('path', { d: `M${test - 32} 18H${test}`, class: 'key-test' }),
  );
  const rows = runs.slice(0, MOST_LISTED).map((run, index) => {
    const y = 34 + index * LINE;
    const line = svg(
      'g',
      { 'data-runs': run.id },
      svg('rect', { x: 0, y: y - 8, width: 8, height: 8, fill: run.color }),
      label(run.id, 12, y, { class: 'strong' }),
      label(fitText(run.name, train - 78), 32, y),
      label(scoreText(run.value.train.roc?.area), train, y, { 'text-anchor': 'end' }),
      label(scoreText(run.value.test.roc?.area), test, y, { 'text-anchor': 'end' }),
    );
    reportRun(line, run.id, frame);
    return legendEntry(run.id, line);
  });
  const rest = runs.length - rows.length;
  const more = rest > 0 ? [label(`${rest} more in the table`, 0, 34 + rows.length * LINE)] : [];
  return [head, ...rows, ...more];
}

function draw(runs: readonly Run[], frame: Frame): Mark {
  if (runs.length === 0) return nothing('ROC curves appear here after the first epoch.');
  if (!runs.some(({ value }) => PARTS.some((part) => value[part].roc)))
    return nothing('A ROC curve needs points of both classes.');
  const { width } = frame;
  const isBeside = width >= CHART.beside;
  const side = Math.min(width, CHART.width);
  const height = Math.round(side * 0.8);
  const lines = 34 + Math.min(runs.length, MOST_LISTED + 1) * LINE;
  const chart = chartOf({
    width: side,
    height,
    margin: [TOP, RIGHT, BOTTOM, LEFT],
    x: { type: 'linear', domain: [0, 1] },
    y: { type: 'linear', domain: [0, 1] },
  });
  const ticks = { at: TICKS, text: (value: number) => formatNumber(value, 2) };
  const place = isBeside ? `translate(${side + 32} ${TOP - 12})` : `translate(0 ${height + 4})`;
  const drawing = root(
    width,
    isBeside ? Math.max(height, TOP + lines) : height + lines,
    axisLeft(chart, { ...ticks, lines: 'grid' }),
    axisBelow(chart, { ...ticks, lines: 'grid' }, 'false positive rate'),
    label('true positive rate', 0, 12, { class: 'quiet' }),
    svg('path', {
      d: linePath(
        [
          [0, 0],
          [1, 1],
        ],
        chart,
      ),
      class: 'tick',
    }),
    ...runs.flatMap((run) => curves(run, chart)),
    svg(
      'g',
      { transform: place },
      ...list(runs, isBeside ? Math.min(width - side - 36, 260) : side - 8, frame),
    ),
  );
  placedBy(drawing, width, (across, up) => pointAt(runs, chart, across, up));
  return follow(drawing, frame, () => {});
}

export const rocFigure: Figure<ConfusionView> = {
  name: 'roc',
  subject: 'ROC curve',
  title: rocTitle,
  headlines: rocHeadlines,
  note: rocNote,
  describe: describeRoc,
  table: rocTable,
  draw,
  calculation: late(() => import('./roc-calculation')),
};
