// Formats numbers and lists for people: significant digits only.
// Invariant: pure, the same in every locale; a value that is no number is a dash, never "NaN".

import { joined, rounded, tenths } from '../../../core/text-formatting';

const DASH = '–';

/**
 * The number with about `digits` significant digits. A number below 1 has at most `digits` decimals, but
 * enough for one non-zero digit; below 0.001 and from a million on, it has an exponent and two digits fewer.
 * Integers below a million stay whole; NaN is a dash.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return DASH;
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return value > 0 ? '∞' : '-∞';
  if (Number.isInteger(value) && size < 1e6) return String(Math.trunc(value) || 0);
  // Round before comparing, so that 0.00099999 is 0.001 and not 1e−3.
  const near = rounded(size, digits);
  if (near < 0.001 || near >= 1e6) {
    const [mantissa = '', exponent = ''] = value.toExponential(Math.max(digits - 3, 0)).split('e');
    return `${mantissa.replace(/\.0+$/, '')}e${exponent.replace('+', '').replace('-', '−')}`;
  }
  const order = Math.floor(Math.log10(near));
  return value.toFixed(Math.max(Math.min(digits - 1 - order, digits), -order, 0));
}

/** `formatNumber` with a true minus sign, for drawings and sentences, which nobody copies into a formula. */
export const formatSigned = (value: number, digits?: number): string =>
  formatNumber(value, digits).replace(/^-/, '−');

/** A factor of at least 1: one decimal below 10, whole below 10000, then three digits: "1.5", "125", "873000". */
function formatFactor(factor: number): string {
  if (factor >= 1e6) return formatNumber(factor);
  if (factor >= 1e4) return String(rounded(factor, 3));
  return factor < 10 ? tenths(factor) : factor.toFixed(0);
}

/** Two magnitudes as "1 : 125" or "1.5 : 1", on one line by no-break spaces; a dash if they have no ratio. */
export function formatRatio(first: number, last: number): string {
  const [a, b] = [Math.abs(first), Math.abs(last)];
  if (!Number.isFinite(a) || !Number.isFinite(b) || (a === 0 && b === 0)) return DASH;
  const joint = '\u00a0:\u00a0';
  if (a === 0) return `0${joint}1`;
  if (b === 0) return `1${joint}0`;
  return a < b ? `1${joint}${formatFactor(b / a)}` : `${formatFactor(a / b)}${joint}1`;
}

/** Says that a run's values are of an earlier epoch, its last one: " (ended at epoch 30)"; else empty. */
export const earlier = (last: number, epoch: number): string =>
  last < epoch ? ` (ended at epoch ${last})` : '';

/** One magnitude as a multiple of another, in words: "1/125 of", "1.5 times", "as much as". */
export function formatTimes(first: number, last: number): string {
  const [a, b] = [Math.abs(first), Math.abs(last)];
  if (a === 0) return 'nothing of';
  const factor = formatFactor(Math.max(a, b) / Math.min(a, b));
  if (factor === '1') return 'as much as';
  return a < b ? `1/${factor} of` : `${factor} times`;
}

/** A share in whole percent, with one decimal below 1 %; a no-break space holds number and sign together. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return DASH;
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : percent.toFixed(0)}\u00a0%`;
}

/** A number with its noun: "1 point", "3 points". */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${formatNumber(n)} ${n === 1 ? noun : plural}`;

/**
 * A list in words: "A", "A and B", "A, B and C"; of more than five items the first three and a count: "A, B,
 * C and 4 more".
 */
export function listed(items: readonly string[]): string {
  const shown = items.length > 5 ? [...items.slice(0, 3), `${items.length - 3} more`] : items;
  return joined(shown);
}

/**
 * The text, cut with an ellipsis to `width` pixels, at `perCharacter` pixels per character of the figures'
 * small type.
 */
export function fitText(text: string, width: number, perCharacter = 6): string {
  const room = Math.max(1, Math.floor(width / perCharacter));
  return [...text].length <= room ? text : `${[...text].slice(0, Math.max(1, room - 1)).join('')}…`;
}

/** The last epoch of some runs, and the runs that ended earlier, as in " (B 50)"; empty if there are none. */
export function lastEpochOf(
  runs: readonly { readonly id: string; readonly value: { readonly epoch: number } }[],
): {
  readonly last: number;
  readonly earlier: string;
} {
  const last = Math.max(...runs.map(({ value }) => value.epoch));
  const earlier = runs.filter(({ value }) => value.epoch < last);
  const texts = earlier.map(({ id, value }) => `${id} ${value.epoch}`);
  return { last, earlier: texts.length > 0 ? ` (${listed(texts)})` : '' };
}

/** Beginning of a headline on runs at an earlier epoch: "Epoch 62: "; empty if all are at their last epoch. */
export function epochInBrief(
  runs: readonly { readonly value: { readonly epoch: number; readonly epochs: number } }[],
): string {
  if (!runs.some(({ value }) => value.epoch < value.epochs)) return '';
  return `Epoch ${Math.max(...runs.map(({ value }) => value.epoch))}: `;
}

/**
 * Beginning of a sentence on an earlier epoch, with the runs that ended before it: "At epoch 62 (B 50), ";
 * empty if all runs are at their last epoch.
 */
export function epochText(
  runs: readonly {
    readonly id: string;
    readonly value: { readonly epoch: number; readonly epochs: number };
  }[],
): string {
  if (!runs.some(({ value }) => value.epoch < value.epochs)) return '';
  const { last, earlier } = lastEpochOf(runs);
  return `At epoch ${last}${earlier}, `;
}
