// exp and what is made of it, with the same bits in every JavaScript engine: nothing but + - * /, Math.floor, bit access.
// Invariant: within three units in the last place, far out in the tails and near 0 too. Does not know who calls it.
// Unlike those of `elementary.ts` these are not correctly rounded, and so are fast enough for training.
import { log } from './elementary';

/** log 2 in two parts, the first with so few bits that its products with exponents are exact (fdlibm's e_exp.c). */
const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;

/** 1/k! for k = 0, 1, …: of the power series of exp, of which the terms left out are below 2^-53 for |r| ≤ log 2 / 2. */
const INVERSE_FACTORIALS = Float64Array.from({ length: 15 }, (_, k) => {
  let product = 1;
  for (let i = 2; i <= k; i++) product *= i;
  return 1 / product;
});

const bits = new DataView(new ArrayBuffer(8));

/** 2^k for −1022 ≤ k ≤ 1023, exactly. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  return bits.getFloat64(0);
}

/** (e^r − 1) / r by its power series. */
function slopeOfExp(r: number): number {
  let sum = 0;
  for (let k = INVERSE_FACTORIALS.length - 1; k > 0; k--) sum = sum * r + (INVERSE_FACTORIALS[k] as number);
  return sum;
}

/** e^x: 2^k · e^r with r = x − k · log 2 and |r| ≤ log 2 / 2. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x / Math.LN2 + 0.5);
  const high = x - k * LN2_HI;
  const low = k * LN2_LO;
  const r = high - low;
  // What the subtraction rounded off is not lost: e^(r + d) is e^r + d to first order.
  const value = 1 + (r * slopeOfExp(r) + (high - r - low));
  if (k > 1023) return value * powerOfTwo(1023) * 2;
  return k >= -1022 ? value * powerOfTwo(k) : value * powerOfTwo(k + 60) * powerOfTwo(-60);
}

/** e^x − 1, whose digits are not lost near 0. */
export function expm1(x: number): number {
  return Math.abs(x) < 0.34 ? x * slopeOfExp(x) : exp(x) - 1;
}

/** The hyperbolic tangent. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 20) return x < 0 ? -1 : 1;
  const grown = expm1(2 * size);
  const value = grown / (grown + 2);
  return x < 0 ? -value : value;
}

/** log(1 + x) for x ≥ 0: log of the rounded sum, set right by what the rounding did to x (Kahan). */
export function log1p(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : log(sum) * (x / (sum - 1));
}
