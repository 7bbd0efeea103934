// Computes the SVG path of a curve the size of a word.

/**
 * SVG path of a curve in a box of 48 × 16 user units: at most 48 points, the first and the last included,
 * scaled to the curve's own range. Empty for fewer than two points. `log` scales by the logarithm of the
 * values.
 */
export function curvePath(values: Float64Array, log: boolean): string {
  const scale = (value: number): number => (log ? Math.log(Math.max(value, 1e-12)) : value);
  const points = Math.min(values.length, 48);
  if (points < 2) return '';
  const picked = Array.from({ length: points }, (_, i) =>
    scale(values[Math.round((i * (values.length - 1)) / (points - 1))] ?? 0),
  );
  const low = Math.min(...picked);
  const span = Math.max(...picked) - low || 1;
  return picked
    .map(
      (value, i) =>
        `${i ? 'L' : 'M'}${((i * 46) / (points - 1) + 1).toFixed(1)} ${(15 - ((value - low) / span) * 14).toFixed(1)}`,
    )
    .join('');
}
