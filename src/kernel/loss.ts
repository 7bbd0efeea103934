// Binary cross-entropy on the logits of a panel, and its derivative by the logits.
// Invariant: lanes beyond the last row count nowhere; sums are float64.
// Source: tf.nn.sigmoid_cross_entropy_with_logits, max(z, 0) − z·y + ln(1 + e^−|z|), whose derivative by z is
// sigmoid(z) − y.

import { rowMask, VECTOR } from './panel';
import { addWide, countLanes, exp, log1p, sumWide } from './vector-math';

/** Sum of the rows' losses, and number of rows with the right class, since `clearFigures`. */
export let lossSum: f64 = 0;
export let correct: i32 = 0;

/** Resets `lossSum` and `correct` to 0. */
export function clearFigures(): void {
  lossSum = 0;
  correct = 0;
}

/** Losses of four rows: max(z, 0) − z·y + ln(1 + small), with small = e^−|z|. */
// @ts-ignore: decorator
@inline
function losses(z: v128, y: v128, small: v128): v128 {
  const linear = f32x4.sub(f32x4.pmax(z, f32x4.splat(0)), f32x4.mul(z, y));
  return f32x4.add(linear, log1p(small));
}

/** All ones in the lanes with the right class: a logit above 0 predicts class 1. */
// @ts-ignore: decorator
@inline
function isRight(z: v128, y: v128): v128 {
  return f32x4.eq(v128.and(f32x4.gt(z, f32x4.splat(0)), f32x4.splat(1)), y);
}

/** sigmoid(z), from small = e^−|z|. */
// @ts-ignore: decorator
@inline
function probability(z: v128, small: v128): v128 {
  const one = f32x4.splat(1);
  const top = v128.bitselect(one, small, f32x4.gt(z, f32x4.splat(0)));
  return f32x4.div(top, f32x4.add(one, small));
}

// @ts-ignore: decorator
@inline
function smallOf(z: v128): v128 {
  return exp(f32x4.neg(f32x4.abs(z)));
}

/**
 * Adds the figures of panel `panel`, of a chunk of `rows` rows, to `lossSum` and `correct`. `logits` and
 * `labels` (0 or 1) are the addresses of the panel's rows, one after the other. Unless `deltas` is 0, writes
 * (sigmoid(z) − y) · `scale` there, and 0 in lanes beyond the last row.
 */
export function crossEntropy(
  logits: usize,
  labels: usize,
  deltas: usize,
  panel: i32,
  vectors: i32,
  rows: i32,
  scale: f32,
): void {
  const factor = f32x4.splat(scale);
  let sum = f64x2.splat(0);
  let right = i32x4.splat(0);
  // Two vectors at once, so that their operations interleave. A vector beyond the last row has a mask of 0.
  for (let v = 0; v < vectors; v += 2) {
    const at = <usize>v * VECTOR;
    const mask = rowMask(panel, v, rows);
    const nextMask = rowMask(panel, v + 1, rows);
    const z = v128.load(logits + at);
    const y = v128.load(labels + at);
    const nextZ = v128.load(logits + at, 16);
    const nextY = v128.load(labels + at, 16);
    const small = smallOf(z);
    const nextSmall = smallOf(nextZ);
    sum = addWide(sum, v128.and(losses(z, y, small), mask));
    sum = addWide(sum, v128.and(losses(nextZ, nextY, nextSmall), nextMask));
    right = i32x4.sub(right, v128.and(isRight(z, y), mask));
    right = i32x4.sub(right, v128.and(isRight(nextZ, nextY), nextMask));
    if (deltas) {
      const delta = f32x4.mul(f32x4.sub(probability(z, small), y), factor);
      const nextDelta = f32x4.mul(f32x4.sub(probability(nextZ, nextSmall), nextY), factor);
      v128.store(deltas + at, v128.and(delta, mask));
      v128.store(deltas + at, v128.and(nextDelta, nextMask), 16);
    }
  }
  lossSum += sumWide(sum);
  correct += countLanes(right);
}

/** Writes the losses of a panel's rows to `to`, the rows one after the other. */
export function toLosses(logits: usize, labels: usize, to: usize, vectors: i32): void {
  for (let v = 0; v < vectors; v++) {
    const at = <usize>v * VECTOR;
    const z = v128.load(logits + at);
    v128.store(to + at, losses(z, v128.load(labels + at), smallOf(z)));
  }
}

/** Overwrites the logits of a panel with probabilities. */
export function toProbabilities(logits: usize, vectors: i32): void {
  for (let v = 0; v < vectors; v++) {
    const at = logits + <usize>v * VECTOR;
    const z = v128.load(at);
    v128.store(at, probability(z, smallOf(z)));
  }
}
