// exp and functions built on exp, with the same bits in every JavaScript engine: only + - * /, Math.floor and bit access.
// Invariant: within three units in the last place, far out in the tails and near 0 too. Does not know its callers.
// Unlike the functions of `elementary.ts`, these are not correctly rounded, and so are fast enough for training.
import { log } from './elementary';

/**
 * log 2 in two parts; the first has so few bits that its products with exponents are exact (fdlibm's
 * e_exp.c).
 */
const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;

/**
 * 1/k!, a coefficient of the power series of exp. The terms beyond the fourteenth are below 2^-53 for |r| ≤
 * log 2 / 2.
 */
const inverseFactorial = (k: number): number => {
  let product = 1;
  for (let i = 2; i <= k; i++) product *= i;
  return 1 / product;
};
const [C1, C2, C3, C4, C5, C6, C7] = [1, 2, 3, 4, 5, 6, 7].map(inverseFactorial) as Seven;
const [C8, C9, C10, C11, C12, C13, C14] = [8, 9, 10, 11, 12, 13, 14].map(inverseFactorial) as Seven;
type Seven = [number, number, number, number, number, number, number];

/** 2^k for −1022 ≤ k ≤ 1023, exact, because doubling and halving do not round. */
const POWERS = new Float64Array(2046);
POWERS[1022] = 1;
for (let k = 1; k <= 1023; k++) POWERS[1022 + k] = (POWERS[1021 + k] as number) * 2;
for (let k = 1; k <= 1022; k++) POWERS[1022 - k] = (POWERS[1023 - k] as number) / 2;

const powerOfTwo = (k: number): number => POWERS[k + 1022] as number;

/**
 * (e^r − 1) / r by its power series. The terms are written out, because a loop over the coefficients takes a
 * seventh of a training in plain float64.
 */
function slopeOfExp(r: number): number {
  let sum = C14;
  sum = sum * r + C13;
  sum = sum * r + C12;
  sum = sum * r + C11;
  sum = sum * r + C10;
  sum = sum * r + C9;
  sum = sum * r + C8;
  sum = sum * r + C7;
  sum = sum * r + C6;
  sum = sum * r + C5;
  sum = sum * r + C4;
  sum = sum * r + C3;
  sum = sum * r + C2;
  return sum * r + C1;
}

/**
 * e^x as 2^k · e^r with r = x − k · log 2 and |r| ≤ log 2 / 2. Overflow gives Infinity, underflow 0, NaN
 * gives NaN.
 */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x / Math.LN2 + 0.5);
  const high = x - k * LN2_HI;
  const low = k * LN2_LO;
  const r = high - low;
  // Adds what the subtraction rounded off: e^(r + d) is e^r + d to first order.
  const value = 1 + (r * slopeOfExp(r) + (high - r - low));
  if (k > 1023) return value * powerOfTwo(1023) * 2;
  return k >= -1022 ? value * powerOfTwo(k) : value * powerOfTwo(k + 60) * powerOfTwo(-60);
}

/** e^x − 1 without loss of digits near 0. */
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

/** log(1 + x) for x ≥ 0: the logarithm of the rounded sum, corrected for the rounding of the sum (Kahan). */
export function log1p(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : log(sum) * (x / (sum - 1));
}
