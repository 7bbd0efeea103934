// Results as the sheet writes them: the digits that mean something.

import type { ResultRow } from './rows';

const digits = (value: number, count: number): string =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(1)
    : value.toFixed(count);

const ratioPart = (value: number): string =>
  value >= 10 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');

/** A result in the row's own manner: 0.4448, 0.815, "1 : 125". */
export function formatResult({ format }: Pick<ResultRow, 'format'>, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (format === 'loss') return digits(value, 4);
  if (format === 'accuracy') return digits(value, 3);
  if (value === 0) return '0 : 1';
  return value < 1 ? `1 : ${ratioPart(1 / value)}` : `${ratioPart(value)} : 1`;
}
