// Divides a training into units of work and does them in order: a cursor over epochs, batches, chunks and
// layers.
// Invariants: a unit is at most one layer's work on one chunk; the place where `advance` stops changes no bit
// of a result. Does not know how a layer computes.

import {
  classes,
  figures,
  figuresRoom,
  figuresWidth,
  gradients,
  labels,
  order,
  otherSlot,
  placeGradient,
  placeLosses,
  placeProbabilities,
  placeTraining,
  plain,
  probabilities,
  randomAtEpoch,
  rowCount,
  rowLogits,
  rowLosses,
  rows,
  slot,
  sums,
  sumsWidth,
  testClasses,
  testCount,
  testRows,
} from './buffers';
import { clearFigures, correct, crossEntropy, lossSum, toLosses, toProbabilities } from './loss';
import {
  backwardLayer,
  biases,
  bytes,
  count,
  forwardLayer,
  gradient,
  input,
  layerAt,
  logits,
  outputDelta,
  placeTable,
  repack,
  unpackWide,
  weights,
  widenGradient,
} from './network';
import {
  allFinite,
  beginStep,
  clips,
  gradientSquares,
  squaresOf,
  step,
  updateSquares,
} from './optimizer';
import { CHUNK_ROWS, clearArena, panelsOf, rowAddress, UNIT, VECTOR, vectorsOf } from './panel';
import { copyState, getPosition, permute, setPosition } from './random-state';

/** Purposes of a pass over rows. */
const BATCH: i32 = 0;
const TEST: i32 = 1;
const GRADIENT: i32 = 2;
const PROBABILITIES: i32 = 3;
const LOSSES: i32 = 4;

/** Kinds of the next unit of work. */
const EPOCH: i32 = 0;
const GATHER: i32 = 1;
const FORWARD: i32 = 2;
const OUTPUT: i32 = 3;
const BACKWARD: i32 = 4;
const NORM: i32 = 5;
const STEP: i32 = 6;
const DONE: i32 = 7;

/** Results of `advance`: the budget is used up, the goal is reached, or a figure diverged. */
const RUNNING: i32 = 0;
const REACHED: i32 = 1;
const LOSS_DIVERGED: i32 = 2;
const WEIGHT_DIVERGED: i32 = 3;
const TEST_LOSS_DIVERGED: i32 = 4;

let pass: i32 = BATCH;
let phase: i32 = DONE;
let status: i32 = RUNNING;
let layer: i32 = 0;
/**
 * End and number of the present pass's rows. The present chunk begins at row `chunkFrom` and has `chunkRows`
 * rows.
 */
let passEnd: i32 = 0;
let passRows: i32 = 0;
let chunkFrom: i32 = 0;
let chunkRows: i32 = 0;
/** Whether the chunk is the first of its batch, which overwrites the gradient; later chunks add to it. */
let fresh: bool = true;

let batchSize: i32 = 0;
/** Finished epochs, and finished rows of the next epoch. */
let epoch: i32 = 0;
let rowsDone: i32 = 0;
let held: i32 = 0;
let steps: f64 = 0;
let squares: f64 = 0;
let positionAtEpoch: i32 = 0;
/** The value that was not finite. */
let culprit: f64 = 0;

/** Discards everything and takes memory for the table of `layers` layers. */
export function begin(layers: i32): void {
  clearArena();
  placeTable(layers);
  phase = DONE;
  status = RUNNING;
}

/**
 * Prepares a training in batches of `batch` rows that can hold `epochs` rows of figures. The optimizer must
 * be configured before.
 */
export function prepareTraining(trainRows: i32, testing: i32, batch: i32, epochs: i32): void {
  placeTraining(trainRows, testing, epochs);
  batchSize = batch;
  held = 0;
}

/** Prepares the gradient of the mean loss over `many` rows. */
export function prepareGradient(many: i32): void {
  placeGradient(many);
  beginPass(GRADIENT, 0, many);
}

/** Prepares the probabilities of `many` rows. */
export function prepareProbabilities(many: i32): void {
  placeProbabilities(many);
  beginPass(PROBABILITIES, 0, many);
}

/** Prepares the losses and the logits of `many` rows. */
export function prepareLosses(many: i32): void {
  placeLosses(many);
  beginPass(LOSSES, 0, many);
}

