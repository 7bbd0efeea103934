// Describes the change of a chosen layer's weights by training: which run moved farther, on which gradient, and why the two
// need not agree.
// Invariant: every figure in these words is a root mean square over a kernel. Knows nothing of the drawing.

import type { diff } from '../../../cells/diff';
import type { ValueOf } from '../../../core/kinds/kind';
import type { Shown } from '../draw/figure';
import { formatNumber, formatTimes, listed } from '../draw/format';
import { rmsOf } from './matrix';
import type { Optimizer } from './optimizer';

/** What training did, what took the steps, and how many there were. */
export interface DiffView {
  readonly diff: ValueOf<typeof diff>;
  readonly optimizer: Optimizer;
  readonly epochs?: number;
  readonly batchSize?: number;
}

export type Runs = readonly Shown<DiffView>[];
type LayerDiff = DiffView['diff']['layers'][number];

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

/** The runs that have the layer, with it. */
export const withLayer = (runs: Runs, chosen: Chosen): Found[] =>
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
  return 'the update is the sum of all steps, the gradient is from before training';
}

/** A plain sentence where true gradient and update disagree between runs; undefined where they agree. */
export function disagreement(runs: Runs, layer: Chosen = 0): string | undefined {
  const [pair, ...more] = strangePairs(runs, layer);
  if (!pair) return undefined;
  const [small, large] = pair;
  const others = listed(more.map(([less, greater]) => `${less.run.id} beside ${greater.run.id}`));
  const also = others ? ` The same holds for ${others}.` : '';
  return `${small.run.id}’s ${nameOf(layer)} starts with ${formatTimes(small.gradient, large.gradient)} the gradient of ${large.run.id}’s, but moved ${formatTimes(small.update, large.update)} as far: ${reason(small, large)}.${also}`;
}

/** What is seen, stated. */
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

/** What is plain to see of no matrix: where gradient and step disagree, who has no such layer, and whose is blank. */
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
