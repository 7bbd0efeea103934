// The cross-check question: trains once with the fused kernel and once with tfjs, and measures the distance between the two.
// Invariant: each engine trains on its own from the same params and inputs; neither corrects the other.

import { defineQuestion } from '../../core/kinds/question';
import { integer, minValue, number, pipe, strictObject, typed } from '../../core/kinds/value';
import { setupOf, train, trainerOf } from '../train';

const { dataset, split, architecture, optimizer } = train.inputs;
const count = pipe(number(), integer(), minValue(0));

/** Answers with the distance between the results of the fused kernel and of tfjs after each epoch. */
export const crossCheck = defineQuestion({
  name: 'crossCheck',
  version: 1,
  /** Params and inputs of a training, without the param `engine`. */
  input: strictObject({
    params: strictObject({ epochs: count, batchSize: count, seed: count }),
    inputs: strictObject({
      dataset: dataset.value,
      split: split.value,
      architecture: architecture.value,
      optimizer: optimizer.value,
    }),
  }),
  /**
   * Largest absolute differences after each epoch, over all trainable weights and of the loss; float64
   * [epochs] each.
   */
  value: strictObject({ weights: typed('float64'), loss: typed('float64') }),
  /** Rejects with an Error if a training diverges. */
  async answer({ params, inputs }, { yieldThread, progress }) {
    const [{ differences }, fused, tfjs] = await Promise.all([
      import('../../nn/tfjs/agreement'),
      trainerOf('fused'),
      trainerOf('tfjs'),
    ]);
    const { weights, loss } = await differences(
      setupOf(params, inputs),
      [fused, tfjs],
      yieldThread,
      progress,
    );
    return { weights, loss };
  },
});
