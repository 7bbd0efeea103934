// Adam, SGD and RMSprop over packed weights, each operation rounded to float32 in Keras's order: for the same
// gradient, the same bits as nn/network/optimizers.ts. A step also sums the squares of the gradient and of
// the step.
// Invariant: the padding after a region's last weight has gradient 0 and stays 0.
// Source: `update_step` in keras/src/optimizers/{adam,sgd,rmsprop}.py, `clip_by_global_norm` in
// base_optimizer.py.

import { VECTOR } from './panel';
import { sumLanes, sumWide } from './vector-math';

/** Numbers of the optimizers; `OPTIMIZER` in nn/training/fused-kernel.ts has the same numbers. */
export const ADAM: i32 = 0;
export const SGD: i32 = 1;
export const RMSPROP: i32 = 2;

/** Vectors in a block. The float32 sums of squares of a block are added to float64 sums. */
const BLOCK: i32 = 64;
/**
 * A float32 sum of squares is trusted between these bounds: below, terms may have vanished; above, terms may
 * have overflowed.
 */
const LEAST: f64 = 1e-28;
const MOST: f64 = 1e34;

let kind: i32 = ADAM;
let learningRate: f64 = 0;
let first: f64 = 0;
let second: f64 = 0;
let epsilon: f32 = 0;
let momentum: f32 = 0;
let nesterov: bool = false;
let clipNorm: f64 = 0;

/** Constants of the present step. */
let alpha: f32 = 0;
let scale: f32 = 1;

/** Address of a block's steps, needed if float32 cannot hold their squares. */
let steps: usize = 0;

/** Sums of the squares of the gradient and of the steps, over the region of the last `step`. */
export let gradientSquares: f64 = 0;
export let updateSquares: f64 = 0;

/**
 * Sets the optimizer and its hyperparameters. `beta1` and `beta2` are adam's β₁ and β₂; `beta1` is also
 * rmsprop's ρ. An epsilon too small for float32 counts as float32's smallest positive number: with 0, a
 * weight whose gradient is 0 would become NaN.
 */
export function configure(
  optimizer: i32,
  rate: f64,
  beta1: f64,
  beta2: f64,
  eps: f64,
  mass: f64,
  ahead: bool,
  norm: f64,
): void {
  kind = optimizer;
  learningRate = rate;
  first = beta1;
  second = beta2;
  epsilon = max(<f32>eps, <f32>1.401298464324817e-45);
  momentum = <f32>mass;
  nesterov = ahead;
  clipNorm = norm;
}

/** Bytes of scratch memory that a step needs. */
export const SCRATCH_BYTES: usize = <usize>BLOCK * VECTOR;

/** Sets the address of SCRATCH_BYTES bytes of scratch memory. */
export function placeScratch(address: usize): void {
  steps = address;
}

/** Returns the number of slots of this optimizer: vectors as long as the weights. */
export function slotCount(): i32 {
  const moving = momentum > 0 ? 1 : 0;
  return kind == ADAM ? 2 : kind == SGD ? moving : 1 + moving;
}

/** Whether a step needs the norm of the whole gradient. */
export function clips(): bool {
  return clipNorm > 0;
}

/** Returns base^exponent, rounded to float32, by multiplications only. */
function power(base: f64, exponent: f64): f32 {
  let product: f64 = 1;
  let square = base;
  for (let rest = <u64>exponent; rest > 0; rest >>= 1) {
    if (rest & 1) product *= square;
    square *= square;
  }
  return <f32>product;
}

/**
 * Prepares step number `step`, counted from 1. `squares` is the sum of the squares of the whole gradient,
 * used only if gradients are clipped.
 */
export function beginStep(step: f64, squares: f64): void {
  scale = 1;
  if (clipNorm > 0) {
    const norm: f32 = sqrt(<f32>squares);
    // `norm - norm` makes the scale NaN for a gradient that is not finite.
    scale = <f32>clipNorm * min(<f32>1 / norm, <f32>(1 / clipNorm)) + (norm - norm);
  }
  alpha = <f32>learningRate;
  if (kind == ADAM) {
    const correction1: f32 = <f32>1 - power(<f64>(<f32>first), step);
    const correction2: f32 = <f32>1 - power(<f64>(<f32>second), step);
    alpha = (<f32>learningRate * sqrt(correction2)) / correction1;
  }
}

/** Returns the sum of the squares of a region's gradient, in float64. */
export function squaresOf(gradient: usize, vectors: i32): f64 {
  let sum = f64x2.splat(0);
  const end = gradient + <usize>vectors * VECTOR;
  for (let at = gradient; at < end; at += VECTOR) sum = addSquares(sum, v128.load(at));
  return sumWide(sum);
}

