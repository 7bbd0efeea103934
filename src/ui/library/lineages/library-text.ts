// Formats numbers and times for the library.
// Invariant: a missing value is a dash, and a minus is a minus sign, so that signed columns line up.

import { formatNumber } from '../../figures/draw/format';
import { formatResult } from '../../text/result-text';
import { differenceOf, type Lineage, type Result } from './library-model';

const DASH = '–';

const FORMATS = {
  loss: 'loss',
  accuracy: 'accuracy',
  testLoss: 'loss',
  testAccuracy: 'accuracy',
  firstToLast: 'ratio',
} as const;

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const full = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium' });

/** Whether the time is in the range of `Date`; formatting any other time throws. */
const isMoment = (when: number): boolean => Number.isFinite(new Date(when).getTime());

/** Elapsed time in words: "3 minutes ago". Both arguments are in ms since 1970. */
export function ago(when: number, now: number): string {
  if (!isMoment(when)) return DASH;
  const seconds = Math.max(0, Math.round((now - when) / 1_000));
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? relative.format(-Math.floor(seconds / unit[1]), unit[0]) : 'just now';
}

/** The date and time in full, in the local time zone; a dash outside of the range of `Date`. */
export const fullDate = (when: number): string => (isMoment(when) ? full.format(when) : DASH);

/** An ISO 8601 text for HTML's `datetime`; undefined outside of the range of `Date`. */
export const machineDate = (when: number): string | undefined =>
  isMoment(when) ? new Date(when).toISOString() : undefined;

/** A result in the sheet's format. */
export const resultText = (result: Result, value: number): string =>
  formatResult({ format: FORMATS[result] }, value);

/**
 * The difference from the baseline and its judgement: "−0.3837 better". For first : last, a factor
 * without a judgement. Empty if a result is missing.
 */
export function differenceText(result: Result, lineage: Lineage, baseline: Lineage): string {
  const { amount, judgement } = differenceOf(result, lineage, baseline);
  if (!Number.isFinite(amount)) return '';
  if (judgement === undefined) return `× ${formatNumber(amount)}`;
  if (judgement === 'the same') return judgement;
  return `${amount < 0 ? '−' : '+'}${resultText(result, Math.abs(amount))} ${judgement}`;
}
