// Formats results for the sheet, with as many digits as each format needs.

import type { Result } from '../../core/kinds/kind';
import { exponential, tenths, trueMinus } from '../../core/text-formatting';

const digits = (value: number, count: number): string =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? exponential(value, 1)
    : value.toFixed(count);

/** A factor of at least 1: "1.5" below 10, "125", and exponential from 100,000. */
export const factorText = (value: number): string =>
  value >= 1e5 ? exponential(value, 0) : value >= 10 ? value.toFixed(0) : tenths(value);

/** A result in the format of its row: 0.4448, 0.815, "1 : 125"; "–" if the value is not finite. */
export function formatResult({ format }: Pick<Result, 'format'>, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (format === 'loss') return trueMinus(digits(value, 4));
  if (format === 'accuracy') return trueMinus(digits(value, 3));
  if (value === 0) return '0 : 1';
  return value < 1 ? `1 : ${factorText(1 / value)}` : `${factorText(value)} : 1`;
}
