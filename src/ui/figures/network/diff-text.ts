// Describes the change of a chosen layer's weights by training: which run moved farther, on which gradient, and why the two
// need not agree.
// Invariant: every figure in these words is a root mean square over a kernel. Knows nothing of the drawing.

import type { diff } from '../../../cells/diff';
import type { ValueOf } from '../../../core/kinds/kind';
import type { Shown } from '../draw/figure';
import { formatNumber, formatTimes, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import { rmsOf } from './matrix';
import type { Optimizer } from './optimizer';

/** The change by training, the optimizer, and the params that set the number of its steps. */
export interface DiffView {
  readonly diff: ValueOf<typeof diff>;
  readonly optimizer: Optimizer;
  readonly epochs?: number;
  readonly batchSize?: number;
}

export type Runs = readonly Shown<DiffView>[];
type LayerDiff = DiffView['diff']['layers'][number];

/** A hidden layer by its index from 0, or the output layer of each run, however deep its network is. */
export type Chosen = number | 'output';

const placeIn = ({ value }: Shown<DiffView>, chosen: Chosen): number | undefined => {
  const last = value.diff.layers.length - 1;
  if (chosen === 'output') return last;
  // The only layer of a network without hidden layers is also its first layer.
  return chosen < last || chosen === 0 ? chosen : undefined;
};

interface Found {
  readonly run: Shown<DiffView>;
  readonly layer: LayerDiff;
  readonly place: number;
}

/** The runs that have the chosen layer, each with the layer and its index. */
export const withLayer = (runs: Runs, chosen: Chosen): Found[] =>
  runs.flatMap((run) => {
    const place = placeIn(run, chosen);
    const layer = place === undefined ? undefined : run.value.diff.layers[place];
    return place !== undefined && layer ? [{ run, layer, place }] : [];
  });

const nameOf = (chosen: Chosen): string =>
  chosen === 'output' ? 'output layer' : chosen === 0 ? 'first layer' : `layer ${chosen + 1}`;

/** Name of the layer within a sentence: "the first layer", "layer 2". */
const spoken = (chosen: Chosen): string =>
  chosen === 'output' || chosen === 0 ? `the ${nameOf(chosen)}` : nameOf(chosen);

interface Size {
  readonly run: Shown<DiffView>;
  readonly gradient: number;
  readonly update: number;
}

/** Sizes count as different from this factor on. */
const LEAST_FACTOR = 1.2;

type Pair = readonly [small: Size, large: Size];

/**
 * Pairs of runs in which the run with the smaller true gradient moved farther, the clearest pair first. Pairs
 * of equally deep networks take precedence, since only they compare fairly.
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

/**
 * Why the sizes of gradients and of steps disagree: because of the optimizers, the number of their steps, or
 * the sum of many steps.
 */
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
  return 'the update is the sum of all steps, the gradient is from before training';
}

/** Sentence on runs whose true gradients and updates disagree; undefined if they agree in all runs. */
export function disagreement(runs: Runs, layer: Chosen = 0): string | undefined {
  const [pair, ...more] = strangePairs(runs, layer);
  if (!pair) return undefined;
  const [small, large] = pair;
  const others = listed(more.map(([less, greater]) => `${less.run.id} beside ${greater.run.id}`));
  const also = others ? ` The same holds for ${others}.` : '';
  return `${small.run.id}’s ${nameOf(layer)} starts with ${formatTimes(small.gradient, large.gradient)} the gradient of ${large.run.id}’s, but moved ${formatTimes(small.update, large.update)} as far: ${reason(small, large)}.${also}`;
}

/** States the finding of the figure. */
export function title(runs: Runs, layer: Chosen): string {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return 'No change of weights yet';
  const [pair] = strangePairs(runs, layer);
  if (pair) {
    const [small, large] = pair;
    return `${small.run.id}’s ${nameOf(layer)} moved ${formatTimes(small.update, large.update)} as far as ${large.run.id}’s, with ${formatTimes(small.gradient, large.gradient)} its gradient`;
  }
  const parts = shown.map(({ run, layer: own }) => `${formatNumber(rmsOf(own.update), 2)} in ${run.id}`);
  const whose = `${spoken(layer).charAt(0).toUpperCase()}${spoken(layer).slice(1)}`;
  if (shown.every(({ layer: own }) => rmsOf(own.update) === 0))
    return `${whose}’s weights did not move in ${listed(shown.map(({ run }) => run.id))}`;
  return `${whose}’s weights moved by ${listed(parts)} (root mean square)`;
}

/** Forms of the headline. */
export function headlines(runs: Runs, layer: Chosen): readonly string[] {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return ['No change of weights yet'];
  const name = nameOf(layer);
  const [pair] = strangePairs(runs, layer);
  if (pair) {
    const [small, large] = pair;
    const far = `${formatTimes(small.update, large.update)} as far`;
    const moved = `${small.run.id}’s ${name} moved ${far} as ${large.run.id}’s`;
    return [
      `${moved}, on ${formatTimes(small.gradient, large.gradient)} its gradient`,
      moved,
      `${small.run.id} moved ${far} as ${large.run.id}`,
    ];
  }
  const size = ({ layer: own }: Found): number => rmsOf(own.update);
  const sorted = shown.toSorted((a, b) => size(b) - size(a));
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  if (sorted.every((one) => size(one) === 0)) return [`${capital}’s weights did not move`, 'No weight moved'];
  const sizes = (named: readonly Found[]): string =>
    named.map((one) => `${formatNumber(size(one), 2)} in ${one.run.id}`).join(', ');
  return headlinesOf(
    sorted,
    { first: 'most', text: (one) => formatNumber(size(one), 2) },
    (named, tail) => `${capital}’s weights moved by RMS ${sizes(named)}${tail}`,
    (named, tail) => `${capital} moved ${sizes(named)}${tail}`,
  );
}

/** The text alternative. */
export function describe(runs: Runs, layer: Chosen): string {
  const shown = withLayer(runs, layer);
  if (shown.length === 0) return 'No change of weights yet.';
  const parts = shown.map(
    ({ run, layer: own }) =>
      `${run.id} (${run.name}): true gradient ${formatNumber(rmsOf(own.gradientBefore))} before and ${formatNumber(rmsOf(own.gradientAfter))} after training, update ${formatNumber(rmsOf(own.update))}, the notebook’s figure ${formatNumber(rmsOf(own.perLearningRate))}.`,
  );
  return `Matrices of ${spoken(layer)}’s weights by run, as root mean squares. ${parts.join(' ')} ${disagreement(runs, layer) ?? ''}`.trim();
}

/**
 * Sentences on what matrices do not show: disagreement of gradient and update, runs without the layer, and
 * layers that did not move.
 */
export function note(runs: Runs, layer: Chosen): string | undefined {
  const missing = runs.filter((run) => placeIn(run, layer) === undefined).map(({ id }) => id);
  const lack =
    missing.length > 0 && missing.length < runs.length
      ? `${listed(missing)} ${missing.length === 1 ? 'has' : 'have'} no hidden layer ${Number(layer) + 1}.`
      : undefined;
  const still = withLayer(runs, layer).filter(({ layer: own }) =>
    [own.gradientBefore, own.gradientAfter, own.update].every((matrix) => rmsOf(matrix) === 0),
  );
  const blank =
    still.length > 0
      ? `In ${listed(still.map(({ run }) => run.id))} no gradient reaches ${spoken(layer)}, and its weights did not move: all its values are 0.`
      : undefined;
  return [disagreement(runs, layer), lack, blank].filter(Boolean).join(' ') || undefined;
}
