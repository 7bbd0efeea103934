// Statistics over the members of a run: mean and deviation, percentiles, and differences of two runs with their spread.
// Invariant: pure numbers, in float64; the spread of a single figure is NaN, never 0. Knows no runs and no words.

/** Number, mean and standard deviation of figures; the deviation of a single figure is NaN. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation with n − 1 (Bessel's correction), as `numpy.std(values, ddof=1)`; in two passes. */
export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  const [first = Number.NaN] = values;
  // The rounded mean of equal figures may differ from them, and would give a spread of about 1e-17.
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
  // The difference of equal infinities is NaN.
  if (a === b) return a;
  const part = place - low;
  return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}

/** The difference between the figures of two runs, with its spread over seeds. */
export interface Difference {
  readonly mean: number;
  /**
   * The spread of the difference: √(s₁² + s₂²), or the standard deviation of paired differences; NaN without
   * a spread.
   */
  readonly deviation: number;
  /** The standard error of the mean difference; NaN if a side has a single figure. */
  readonly error: number;
  /** Number of pairs; undefined for an unpaired difference. */
  readonly pairs?: number;
  /** Whether the mean difference is no larger than its spread; false without a spread. */
  readonly isWithin: boolean;
}

/**
 * The difference of two means of independent members. Its spread is that of one member less another, √(s₁² +
 * s₂²); its standard error is Welch's, √(s₁²/n₁ + s₂²/n₂) (Biometrika 34, 1947). A side with a single figure
 * counts as exact in the spread, and leaves the standard error NaN.
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
 * The mean of differences member by member, as in the paired t test (Student, Biometrika 6, 1908): the effect
 * of a common seed cancels. Takes lists of equal length, in the same order of members.
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
