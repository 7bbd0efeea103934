// What training did to one layer's weights, as matrices: the true gradient before and after, the update with the
// notebook's figure, and the percent change, each named for what it really is.
// Invariant: one colour scale a column, centred on 0, shared by the runs; an entry without a value is a dash.

import type { diff } from '../../cells/diff';
import type { ValueOf } from '../../core/kind';
import type { Figure, Shown } from '../figure';
import { follow, reportRun } from './follow';
import { formatNumber, formatTimes, listed } from './format';
import { drawMatrix, largestOf, type Matrix, matrixShape } from './matrix';
import type { Optimizer } from './optimizer';
import { HEADER, header, MAX_PANELS } from './panels';
import { label, nothing, root, svg } from './svg';

/** What training did, and what took the steps. */
export interface DiffView {
  readonly diff: ValueOf<typeof diff>;
  readonly optimizer: Optimizer;
}

type Runs = readonly Shown<DiffView>[];
type LayerDiff = DiffView['diff']['layers'][number];

interface MatrixColumn {
  readonly name: 'gradientBefore' | 'gradientAfter' | 'update' | 'perLearningRate' | 'percentChange';
  readonly title: string;
  readonly detail: string;
  /** Columns with one scale are coloured alike. */
  readonly scale: string;
}

const COLUMNS: readonly MatrixColumn[] = [
  { name: 'gradientBefore', title: 'true gradient', detail: '∂L/∂W before', scale: 'gradient' },
  { name: 'gradientAfter', title: 'true gradient', detail: '∂L/∂W after', scale: 'gradient' },
  { name: 'update', title: 'update', detail: 'W₁ − W₀', scale: 'update' },
  { name: 'perLearningRate', title: 'notebook’s figure', detail: '(W₀ − W₁) / rate', scale: 'rate' },
  { name: 'percentChange', title: 'change', detail: '% of |W₀|', scale: 'percent' },
];

const rms = ({ data }: Matrix): number => {
  let squares = 0;
  for (const value of data) squares += value * value;
  return Math.sqrt(squares / data.length);
};

const withLayer = (runs: Runs, layer: number): { run: Shown<DiffView>; layer: LayerDiff }[] =>
  runs.flatMap((run) => {
    const found = run.value.diff.layers[layer];
    return found ? [{ run, layer: found }] : [];
  });

const ordinal = (layer: number): string => (layer === 0 ? 'first layer' : `layer ${layer + 1}`);

interface Size {
  readonly run: Shown<DiffView>;
  readonly gradient: number;
  readonly update: number;
}

/**
 * Two runs where the one with the smaller true gradient moved farther: the pair in which that is plainest, of networks
 * that are equally deep if there is one, since only these compare fairly.
 */
function strangest(runs: Runs, layer: number): readonly [small: Size, large: Size] | undefined {
  const sizes = withLayer(runs, layer).map(({ run, layer: own }) => ({
    run,
    gradient: rms(own.gradientBefore),
    update: rms(own.update),
  }));
  const pairs = sizes.flatMap((small) =>
    sizes
      .filter((large) => small.gradient < large.gradient && small.update > large.update)
      .map((large) => [small, large] as const),
  );
  const depth = ({ run }: Size): number => run.value.diff.layers.length;
  const fair = pairs.filter(([small, large]) => depth(small) === depth(large));
  const oddity = ([small, large]: readonly [Size, Size]): number =>
    (large.gradient / small.gradient) * (small.update / large.update);
  return (fair.length > 0 ? fair : pairs).sort((a, b) => oddity(b) - oddity(a))[0];
}

/** Why sizes of gradients and of steps need not agree, by optimizer. */
function reason({ name }: Optimizer): string {
  if (name === 'adam') return 'Adam divides each step by the gradient’s own size';
  if (name === 'rmsprop') return 'RMSprop divides each step by the gradient’s own size';
  return 'the update adds up every step of the training, the gradient is that of its start alone';
}

/** A plain sentence where true gradient and update disagree between runs; undefined where they agree. */
export function disagreement(runs: Runs, layer = 0): string | undefined {
  const pair = strangest(runs, layer);
  if (!pair) return undefined;
  const [small, large] = pair;
  return `${small.run.id}’s ${ordinal(layer)} starts with ${formatTimes(small.gradient, large.gradient)} the gradient of ${large.run.id}’s, and moved ${formatTimes(small.update, large.update)} as far all the same: ${reason(small.run.value.optimizer)}.`;
}

