// Results as the sheet writes them: the digits that mean something.

import type { ResultRow } from './rows';

const digits = (value: number, count: number): string =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(1)
    : value.toFixed(count);

const ratioPart = (value: number): string =>
  value >= 1e5
    ? value.toExponential(0)
    : value >= 10
      ? value.toFixed(0)
      : value.toFixed(1).replace(/\.0$/, '');

/** A result in the row's own manner: 0.4448, 0.815, "1 : 125". */
export function formatResult({ format }: Pick<ResultRow, 'format'>, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (format === 'loss') return digits(value, 4);
  if (format === 'accuracy') return digits(value, 3);
  if (value === 0) return '0 : 1';
  return value < 1 ? `1 : ${ratioPart(1 / value)}` : `${ratioPart(value)} : 1`;
}

/**
 * A result over members: mean ± standard deviation (n − 1) in the row's digits, or for a ratio, whose scale is
 * logarithmic, the geometric mean ×÷ the factor of one standard deviation; no spread for a single member.
 */
export function formatSpread(
  row: Pick<ResultRow, 'format'>,
  figures: readonly number[],
): { text: string; measure: string } {
  const ratio = row.format === 'ratio';
  const values = ratio ? figures.map(Math.log) : figures;
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const deviation = Math.sqrt(squares / Math.max(1, n - 1));
  const center = formatResult(row, ratio ? Math.exp(mean) : mean);
  const measure = ratio
    ? 'geometric mean ×÷ the factor of one standard deviation'
    : 'mean ± standard deviation';
  if (n === 1) return { text: center, measure };
  return {
    text: ratio
      ? `${center} ×÷ ${Math.exp(deviation).toFixed(1)}`
      : `${center} ± ${formatResult(row, deviation)}`,
    measure,
  };
}
