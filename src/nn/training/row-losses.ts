// The loss of each row by itself, from which the loss of a batch is the mean.
// Invariant: computed by the same mathematics as in training: by the fused kernel where it covers the network, else in plain
// float64. Does not know batches or epochs.

import type { Layer, Matrix } from '../network/network';
import { PLACE, STATUS, withKernel } from './fused-kernel';
import { isHeld } from './fused-training';
import type { YieldThread } from './gradient';
import { lossOf, plainLogits } from './plain-gradient';

/** By row: the cross-entropy −ln p of the row's own class, and whether that class is predicted (1 or 0). */
export interface RowLosses {
  readonly losses: Float64Array;
  readonly right: Uint8Array;
}

/** Floating-point operations between two calls of `yieldThread`. */
const OPERATIONS = 2e7;

/** Whether a logit above 0 predicts class 1, and no other, and so the class of the row. */
const isRight = (logits: ArrayLike<number>, y: Uint8Array): Uint8Array =>
  y.map((label, row) => ((logits[row] as number) > 0 === (label === 1) ? 1 : 0));

/**
 * Resolves with the loss of each row of `x`, with classes `y`: in a batch of just these rows (`isTraining`), or as in a test.
 * Rejects with the reason that `yieldThread` rejects with.
 */
export async function rowLosses(
  layers: readonly Layer[],
  { x, y }: { readonly x: Matrix; readonly y: Uint8Array },
  isTraining: boolean,
  yieldThread: YieldThread,
): Promise<RowLosses> {
  const [rows] = x.shape;
  if (!isHeld(layers)) {
    const logits = await plainLogits(layers, x, isTraining, yieldThread);
    return { losses: logits.map((z, row) => lossOf(z, y[row] === 1)), right: isRight(logits, y) };
  }
  return withKernel(async (kernel) => {
    const { calls } = kernel;
    kernel.begin(layers);
    calls.prepareLosses(rows);
    kernel.float32(PLACE.rows, x.data.length).set(x.data);
    kernel.float32(PLACE.classes, rows).set(y);
    kernel.setWeights(layers);
    while (calls.advance(OPERATIONS, 0) === STATUS.running) await yieldThread();
    return {
      losses: Float64Array.from(kernel.float32(PLACE.losses, rows)),
      right: isRight(kernel.float32(PLACE.logits, rows), y),
    };
  });
}
