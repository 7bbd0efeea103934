// The memory that host and kernel share: the addresses of a training's rows, weights, figures and results.
// Invariant: preparation takes all memory; nothing moves or grows while a training runs.

import { bytes, count, layerAt, placeNetwork } from './network';
import { placeScratch, SCRATCH_BYTES, slotCount } from './optimizer';
import { CHUNK_ROWS, take } from './panel';
import { placeState, STATE_BYTES } from './random-state';

/** Arguments of `address`; `PLACE` in nn/training/fused-kernel.ts has the same numbers. */
const PLAIN: i32 = 0;
const ROWS: i32 = 1;
const CLASSES: i32 = 2;
const TEST_ROWS: i32 = 3;
const TEST_CLASSES: i32 = 4;
const RANDOM: i32 = 5;
const RANDOM_AT_EPOCH: i32 = 6;
const FIGURES: i32 = 7;
const SUMS: i32 = 8;
const GRADIENTS: i32 = 9;
const PROBABILITIES: i32 = 10;
const LOSSES: i32 = 11;
const LOGITS: i32 = 12;

/** Address of weights, or of a slot, in the host's order, float32. */
export let plain: usize = 0;
/**
 * Addresses of the rows to train on or to evaluate, [rowCount][inputs] float32, and of their classes, float32
 * 0 or 1.
 */
export let rows: usize = 0;
export let classes: usize = 0;
export let rowCount: i32 = 0;
/** Addresses of the test rows, [testCount][inputs] float32, and of their classes, float32 0 or 1. */
export let testRows: usize = 0;
export let testClasses: usize = 0;
export let testCount: i32 = 0;
/** Address of the epoch's order of the training rows, uint32. */
export let order: usize = 0;
/** Address of the chunk's classes, float32. */
export let labels: usize = 0;
/** Addresses of the random state's words, now and at the beginning of the present epoch, uint32. */
let random: usize = 0;
export let randomAtEpoch: usize = 0;
/** Address of the rows of figures, one row per epoch, float64, and the number of rows that fit. */
export let figures: usize = 0;
export let figuresRoom: i32 = 0;
/** Address of the present epoch's sums, float64. */
export let sums: usize = 0;
/** Address of the kernels' gradients in the host's order, float64. */
export let gradients: usize = 0;
/** Address of the probabilities of class 1, row by row, float32. */
export let probabilities: usize = 0;
/** Addresses of the rows' losses and logits, row by row, float32. */
export let rowLosses: usize = 0;
export let rowLogits: usize = 0;
/** Addresses of the optimizer's slots in packed order; 0 for a slot that the optimizer does not have. */
export let slot: usize = 0;
export let otherSlot: usize = 0;

/**
 * Number of float64 in a row of figures: loss, accuracy, test loss, test accuracy; then `gradientRms` and
 * `updateRms` of each layer, and `saturated` of each hidden layer.
 */
export function figuresWidth(): i32 {
  return 4 + 3 * count - 1;
}

/** Number of float64 in an epoch's sums: loss, correct rows, and three per layer. */
export function sumsWidth(): i32 {
  return 2 + 3 * count;
}

function entries(withBiases: bool): usize {
  let sum: usize = 0;
  for (let l = 0; l < count; l++) {
    const layer = layerAt(l);
    sum += <usize>((layer.inputs + (withBiases ? 1 : 0)) * layer.units);
  }
  return sum;
}

function placeRows(many: i32, withClasses: bool): void {
  rowCount = many;
  rows = take(<usize>many * <usize>layerAt(0).inputs * 4);
  classes = withClasses ? take((<usize>many) << 2) : 0;
  labels = take((<usize>CHUNK_ROWS) << 2);
  plain = take(entries(true) << 2);
}

/**
 * Takes memory for a training on `trainRows` rows that can hold `epochs` rows of figures. The optimizer must
 * be configured before.
 */
export function placeTraining(trainRows: i32, testRows_: i32, epochs: i32): void {
  placeNetwork(true, false);
  placeRows(trainRows, true);
  testCount = testRows_;
  testRows = take(<usize>testRows_ * <usize>layerAt(0).inputs * 4);
  testClasses = take((<usize>testRows_) << 2);
  order = take((<usize>trainRows) << 2);
  random = take(STATE_BYTES);
  placeState(random, take(STATE_BYTES));
  randomAtEpoch = take(STATE_BYTES);
  figuresRoom = epochs;
  figures = take(<usize>epochs * <usize>figuresWidth() * 8);
  sums = take(<usize>sumsWidth() * 8);
  const slots = slotCount();
  slot = slots > 0 ? take(bytes) : 0;
  otherSlot = slots > 1 ? take(bytes) : 0;
  placeScratch(take(SCRATCH_BYTES));
}

/** Takes memory for the gradient over `many` rows. */
export function placeGradient(many: i32): void {
  placeNetwork(true, true);
  placeRows(many, true);
  gradients = take(entries(false) << 3);
}

/** Takes memory for the probabilities of `many` rows. */
export function placeProbabilities(many: i32): void {
  placeNetwork(false, false);
  placeRows(many, false);
  probabilities = take((<usize>many) << 2);
}

/** Takes memory for the losses and logits of `many` rows, whole vectors of losses. */
export function placeLosses(many: i32): void {
  placeNetwork(false, false);
  placeRows(many, true);
  rowLosses = take((<usize>many + 3) << 2);
  rowLogits = take((<usize>many) << 2);
}

/** Returns the address of a place, by the numbers above; 0 for an unknown number. */
export function address(place: i32): usize {
  switch (place) {
    case PLAIN:
      return plain;
    case ROWS:
      return rows;
    case CLASSES:
      return classes;
    case TEST_ROWS:
      return testRows;
    case TEST_CLASSES:
      return testClasses;
    case RANDOM:
      return random;
    case RANDOM_AT_EPOCH:
      return randomAtEpoch;
    case FIGURES:
      return figures;
    case SUMS:
      return sums;
    case GRADIENTS:
      return gradients;
    case PROBABILITIES:
      return probabilities;
    case LOSSES:
      return rowLosses;
    case LOGITS:
      return rowLogits;
    default:
      return 0;
  }
}
