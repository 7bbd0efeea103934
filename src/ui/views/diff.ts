// What training did to a chosen layer's weights, as matrices: the true gradient before and after, the update with the
// notebook's figure, and the percent change, each named for what it really is.
// Invariant: one colour scale a column, centred on 0, shared by the runs; an entry without a value is a dash.

import type { diff } from '../../cells/diff';
import type { ValueOf } from '../../core/kind';
import type { Figure, Form, Shown } from '../figure';
import { follow, reportRun } from './follow';
import { formatNumber, formatTimes, listed } from './format';
import type { Mark } from './mark';
import { drawMatrix, largestOf, matrixShape, paintMatrix, rmsOf } from './matrix';
import type { Optimizer } from './optimizer';
import { type Part, painted } from './painted';
import { HEADER, header, MAX_PANELS } from './panels';
import { label, nothing, root, svg } from './svg';

/** What training did, what took the steps, and how many there were. */
export interface DiffView {
  readonly diff: ValueOf<typeof diff>;
  readonly optimizer: Optimizer;
  readonly epochs?: number;
  readonly batchSize?: number;
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

/** A hidden layer by its place, counted from 0, or each run's output layer, however deep its network is. */
export type Chosen = number | 'output';

const placeIn = ({ value }: Shown<DiffView>, chosen: Chosen): number | undefined => {
  const last = value.diff.layers.length - 1;
  if (chosen === 'output') return last;
  // A network of one layer has a first layer all the same.
  return chosen < last || chosen === 0 ? chosen : undefined;
};

interface Found {
  readonly run: Shown<DiffView>;
  readonly layer: LayerDiff;
  readonly place: number;
}

const withLayer = (runs: Runs, chosen: Chosen): Found[] =>
  runs.flatMap((run) => {
    const place = placeIn(run, chosen);
    const layer = place === undefined ? undefined : run.value.diff.layers[place];
    return place !== undefined && layer ? [{ run, layer, place }] : [];
  });

const nameOf = (chosen: Chosen): string =>
  chosen === 'output' ? 'output layer' : chosen === 0 ? 'first layer' : `layer ${chosen + 1}`;

/** The same where a sentence speaks of it: "the first layer", "layer 2". */
const spoken = (chosen: Chosen): string =>
  chosen === 'output' || chosen === 0 ? `the ${nameOf(chosen)}` : nameOf(chosen);

interface Size {
  readonly run: Shown<DiffView>;
  readonly gradient: number;
  readonly update: number;
}

/** Sizes that differ by less than this factor are alike. */
const LEAST_FACTOR = 1.2;

type Pair = readonly [small: Size, large: Size];

/**
 * Pairs of runs in which the one with the smaller true gradient moved farther, the plainest first: of networks that are
 * equally deep if there are any, since only these compare fairly.
 */
function strangePairs(runs: Runs, layer: Chosen): readonly Pair[] {
  const sizes = withLayer(runs, layer).map(({ run, layer: own }) => ({
    run,
    gradient: rmsOf(own.gradientBefore),
    update: rmsOf(own.update),
  }));
  const pairs = sizes.flatMap((small) =>
    sizes
      .filter(
        (large) =>
          LEAST_FACTOR * small.gradient < large.gradient && small.update > LEAST_FACTOR * large.update,
      )
      .map((large): Pair => [small, large]),
  );
  const depth = ({ run }: Size): number => run.value.diff.layers.length;
  const fair = pairs.filter(([small, large]) => depth(small) === depth(large));
  const oddity = ([small, large]: Pair): number =>
    (large.gradient / small.gradient) * (small.update / large.update);
  return (fair.length > 0 ? fair : pairs).sort((a, b) => oddity(b) - oddity(a));
}

/** Why sizes of gradients and of steps need not agree: by what took the steps, and how many it took. */
function reason({ run: small }: Size, { run: large }: Size): string {
  const { name, learningRate } = small.value.optimizer;
  const [mine, theirs] = [small.value, large.value];
  const other = large.value.optimizer;
  if (name !== other.name || learningRate !== other.learningRate)
    return `${small.id} is trained by ${name} with learning rate ${learningRate}, ${large.id} by ${other.name} with ${other.learningRate}`;
  if (mine.epochs !== theirs.epochs)
    return `${small.id} is trained for ${mine.epochs} epochs, ${large.id} for ${theirs.epochs}`;
  if (mine.batchSize !== theirs.batchSize)
    return `${small.id} takes a step for every ${mine.batchSize} points, ${large.id} for every ${theirs.batchSize}`;
  if (name === 'adam') return 'Adam divides each step by the gradient’s own size';
  if (name === 'rmsprop') return 'RMSprop divides each step by the gradient’s own size';
  return 'the update adds up every step of the training, the gradient is that of its start alone';
}

/** A plain sentence where true gradient and update disagree between runs; undefined where they agree. */
export function disagreement(runs: Runs, layer: Chosen = 0): string | undefined {
  const [pair, ...more] = strangePairs(runs, layer);
  if (!pair) return undefined;
  const [small, large] = pair;
  const others = listed(more.map(([less, greater]) => `${less.run.id} beside ${greater.run.id}`));
  const also = others ? ` So it is with ${others}.` : '';
  return `${small.run.id}’s ${nameOf(layer)} starts with ${formatTimes(small.gradient, large.gradient)} the gradient of ${large.run.id}’s, and moved ${formatTimes(small.update, large.update)} as far all the same: ${reason(small, large)}.${also}`;
}

function title(runs: Runs, layer: Chosen): string {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return 'No change of weights is known yet';
  const [pair] = strangePairs(runs, layer);
  if (pair) {
    const [small, large] = pair;
    return `${small.run.id}’s ${nameOf(layer)} moved ${formatTimes(small.update, large.update)} as far as ${large.run.id}’s, on ${formatTimes(small.gradient, large.gradient)} its gradient`;
  }
  const parts = shown.map(({ run, layer: own }) => `${formatNumber(rmsOf(own.update), 2)} in ${run.id}`);
  const whose = spoken(layer);
  return `${whose.charAt(0).toUpperCase()}${whose.slice(1)}’s weights moved by ${listed(parts)} (root mean square)`;
}

function describe(runs: Runs, layer: Chosen): string {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return 'No change of weights is known yet.';
  const parts = shown.map(
    ({ run, layer: own }) =>
      `${run.id} (${run.name}): true gradient ${formatNumber(rmsOf(own.gradientBefore))} before and ${formatNumber(rmsOf(own.gradientAfter))} after training, update ${formatNumber(rmsOf(own.update))}, the notebook’s figure ${formatNumber(rmsOf(own.perLearningRate))}.`,
  );
  return `Matrices of ${spoken(layer)}’s weights by run, as root mean squares. ${parts.join(' ')} ${disagreement(runs, layer) ?? ''}`.trim();
}

/** What is plain to see of no matrix: where gradient and step disagree, and who has no such layer. */
function note(runs: Runs, layer: Chosen): string | undefined {
  const missing = runs.filter((run) => placeIn(run, layer) === undefined).map(({ id }) => id);
  const lack =
    missing.length > 0 && missing.length < runs.length
      ? `${listed(missing)} ${missing.length === 1 ? 'has' : 'have'} no hidden layer ${Number(layer) + 1}.`
      : undefined;
  return [disagreement(runs, layer), lack].filter(Boolean).join(' ') || undefined;
}

/** The figure for one layer. */
export function diffFigureOf(layer: Chosen): Figure<DiffView> {
  return {
    name: layer === 0 ? 'diff' : `diff-${layer === 'output' ? layer : `layer-${layer + 1}`}`,
    note: (runs) => note(runs, layer),
    title: (runs) => title(runs, layer),
    describe: (runs) => describe(runs, layer),
    table: (runs) => [
      ['run', 'layer', 'input', 'unit', 'before', 'after', ...COLUMNS.map(({ name }) => name)],
      ...withLayer(runs, layer).flatMap(({ run, layer: own, place }) =>
        Array.from(own.before.data, (before, index) => [
          run.id,
          place + 1,
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
      const [marks, parts]: [Mark[], Part[]] = [[], []];
      let y = 0;
      for (const { run, layer: own } of shown) {
        const shape = matrixShape(own.update, width);
        const panel = svg('g', { transform: `translate(0 ${y})`, 'data-runs': run.id });
        panel.append(header([run], frame.width * 0.5));
        panel.append(label(shape.words, frame.width, 12, { 'text-anchor': 'end', class: 'quiet' }));
        COLUMNS.forEach((column, index) => {
          const x = left + (index % across) * (width + gap);
          const top = HEADER + Math.floor(index / across) * (shape.height + 44);
          const matrix = own[column.name];
          const most = largest.get(column.scale) ?? 0;
          panel.append(
            label(column.title, x, top + 14),
            label(column.detail, x, top + 27, { class: 'quiet' }),
          );
          if (shape.isPainted) {
            parts.push({
              runs: [run.id],
              x,
              y: y + top + 34,
              width: shape.columns * shape.cell.width,
              height: shape.height,
              of: [matrix, most],
              paint: paintMatrix(matrix, shape, most),
            });
          } else {
            const cells = drawMatrix(matrix, shape, most, index % across === 0);
            panel.append(svg('g', { transform: `translate(${x} ${top + 34})` }, cells));
          }
        });
        reportRun(panel, run.id, frame);
        marks.push(panel);
        y += HEADER + Math.ceil(COLUMNS.length / across) * (shape.height + 44) + 12;
      }
      if (known.length > shown.length) {
        marks.push(label(`${shown.length} of ${known.length} are drawn; the table holds all.`, 0, y + 4));
        y += 16;
      }
      const canvas = parts.length > 0 ? painted(frame.width, y, parts, [], frame) : [];
      return follow(root(frame.width, y, ...canvas, ...marks), frame, () => {});
    },
  };
}

const FIGURES = new Map<Chosen, Figure<DiffView>>();

/** A figure for each hidden layer that some run has, and for the output layer; each is made once. */
function forms(runs: Runs): Form<DiffView>[] {
  const hidden = Math.max(0, ...runs.map(({ value }) => value.diff.layers.length - 1));
  const choices: Chosen[] = [...Array.from({ length: hidden }, (_, place) => place), 'output'];
  return choices.map((chosen) => {
    const figure = FIGURES.get(chosen) ?? diffFigureOf(chosen);
    FIGURES.set(chosen, figure);
    return { word: chosen === 'output' ? 'output' : `layer ${chosen + 1}`, figure };
  });
}

/** The first layer, where gradients vanish, and a choice of the others. */
export const diffFigure: Figure<DiffView> = {
  ...diffFigureOf(0),
  forms: { label: 'Layer', of: forms },
};