/**
 * Continues after `epochs` epochs and `done` rows of the next epoch, with `taken` steps taken and the random
 * state at `position`. The host must have written weights, slots, random state and sums.
 */
export function resume(epochs: i32, done: i32, taken: f64, position: i32): void {
  epoch = epochs;
  rowsDone = done;
  steps = taken;
  setPosition(position);
  phase = EPOCH;
}

/** Copies `plain`, in the host's order, to the packed weights (0) or slots (1, 2). */
export function loadPacked(which: i32): void {
  repack(which == 0 ? weights : which == 1 ? slot : otherSlot, plain, true);
}

/** Copies the packed weights (0) or slots (1, 2) to `plain`, in the host's order. */
export function storePlain(which: i32): void {
  repack(which == 0 ? weights : which == 1 ? slot : otherSlot, plain, false);
}

/** Copies the gradients of the kernels to `gradients`, in the host's order. */
export function storeGradients(): void {
  unpackWide(gradients);
}

/** Returns the number of finished epochs. */
export function epochsDone(): i32 {
  return epoch;
}

/** Returns the number of finished rows of the next epoch: 0 between two epochs. */
export function rowsOfEpochDone(): i32 {
  return rowsDone;
}

/** Returns the number of steps since the beginning of the training, earlier stretches included. */
export function stepsTaken(): f64 {
  return steps;
}

/**
 * Returns the random state's position at the beginning of the present epoch; its words are at
 * `RANDOM_AT_EPOCH`.
 */
export function positionAtEpochStart(): i32 {
  return positionAtEpoch;
}

/** Returns the value that was not finite, after a status of divergence. */
export function divergedTo(): f64 {
  return culprit;
}

/** Frees the rows of figures, after the host has read them. */
export function clearFiguresHeld(): void {
  held = 0;
}

/** Returns the number of rows of figures that the host has not read. */
export function figuresHeld(): i32 {
  return held;
}

/**
 * Works until about `budget` floating-point operations or `epochs` epochs are done, the rows of figures are
 * full, or no work is left. Returns a status.
 */
export function advance(budget: f64, epochs: i32): i32 {
  let spent: f64 = 0;
  while (spent < budget) {
    if (status != RUNNING) return status;
    if (phase == DONE || (phase == EPOCH && (epoch >= epochs || held == figuresRoom))) return REACHED;
    spent += unit();
  }
  return status;
}

/**
 * Works to the end of the present batch, or of the epoch after its last batch, within about `budget`
 * operations. Returns a status.
 */
export function finishBatch(budget: f64): i32 {
  let spent: f64 = 0;
  while (spent < budget) {
    if (status != RUNNING) return status;
    if (betweenBatches()) return REACHED;
    spent += unit();
  }
  return status;
}

/** The beginning of an epoch, once its order is drawn, is not between two batches: the random state is beyond it. */
function betweenBatches(): bool {
  const isAtBatch = pass == BATCH && phase == GATHER && chunkFrom == rowsDone;
  return phase == EPOCH || phase == DONE || (isAtBatch && rowsDone > 0);
}

/** Does one unit of work; returns its approximate number of floating-point operations. */
function unit(): f64 {
  switch (phase) {
    case EPOCH:
      return beginEpoch();
    case GATHER:
      return gather();
    case FORWARD:
      return forwardUnit();
    case OUTPUT:
      return outputUnit();
    case BACKWARD:
      return backwardUnit();
    case NORM:
      return normUnit();
    default:
      return stepUnit();
  }
}

function beginPass(purpose: i32, from: i32, end: i32): void {
  pass = purpose;
  chunkFrom = from;
  passEnd = end;
  passRows = end - from;
  fresh = true;
  phase = GATHER;
  clearFigures();
}

function beginEpoch(): f64 {
  copyState(randomAtEpoch);
  positionAtEpoch = getPosition();
  permute(order, rowCount);
  if (rowsDone == 0) memory.fill(sums, 0, <usize>sumsWidth() << 3);
  beginPass(BATCH, rowsDone, min(rowsDone + batchSize, rowCount));
  return <f64>rowCount * 10;
}

/** Index of row `row` of the chunk among all rows, by the epoch's order unless `ordered` is 0. */
// @ts-ignore: decorator
@inline
function rowIndex(ordered: usize, first: i32, row: i32, many: i32): usize {
  const place = <usize>(first + (row < many ? row : 0));
  return ordered ? <usize>load<u32>(ordered + (place << 2)) : place;
}

