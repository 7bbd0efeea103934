// The three matrix products of a dense layer over panels: inputs to pre-activations, ∂loss/∂z back to the inputs, and
// the gradients of kernel and bias.
//
// The first two keep a tile of two units by up to sixteen rows in registers: two weights, each broadcast to all lanes,
// multiply each vector of rows. In the third, too, the lanes are rows. So a tile of four inputs by two units ends in
// eight vectors of partial sums, which are transposed and added: four sums per vector, in the order of the gradient.
// Invariant: the order of every sum depends on the shapes alone.

import { UNIT, VECTOR } from './panel';

/** Inputs whose gradients are computed together, so that their rows stay in the nearest cache. */
const INPUT_BLOCK: i32 = 32;

// @ts-ignore: decorator
@inline
function fma(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** Computes two units for `vectors` vectors of rows; `vectors` is a constant at each call. */
// @ts-ignore: decorator
@inline
function forwardPair(vectors: i32, input: usize, end: usize, weights: usize, bias: usize, output: usize): void {
  let a0 = v128.load_splat<f32>(bias);
  let b0 = v128.load_splat<f32>(bias, 4);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b1 = b0;
  let b2 = b0;
  let b3 = b0;
  for (let from = input; from < end; from += UNIT, weights += 8) {
    const a = v128.load_splat<f32>(weights);
    const b = v128.load_splat<f32>(weights, 4);
    const x0 = v128.load(from);
    a0 = fma(a0, a, x0);
    b0 = fma(b0, b, x0);
    if (vectors > 1) {
      const x1 = v128.load(from, 16);
      a1 = fma(a1, a, x1);
      b1 = fma(b1, b, x1);
    }
    if (vectors > 2) {
      const x2 = v128.load(from, 32);
      a2 = fma(a2, a, x2);
      b2 = fma(b2, b, x2);
    }
    if (vectors > 3) {
      const x3 = v128.load(from, 48);
      a3 = fma(a3, a, x3);
      b3 = fma(b3, b, x3);
    }
  }
  v128.store(output, a0);
  v128.store(output, b0, 64);
  if (vectors > 1) {
    v128.store(output, a1, 16);
    v128.store(output, b1, 80);
  }
  if (vectors > 2) {
    v128.store(output, a2, 32);
    v128.store(output, b2, 96);
  }
  if (vectors > 3) {
    v128.store(output, a3, 48);
    v128.store(output, b3, 112);
  }
}

/** Computes the last unit of an odd number of units for one vector of rows. */
// @ts-ignore: decorator
@inline
function forwardLast(input: usize, end: usize, weights: usize, bias: usize, output: usize): void {
  let sum = v128.load_splat<f32>(bias);
  for (let from = input; from < end; from += UNIT, weights += 4) {
    sum = fma(sum, v128.load_splat<f32>(weights), v128.load(from));
  }
  v128.store(output, sum);
}

// @ts-ignore: decorator
@inline
function forwardPairs(
  vectors: i32,
  input: usize,
  end: usize,
  inputs: i32,
  pairs: i32,
  kernel: usize,
  bias: usize,
  output: usize,
): void {
  const bytes = <usize>inputs << 3;
  for (let pair = 0; pair < pairs; pair++) {
    forwardPair(vectors, input, end, kernel, bias, output);
    kernel += bytes;
    bias += 8;
    output += 2 * UNIT;
  }
}

/**
 * Computes the pre-activations of a panel, `output` [units], from `input` [inputs], for the panel's first
 * `vectors` vectors of rows.
 */
export function forward(
  input: usize,
  inputs: i32,
  units: i32,
  kernel: usize,
  bias: usize,
  output: usize,
  vectors: i32,
): void {
  const end = input + <usize>inputs * UNIT;
  const pairs = units >> 1;
  switch (vectors) {
    case 1:
      forwardPairs(1, input, end, inputs, pairs, kernel, bias, output);
      break;
    case 2:
      forwardPairs(2, input, end, inputs, pairs, kernel, bias, output);
      break;
    case 3:
      forwardPairs(3, input, end, inputs, pairs, kernel, bias, output);
      break;
    default:
      forwardPairs(4, input, end, inputs, pairs, kernel, bias, output);
  }
  if (units & 1) {
    const last = <usize>(units - 1);
    const weights = kernel + last * (<usize>inputs << 2);
    for (let v: usize = 0; v < <usize>vectors * VECTOR; v += VECTOR) {
      forwardLast(input + v, end + v, weights, bias + (last << 2), output + last * UNIT + v);
    }
  }
}

/**
 * Computes the deltas of two inputs of a layer from the deltas of its units, for `vectors` vectors of rows.
 */
// @ts-ignore: decorator
@inline
function backwardPair(
  vectors: i32,
  delta: usize,
  units: i32,
  kernel: usize,
  bytes: usize,
  last: usize,
  output: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const end = delta + <usize>(units >> 1) * (2 * UNIT);
  let from = delta;
  for (; from < end; from += 2 * UNIT, kernel += bytes) {
    const p = v128.load_splat<f32>(kernel);
    const q = v128.load_splat<f32>(kernel, 4);
    const r = v128.load_splat<f32>(kernel, 8);
    const s = v128.load_splat<f32>(kernel, 12);
    let x = v128.load(from);
    let y = v128.load(from, 64);
    a0 = fma(fma(a0, p, x), q, y);
    b0 = fma(fma(b0, r, x), s, y);
    if (vectors > 1) {
      x = v128.load(from, 16);
      y = v128.load(from, 80);
      a1 = fma(fma(a1, p, x), q, y);
      b1 = fma(fma(b1, r, x), s, y);
    }
    if (vectors > 2) {
      x = v128.load(from, 32);
      y = v128.load(from, 96);
      a2 = fma(fma(a2, p, x), q, y);
      b2 = fma(fma(b2, r, x), s, y);
    }
    if (vectors > 3) {
      x = v128.load(from, 48);
      y = v128.load(from, 112);
      a3 = fma(fma(a3, p, x), q, y);
      b3 = fma(fma(b3, r, x), s, y);
    }
  }
  if (units & 1) {
    const p = v128.load_splat<f32>(last);
    const q = v128.load_splat<f32>(last, 4);
    const x0 = v128.load(from);
    a0 = fma(a0, p, x0);
    b0 = fma(b0, q, x0);
    if (vectors > 1) {
      const x1 = v128.load(from, 16);
      a1 = fma(a1, p, x1);
      b1 = fma(b1, q, x1);
    }
    if (vectors > 2) {
      const x2 = v128.load(from, 32);
      a2 = fma(a2, p, x2);
      b2 = fma(b2, q, x2);
    }
    if (vectors > 3) {
      const x3 = v128.load(from, 48);
      a3 = fma(a3, p, x3);
      b3 = fma(b3, q, x3);
    }
  }
  v128.store(output, a0);
  v128.store(output, b0, 64);
  if (vectors > 1) {
    v128.store(output, a1, 16);
    v128.store(output, b1, 80);
  }
  if (vectors > 2) {
    v128.store(output, a2, 32);
    v128.store(output, b2, 96);
  }
  if (vectors > 3) {
    v128.store(output, a3, 48);
    v128.store(output, b3, 112);
  }
}

/** Computes the delta of the last input of an odd number of inputs, for one vector of rows. */
// @ts-ignore: decorator
@inline
function backwardLast(delta: usize, units: i32, kernel: usize, bytes: usize, last: usize, output: usize): void {
  let sum = f32x4.splat(0);
  for (let pair = units >> 1; pair > 0; pair--, delta += 2 * UNIT, kernel += bytes) {
    sum = fma(sum, v128.load_splat<f32>(kernel), v128.load(delta));
    sum = fma(sum, v128.load_splat<f32>(kernel, 4), v128.load(delta, 64));
  }
  if (units & 1) sum = fma(sum, v128.load_splat<f32>(last), v128.load(delta));
  v128.store(output, sum);
}

// @ts-ignore: decorator
@inline
function backwardPairs(
  vectors: i32,
  delta: usize,
  inputs: i32,
  units: i32,
  kernel: usize,
  last: usize,
  output: usize,
): void {
  const bytes = <usize>inputs << 3;
  for (let pair = inputs >> 1; pair > 0; pair--) {
    backwardPair(vectors, delta, units, kernel, bytes, last, output);
    kernel += 16;
    last += 8;
    output += 2 * UNIT;
  }
}

/**
 * Computes ∂loss/∂input of a panel, `output` [inputs], from ∂loss/∂z, `delta` [units], for the panel's first
 * `vectors` vectors of rows.
 */
export function backward(
  delta: usize,
  inputs: i32,
  units: i32,
  kernel: usize,
  output: usize,
  vectors: i32,
): void {
  const last = kernel + <usize>(units - 1) * (<usize>inputs << 2);
  switch (vectors) {
    case 1:
      backwardPairs(1, delta, inputs, units, kernel, last, output);
      break;
    case 2:
      backwardPairs(2, delta, inputs, units, kernel, last, output);
      break;
    case 3:
      backwardPairs(3, delta, inputs, units, kernel, last, output);
      break;
    default:
      backwardPairs(4, delta, inputs, units, kernel, last, output);
  }
  if (inputs & 1) {
    const input = <usize>(inputs - 1);
    for (let v: usize = 0; v < <usize>vectors * VECTOR; v += VECTOR) {
      backwardLast(
        delta + v,
        units,
        kernel + (input << 3),
        <usize>inputs << 3,
        last + (input << 2),
        output + input * UNIT + v,
      );
    }
  }
}

/** Sums over the lanes of each of four vectors, as one vector. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Stores `sum` if `fresh`; otherwise adds `sum` to the value of earlier chunks. */
// @ts-ignore: decorator
@inline
function keep(at: usize, sum: v128, fresh: bool): void {
  v128.store(at, fresh ? sum : f32x4.add(v128.load(at), sum));
}

/** Like `keep`, for the lower two sums only. */
// @ts-ignore: decorator
@inline
function keepTwo(at: usize, sum: v128, fresh: bool): void {
  v128.store_lane<f64>(at, fresh ? sum : f32x4.add(v128.load64_zero(at), sum), 0);
}

/** Like `keep`, for the first sum only. */
// @ts-ignore: decorator
@inline
function keepOne(at: usize, sum: v128, fresh: bool): void {
  v128.store_lane<f32>(at, fresh ? sum : f32x4.add(v128.load32_zero(at), sum), 0);
}

/**
 * Computes one tile of the kernel's gradient: `wide` × `units` entries (1, 2 or 4 by 1 or 2, constants at
 * each call), summed over `panels` panels. The last panel has `tail` bytes per unit; strides are the bytes of
 * a panel. With `withBias`, also a constant, sums the units' deltas too: the gradient of their biases.
 */
// @ts-ignore: decorator
@inline
function gradientTile(
  wide: i32,
  units: i32,
  withBias: bool,
  input: usize,
  inputStride: usize,
  delta: usize,
  deltaStride: usize,
  panels: i32,
  tail: usize,
  at: usize,
  bias: usize,
  fresh: bool,
): void {
  const zero = f32x4.splat(0);
  let e0 = zero;
  let e1 = zero;
  let a0 = zero;
  let a1 = zero;
  let b0 = zero;
  let b1 = zero;
  let c0 = zero;
  let c1 = zero;
  let d0 = zero;
  let d1 = zero;
  for (let panel = 1; panel <= panels; panel++) {
    const bytes = panel == panels ? tail : UNIT;
    for (let v: usize = 0; v < bytes; v += VECTOR) {
      const x = v128.load(delta + v);
      const y = units > 1 ? v128.load(delta + v, 64) : zero;
      if (withBias) e0 = f32x4.add(e0, x);
      if (withBias && units > 1) e1 = f32x4.add(e1, y);
      const a = v128.load(input + v);
      a0 = fma(a0, a, x);
      if (units > 1) a1 = fma(a1, a, y);
      if (wide > 1) {
        const b = v128.load(input + v, 64);
        b0 = fma(b0, b, x);
        if (units > 1) b1 = fma(b1, b, y);
      }
      if (wide > 2) {
        const c = v128.load(input + v, 128);
        c0 = fma(c0, c, x);
        if (units > 1) c1 = fma(c1, c, y);
        const d = v128.load(input + v, 192);
        d0 = fma(d0, d, x);
        if (units > 1) d1 = fma(d1, d, y);
      }
    }
    input += inputStride;
    delta += deltaStride;
  }
  if (withBias) {
    if (units > 1) keepTwo(bias, sums(e0, e1, zero, zero), fresh);
    else keepOne(bias, sums(e0, zero, zero, zero), fresh);
  }
  if (units > 1) {
    if (wide == 1) keepTwo(at, sums(a0, a1, zero, zero), fresh);
    else keep(at, sums(a0, a1, b0, b1), fresh);
    if (wide > 2) keep(at + VECTOR, sums(c0, c1, d0, d1), fresh);
  } else {
    if (wide == 1) keepOne(at, sums(a0, zero, zero, zero), fresh);
    else if (wide == 2) keepTwo(at, sums(a0, b0, zero, zero), fresh);
    else keep(at, sums(a0, b0, c0, d0), fresh);
  }
}

/**
 * Computes the gradients of the weights from `count` inputs to one unit or to a pair of units. `bias` is 0 if
 * the gradient of the biases is already computed.
 */
// @ts-ignore: decorator
@inline
function gradientColumn(
  units: i32,
  count: i32,
  input: usize,
  inputStride: usize,
  delta: usize,
  deltaStride: usize,
  panels: i32,
  tail: usize,
  at: usize,
  bias: usize,
  fresh: bool,
): void {
  let quads = count >> 2;
  if (quads > 0 && bias) {
    gradientTile(4, units, true, input, inputStride, delta, deltaStride, panels, tail, at, bias, fresh);
    input += 4 * UNIT;
    at += <usize>units * VECTOR;
    quads--;
    bias = 0;
  }
  for (; quads > 0; quads--) {
    gradientTile(4, units, false, input, inputStride, delta, deltaStride, panels, tail, at, 0, fresh);
    input += 4 * UNIT;
    at += <usize>units * VECTOR;
  }
  if (count & 2) {
    if (bias) gradientTile(2, units, true, input, inputStride, delta, deltaStride, panels, tail, at, bias, fresh);
    else gradientTile(2, units, false, input, inputStride, delta, deltaStride, panels, tail, at, 0, fresh);
    input += 2 * UNIT;
    at += <usize>units * 8;
    bias = 0;
  }
  if (count & 1) {
    if (bias) gradientTile(1, units, true, input, inputStride, delta, deltaStride, panels, tail, at, bias, fresh);
    else gradientTile(1, units, false, input, inputStride, delta, deltaStride, panels, tail, at, 0, fresh);
  }
}

/**
 * Computes the gradients of a layer's kernel and bias over a chunk. `input` and `delta` are the layer's
 * panels of inputs and of ∂loss/∂z. The gradients overwrite the old values if `fresh`, and add to them
 * otherwise.
 */
export function layerGradient(
  input: usize,
  inputs: i32,
  delta: usize,
  units: i32,
  panels: i32,
  tailVectors: i32,
  kernel: usize,
  bias: usize,
  fresh: bool,
): void {
  const inputStride = <usize>inputs * UNIT;
  const deltaStride = <usize>units * UNIT;
  const tail = <usize>tailVectors * VECTOR;
  const last = <usize>(units - 1);
  for (let block = 0; block < inputs; block += INPUT_BLOCK) {
    const count = min(INPUT_BLOCK, inputs - block);
    const from = input + <usize>block * UNIT;
    let to = delta;
    let at = kernel + (<usize>block << 3);
    let biasAt = block == 0 ? bias : 0;
    for (let pair = units >> 1; pair > 0; pair--) {
      gradientColumn(2, count, from, inputStride, to, deltaStride, panels, tail, at, biasAt, fresh);
      to += 2 * UNIT;
      at += <usize>inputs << 3;
      if (biasAt) biasAt += 8;
    }
    if (units & 1) {
      at = kernel + last * (<usize>inputs << 2) + (<usize>block << 2);
      gradientColumn(1, count, from, inputStride, to, deltaStride, panels, tail, at, biasAt, fresh);
    }
  }
}
