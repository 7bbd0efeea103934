// Activations of hidden layers over panels: the forward pass replaces pre-activations by outputs, the
// backward pass multiplies by slopes and counts saturated outputs.
// Invariant: the slopes at exactly 0 are Keras's. An output is saturated if its slope, as computed, is below
// a tenth of the activation's largest slope. (No slope is as far below 0.)

import { UNIT, VECTOR } from './panel';
import { countLanes, expm1, sigmoid, splat, tanh } from './vector-math';

/** Numbers of the activations; `ACTIVATION` in nn/training/fused-kernel.ts has the same numbers. */
export const SIGMOID: i32 = 0;
export const LINEAR: i32 = 1;
export const TANH: i32 = 2;
export const RELU: i32 = 3;
export const LEAKY_RELU: i32 = 4;
export const ELU: i32 = 5;
export const SELU: i32 = 6;
export const SWISH: i32 = 7;

const LEAKY_SLOPE: f32 = 0.2;
const SELU_SCALE: f32 = 1.0507009873554805;
const SELU_SCALE_ALPHA: f32 = 1.7580993408473766;

/** Largest slope of swish, at z = 2.3993573. */
const SWISH_STEEPEST: f32 = 1.0998393;

/** f(z). `kind` is a constant at each call, so that inlining removes the other branches. */
// @ts-ignore: decorator
@inline
function value(kind: i32, z: v128): v128 {
  if (kind == SIGMOID) return sigmoid(z);
  if (kind == TANH) return tanh(z);
  // `pmax(z, 0)` is z unless z < 0, so NaN stays NaN.
  if (kind == RELU) return f32x4.pmax(z, splat(0));
  if (kind == LEAKY_RELU) return f32x4.pmax(z, f32x4.mul(z, splat(LEAKY_SLOPE)));
  if (kind == ELU) return v128.bitselect(z, expm1(z), f32x4.gt(z, splat(0)));
  if (kind == SELU) {
    const below = f32x4.mul(splat(SELU_SCALE_ALPHA), expm1(z));
    return v128.bitselect(f32x4.mul(splat(SELU_SCALE), z), below, f32x4.gt(z, splat(0)));
  }
  if (kind == SWISH) return f32x4.mul(z, sigmoid(z));
  return z;
}

/** f′(z) as a function of f(z): for all activations except linear, relu and swish. */
// @ts-ignore: decorator
@inline
function slopeOf(kind: i32, output: v128): v128 {
  if (kind == SIGMOID) return f32x4.mul(output, f32x4.sub(splat(1), output));
  if (kind == TANH) return f32x4.sub(splat(1), f32x4.mul(output, output));
  if (kind == LEAKY_RELU) return v128.bitselect(splat(1), splat(LEAKY_SLOPE), f32x4.gt(output, splat(0)));
  if (kind == ELU) return f32x4.add(f32x4.pmin(output, splat(0)), splat(1));
  const below = f32x4.add(output, splat(SELU_SCALE_ALPHA));
  return v128.bitselect(below, splat(SELU_SCALE), f32x4.lt(output, splat(0)));
}

/** A tenth of the activation's largest slope; 0 for leakyRelu, which never saturates. */
// @ts-ignore: decorator
@inline
function flat(kind: i32): f32 {
  if (kind == SIGMOID) return 0.025;
  if (kind == SELU) return SELU_SCALE_ALPHA / 10;
  if (kind == SWISH) return SWISH_STEEPEST / 10;
  return kind == LEAKY_RELU ? 0 : 0.1;
}

// @ts-ignore: decorator
@inline
function activateOne(kind: i32, at: usize, slope: usize): void {
  const z = v128.load(at);
  if (kind == SWISH) {
    const s = sigmoid(z);
    const output = f32x4.mul(z, s);
    v128.store(at, output);
    if (slope) v128.store(slope, f32x4.add(s, f32x4.mul(output, f32x4.sub(splat(1), s))));
  } else v128.store(at, value(kind, z));
}

/** Activates two vectors at once: their operations interleave and hide each other's latency. */
// @ts-ignore: decorator
@inline
function activateTwo(kind: i32, at: usize): void {
  const y = v128.load(at);
  const z = v128.load(at, 16);
  const first = value(kind, y);
  const second = value(kind, z);
  v128.store(at, first);
  v128.store(at, second, 16);
}

