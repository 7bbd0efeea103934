// log, sin and cos with the same bits in every JavaScript engine: only + - * /, Math.floor and bit access.
// Invariant: each value is the exact value, rounded once. The computation uses pairs of doubles, with a relative error below
// 2^-100 before that rounding (2^-65 where sin or cos is nearly zero): below 0.5 + 2^-47 units in the last place in all. So a
// value is correctly rounded unless the exact value lies that close to halfway between two doubles. Does not know its callers.

/**
 * Low part of the last pair: a function that yields a pair hi + lo returns hi and writes lo here, so it
 * allocates nothing.
 */
const low = new Float64Array(1);

/** 2^27 + 1, which splits a double into two halves of 26 bits: Dekker, Numerische Mathematik 18 (1971). */
const SPLITTER = 134217729;

/** The pair a·b, exactly (Dekker's product). */
function product(a: number, b: number): number {
  const p = a * b;
  const ca = SPLITTER * a;
  const a1 = ca - (ca - a);
  const a2 = a - a1;
  const cb = SPLITTER * b;
  const b1 = cb - (cb - b);
  const b2 = b - b1;
  low[0] = a2 * b2 - (p - a1 * b1 - a2 * b1 - a1 * b2);
  return p;
}

/** The pair (hi + lo) / d. */
function quotient(hi: number, lo: number, d: number): number {
  const q = hi / d;
  const p = product(q, d);
  low[0] = (hi - p - (low[0] as number) + lo) / d;
  return q;
}

/**
 * Coefficients of a truncated power series as pairs; from index `single` on, one double per coefficient is
 * enough.
 */
interface Polynomial {
  readonly hi: Float64Array;
  readonly lo: Float64Array;
  readonly single: number;
}

/**
 * Returns a polynomial whose coefficient k is 1 / divisor(k) or, if `chained`, coefficient k − 1 divided by
 * divisor(k).
 */
function polynomial(
  terms: number,
  single: number,
  chained: boolean,
  divisor: (k: number) => number,
): Polynomial {
  const hi = new Float64Array(terms);
  const lo = new Float64Array(terms);
  for (let k = 0, h = 1, l = 0; k < terms; k++) {
    const q = quotient(h, l, divisor(k));
    hi[k] = q;
    lo[k] = low[0] as number;
    if (chained) [h, l] = [q, lo[k] as number];
  }
  return { hi, lo, single };
}

// Error of the truncation: the first omitted term, and 2^-53 of the first term with a single double, are both
// below 2^-102 of the sum on the intervals used: z = s² with |s| ≤ 3 − √8 for atanh, z = r² with |r| ≤ π/4
// for sine and cosine.
const ATANH = polynomial(21, 10, false, (k) => 2 * k + 1);
const SINE = polynomial(15, 9, true, (k) => (k === 0 ? 1 : -2 * k * (2 * k + 1)));
const COSINE = polynomial(15, 9, true, (k) => (k === 0 ? 1 : -2 * k * (2 * k - 1)));

/**
 * The pair Σ coefficient(k)·z^k by Horner's rule; each term must exceed the sum of the later terms in
 * absolute value.
 */
function evaluate({ hi, lo, single }: Polynomial, zHi: number, zLo: number): number {
  let k = hi.length - 1;
  let h = hi[k] as number;
  for (k--; k >= single; k--) h = h * zHi + (hi[k] as number);
  let l = 0;
  for (; k >= 0; k--) {
    const p = product(h, zHi);
    const pLo = (low[0] as number) + (h * zLo + l * zHi);
    const c = hi[k] as number;
    h = c + p;
    l = p - (h - c) + (lo[k] as number) + pLo;
  }
  low[0] = l;
  return h;
}

/** log 2 − Math.LN2. */
const LN2_LO = 2.3190468138462996e-17;
const bits = new DataView(new ArrayBuffer(8));

/**
 * Natural logarithm of any positive finite double, subnormal ones included, correctly rounded as the header
 * states: log(m·2^e) = 2·atanh((m − 1)/(m + 1)) + e·log 2 with m in [√½, √2). Throws RangeError for any other
 * argument.
 */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) throw new RangeError(`log needs a positive finite number, not ${x}`);
  const subnormal = x < 2.2250738585072014e-308;
  bits.setFloat64(0, subnormal ? x * 18014398509481984 : x);
  const head = bits.getInt32(0);
  let e = (head >> 20) - (subnormal ? 1077 : 1023);
  bits.setInt32(0, (head & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m >= Math.SQRT2) {
    m *= 0.5;
    e++;
  }
  const numerator = m - 1;
  const denominator = m + 1;
  const denominatorLo = m - (denominator - 1);
  const s = numerator / denominator;
  const back = product(s, denominator);
  const sLo = (numerator - back - (low[0] as number) - s * denominatorLo) / denominator;
  const z = product(s, s);
  const sum = evaluate(ATANH, z, (low[0] as number) + 2 * s * sLo);
  const sumLo = low[0] as number;
  const half = product(s, sum);
  const hi = 2 * half;
  const lo = 2 * ((low[0] as number) + (s * sumLo + sLo * sum));
  if (e === 0) return hi + lo;
  const shift = product(e, Math.LN2);
  const shiftLo = (low[0] as number) + e * LN2_LO;
  const total = shift + hi;
  return total + (hi - (total - shift) + (shiftLo + lo));
}

/**
 * Largest |x| that sin and cos accept: up to this bound, a multiple of the first two parts of π/2 is exact.
 */
const LIMIT = 1024;
const TWO_OVER_PI = 0.6366197723675814;
// π/2 in parts of 43, 43 and 53 bits.
const PART1 = 1.5707963267948344;
const PART2 = 6.223372171896261e-14;
const PART3 = 3.5215598651832e-27;

/** Sine of x + quarters·π/2 for 2^-27 ≤ |x| ≤ LIMIT. */
function shiftedSine(x: number, quarters: number): number {
  const k = Math.floor(x * TWO_OVER_PI + 0.5);
  const first = x - k * PART1;
  const second = k * PART2;
  const difference = first - second;
  const borrowed = difference - first;
  const error = first - (difference - borrowed) - (second + borrowed) - k * PART3;
  const r = difference + error;
  const rLo = error - (r - difference);

  const quadrant = (k + quarters) & 3;
  const z = product(r, r);
  const zLo = (low[0] as number) + 2 * r * rLo;
  let value: number;
  if (quadrant & 1) {
    const sum = evaluate(COSINE, z, zLo);
    value = sum + (low[0] as number);
  } else {
    const sum = evaluate(SINE, z, zLo);
    const sumLo = low[0] as number;
    const p = product(r, sum);
    value = p + ((low[0] as number) + (r * sumLo + rLo * sum));
  }
  return quadrant & 2 ? -value : value;
}

/** 2^-27: for smaller |x|, sin x rounds to x and cos x to 1. */
const TINY = 7.450580596923828e-9;

/** Sine of x radians, correctly rounded as the header states. Throws RangeError unless |x| ≤ 1024. */
export function sin(x: number): number {
  if (!(x >= -LIMIT && x <= LIMIT)) throw new RangeError(`sin needs a number within ±${LIMIT}, not ${x}`);
  return x > -TINY && x < TINY ? x : shiftedSine(x, 0);
}

/** Cosine of x radians, correctly rounded as the header states. Throws RangeError unless |x| ≤ 1024. */
export function cos(x: number): number {
  if (!(x >= -LIMIT && x <= LIMIT)) throw new RangeError(`cos needs a number within ±${LIMIT}, not ${x}`);
  return x > -TINY && x < TINY ? 1 : shiftedSine(x, 1);
}
