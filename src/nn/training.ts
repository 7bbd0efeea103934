// Training as a fold over epochs: batches in the order of one random stream, a step for each, curves at each epoch's end.
// Invariant: the state after epoch e is a function of the task and e alone, so a training resumed from any state ends
// to the byte as one that never stopped. Deliberately knows no engine, clock or store.
import { type Curves, curvesOf, EpochSums } from './curves';
import type { Gradient, Turn } from './gradient';
import type { Layer, Matrix } from './network';
import { applyGradient, initialState, type Optimizer, type OptimizerState } from './optimizers';
import { RandomState, type RandomStateSnapshot } from './random-state';
import { takeRows } from './rows';

/** What determines a training; nothing of it is written to. */
export interface TrainingTask {
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

/** How a training is run: nothing here changes its outcome. */
export interface TrainingRun {
  /** Where to go on: a state of this very task at an epoch that is not beyond its last. */
  readonly resume?: TrainingState | undefined;
  /** Called after each batch. */
  readonly turn: Turn;
  /** Called after each epoch, counted from 1; `snapshot`, valid until this returns, copies what there is by then. */
  progress(epoch: number, snapshot: () => TrainingResult): void;
  /** Called after the epochs of `isCheckpoint` and the last one; `state`, valid until this returns, copies. */
  save(state: () => TrainingState, epoch: number): void;
}

/** Curves of the epochs done and the weights at their end. */
export interface TrainingResult extends Curves {
  readonly layers: Layer[];
}

/** All that the rest of a training depends on, as plain data that can be cloned and stored. */
export interface TrainingState {
  /** Epochs done; the curves are as long. */
  readonly epoch: number;
  /** kernel₀, bias₀, kernel₁, … one after the other, each row by row. */
  readonly weights: Float32Array;
  readonly optimizer: OptimizerState;
  /** The batch order's stream. */
  readonly random: RandomStateSnapshot;
  readonly curves: Curves;
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

/**
 * Trains as Keras does in float32, with the gradients of `gradient`. Rejects with Diverged as soon as a figure or a weight
 * is not finite, with what `turn` rejects with, and with RangeError for a task or a state that makes no sense.
 */
export async function train(
  task: TrainingTask,
  run: TrainingRun,
  gradient: Gradient,
): Promise<TrainingResult> {
  check(task);
  const { epochs, optimizer } = task;
  const nTrain = task.train.length;
  const size = task.layers.reduce((sum, { kernel, bias }) => sum + kernel.data.length + bias.length, 0);

  const weights = new Float32Array(size);
  const before = new Float32Array(size);
  const gradients = new Float32Array(size);
  const layers = layersOver(weights, task.layers);
  const gradientLayers = layersOver(gradients, task.layers);
  const variableGradients = gradientLayers.flatMap(({ kernel, bias }) => [kernel.data, bias]);
  const kernelGradients = kernelsOf(gradientLayers);
  const kernelsBefore = kernelsOf(layersOver(before, task.layers));
  const kernels = kernelsOf(layers);

  const { state, random, curves } = start(task, run.resume, weights);
  const inputs = task.x.shape[1];
  const whole = emptyRows(Math.min(task.batchSize, nTrain), inputs);
  const last = emptyRows(nTrain % whole.y.length, inputs);
  const test = takeRows(task.x, task.y, task.test);
  const sums = new EpochSums(layers);

  for (let epoch = (run.resume?.epoch ?? 0) + 1; epoch <= epochs; epoch++) {
    const order = random.permutation(nTrain);
    for (let from = 0; from < nTrain; from += whole.y.length) {
      const batch = nTrain - from < whole.y.length ? last : whole;
      fill(batch, task, order, from);
      const figures = gradient.batch(layers, batch.x, batch.y, variableGradients, sums.observe);
      if (!Number.isFinite(figures.loss)) throw new Diverged('the loss', figures.loss, epoch);
      before.set(weights);
      applyGradient(optimizer, state, weights, gradients);
      for (let i = 0; i < size; i++) {
        if (!Number.isFinite(weights[i])) throw new Diverged('a weight', weights[i] as number, epoch);
      }
      sums.addBatch(figures, batch.y.length);
      sums.addStep(kernelGradients, kernelsBefore, kernels);
      await run.turn();
    }
    const tested = await gradient.evaluate(layers, test.x, test.y, run.turn);
    if (!Number.isFinite(tested.loss)) throw new Diverged('the test loss', tested.loss, epoch);
    sums.finish(curves, epoch, tested);

    run.progress(epoch, () => result(epoch, curves, layers));
    if (isCheckpoint(epoch) || epoch === epochs) {
      run.save(
        () => ({
          epoch,
          weights: weights.slice(),
          optimizer: { step: state.step, slots: state.slots.map((slot) => slot.slice()) },
          random: random.getState(),
          curves: curvesOf(epoch, layers.length, curves),
        }),
        epoch,
      );
    }
  }
  return result(epochs, curves, layers);
}

function check({ layers, x, y, train, test, epochs, batchSize }: TrainingTask): void {
  for (const [name, value] of Object.entries({ epochs, batchSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} is a positive integer, not ${value}`);
  }
  if (layers.at(-1)?.units !== 1) throw new RangeError('the last layer has one unit');
  const rows = Math.min(x.shape[0], y.length);
  for (const indices of [train, test]) {
    if (indices.length === 0) throw new RangeError('there are samples to train on and samples to test on');
    for (const index of indices) if (index >= rows) throw new RangeError(`there is no sample ${index}`);
  }
}

/** Layers of the same shapes as `like` whose weights are views on `flat`, one after the other. */
function layersOver(flat: Float32Array, like: readonly Layer[]): Layer[] {
  let at = 0;
  const next = (length: number) => {
    at += length;
    return flat.subarray(at - length, at);
  };
  return like.map(({ units, activation, kernel, bias }) => ({
    units,
    activation,
    kernel: { shape: kernel.shape, data: next(kernel.data.length) },
    bias: next(bias.length),
  }));
}

function kernelsOf(layers: readonly Layer[]): Float32Array[] {
  return layers.map(({ kernel }) => kernel.data);
}

/** What changes in the course of a training, at its beginning or as `resume` has it; fills `weights`. */
function start(
  { layers, optimizer, epochs, seed }: TrainingTask,
  resume: TrainingState | undefined,
  weights: Float32Array,
) {
  const state = initialState(optimizer, weights.length);
  if (!resume) {
    for (const [l, view] of layersOver(weights, layers).entries()) {
      const { kernel, bias } = layers[l] as Layer;
      view.kernel.data.set(kernel.data);
      view.bias.set(bias);
    }
    return { state, random: new RandomState(seed), curves: curvesOf(epochs, layers.length) };
  }
  const { slots } = resume.optimizer;
  if (
    !(resume.epoch >= 0 && resume.epoch <= epochs) ||
    resume.curves.loss.length !== resume.epoch ||
    resume.weights.length !== weights.length ||
    slots.length !== state.slots.length ||
    slots.some(({ length }) => length !== weights.length)
  ) {
    throw new RangeError('the state to resume from is not one of this training');
  }
  weights.set(resume.weights);
  state.step = resume.optimizer.step;
  for (const [i, slot] of state.slots.entries()) slot.set(slots[i] as Float32Array);
  const curves = curvesOf(epochs, layers.length, resume.curves);
  return { state, random: RandomState.fromState(resume.random), curves };
}

interface Rows {
  readonly x: Matrix;
  readonly y: Uint8Array;
}

function emptyRows(count: number, inputs: number): Rows {
  return { x: { shape: [count, inputs], data: new Float32Array(count * inputs) }, y: new Uint8Array(count) };
}

/** Copies the samples `train[order[from]]`, `train[order[from + 1]]`, … into `rows`, as many as it holds. */
function fill(rows: Rows, { x, y, train }: TrainingTask, order: Uint32Array, from: number): void {
  const [count, inputs] = rows.x.shape;
  for (let r = 0; r < count; r++) {
    const sample = train[order[from + r] as number] as number;
    rows.y[r] = y[sample] as number;
    for (let c = 0; c < inputs; c++) rows.x.data[r * inputs + c] = x.data[sample * inputs + c] as number;
  }
}

function result(epoch: number, curves: Curves, layers: readonly Layer[]): TrainingResult {
  return {
    ...curvesOf(epoch, layers.length, curves),
    layers: layers.map(({ units, activation, kernel, bias }) => ({
      units,
      activation,
      kernel: { shape: kernel.shape, data: kernel.data.slice() },
      bias: bias.slice(),
    })),
  };
}
