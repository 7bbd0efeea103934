// The measures of a training for the rules of diagnosis: ratios, shares and steps, each a number with a name.
// Invariant: pure; a measure without a value is NaN or undefined, never a guess. Knows no thresholds.

import { flowAt } from '../figures/by-layer/layers';
import type { Evidence, Layers, Trained } from './evidence';

/** Number of epochs of a training. */
export const epochsOf = ({ loss }: Trained): number => loss.length;

const layersOf = ({ gradientRms }: Trained): number => gradientRms.shape[1];

/** Root mean squares of the first and of the last layer's kernel gradient in an epoch, counted from 1. */
export function gradientEnds(trained: Trained, epoch: number): { first: number; last: number } {
  return {
    first: flowAt(trained.gradientRms, epoch, 0),
    last: flowAt(trained.gradientRms, epoch, layersOf(trained) - 1),
  };
}

/**
 * The layer, counted from 1, with the largest root mean square of the kernel gradient in an epoch, and that
 * root mean square.
 */
export function largestGradient(trained: Trained, epoch: number): { layer: number; value: number } {
  let [layer, value] = [1, 0];
  for (let at = 0; at < layersOf(trained); at++) {
    const own = flowAt(trained.gradientRms, epoch, at);
    if (own > value) [layer, value] = [at + 1, own];
  }
  return { layer, value };
}

/**
 * Largest number of weights that are read of a kernel: evenly spaced for a root mean square within two
 * percent, the first ones for a test of equality. Fifty wide layers then fit in a frame.
 */
const MOST_READ = 4_096;

function rms(values: Float32Array): number {
  const stride = Math.ceil(values.length / MOST_READ);
  let [sum, read] = [0, 0];
  for (let at = 0; at < values.length; at += stride, read++) sum += (values[at] ?? 0) ** 2;
  return Math.sqrt(sum / read);
}

/**
 * The largest ratio step : weights of all layers in the first epoch: root mean square of the steps over that
 * of the initial kernel. Undefined if all kernels are 0.
 */
export function stepRatio(trained: Trained, initial: Layers): number | undefined {
  const ratios = initial.flatMap(({ kernel }, layer) => {
    const weights = rms(kernel.data);
    return weights > 0 ? flowAt(trained.updateRms, 1, layer) / weights : [];
  });
  return ratios.length > 0 ? Math.max(...ratios) : undefined;
}

/**
 * The share of saturated outputs (of relu: inactive ones) of each hidden layer in an epoch, counted from 1.
 */
export const saturatedShares = ({ saturated }: Trained, epoch: number): number[] =>
  Array.from({ length: saturated.shape[1] }, (_, layer) => flowAt(saturated, epoch, layer));

/** The lowest value of a curve and its epoch, counted from 1; the first epoch if several have that value. */
export function lowest(curve: Float64Array): { value: number; epoch: number } {
  const value = curve.reduce((least, next) => Math.min(least, next), Number.POSITIVE_INFINITY);
  return { value, epoch: curve.indexOf(value) + 1 };
}

/**
 * Share of the epochs of the second half in which a curve is at least `times` its lowest value until then.
 */
export function shareAbove(curve: Float64Array, times: number): number {
  const half = Math.floor(curve.length / 2);
  let [least, above] = [Number.POSITIVE_INFINITY, 0];
  for (const [at, value] of curve.entries()) {
    least = Math.min(least, value);
    if (at >= half && value >= times * least) above++;
  }
  return above / (curve.length - half);
}

/** Number of epochs in the last tenth of a training, at least 1. */
export const tailOf = (trained: Trained): number => Math.max(1, Math.round(epochsOf(trained) / 10));

/** Share by which the loss fell over the last tenth of the epochs; 0 if there are too few epochs. */
export function fallAtEnd(trained: Trained): number {
  const epochs = epochsOf(trained);
  const before = trained.loss[epochs - 1 - tailOf(trained)];
  return before === undefined || before <= 0 ? 0 : 1 - (trained.loss[epochs - 1] ?? before) / before;
}

/** Number of training points of class 0 and of class 1; undefined without dataset or split. */
export function classCounts({ dataset, split }: Evidence): readonly [number, number] | undefined {
  if (!dataset || !split) return undefined;
  let ones = 0;
  for (const row of split.train) ones += dataset.y[row] ?? 0;
  return [split.train.length - ones, ones];
}

/**
 * Cross-entropy, in nats, of a constant prediction of the training points' class shares: the entropy of the
 * shares.
 */
export function chanceLoss(evidence: Evidence): number | undefined {
  const counts = classCounts(evidence);
  if (!counts) return undefined;
  const all = counts[0] + counts[1];
  return counts.reduce((sum, own) => (own === 0 ? sum : sum - (own / all) * Math.log(own / all)), 0);
}

/** Indices, from 0, of the inputs that have the same value in all training points. */
export function constantInputs({ dataset, split }: Evidence): number[] {
  if (!dataset || !split) return [];
  const { data, shape } = dataset.x;
  const at = (row: number, column: number): number => data[row * shape[1] + column] ?? Number.NaN;
  const first = split.train[0] ?? 0;
  return Array.from({ length: shape[1] }, (_, column) => column).filter((column) =>
    split.train.every((row) => at(row, column) === at(first, column)),
  );
}

/** The layers, counted from 1, with several units that all start with the same weights and biases. */
export function symmetricLayers(layers: Layers): number[] {
  return layers.flatMap(({ kernel, bias }, index) => {
    const units = kernel.shape[1];
    const isEqual =
      kernel.data.subarray(0, MOST_READ).every((weight, at) => weight === kernel.data[at - (at % units)]) &&
      bias.every((value) => value === bias[0]);
    return units > 1 && isEqual ? [index + 1] : [];
  });
}

/** The hidden layers, counted from 1, that have a single unit. */
export const narrowLayers = (layers: Layers): number[] =>
  layers.slice(0, -1).flatMap(({ units }, index) => (units === 1 ? [index + 1] : []));