// @ts-ignore: decorator
@inline
function activatePanel(kind: i32, panel: usize, slopes: usize, units: i32, vectors: i32): void {
  const end = panel + <usize>units * UNIT;
  if (vectors == 4 && kind != SWISH) {
    // A full panel is contiguous.
    for (let at = panel; at < end; at += 2 * VECTOR) activateTwo(kind, at);
    return;
  }
  const toSlope = slopes - panel;
  for (let unit = panel; unit < end; unit += UNIT) {
    for (let v = 0; v < vectors; v++) {
      const at = unit + <usize>v * VECTOR;
      activateOne(kind, at, slopes ? at + toSlope : 0);
    }
  }
}

/**
 * Overwrites a panel's pre-activations with outputs. For swish, also writes f′(z) to `slopes`, unless
 * `slopes` is 0.
 */
export function activate(kind: i32, panel: usize, slopes: usize, units: i32, vectors: i32): void {
  switch (kind) {
    case SIGMOID:
      return activatePanel(SIGMOID, panel, 0, units, vectors);
    case TANH:
      return activatePanel(TANH, panel, 0, units, vectors);
    case RELU:
      return activatePanel(RELU, panel, 0, units, vectors);
    case LEAKY_RELU:
      return activatePanel(LEAKY_RELU, panel, 0, units, vectors);
    case ELU:
      return activatePanel(ELU, panel, 0, units, vectors);
    case SELU:
      return activatePanel(SELU, panel, 0, units, vectors);
    case SWISH:
      return activatePanel(SWISH, panel, slopes, units, vectors);
  }
}

/**
 * Multiplies a vector of deltas by f′(z); returns all ones in the lanes that are saturated. `source` is the
 * address of the outputs or, for swish, of the slopes.
 */
// @ts-ignore: decorator
@inline
function slopeOne(kind: i32, delta: usize, source: usize): v128 {
  const d = v128.load(delta);
  const output = v128.load(source);
  if (kind == RELU) {
    const active = f32x4.gt(output, splat(0));
    v128.store(delta, v128.and(d, active));
    return v128.not(active);
  }
  const slope = kind == SWISH ? output : slopeOf(kind, output);
  v128.store(delta, f32x4.mul(d, slope));
  return f32x4.lt(slope, splat(flat(kind)));
}

// @ts-ignore: decorator
@inline
function slopePanel(kind: i32, delta: usize, source: usize, units: i32, vectors: i32, mask: v128): i32 {
  let count = i32x4.splat(0);
  const toSource = source - delta;
  const end = delta + <usize>units * UNIT;
  for (let unit = delta; unit < end; unit += UNIT) {
    if (vectors == 4) {
      count = i32x4.sub(count, slopeOne(kind, unit, unit + toSource));
      count = i32x4.sub(count, slopeOne(kind, unit + VECTOR, unit + VECTOR + toSource));
      count = i32x4.sub(count, slopeOne(kind, unit + 2 * VECTOR, unit + 2 * VECTOR + toSource));
      const last = unit + 3 * VECTOR;
      count = i32x4.sub(count, v128.and(slopeOne(kind, last, last + toSource), mask));
    } else {
      for (let v = 1; v <= vectors; v++) {
        const at = unit + <usize>(v - 1) * VECTOR;
        const saturated = slopeOne(kind, at, at + toSource);
        count = i32x4.sub(count, v == vectors ? v128.and(saturated, mask) : saturated);
      }
    }
  }
  return countLanes(count);
}

/**
 * Turns a panel's ∂loss/∂output at `delta` into ∂loss/∂z. `source` is the address of the layer's outputs or,
 * for swish, of its slopes; `mask` selects the lanes of a unit's last vector that are rows. Returns the
 * number of saturated outputs.
 */
export function applySlope(
  kind: i32,
  delta: usize,
  source: usize,
  units: i32,
  vectors: i32,
  mask: v128,
): i32 {
  switch (kind) {
    case SIGMOID:
      return slopePanel(SIGMOID, delta, source, units, vectors, mask);
    case TANH:
      return slopePanel(TANH, delta, source, units, vectors, mask);
    case RELU:
      return slopePanel(RELU, delta, source, units, vectors, mask);
    case LEAKY_RELU:
      return slopePanel(LEAKY_RELU, delta, source, units, vectors, mask);
    case ELU:
      return slopePanel(ELU, delta, source, units, vectors, mask);
    case SELU:
      return slopePanel(SELU, delta, source, units, vectors, mask);
    case SWISH:
      return slopePanel(SWISH, delta, source, units, vectors, mask);
    default:
      return 0;
  }
}
