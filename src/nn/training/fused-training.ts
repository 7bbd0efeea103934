// Training, gradients and probabilities by the fused kernel.
// Invariant: how the work is sliced changes no bit; the kernel's results are copied out before the kernel continues.
// Does not know the clock: the kernel returns after a given number of operations.

import { takeRows } from '../data/rows';
import type { Layer, Matrix } from '../network/network';
import { batchTrainer } from './batch-training';
import { type Curves, curvesOf, sumsLength } from './curves';
import { FUSED_VERSION, type FusedKernel, PLACE, STATUS, withKernel } from './fused-kernel';
import type { YieldThread } from './gradient';
import { plainGradient, plainProbabilities } from './plain-gradient';
import {
  checkLayers,
  checkSetup,
  copyLayers,
  Diverged,
  layersOver,
  nextCheckpoint,
  placeOf,
  sizeOf,
  startOf,
  type Trainer,
  type TrainingContext,
  type TrainingResult,
  type TrainingSetup,
  type TrainingState,
} from './training';

/** Floating-point operations between two calls of `yieldThread`: a few milliseconds on a slow machine. */
const OPERATIONS = 2e7;

/** Bytes of figures that the kernel can hold before the host reads them. */
const FIGURES_BYTES = 2 ** 16;

const WORDS = 624;

/**
 * Whether the kernel covers a network. The kernel takes rows in chunks, and batch normalization needs all
 * rows at once.
 */
export const isHeld = (layers: readonly Layer[]): boolean =>
  layers.every(({ batchNorm, residual }) => !batchNorm && !residual);

/** Returns a trainer for networks that the kernel does not cover. */
const plainTrainer = (): Trainer => batchTrainer(plainGradient(FUSED_VERSION));

/**
 * Trains with the fused kernel. Networks with batch normalization or residual connections are trained by the
 * same mathematics in plain float64, batch by batch; for all others, the methods reject if WebAssembly or its
 * SIMD is missing.
 */
export const fusedTrainer: Trainer = {
  version: FUSED_VERSION,
  train: (setup, context) =>
    isHeld(setup.layers)
      ? withKernel((kernel) => trainFused(kernel, setup, context))
      : plainTrainer().train(setup, context),
  gradients: (layers, x, y, yieldThread) =>
    isHeld(layers)
      ? withKernel((kernel) => gradientsFused(kernel, layers, x, y, yieldThread))
      : plainTrainer().gradients(layers, x, y, yieldThread),
};

/**
 * Prepares the kernel for a training and copies rows, weights, optimizer slots, random state and sums to its
 * memory.
 */
function place(kernel: FusedKernel, setup: TrainingSetup, from: TrainingState): void {
  const { calls } = kernel;
  const { layers, optimizer, batchSize } = setup;
  kernel.begin(layers);
  kernel.configure(optimizer);
  const width = calls.figuresWidth() * 8;
  const epochs = Math.max(1, Math.min(setup.epochs - from.epoch, Math.floor(FIGURES_BYTES / width)));
  calls.prepareTraining(
    setup.train.length,
    setup.test.length,
    Math.min(batchSize, setup.train.length),
    epochs,
  );
  for (const [indices, rows, classes] of [
    [setup.train, PLACE.rows, PLACE.classes],
    [setup.test, PLACE.testRows, PLACE.testClasses],
  ] as const) {
    const taken = takeRows(setup.x, setup.y, indices);
    kernel.float32(rows, taken.x.data.length).set(taken.x.data);
    kernel.float32(classes, taken.y.length).set(taken.y);
  }
  const plain = kernel.float32(PLACE.plain, from.weights.length);
  for (const [which, values] of [from.weights, ...from.optimizer.slots].entries()) {
    plain.set(values);
    calls.loadPacked(which);
  }
  kernel.uint32(PLACE.random, WORDS).set(from.random.key);
  kernel.float64(PLACE.sums, from.sums.length).set(from.sums);
  calls.resume(
    from.epoch,
    from.batches * Math.min(batchSize, setup.train.length),
    from.optimizer.step,
    from.random.pos,
  );
}

/**
 * Moves the figures of finished epochs from the kernel to the curves; `epoch` epochs were moved before.
 * Returns the new number of finished epochs.
 */
function takeFigures(kernel: FusedKernel, curves: Curves, layers: number, epoch: number): number {
  const { calls } = kernel;
  const held = calls.figuresHeld();
  const width = calls.figuresWidth();
  const figures = kernel.float64(PLACE.figures, held * width);
  for (let i = 0; i < held; i++) {
    const row = epoch + i;
    const from = i * width;
    curves.loss[row] = figures[from] as number;
    curves.accuracy[row] = figures[from + 1] as number;
    curves.testLoss[row] = figures[from + 2] as number;
    curves.testAccuracy[row] = figures[from + 3] as number;
    let at = from + 4;
    for (const [{ data }, columns] of [
      [curves.gradientRms, layers],
      [curves.updateRms, layers],
      [curves.saturated, layers - 1],
    ] as const) {
      for (let l = 0; l < columns; l++) data[row * columns + l] = figures[at++] as number;
    }
  }
  calls.clearFiguresHeld();
  return epoch + held;
}