/** Loads four float32 from four addresses. */
// @ts-ignore: decorator
@inline
function four(a: usize, b: usize, c: usize, d: usize): v128 {
  const two = v128.load_lane<u32>(b, v128.load32_zero(a), 1);
  return v128.load_lane<u32>(d, v128.load_lane<u32>(c, two, 2), 3);
}

/**
 * Copies the chunk's rows to panels. A vector that is not full repeats the chunk's first row; nothing counts
 * the copies.
 */
function gather(): f64 {
  chunkRows = min(CHUNK_ROWS, passEnd - chunkFrom);
  const inputs = layerAt(0).inputs;
  const from = pass == TEST ? testRows : rows;
  const labelsFrom = pass == TEST ? testClasses : classes;
  const many = chunkRows;
  const first = chunkFrom;
  const ordered = pass == BATCH ? order : 0;
  const padded = (many + 3) & ~3;
  for (let r = 0; r < padded; r += 4) {
    const i0 = rowIndex(ordered, first, r, many);
    const i1 = rowIndex(ordered, first, r + 1, many);
    const i2 = rowIndex(ordered, first, r + 2, many);
    const i3 = rowIndex(ordered, first, r + 3, many);
    const to = rowAddress(input, inputs, r);
    if (inputs == 2) {
      const a = v128.load_lane<u64>(from + (i1 << 3), v128.load64_zero(from + (i0 << 3)), 1);
      const b = v128.load_lane<u64>(from + (i3 << 3), v128.load64_zero(from + (i2 << 3)), 1);
      v128.store(to, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
      v128.store(to, v128.shuffle<f32>(a, b, 1, 3, 5, 7), UNIT);
    } else {
      const stride = <usize>inputs << 2;
      for (let i: usize = 0; i < <usize>inputs; i++) {
        const column = from + (i << 2);
        const values = four(column + i0 * stride, column + i1 * stride, column + i2 * stride, column + i3 * stride);
        v128.store(to + i * UNIT, values);
      }
    }
    if (!labelsFrom) continue;
    const values = four(
      labelsFrom + (i0 << 2),
      labelsFrom + (i1 << 2),
      labelsFrom + (i2 << 2),
      labelsFrom + (i3 << 2),
    );
    v128.store(labels + (<usize>r << 2), values);
  }
  layer = 0;
  phase = FORWARD;
  return <f64>(padded * inputs);
}

function forwardUnit(): f64 {
  forwardLayer(layer, chunkRows);
  const cost = workOf(layer);
  layer++;
  if (layer == count) phase = OUTPUT;
  return cost;
}

function outputUnit(): f64 {
  const panels = panelsOf(chunkRows);
  const scale = <f32>(1 / <f64>passRows);
  for (let panel = 0; panel < panels; panel++) {
    const at = <usize>panel * 4 * VECTOR;
    const vectors = vectorsOf(panel, chunkRows);
    if (pass == PROBABILITIES) toProbabilities(logits() + at, vectors);
    else if (pass == LOSSES)
      toLosses(logits() + at, labels + at, rowLosses + (<usize>chunkFrom << 2) + at, vectors);
    else {
      const deltas = pass == TEST ? <usize>0 : outputDelta() + at;
      crossEntropy(logits() + at, labels + at, deltas, panel, vectors, chunkRows, scale);
    }
  }
  if (pass == PROBABILITIES) {
    memory.copy(probabilities + (<usize>chunkFrom << 2), logits(), <usize>chunkRows << 2);
  }
  if (pass == LOSSES) memory.copy(rowLogits + (<usize>chunkFrom << 2), logits(), <usize>chunkRows << 2);
  if (pass == BATCH || pass == GRADIENT) {
    layer = count - 1;
    phase = BACKWARD;
  } else endChunk();
  return <f64>(chunkRows * 40);
}

function backwardUnit(): f64 {
  const saturated = backwardLayer(layer, chunkRows, fresh || pass == GRADIENT);
  if (pass == GRADIENT) widenGradient(layer);
  else if (layer > 0) addTo(2 + 3 * (layer - 1) + 2, saturated);
  const cost = workOf(layer) * (layer > 0 ? 2 : 1);
  layer--;
  if (layer < 0) {
    fresh = false;
    endChunk();
  }
  return cost;
}

function endChunk(): void {
  chunkFrom += chunkRows;
  phase = GATHER;
  if (chunkFrom < passEnd) return;
  if (pass == BATCH) endBatch();
  else if (pass == TEST) endEpoch();
  else phase = DONE;
}

function diverge(as: i32, figure: f64): void {
  status = as;
  culprit = figure;
}

/**
 * Ends the passes of a batch. The norm of the gradient comes next if gradients are clipped, and then the
 * step.
 */
function endBatch(): void {
  if (!isFinite(lossSum)) return diverge(LOSS_DIVERGED, lossSum);
  addTo(0, lossSum);
  addTo(1, <f64>correct);
  steps++;
  layer = 0;
  squares = 0;
  if (clips()) phase = NORM;
  else startStep();
}

function startStep(): void {
  beginStep(steps, squares);
  layer = 0;
  phase = STEP;
}

/** Offset of a region of the weights: a layer's kernel or, for index `count`, the biases of all layers. */
// @ts-ignore: decorator
@inline
function regionAt(index: i32): usize {
  return index < count ? layerAt(index).kernel : biases;
}

// @ts-ignore: decorator
@inline
function vectorsAt(index: i32): i32 {
  return index < count ? layerAt(index).vectors : <i32>((bytes - biases) / VECTOR);
}

function normUnit(): f64 {
  const vectors = vectorsAt(layer);
  squares += squaresOf(gradient + regionAt(layer), vectors);
  if (layer == count) startStep();
  else layer++;
  return <f64>vectors * 8;
}

function stepUnit(): f64 {
  const at = regionAt(layer);
  const vectors = vectorsAt(layer);
  step(weights + at, gradient + at, slot ? slot + at : 0, otherSlot ? otherSlot + at : 0, vectors);
  if (!(updateSquares < Infinity) && !allFinite(weights + at, vectors)) {
    diverge(WEIGHT_DIVERGED, isNaN(updateSquares) ? NaN : Infinity);
    return 0;
  }
  if (layer < count) {
    addTo(2 + 3 * layer, gradientSquares);
    addTo(2 + 3 * layer + 1, updateSquares);
    layer++;
  } else endStep();
  return <f64>vectors * 80;
}

function endStep(): void {
  rowsDone = passEnd;
  if (rowsDone < rowCount) beginPass(BATCH, rowsDone, min(rowsDone + batchSize, rowCount));
  else beginPass(TEST, 0, testCount);
}

/** Writes the epoch's row of figures and ends the epoch. */
function endEpoch(): void {
  if (!isFinite(lossSum)) return diverge(TEST_LOSS_DIVERGED, lossSum);
  const row = figures + <usize>held * (<usize>figuresWidth() << 3);
  const perEpoch = <f64>((rowCount + batchSize - 1) / batchSize);
  put(row, 0, sumAt(0) / <f64>rowCount);
  put(row, 1, sumAt(1) / <f64>rowCount);
  put(row, 2, lossSum / <f64>testCount);
  put(row, 3, <f64>correct / <f64>testCount);
  for (let l = 0; l < count; l++) {
    const entries = <f64>layerAt(l).inputs * <f64>layerAt(l).units * perEpoch;
    put(row, 4 + l, sqrt(sumAt(2 + 3 * l) / entries));
    put(row, 4 + count + l, sqrt(sumAt(2 + 3 * l + 1) / entries));
    if (l == count - 1) break;
    put(row, 4 + 2 * count + l, sumAt(2 + 3 * l + 2) / (<f64>layerAt(l).units * <f64>rowCount));
  }
  held++;
  epoch++;
  rowsDone = 0;
  phase = EPOCH;
}

// @ts-ignore: decorator
@inline
function sumAt(index: i32): f64 {
  return load<f64>(sums + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
function addTo(index: i32, value: f64): void {
  store<f64>(sums + (<usize>index << 3), sumAt(index) + value);
}

// @ts-ignore: decorator
@inline
function put(row: usize, index: i32, value: f64): void {
  store<f64>(row + (<usize>index << 3), value);
}

/** Approximate number of floating-point operations of layer `index`'s forward pass over the chunk. */
// @ts-ignore: decorator
@inline
function workOf(index: i32): f64 {
  const at = layerAt(index);
  return <f64>chunkRows * <f64>at.units * (2 * <f64>at.inputs + 30);
}
