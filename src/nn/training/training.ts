// A training, whatever engine computes it: its setup, its outcome, and the states from which it can be resumed.
// Invariant: the state after n batches is a function of the setup and n alone, so a training resumed from any state ends
// byte-identical to an uninterrupted one. Does not know engines, clocks or stores.

import { type Layer, type Matrix, movingOf, variablesOf } from '../network/network';
import { initialState, type Optimizer, type OptimizerState } from '../network/optimizers';
import { RandomState, type RandomStateSnapshot } from '../random/random-state';
import { type Curves, curvesOf, sumsLength } from './curves';
import type { Turn } from './gradient';

/** What determines a training; nothing of it is written to. */
export interface TrainingSetup {
  /** The initial weights. */
  readonly layers: readonly Layer[];
  /** All samples, [samples][inputs], and their classes, 0 or 1. */
  readonly x: Matrix;
  readonly y: Uint8Array;
  /** Which samples to train on and to test on: indices into `x`; a batch order permutes positions in `train`. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  /** Of the batch order. */
  readonly seed: number;
}

/** How a training is executed: nothing here changes its outcome. */
export interface TrainingContext {
  /** Where to go on: a state of this very setup at an epoch that is not beyond its last. */
  readonly resume?: TrainingState | undefined;
  /** Called every few milliseconds of work. */
  readonly turn: Turn;
  /** Whether a state should be kept now, at the end of a batch, though no epoch asks for it: a second has passed, say. */
  due(): boolean;
  /**
   * Called now and then with the epochs done, an unfinished one by its share; at the end of an epoch with `snapshot`,
   * valid until this returns, which copies what there is by then.
   */
  progress(epochs: number, snapshot?: () => TrainingResult): void;
  /**
   * Called after the epochs of `isCheckpoint`, the last one, and where `due` says so; `at` counts epochs, one that is not
   * finished by the share of its batches. `state`, valid until this returns, copies.
   */
  save(state: () => TrainingState, at: number): void;
}

/** Curves of the epochs done and the weights at their end. */
export interface TrainingResult extends Curves {
  readonly layers: Layer[];
}

/** All that the rest of a training depends on, as plain data that can be cloned and stored. */
export interface TrainingState {
  /** Epochs done; the curves are as long. */
  readonly epoch: number;
  /** Batches done of the next epoch. */
  readonly batches: number;
  /** What `EpochSums` holds of those batches. */
  readonly sums: Float64Array;
  /** The layers' trainable variables, one after the other: kernel₀, bias₀, where normalized gamma₀, beta₀, kernel₁, … */
  readonly weights: Float32Array;
  /** Of the normalized layers movingMean and movingVariance in turn; absent where there are none. */
  readonly moving?: Float32Array;
  readonly optimizer: OptimizerState;
  /** The batch order's stream where the next epoch begins. */
  readonly random: RandomStateSnapshot;
  readonly curves: Curves;
}

/** That which trains and tells gradients: an engine's mathematics. */
export interface Trainer {
  /** The engine's name and version: part of the recipe of whatever is computed with it. */
  readonly version: string;
  /**
   * Trains as Keras does in float32. Rejects with Diverged as soon as a figure or a weight is not finite, with what
   * `turn` rejects with, and with RangeError for a setup or a state that makes no sense.
   */
  train(setup: TrainingSetup, context: TrainingContext): Promise<TrainingResult>;
  /** ∂loss/∂kernel of each layer, the loss being the mean over all rows. Rejects with what `turn` rejects with. */
  gradients(layers: readonly Layer[], x: Matrix, y: Uint8Array, turn: Turn): Promise<Matrix<Float64Array>[]>;
}

/** Ends a training whose loss, test loss or weights are no longer finite, in epoch `epoch`, counted from 1. */
export class Diverged extends Error {
  override readonly name = 'Diverged';
  readonly epoch: number;

  constructor(what: string, value: number, epoch: number) {
    super(`${what} became ${Number.isNaN(value) ? 'NaN' : 'infinite'} in epoch ${epoch}`);
    this.epoch = epoch;
  }
}

/** Whether a state is worth keeping after this epoch: 2^k and 1.5·2^k, that is 1, 2, 3, 4, 6, 8, 12, 16, 24, … */
export function isCheckpoint(epoch: number): boolean {
  let odd = epoch;
  while (odd % 2 === 0) odd /= 2;
  return odd === 1 || odd === 3;
}

/** The first epoch after `epoch` whose state is worth keeping, `epochs` at the latest. */
export function nextCheckpoint(epoch: number, epochs: number): number {
  let next = epoch + 1;
  while (next < epochs && !isCheckpoint(next)) next++;
  return next;
}

/** Where a state is, in epochs, the unfinished one by the share of its batches. */
export function placeOf(state: Pick<TrainingState, 'epoch' | 'batches'>, setup: TrainingSetup): number {
  return state.epoch + state.batches / Math.ceil(setup.train.length / setup.batchSize);
}

/**
 * Throws RangeError for layers that do not lead from so many inputs, one to the next, to one unit that is neither normalized
 * nor passed by, and for a residual connection in the first layer or between widths that differ.
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

/** Throws RangeError for a setup that makes no sense. */
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

/** Float32 numbers that all layers together train. */
export const sizeOf = (layers: readonly Layer[]): number => lengthOf(layers.flatMap(variablesOf));

/** Moving statistics of all layers together, float32. */
export const movingSizeOf = (layers: readonly Layer[]): number => lengthOf(layers.flatMap(movingOf));

/** Takes arrays of given lengths from the front of `flat`, one after the other, as views on it. */
function viewsOf(flat: Float32Array): (length: number) => Float32Array {
  let at = 0;
  return (length) => {
    at += length;
    return flat.subarray(at - length, at);
  };
}

/**
 * Layers of the same shapes as `like` whose trainable variables are views on `flat`, one after the other, and whose moving
 * statistics are views on `moving`, or those of `like` where it is not given.
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

/** All that `arrays` hold, one after the other. */
function joined(arrays: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(lengthOf(arrays));
  let at = 0;
  for (const values of arrays) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

/** Copies of such layers, each with buffers of its own. */
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

/** Moving statistics as a state holds them: not at all where there are none. */
export const movingState = (moving: Float32Array): Pick<TrainingState, 'moving'> =>
  moving.length > 0 ? { moving } : {};

/**
 * Where a training begins: at its initial weights, or where `resume` stands. Curves have room for all epochs; the rest are
 * not to be written to. Throws RangeError for a state that is not one of this setup.
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
  // Throws for one that is none.
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