// @ts-ignore: decorator
@inline
function addSquares(sum: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
  return f64x2.add(sum, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
}

/** Returns Adam's step for the gradient `g`, which is subtracted from the weights. Updates the slots. */
// @ts-ignore: decorator
@inline
function adamStep(g: v128, slot: usize, other: usize, gain1: v128, gain2: v128, rate: v128, eps: v128): v128 {
  const oldM = v128.load(slot);
  const oldV = v128.load(other);
  const m = f32x4.add(oldM, f32x4.mul(f32x4.sub(g, oldM), gain1));
  const v = f32x4.add(oldV, f32x4.mul(f32x4.sub(f32x4.mul(g, g), oldV), gain2));
  v128.store(slot, m);
  v128.store(other, v);
  return f32x4.div(f32x4.mul(m, rate), f32x4.add(f32x4.sqrt(v), eps));
}

// @ts-ignore: decorator
@inline
function sgdStep(g: v128, slot: usize, rate: v128, mass: v128, ahead: bool): v128 {
  const pull = f32x4.mul(g, rate);
  if (!slot) return pull;
  const m = f32x4.sub(f32x4.mul(v128.load(slot), mass), pull);
  v128.store(slot, m);
  return f32x4.neg(ahead ? f32x4.sub(f32x4.mul(m, mass), pull) : m);
}

// @ts-ignore: decorator
@inline
function rmspropStep(
  g: v128,
  slot: usize,
  other: usize,
  decay: v128,
  gain: v128,
  rate: v128,
  eps: v128,
  mass: v128,
): v128 {
  const kept = f32x4.mul(decay, v128.load(slot));
  const v = f32x4.add(kept, f32x4.mul(gain, f32x4.mul(g, g)));
  v128.store(slot, v);
  const root = f32x4.sqrt(f32x4.add(v, eps));
  const step = f32x4.div(f32x4.mul(rate, g), root);
  if (!other) return step;
  const moved = f32x4.add(f32x4.mul(mass, v128.load(other)), step);
  v128.store(other, moved);
  return moved;
}

/**
 * Takes the step on one block. `optimizer` is a constant at each call; the address of an absent slot is 0.
 */
// @ts-ignore: decorator
@inline
function stepBlock(
  optimizer: i32,
  weights: usize,
  gradient: usize,
  slot: usize,
  other: usize,
  bytes: usize,
): void {
  // Read before the loop: the compiler cannot know that the stores in the loop leave these variables
  // unchanged.
  const factor = f32x4.splat(scale);
  const rate = f32x4.splat(alpha);
  const decay = f32x4.splat(<f32>first);
  const gain1 = f32x4.splat(<f32>(1 - first));
  const gain2 = f32x4.splat(<f32>(1 - second));
  const eps = f32x4.splat(epsilon);
  const mass = f32x4.splat(momentum);
  const ahead = nesterov;
  const moved = steps;
  let slopes = f32x4.splat(0);
  let moves = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const slope = v128.load(gradient + at);
    const g = f32x4.mul(slope, factor);
    let step: v128;
    if (optimizer == ADAM) step = adamStep(g, slot + at, other + at, gain1, gain2, rate, eps);
    else if (optimizer == SGD) step = sgdStep(g, slot ? slot + at : 0, rate, mass, ahead);
    else step = rmspropStep(g, slot + at, other ? other + at : 0, decay, gain1, rate, eps, mass);
    const before = v128.load(weights + at);
    const after = f32x4.sub(before, step);
    v128.store(weights + at, after);
    const move = f32x4.sub(after, before);
    v128.store(moved + at, move);
    slopes = f32x4.add(slopes, f32x4.mul(slope, slope));
    moves = f32x4.add(moves, f32x4.mul(move, move));
  }
  gradientSquares += trusted(sumLanes(slopes), gradient, bytes);
  updateSquares += trusted(sumLanes(moves), steps, bytes);
}

/**
 * Returns `sum` if float32 could hold the sum of squares, else the sum of the squares at `from` in float64.
 */
// @ts-ignore: decorator
@inline
function trusted(sum: f64, from: usize, bytes: usize): f64 {
  return sum > LEAST && sum < MOST ? sum : squaresOf(from, <i32>(bytes / VECTOR));
}

/**
 * Takes the prepared step on a region of `vectors` vectors. The addresses are those of the region's
 * beginning; the address of a slot that this optimizer does not have is 0.
 */
export function step(weights: usize, gradient: usize, slot: usize, other: usize, vectors: i32): void {
  gradientSquares = 0;
  updateSquares = 0;
  for (let from = 0; from < vectors; from += BLOCK) {
    const at = <usize>from * VECTOR;
    const bytes = <usize>min(BLOCK, vectors - from) * VECTOR;
    const slotAt = slot ? slot + at : 0;
    const otherAt = other ? other + at : 0;
    switch (kind) {
      case ADAM:
        stepBlock(ADAM, weights + at, gradient + at, slotAt, otherAt, bytes);
        break;
      case SGD:
        stepBlock(SGD, weights + at, gradient + at, slotAt, otherAt, bytes);
        break;
      default:
        stepBlock(RMSPROP, weights + at, gradient + at, slotAt, otherAt, bytes);
    }
  }
}

/** Whether all weights of a region are finite. */
export function allFinite(weights: usize, vectors: i32): bool {
  let sum = f32x4.splat(0);
  const end = weights + <usize>vectors * VECTOR;
  // Times 0, a finite number gives 0, and any other number NaN.
  for (let at = weights; at < end; at += VECTOR) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(at), f32x4.splat(0)));
  }
  return sumLanes(sum) == 0;
}