async function trainFused(
  kernel: FusedKernel,
  setup: TrainingSetup,
  context: TrainingContext,
): Promise<TrainingResult> {
  checkSetup(setup);
  const from = startOf(setup, context.resume);
  const { calls } = kernel;
  const { epochs } = setup;
  const { curves, random } = from;
  const count = setup.layers.length;
  const size = sizeOf(setup.layers);
  place(kernel, setup, from);

  const copy = (which: number): Float32Array => {
    calls.storePlain(which);
    return kernel.float32(PLACE.plain, size).slice();
  };
  const state = (): TrainingState => {
    const batches = calls.rowsOfEpochDone() / Math.min(setup.batchSize, setup.train.length);
    const [words, pos] =
      batches === 0
        ? [PLACE.random, calls.randomPosition()]
        : [PLACE.randomAtEpoch, calls.positionAtEpochStart()];
    return {
      epoch: done,
      batches,
      sums:
        batches === 0
          ? new Float64Array(sumsLength(count))
          : kernel.float64(PLACE.sums, sumsLength(count)).slice(),
      weights: copy(0),
      optimizer: {
        step: calls.stepsTaken(),
        slots: Array.from({ length: calls.slotCount() }, (_, i) => copy(i + 1)),
      },
      random: { ...random, key: kernel.uint32(words, WORDS).slice(), pos },
      curves: curvesOf(done, count, curves),
    };
  };
  const result = (): TrainingResult => ({
    ...curvesOf(done, count, curves),
    layers: copyLayers(layersOver(copy(0), setup.layers)),
  });

  let done = from.epoch;
  let shown = done;
  let next = nextCheckpoint(done, epochs);
  let within = false;
  while (done < epochs) {
    // If a slice ended within an epoch, the next slices stop at the end of that epoch, because only weights
    // at an epoch's end are shown.
    const goal: number = within ? done + 1 : next;
    // One unit of work begins a batch; `finishBatch` then ends it.
    let status = calls.advance(context.isByBatch ? 1 : OPERATIONS, goal);
    const due = context.due();
    if (due && status === STATUS.running) {
      let finishing = calls.finishBatch(OPERATIONS);
      while (finishing === STATUS.running) {
        await context.yieldThread();
        finishing = calls.finishBatch(OPERATIONS);
      }
      // After a batch, more work follows: the status stays `running`.
      if (finishing !== STATUS.reached) status = finishing;
    }
    done = takeFigures(kernel, curves, count, done);
    throwDiverged(status, calls.divergedTo(), done + 1);
    const atEnd = due && calls.rowsOfEpochDone() === 0;
    within = status === STATUS.running && done < goal && !atEnd;
    if (!within && done > shown) {
      context.progress(done, result);
      shown = done;
    } else context.progress(done + calls.rowsOfEpochDone() / setup.train.length);
    if (due || done === next) {
      const batches = calls.rowsOfEpochDone() / Math.min(setup.batchSize, setup.train.length);
      context.save(state, placeOf({ epoch: done, batches }, setup));
    }
    if (done === next) next = nextCheckpoint(done, epochs);
    await context.yieldThread();
  }
  return result();
}

function throwDiverged(status: number, value: number, epoch: number): void {
  if (status === STATUS.lossDiverged) throw new Diverged('the loss', value, epoch);
  if (status === STATUS.weightDiverged) throw new Diverged('a weight', value, epoch);
  if (status === STATUS.testLossDiverged) throw new Diverged('the test loss', value, epoch);
}

async function gradientsFused(
  kernel: FusedKernel,
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  yieldThread: YieldThread,
): Promise<Matrix<Float64Array>[]> {
  const [rows, inputs] = x.shape;
  checkLayers(layers, inputs);
  if (rows < 1) throw new RangeError('figures need at least one row');
  const { calls } = kernel;
  kernel.begin(layers);
  calls.prepareGradient(rows);
  kernel.float32(PLACE.rows, x.data.length).set(x.data);
  kernel.float32(PLACE.classes, rows).set(y);
  kernel.setWeights(layers);
  while (calls.advance(OPERATIONS, 0) === STATUS.running) await yieldThread();
  calls.storeGradients();
  const size = layers.reduce((sum, { kernel: { data } }) => sum + data.length, 0);
  const all = kernel.float64(PLACE.gradients, size);
  let at = 0;
  return layers.map(({ kernel: { shape, data } }) => {
    at += data.length;
    return { shape, data: all.slice(at - data.length, at) };
  });
}

/**
 * Resolves with the probability of class 1 at each point, float32 [points]. `points` is [points][inputs] row
 * by row; the last layer has one unit. Rejects with RangeError if the shapes do not fit, and with the reason
 * that `yieldThread` rejects with.
 */
export async function probabilities(
  layers: readonly Layer[],
  points: Float32Array,
  yieldThread: YieldThread,
): Promise<Float32Array> {
  const inputs = layers[0]?.kernel.shape[0] ?? 0;
  checkLayers(layers, inputs);
  if (points.length % inputs !== 0) throw new RangeError('a point has not as many coordinates as inputs');
  const rows = points.length / inputs;
  if (rows === 0) return new Float32Array(0);
  if (!isHeld(layers)) return plainProbabilities(layers, points, yieldThread);
  return withKernel(async (kernel) => {
    const { calls } = kernel;
    kernel.begin(layers);
    calls.prepareProbabilities(rows);
    kernel.float32(PLACE.rows, points.length).set(points);
    kernel.setWeights(layers);
    while (calls.advance(OPERATIONS, 0) === STATUS.running) await yieldThread();
    return kernel.float32(PLACE.probabilities, rows).slice();
  });
}
