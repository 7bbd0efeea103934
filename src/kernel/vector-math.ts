// e^x, e^x − 1, ln(1 + x), the logistic function and tanh over four float32 at a time, to float32's precision or nearly so.
// Invariant: only + − × ÷ and bit operations of WebAssembly's fixed SIMD, so every browser gives the same bits. NaN in
// gives NaN out.
//
// e^x is 2ⁿ · e^r with n = round(x / ln 2): adding and subtracting 1.5 · 2²³ rounds, and leaves n in the low bits of the
// sum; ln 2 is subtracted in two parts (Cody and Waite), the first of which has few enough bits for n · ln 2 to be exact.

const LOG2_E: f32 = 1.44269504;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const ROUNDER: f32 = 12582912.0;
/** Bound on |x|; beyond it, 2ⁿ leaves the normal numbers. */
const LIMIT: f32 = 87.0;
const MAX_POWER: f32 = 126.0;

/** Returns `value` in all four lanes. */
// @ts-ignore: decorator
@inline
export function splat(value: f32): v128 {
  return f32x4.splat(value);
}

// @ts-ignore: decorator
@inline
function clamp(x: v128, limit: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, splat(-limit)), splat(limit));
}

/** x / ln 2 + 1.5 · 2²³: a sum whose low bits are n. */
// @ts-ignore: decorator
@inline
function rounded(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, splat(LOG2_E)), splat(ROUNDER));
}

/** x − n ln 2, from x and the sum of `rounded`. */
// @ts-ignore: decorator
@inline
function reduced(x: v128, sum: v128): v128 {
  const n = f32x4.sub(sum, splat(ROUNDER));
  return f32x4.sub(f32x4.sub(x, f32x4.mul(n, splat(LN2_HIGH))), f32x4.mul(n, splat(LN2_LOW)));
}

/** e^r − 1 for |r| ≤ ln 2 / 2: the minimax polynomial of degree 6, with an error of at most 3.2e-9. */
// @ts-ignore: decorator
@inline
function expm1Reduced(r: v128): v128 {
  let p = f32x4.add(f32x4.mul(r, splat(0.001395049155689776)), splat(0.008368889801204205));
  p = f32x4.add(f32x4.mul(p, r), splat(0.04166620597243309));
  p = f32x4.add(f32x4.mul(p, r), splat(0.166665181517601));
  p = f32x4.add(f32x4.mul(p, r), splat(0.5));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p));
}

/** e^x; x is clamped to ±87. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const held = clamp(x, LIMIT);
  const sum = rounded(held);
  const value = f32x4.add(splat(1), expm1Reduced(reduced(held, sum)));
  return i32x4.add(value, i32x4.shl(sum, 23));
}

/** e^x − 1, precise for small x too; x is clamped to ±87. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const held = clamp(x, LIMIT);
  const sum = rounded(held);
  const power = i32x4.add(splat(1), i32x4.shl(sum, 23));
  return f32x4.add(f32x4.mul(power, expm1Reduced(reduced(held, sum))), f32x4.sub(power, splat(1)));
}

/**
 * ln(1 + x) for x from 0 to 1: 2 artanh(s) with s = x / (2 + x), where a minimax polynomial replaces the
 * series, with an error of 5e-9.
 */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const s = f32x4.div(x, f32x4.add(x, splat(2)));
  const u = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(u, splat(0.14012570679187775)), splat(0.13999506831169128));
  p = f32x4.add(f32x4.mul(p, u), splat(0.20010852813720703));
  p = f32x4.add(f32x4.mul(p, u), splat(0.3333320617675781));
  const twice = f32x4.add(s, s);
  return f32x4.add(twice, f32x4.mul(twice, f32x4.mul(u, p)));
}

/**
 * 2^f for |f| ≤ 1/2: the minimax polynomial of degree 5 with value 1 at 0, with an error of at most 9.4e-8.
 */
// @ts-ignore: decorator
@inline
function exp2Reduced(f: v128): v128 {
  let p = f32x4.add(f32x4.mul(f, splat(0.0013407259248197079)), splat(0.009671875275671482));
  p = f32x4.add(f32x4.mul(p, f), splat(0.055503085255622864));
  p = f32x4.add(f32x4.mul(p, f), splat(0.24022234976291656));
  p = f32x4.add(f32x4.mul(p, f), splat(0.6931472420692444));
  return f32x4.add(f32x4.mul(p, f), splat(1));
}

/**
 * 1 / (1 + e^−x). As the most frequent function of hidden layers, sigmoid uses powers of two, whose reduction
 * takes two operations less. The price is a relative error of |x| · 2^−24 in e^−x; for x > 0, the error of 1
 * + e^−x is below a unit in the last place.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const t = clamp(f32x4.mul(x, splat(-LOG2_E)), MAX_POWER);
  const sum = f32x4.add(t, splat(ROUNDER));
  const f = f32x4.sub(t, f32x4.sub(sum, splat(ROUNDER)));
  const e = i32x4.add(exp2Reduced(f), i32x4.shl(sum, 23));
  return f32x4.div(splat(1), f32x4.add(splat(1), e));
}

/** tanh x as m / (m + 2) with m = e^2|x| − 1, and the sign of x. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const m = expm1(f32x4.add(size, size));
  return v128.or(f32x4.div(m, f32x4.add(m, splat(2))), v128.and(x, splat(-0.0)));
}

/** Sum of the four lanes in float64, in order. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    <f64>f32x4.extract_lane(x, 2) +
    <f64>f32x4.extract_lane(x, 3)
  );
}

/** Sum of the four integer lanes. */
// @ts-ignore: decorator
@inline
export function countLanes(x: v128): i32 {
  return (
    i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3)
  );
}

/** Adds the four lanes to the two float64 of `sum`: lanes 0 and 2 to the first, 1 and 3 to the second. */
// @ts-ignore: decorator
@inline
export function addWide(sum: v128, x: v128): v128 {
  const high = v128.shuffle<f32>(x, x, 2, 3, 2, 3);
  return f64x2.add(sum, f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high)));
}

/** Sum of the two float64 lanes. */
// @ts-ignore: decorator
@inline
export function sumWide(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
