// A training, whatever engine computes it: its setup, its outcome, and the states from which it can be resumed.
// Invariant: the state after n batches is a function of the setup and n alone, so a training resumed from any state ends
// byte-identical to an uninterrupted one. Does not know engines, clocks or stores.

import { type Layer, type Matrix, movingOf, variablesOf } from '../network/network';
import { initialState, type Optimizer, type OptimizerState } from '../network/optimizers';
import { RandomState, type RandomStateSnapshot } from '../random/random-state';
import { type Curves, curvesOf, sumsLength } from './curves';
import type { YieldThread } from './gradient';

/** Everything that determines a training; trainers only read it. */
export interface TrainingSetup {
  /** The layers with their initial weights. */
  readonly layers: readonly Layer[];
  /** All samples, [samples][inputs], and their classes, 0 or 1. */
  readonly x: Matrix;
  readonly y: Uint8Array;
  /**
   * Indices into `x` of the samples to train on and to test on; a batch order permutes positions in `train`.
   */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  /** Seed of the batch order. */
  readonly seed: number;
}

/** Execution of a training: nothing here changes the result. */
export interface TrainingContext {
  /** State to resume from: a state of the same setup, at an epoch not after the last. */
  readonly resume?: TrainingState | undefined;
  /** Called every few milliseconds of work. */
  readonly yieldThread: YieldThread;
  /**
   * Whether to save a state at the end of the present batch, outside the checkpoint epochs, for example
   * because a second has passed.
   */
  due(): boolean;
  /** Whether `due` is asked at the end of every batch, and not only when a stretch of work ends. */
  readonly isByBatch?: boolean;
  /**
   * Called from time to time with the epochs done; an unfinished epoch counts as a fraction. At the end of an
   * epoch, `snapshot` copies the result so far; `snapshot` is valid until this call returns.
   */
  progress(epochs: number, snapshot?: () => TrainingResult): void;
  /**
   * Called after the epochs of `isCheckpoint`, after the last epoch, and if `due` is true. `at` counts
   * epochs; an unfinished epoch counts as the fraction of its batches. `state` returns a copy and is valid
   * until this call returns.
   */
  save(state: () => TrainingState, at: number): void;
}

/** Curves of the finished epochs, and the weights at their end. */
export interface TrainingResult extends Curves {
  readonly layers: Layer[];
}

/** Everything that the rest of a training depends on, as plain data that can be cloned and stored. */
export interface TrainingState {
  /** Number of finished epochs, and length of the curves. */
  readonly epoch: number;
  /** Number of finished batches of the next epoch. */
  readonly batches: number;
  /** Values of `EpochSums` over those batches. */
  readonly sums: Float64Array;
  /** Trainable variables layer by layer: kernel₀, bias₀, if normalized gamma₀, beta₀, then kernel₁, … */
  readonly weights: Float32Array;
  /** movingMean and movingVariance of each normalized layer in turn; absent without normalized layers. */
  readonly moving?: Float32Array;
  readonly optimizer: OptimizerState;
  /** Random stream of the batch order at the beginning of the next epoch. */
  readonly random: RandomStateSnapshot;
  readonly curves: Curves;
}

/** The mathematics of an engine: training, and gradients at fixed weights. */
export interface Trainer {
  /** Name and version of the engine: part of the recipe of every value computed with it. */
  readonly version: string;
  /**
   * Trains as Keras does in float32. Rejects with Diverged as soon as a loss or a weight is not finite, with
   * the reason that `yieldThread` rejects with, and with RangeError for an invalid setup or state.
   */
  train(setup: TrainingSetup, context: TrainingContext): Promise<TrainingResult>;
  /**
   * Resolves with ∂loss/∂kernel of each layer, [inputs][units], for the mean loss over all rows. Rejects with
   * the reason that `yieldThread` rejects with, and with RangeError for layers that do not fit.
   */
  gradients(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    yieldThread: YieldThread,
  ): Promise<Matrix<Float64Array>[]>;
}

/** Error of a training whose loss, test loss or weights are no longer finite; `epoch` counts from 1. */
export class Diverged extends Error {
  override readonly name = 'Diverged';
  readonly epoch: number;

  constructor(what: string, value: number, epoch: number) {
    super(`${what} became ${Number.isNaN(value) ? 'NaN' : 'infinite'} in epoch ${epoch}`);
    this.epoch = epoch;
  }
}

/**
 * Whether the state after this epoch is saved: epochs 2^k and 3·2^k, that is 1, 2, 3, 4, 6, 8, 12, 16, 24, …
 */
export function isCheckpoint(epoch: number): boolean {
  let odd = epoch;
  while (odd % 2 === 0) odd /= 2;
  return odd === 1 || odd === 3;
}

/** Returns the first checkpoint epoch after `epoch`, `epochs` at the latest. */
export function nextCheckpoint(epoch: number, epochs: number): number {
  let next = epoch + 1;
  while (next < epochs && !isCheckpoint(next)) next++;
  return next;
}

/** Position of a state in epochs; an unfinished epoch counts as the fraction of its batches. */
export function placeOf(state: Pick<TrainingState, 'epoch' | 'batches'>, setup: TrainingSetup): number {
  return state.epoch + state.batches / Math.ceil(setup.train.length / setup.batchSize);
}

/**
 * Throws RangeError unless the first layer takes `inputs` inputs, each layer takes the outputs of the layer
 * before, and the last layer is one unit without batch normalization or residual connection. Also throws for
 * a residual connection in the first layer or between layers of different widths.
 */
