// A training loop in plain TypeScript, batch by batch, over an engine that computes a batch's gradient: the
// independent counterpart of the kernel.
// Invariant: keeps the setup's order of batches and Keras's order of operations. Does not know engines,
// clocks or stores.

import { takeRows } from '../data/rows';
import { BATCH_NORM, type Layer, type Matrix, movingOf, variablesOf } from '../network/network';
import { applyGradient } from '../network/optimizers';
import { RandomState } from '../random/random-state';
import { curvesOf, EpochSums } from './curves';
import type { Gradient } from './gradient';
import {
  checkLayers,
  checkSetup,
  copyLayers,
  Diverged,
  isCheckpoint,
  layersOver,
  movingState,
  placeOf,
  startOf,
  type Trainer,
  type TrainingContext,
  type TrainingResult,
  type TrainingSetup,
} from './training';

/** Returns a trainer that takes its steps with the gradients of `gradient`. */
export function batchTrainer(gradient: Gradient): Trainer {
  return {
    version: gradient.version,
    train: (setup, context) => trainByBatches(setup, context, gradient),
    async gradients(layers, x, y, yieldThread) {
      checkLayers(layers, x.shape[1]);
      return gradient.full(layers, x, y, yieldThread);
    },
  };
}

async function trainByBatches(
  setup: TrainingSetup,
  context: TrainingContext,
  gradient: Gradient,
): Promise<TrainingResult> {
  checkSetup(setup);
  const { epochs, optimizer } = setup;
  const nTrain = setup.train.length;
  const from = startOf(setup, context.resume);
  const { curves } = from;
  const weights = from.weights.slice();
  const state = { step: from.optimizer.step, slots: from.optimizer.slots.map((slot) => slot.slice()) };
  const random = RandomState.fromState(from.random);
  const size = weights.length;

  const before = new Float32Array(size);
  const gradients = new Float32Array(size);
  const moving = from.moving?.slice() ?? new Float32Array(0);
  const layers = layersOver(weights, setup.layers, moving);
  const statistics = layers.flatMap(movingOf);
  const gradientLayers = layersOver(gradients, setup.layers);
  const variableGradients = gradientLayers.flatMap(variablesOf);
  const kernelGradients = kernelsOf(gradientLayers);
  const kernelsBefore = kernelsOf(layersOver(before, setup.layers));
  const kernels = kernelsOf(layers);

  const inputs = setup.x.shape[1];
  const whole = emptyRows(Math.min(setup.batchSize, nTrain), inputs);
  const last = emptyRows(nTrain % whole.y.length, inputs);
  const perEpoch = Math.ceil(nTrain / whole.y.length);
  const test = takeRows(setup.x, setup.y, setup.test);
  const sums = new EpochSums(layers, from.sums);

  let atEpoch = random.getState();
  const save = (epoch: number, batches: number): void =>
    context.save(
      () => ({
        epoch,
        batches,
        sums: sums.values.slice(),
        weights: weights.slice(),
        ...movingState(moving.slice()),
        optimizer: { step: state.step, slots: state.slots.map((slot) => slot.slice()) },
        random: batches === 0 ? random.getState() : atEpoch,
        curves: curvesOf(epoch, layers.length, curves),
      }),
      placeOf({ epoch, batches }, setup),
    );

  for (let epoch = from.epoch + 1; epoch <= epochs; epoch++) {
    atEpoch = random.getState();
    const order = random.permutation(nTrain);
    for (let done = epoch === from.epoch + 1 ? from.batches : 0; done < perEpoch; done++) {
      const first = done * whole.y.length;
      const batch = nTrain - first < whole.y.length ? last : whole;
      fill(batch, setup, order, first);
      const figures = gradient.batch(layers, batch.x, batch.y, variableGradients, sums.observe);
      if (!Number.isFinite(figures.loss)) throw new Diverged('the loss', figures.loss, epoch);
      before.set(weights);
      applyGradient(optimizer, state, weights, gradients);
      for (let i = 0; i < size; i++) {
        if (!Number.isFinite(weights[i])) throw new Diverged('a weight', weights[i] as number, epoch);
      }
      for (const [i, values] of statistics.entries()) follow(values, figures.moments[i]);
      sums.addBatch(figures, batch.y.length);
      sums.addStep(kernelGradients, kernelsBefore, kernels);
      await context.yieldThread();
      if (done + 1 < perEpoch && context.due()) save(epoch - 1, done + 1);
    }
    const tested = await gradient.evaluate(layers, test.x, test.y, context.yieldThread);
    if (!Number.isFinite(tested.loss)) throw new Diverged('the test loss', tested.loss, epoch);
    sums.finish(curves, epoch, nTrain, perEpoch, tested);

    context.progress(epoch, () => result(epoch));
    if (isCheckpoint(epoch) || epoch === epochs || context.due()) save(epoch, 0);
  }
  return result(epochs);

  function result(epoch: number): TrainingResult {
    return { ...curvesOf(epoch, layers.length, curves), layers: copyLayers(layers) };
  }
}

/** Updates moving statistics by a batch's moments, as `BatchNormalization.call` of Keras does, in float32. */
function follow(moving: Float32Array, moments: Float32Array | undefined): void {
  const { fround } = Math;
  const keep = fround(BATCH_NORM.momentum);
  const take = fround(1 - BATCH_NORM.momentum);
  for (let i = 0; i < moving.length; i++) {
    const kept = fround((moving[i] as number) * keep);
    moving[i] = kept + fround((moments?.[i] as number) * take);
  }
}

function kernelsOf(layers: readonly Layer[]): Float32Array[] {
  return layers.map(({ kernel }) => kernel.data);
}

interface Rows {
  readonly x: Matrix;
  readonly y: Uint8Array;
}

function emptyRows(count: number, inputs: number): Rows {
  return { x: { shape: [count, inputs], data: new Float32Array(count * inputs) }, y: new Uint8Array(count) };
}

/** Copies the samples `train[order[from]]`, `train[order[from + 1]]`, … into `rows`, as many as it holds. */
function fill(rows: Rows, { x, y, train }: TrainingSetup, order: Uint32Array, from: number): void {
  const [count, inputs] = rows.x.shape;
  for (let r = 0; r < count; r++) {
    const sample = train[order[from + r] as number] as number;
    rows.y[r] = y[sample] as number;
    for (let c = 0; c < inputs; c++) rows.x.data[r * inputs + c] = x.data[sample * inputs + c] as number;
  }
}
