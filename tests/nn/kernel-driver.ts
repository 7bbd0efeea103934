// Drives the fused kernel by hand, so that tests can stop it wherever they like and look at what it holds there.
// Invariant: places a setup as src/nn/training/fused-training.ts does, from its beginning.

import { takeRows } from '../../src/nn/data/rows';
import type { Layer, Matrix } from '../../src/nn/network/network';
import { PLACE, STATUS, withKernel } from '../../src/nn/training/fused-kernel';
import { sizeOf, startOf, type TrainingSetup } from '../../src/nn/training/training';

/** A training placed in a kernel. */
export interface Driven {
  /** Works for about so many operations; false once all epochs are done. Throws where it diverges. */
  advance(operations: number): boolean;
  finishBatch(): void;
  /** Works to the end of the next batch, and of its epoch where it is the last. */
  nextBatch(): void;
  /** The weights, or the optimizer's first or second slot, in the host's order. */
  read(which: 0 | 1 | 2): Float32Array;
  /** The rows of figures of all epochs. */
  figures(): Float64Array;
}

/** Lends a training that has not begun. */
export function driven<T>(setup: TrainingSetup, use: (driven: Driven) => T): Promise<T> {
  return withKernel(async (kernel) => {
    const { calls } = kernel;
    const { layers, optimizer, train, test, epochs } = setup;
    const from = startOf(setup, undefined);
    kernel.begin(layers);
    kernel.configure(optimizer);
    calls.prepareTraining(train.length, test.length, Math.min(setup.batchSize, train.length), epochs);
    for (const [indices, rows, classes] of [
      [train, PLACE.rows, PLACE.classes],
      [test, PLACE.testRows, PLACE.testClasses],
    ] as const) {
      const { x, y } = takeRows(setup.x, setup.y, indices);
      kernel.float32(rows, x.data.length).set(x.data);
      kernel.float32(classes, y.length).set(y);
    }
    kernel.setWeights(layers);
    kernel.uint32(PLACE.random, from.random.key.length).set(from.random.key);
    calls.resume(0, 0, 0, from.random.pos);
    const size = sizeOf(layers);
    const sound = (status: number): number => {
      if (status > STATUS.reached) throw new Error(`it ended with status ${status}`);
      return status;
    };
    const advance = (operations: number): boolean =>
      sound(calls.advance(operations, epochs)) === STATUS.running;
    const finishBatch = () => void sound(calls.finishBatch(Number.POSITIVE_INFINITY));
    return use({
      advance,
      finishBatch,
      nextBatch() {
        const before = calls.stepsTaken();
        while (calls.stepsTaken() === before && advance(1));
        finishBatch();
      },
      read(which) {
        calls.storePlain(which);
        return kernel.float32(PLACE.plain, size).slice();
      },
      figures: () => kernel.float64(PLACE.figures, epochs * calls.figuresWidth()).slice(),
    });
  });
}

/** The kernel gradients one after the other, worked off by the budgets that `operations` yields. */
export function drivenGradients(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  operations: () => number,
): Promise<Float64Array> {
  return withKernel(async (kernel) => {
    const { calls } = kernel;
    kernel.begin(layers);
    calls.prepareGradient(y.length);
    kernel.float32(PLACE.rows, x.data.length).set(x.data);
    kernel.float32(PLACE.classes, y.length).set(y);
    kernel.setWeights(layers);
    while (calls.advance(operations(), 0) === STATUS.running);
    calls.storeGradients();
    const size = layers.reduce((sum, { kernel: { data } }) => sum + data.length, 0);
    return kernel.float64(PLACE.gradients, size).slice();
  });
}
