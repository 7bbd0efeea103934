// Statistics over the members of a run: mean and deviation, percentiles, and differences of two runs with their spread.
// Invariant: pure numbers, in float64; the spread of a single figure is NaN, never 0. Knows no runs and no words.

/** So many figures with their mean and their standard deviation, NaN for a single one. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation with n − 1 (Bessel's correction), as `numpy.std(values, ddof=1)`; in two passes. */
export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  const [first = Number.NaN] = values;
  // The rounded mean of equal figures may be none of them, and would leave a spread of 1e-17.
  if (n > 1 && Number.isFinite(first) && values.every((value) => value === first))
    return { n, mean: first, deviation: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { n, mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN };
}

/**
 * The value below which a share, 0 … 1, of ascending values lies: numpy.percentile's default, method 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages" (The American Statistician 50, 1996), linear between neighbours, from the
 * nearer of them as numpy does. NaN where there are no values.
 */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const low = Math.floor(place);
  const [a, b] = [ascending[low] ?? Number.NaN, ascending[Math.ceil(place)] ?? Number.NaN];
  // Equal infinities too have no distance that could be shared.
  if (a === b) return a;
  const part = place - low;
  return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}

/** By how much one run's figures differ from another's, and how that stands to the spread over seeds. */
export interface Difference {
  readonly mean: number;
  /** What counts as the spread of the difference: √(s₁² + s₂²), or the standard deviation of paired differences. */
  readonly deviation: number;
  /** The standard error of the mean difference. */
  readonly error: number;
  /** How many pairs; undefined where the two were not paired. */
  readonly pairs?: number;
  /** Whether the mean difference is no larger than its spread; never so where there is no spread. */
  readonly isWithin: boolean;
}

/**
 * The difference of two means of independent members. Its spread is that of one member less another, √(s₁² + s₂²); its
 * standard error is Welch's, √(s₁²/n₁ + s₂²/n₂) (Biometrika 34, 1947). A side with a single figure is taken as exact in
 * the spread; there is no standard error then.
 */
export function differenceOf(own: Summary, other: Summary): Difference {
  const mean = own.mean - other.mean;
  const spreads = [own, other].filter(({ n }) => n > 1);
  const deviation =
    spreads.length > 0
      ? Math.sqrt(spreads.reduce((sum, side) => sum + side.deviation * side.deviation, 0))
      : Number.NaN;
  const error =
    spreads.length === 2
      ? Math.sqrt(spreads.reduce((sum, side) => sum + (side.deviation * side.deviation) / side.n, 0))
      : Number.NaN;
  return { mean, deviation, error, isWithin: Math.abs(mean) <= deviation };
}

/**
 * The mean of differences member by member, as in the paired t test (Student, Biometrika 6, 1908): what both members owe
 * to their common seed cancels. Lists of equal length, in the same order.
 */
export function pairedDifference(own: readonly number[], other: readonly number[]): Difference {
  const { n, mean, deviation } = summarize(own.map((value, index) => value - (other[index] ?? Number.NaN)));
  return {
    mean,
    deviation,
    error: deviation / Math.sqrt(n),
    pairs: n,
    isWithin: Math.abs(mean) <= deviation,
  };
}
