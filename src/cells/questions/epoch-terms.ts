// The question for the terms of an epoch: the losses of its points and the squared gradients of its steps, whose means the curves
// of a training are.
// Invariant: the training's own engine trains again up to the epoch, so that the terms are those of the recorded curves.

import { defineQuestion } from '../../core/kinds/question';
import {
  integer,
  matrix,
  minValue,
  number,
  picklist,
  pipe,
  strictObject,
  typed,
} from '../../core/kinds/value';
import { setupOf, train, trainerOf } from '../train';

const { dataset, split, architecture, optimizer } = train.inputs;
const count = pipe(number(), integer(), minValue(0));
const rowLosses = strictObject({ losses: typed('float64'), right: typed('uint8') });

/** Answers with the terms behind the curves at one epoch. */
export const epochTerms = defineQuestion({
  name: 'epochTerms',
  version: 1,
  /** Params and inputs of a training, and an epoch of it, counted from 1. */
  input: strictObject({
    params: strictObject({
      batchSize: count,
      seed: count,
      engine: picklist(['auto', 'fused', 'tfjs']),
    }),
    inputs: strictObject({
      dataset: dataset.value,
      split: split.value,
      architecture: architecture.value,
      optimizer: optimizer.value,
    }),
    epoch: pipe(number(), integer(), minValue(1)),
  }),
  /** The fields of `EpochTerms` in src/nn/training/epoch-terms.ts. */
  value: strictObject({
    rows: typed('uint32'),
    batchSize: count,
    testRows: typed('uint32'),
    train: rowLosses,
    test: rowLosses,
    squares: matrix('float64'),
  }),
  /** Rejects with an Error if the training diverges. */
  async answer({ params, inputs, epoch }, context) {
    const [{ epochTerms: termsOf }, trainer] = await Promise.all([
      import('../../nn/training/epoch-terms'),
      trainerOf(params.engine),
    ]);
    return termsOf(trainer, setupOf({ ...params, epochs: epoch }, inputs), epoch, context);
  },
});