export function checkLayers(layers: readonly Layer[], inputs: number): void {
  let width = inputs;
  for (const [index, layer] of layers.entries()) {
    const { units, kernel, bias, batchNorm, residual } = layer;
    const isHidden = index < layers.length - 1;
    if (kernel.shape[0] !== width) throw new RangeError('a layer does not fit what comes before it');
    const perUnit = [bias, ...Object.values<Float32Array>({ ...batchNorm })];
    if (perUnit.some(({ length }) => length !== units))
      throw new RangeError('a layer does not fit its units');
    if (batchNorm && !isHidden) throw new RangeError('the last layer is not batch-normalized');
    if (residual && !(isHidden && index > 0 && units === width))
      throw new RangeError('a residual connection joins hidden layers of as many units');
    width = units;
  }
  if (width !== 1 || layers.length === 0) throw new RangeError('the last layer has one unit');
}

/**
 * Throws RangeError for an invalid setup: epochs or batch size below 1, layers that do not fit, no training
 * sample, no test sample, or an index without a sample.
 */
export function checkSetup({ layers, x, y, train, test, epochs, batchSize }: TrainingSetup): void {
  for (const [name, value] of Object.entries({ epochs, batchSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} is a positive integer, not ${value}`);
  }
  checkLayers(layers, x.shape[1]);
  const rows = Math.min(x.shape[0], y.length);
  for (const indices of [train, test]) {
    if (indices.length === 0) throw new RangeError('there are samples to train on and samples to test on');
    for (const index of indices) if (index >= rows) throw new RangeError(`there is no sample ${index}`);
  }
}

const lengthOf = (arrays: readonly Float32Array[]): number =>
  arrays.reduce((sum, { length }) => sum + length, 0);

/** Number of trainable float32 values in all layers together. */
export const sizeOf = (layers: readonly Layer[]): number => lengthOf(layers.flatMap(variablesOf));

/** Number of moving statistics in all layers together. */
export const movingSizeOf = (layers: readonly Layer[]): number => lengthOf(layers.flatMap(movingOf));

/** Returns a function that takes the next `length` values from the front of `flat`, as a view. */
function viewsOf(flat: Float32Array): (length: number) => Float32Array {
  let at = 0;
  return (length) => {
    at += length;
    return flat.subarray(at - length, at);
  };
}

/**
 * Returns layers of the same shapes as `like` whose trainable variables are consecutive views of `flat`. The
 * moving statistics are views of `moving` or, without `moving`, the arrays of `like`.
 */
export function layersOver(flat: Float32Array, like: readonly Layer[], moving?: Float32Array): Layer[] {
  const next = viewsOf(flat);
  const nextMoving = moving && viewsOf(moving);
  return like.map(({ kernel, bias, batchNorm, ...rest }) => ({
    ...rest,
    kernel: { shape: kernel.shape, data: next(kernel.data.length) },
    bias: next(bias.length),
    ...(batchNorm && {
      batchNorm: {
        gamma: next(bias.length),
        beta: next(bias.length),
        movingMean: nextMoving?.(bias.length) ?? batchNorm.movingMean,
        movingVariance: nextMoving?.(bias.length) ?? batchNorm.movingVariance,
      },
    }),
  }));
}

/** Concatenates arrays into a new array. */
function joined(arrays: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(lengthOf(arrays));
  let at = 0;
  for (const values of arrays) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

/** Copies layers, buffers included. */
export function copyLayers(layers: readonly Layer[]): Layer[] {
  return layers.map(({ kernel, bias, batchNorm, ...rest }) => ({
    ...rest,
    kernel: { shape: kernel.shape, data: kernel.data.slice() },
    bias: bias.slice(),
    ...(batchNorm && {
      batchNorm: {
        gamma: batchNorm.gamma.slice(),
        beta: batchNorm.beta.slice(),
        movingMean: batchNorm.movingMean.slice(),
        movingVariance: batchNorm.movingVariance.slice(),
      },
    }),
  }));
}

/** The field `moving` of a state, absent without moving statistics. */
export const movingState = (moving: Float32Array): Pick<TrainingState, 'moving'> =>
  moving.length > 0 ? { moving } : {};

/**
 * Returns the state at which a training begins: the initial weights, or `resume`. The curves are new, with
 * room for all epochs; all other arrays may belong to `resume` and must not be written to. Throws RangeError
 * if `resume` is not a state of this setup.
 */
export function startOf(setup: TrainingSetup, resume: TrainingState | undefined): TrainingState {
  const { layers, optimizer, epochs, seed } = setup;
  const size = sizeOf(layers);
  const fresh = initialState(optimizer, size);
  if (!resume) {
    return {
      epoch: 0,
      batches: 0,
      sums: new Float64Array(sumsLength(layers.length)),
      weights: joined(layers.flatMap(variablesOf)),
      ...movingState(joined(layers.flatMap(movingOf))),
      optimizer: fresh,
      random: new RandomState(seed).getState(),
      curves: curvesOf(epochs, layers.length),
    };
  }
  // Throws RangeError for an invalid random state.
  RandomState.fromState(resume.random);
  const { slots, step } = resume.optimizer;
  const perEpoch = Math.ceil(setup.train.length / setup.batchSize);
  if (
    ![resume.epoch, resume.batches, step].every((count) => Number.isInteger(count) && count >= 0) ||
    resume.epoch + (resume.batches > 0 ? 1 : 0) > epochs ||
    resume.batches >= perEpoch ||
    resume.sums.length !== sumsLength(layers.length) ||
    resume.curves.loss.length !== resume.epoch ||
    resume.weights.length !== size ||
    (resume.moving?.length ?? 0) !== movingSizeOf(layers) ||
    slots.length !== fresh.slots.length ||
    slots.some(({ length }) => length !== size)
  ) {
    throw new RangeError('the state to resume from is not one of this training');
  }
  return { ...resume, curves: curvesOf(epochs, layers.length, resume.curves) };
}