function title(runs: Runs, layer: number): string {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return 'No change of weights is known yet';
  const pair = strangest(runs, layer);
  if (pair) {
    const [small, large] = pair;
    return `${small.run.id}’s ${ordinal(layer)} moved ${formatTimes(small.update, large.update)} as far as ${large.run.id}’s, on ${formatTimes(small.gradient, large.gradient)} its gradient`;
  }
  const parts = shown.map(({ run, layer: own }) => `${formatNumber(rms(own.update), 2)} in ${run.id}`);
  return `The ${ordinal(layer)}’s weights moved by ${listed(parts)} (root mean square)`;
}

function describe(runs: Runs, layer: number): string {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return 'No change of weights is known yet.';
  const parts = shown.map(
    ({ run, layer: own }) =>
      `${run.id} (${run.name}): true gradient ${formatNumber(rms(own.gradientBefore))} before and ${formatNumber(rms(own.gradientAfter))} after training, update ${formatNumber(rms(own.update))}, the notebook’s figure ${formatNumber(rms(own.perLearningRate))}.`,
  );
  return `Matrices of the ${ordinal(layer)}’s weights by run, as root mean squares. ${parts.join(' ')} ${disagreement(runs, layer) ?? ''}`.trim();
}

/** The figure for one layer, counted from 0. */
export function diffFigureOf(layer: number): Figure<DiffView> {
  return {
    name: layer === 0 ? 'diff' : `diff-layer-${layer + 1}`,
    title: (runs) => title(runs, layer),
    describe: (runs) => describe(runs, layer),
    table: (runs) => [
      ['run', 'layer', 'input', 'unit', 'before', 'after', ...COLUMNS.map(({ name }) => name)],
      ...withLayer(runs, layer).flatMap(({ run, layer: own }) =>
        Array.from(own.before.data, (before, index) => [
          run.id,
          layer + 1,
          Math.floor(index / own.before.shape[1]),
          index % own.before.shape[1],
          before,
          own.after.data[index] ?? '',
          ...COLUMNS.map(({ name }) => {
            const value = own[name].data[index] ?? Number.NaN;
            return Number.isNaN(value) ? '' : value;
          }),
        ]),
      ),
    ],
    draw(all, frame) {
      const known = withLayer(all, layer);
      const shown = known.slice(0, MAX_PANELS);
      if (shown.length === 0)
        return nothing('The change of the weights appears here when training has ended.');
      const narrow = frame.width < 480;
      const across = narrow ? 3 : COLUMNS.length;
      const [left, gap] = [22, 10];
      const width = Math.floor((frame.width - left - gap * (across - 1)) / across);
      const largest = new Map<string, number>();
      for (const { layer: own } of shown) {
        for (const { name, scale } of COLUMNS) {
          largest.set(scale, Math.max(largest.get(scale) ?? 0, largestOf(own[name])));
        }
      }
      const drawing = root(frame.width, 0);
      let y = 0;
      for (const { run, layer: own } of shown) {
        const shape = matrixShape(own.update, width);
        const panel = svg('g', { transform: `translate(0 ${y})`, 'data-runs': run.id });
        panel.append(header([run], frame.width * 0.5));
        panel.append(label(shape.words, frame.width, 12, { 'text-anchor': 'end', class: 'quiet' }));
        COLUMNS.forEach((column, index) => {
          const x = left + (index % across) * (width + gap);
          const top = HEADER + Math.floor(index / across) * (shape.height + 44);
          const matrix = drawMatrix(
            own[column.name],
            shape,
            largest.get(column.scale) ?? 0,
            index % across === 0,
          );
          panel.append(
            label(column.title, x, top + 14),
            label(column.detail, x, top + 27, { class: 'quiet' }),
            svg('g', { transform: `translate(${x} ${top + 34})` }, matrix),
          );
        });
        reportRun(panel, run.id, frame);
        drawing.append(panel);
        y += HEADER + Math.ceil(COLUMNS.length / across) * (shape.height + 44) + 12;
      }
      if (known.length > shown.length) {
        drawing.append(label(`${shown.length} of ${known.length} are drawn; the table holds all.`, 0, y + 4));
        y += 16;
      }
      drawing.setAttribute('height', String(y));
      drawing.setAttribute('viewBox', `0 0 ${frame.width} ${y}`);
      return follow(drawing, frame, () => {});
    },
  };
}

/** The first layer, where gradients vanish. */
export const diffFigure = diffFigureOf(0);
