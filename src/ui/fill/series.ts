// Series of values: the continuation of the values of a row, and values from a first one to a last one or from a list.
// Invariants: typed numbers are computed in decimals, so that 0.1, 0.2 continues with 0.3; ends are met exactly; no value is
// infinite, or 0 by underflow.
// Knows no sheet; a param only decides which values are valid.

import type { Param, Parsed } from '../../core/kinds/param';
import { isFormula } from '../../core/plan/param-values';
import { grouped, rounded } from '../../core/text-formatting';

/** Maximum number of values in one series. */
export const MAX_VALUES = 1_000;

/** A decimal number: `units` × 10^(−`scale`). */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i;

function decimalOf(text: string): Decimal | undefined {
  const [, sign, whole = '', part = '', exponent = '0'] = text.trim().slice(0, 400).match(NUMBER) ?? [];
  if (sign === undefined || whole + part === '' || !Number.isFinite(Number(text))) return undefined;
  const scale = part.length - Number(exponent);
  const units = BigInt(`${sign === '-' ? '-' : ''}${whole}${part}`);
  // The number underflows to 0.
  if (units !== 0n && Number(text) === 0) return undefined;
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

const textOf = (value: number): string => String(value === 0 ? 0 : value);
const toNumber = ({ units, scale }: Decimal): number => Number(`${units}e${-scale}`);
/** Rounds to 14 significant digits, because further digits are rounding errors of the computation. */
const tidy = (value: number): number => (Number.isInteger(value) ? value : rounded(value, 14));

/**
 * The continuation of a row: copies of one text, an arithmetic or geometric series, or the given texts in
 * turn.
 */
export interface Series {
  readonly kind: 'copies' | 'arithmetic' | 'geometric' | 'in turn';
  /**
   * The text at `place`, where 0 is the first place after the given texts. Where the series leaves the
   * range of numbers, the given texts follow in turn.
   */
  at(place: number): string;
}

const isPowerOfTen = (top: bigint, bottom: bigint): boolean => {
  const [more, less] = top > bottom ? [top, bottom] : [bottom, top];
  return less > 0n && more % less === 0n && /^10+$/.test(String(more / less));
};

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/**
 * Detects how a row of texts continues. Two numbers are a geometric series if their ratio is a power of
 * ten or if the values span decades (`byRatio`), else an arithmetic one; three or more must have a constant
 * difference or ratio.
 */
export function seriesOf(texts: readonly string[], byRatio = false): Series {
  const inTurn = (kind: Series['kind']): Series => ({
    kind,
    at: (place) => texts[place % texts.length] ?? '',
  });
  const computed = (
    kind: Series['kind'],
    value: (place: number) => number,
    isThere: (next: number) => boolean,
  ): Series => {
    const rest = inTurn('in turn');
    const at = (place: number): string => {
      const next = value(place);
      return isThere(next) ? textOf(next) : rest.at(place);
    };
    return isThere(value(0)) ? { kind, at } : rest;
  };
  if (texts.length < 2) return inTurn('copies');
  const decimals = texts.flatMap((text) => decimalOf(text) ?? []);
  if (decimals.length < texts.length) return inTurn('in turn');
  const scale = Math.max(...decimals.map((decimal) => decimal.scale));
  const units = decimals.map((decimal) => decimal.units * 10n ** BigInt(scale - decimal.scale));
  const [first = 0n, second = 0n] = units;
  const [before = 0n, last = 0n] = units.slice(-2);
  const pairs = units.slice(1).map((unit, index) => [units[index] ?? 0n, unit] as const);
  const sameStep = pairs.every(([left, right]) => right - left === second - first);
  // Cross-multiplication compares the ratios exactly, without a division.
  const sameRatio =
    units.every((unit) => unit !== 0n) && pairs.every(([left, right]) => right * first === left * second);
  const isOneSided = first > 0n === second > 0n && first !== second;
  const prefersRatio = isOneSided && (byRatio || isPowerOfTen(magnitude(second), magnitude(first)));
  if (sameStep && !(texts.length === 2 && sameRatio && prefersRatio)) {
    const step = second - first;
    const value = (place: number): number => toNumber({ units: last + step * BigInt(place + 1), scale });
    return computed('arithmetic', value, Number.isFinite);
  }
  if (!sameRatio) return inTurn('in turn');
  const from = toNumber({ units: last, scale });
  const ratio = from / toNumber({ units: before, scale });
  const value = (place: number): number => {
    // Two factors, because the full power can overflow where the value itself does not.
    const half = Math.floor((place + 1) / 2);
    return tidy(from * ratio ** half * ratio ** (place + 1 - half));
  };
  return computed('geometric', value, (next) => Number.isFinite(next) && next !== 0);
}

/** `whole` rounds the values to whole numbers, for params that accept no others. */
interface SeriesOptions {
  readonly whole?: boolean;
}

function refuseEnds(from: number, to: number, count: number): string | undefined {
  if (!Number.isFinite(from)) return 'the first value is not a number';
  if (!Number.isFinite(to)) return 'the last value is not a number';
  if (!Number.isInteger(count) || count < 1) return 'the number of values must be a whole number from 1';
  if (count > MAX_VALUES) return `a series has at most ${grouped(MAX_VALUES)} values`;
  if (count === 1 && from !== to) return 'a series of one value has equal first and last values';
  if (count > 1 && from === to) return 'the last value is the same as the first';
  return undefined;
}

/**
 * Values between two exact ends, each written with the fewest digits for which `isNear` accepts all
 * values; unrounded if no number of `digits` is enough.
 */
function between(
  count: number,
  ends: readonly [number, number],
  exact: (place: number) => number,
  write: (value: number, digits: number) => number,
  digits: readonly [number, number],
  isNear: (written: number, value: number) => boolean,
): number[] {
  const values = Array.from({ length: count }, (_, place) =>
    place === 0 ? ends[0] : place === count - 1 ? ends[1] : exact(place),
  );
  for (let used = digits[0]; used <= digits[1]; used++) {
    const written = values.map((value, place) =>
      place === 0 || place === count - 1 ? value : write(value, used),
    );
    if (written.every((value, place) => isNear(value, values[place] ?? 0))) return written;
  }
  return values;
}

function distinct(values: number[], from: number, to: number): Parsed<number[]> {
  if (new Set(values).size === values.length) return { ok: true, value: values };
  return {
    ok: false,
    reason: `there are no ${values.length} different whole numbers from ${textOf(from)} to ${textOf(to)} in these steps`,
  };
}

/**
 * `count` values in equal steps, up or down, like numpy's `linspace`; both ends are exact. Fails with a
 * reason if the ends or the count are not valid, or if whole numbers would repeat.
 */
export function linear(
  from: number,
  to: number,
  count: number,
  { whole = false }: SeriesOptions = {},
): Parsed<number[]> {
  const reason = refuseEnds(from, to, count);
  if (reason !== undefined) return { ok: false, reason };
  if (count === 1) return { ok: true, value: [from] };
  // The difference of the ends overflows, so each end is weighted separately.
  const isFar = !Number.isFinite(to - from);
  const step = isFar ? to / (count - 1) - from / (count - 1) : (to - from) / (count - 1);
  const exact = (place: number): number => {
    const part = place / (count - 1);
    return isFar ? rounded(from * (1 - part) + to * part, 14) : from + place * step;
  };
  if (whole)
    return distinct(
      between(count, [from, to], exact, Math.round, [0, 0], () => true),
      from,
      to,
    );
  // Decimal places: the search starts three places coarser than the first digit of the step.
  const first = Math.max(0, Math.min(100, -Math.floor(Math.log10(Math.abs(step))) - 3));
  const write = (value: number, digits: number): number => Number(value.toFixed(digits));
  const isNear = (written: number, value: number): boolean =>
    Math.abs(written - value) <= Math.abs(step) / 500;
  const value = between(count, [from, to], exact, write, [first, Math.min(100, first + 20)], isNear);
  return { ok: true, value };
}

/**
 * `count` values by equal factors, up or down, like numpy's `geomspace`; both ends are exact. Fails with
 * a reason for an end of 0, for ends of different sign, for an invalid count, and if whole numbers would
 * repeat.
 */
export function logarithmic(
  from: number,
  to: number,
  count: number,
  { whole = false }: SeriesOptions = {},
): Parsed<number[]> {
  const reason = refuseEnds(from, to, count);
  if (reason !== undefined) return { ok: false, reason };
  if (from === 0 || to === 0) return { ok: false, reason: 'logarithmic steps cannot start or end at 0' };
  if (from > 0 !== to > 0) return { ok: false, reason: 'logarithmic steps cannot cross 0' };
  if (count === 1) return { ok: true, value: [from] };
  const ratio = to / from;
  // The ratio overflows or loses digits, so the power of each end is taken separately.
  const isFar = ratio < 1e-300 || ratio > 1e300;
  const factor = ratio ** (1 / (count - 1));
  const exact = (place: number): number => {
    const part = place / (count - 1);
    const value = isFar
      ? Math.sign(from) * Math.abs(from) ** (1 - part) * Math.abs(to) ** part
      : from * ratio ** part;
    // Rounding up could leave the range of numbers beside the largest number.
    return Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
  };
  if (whole)
    return distinct(
      between(count, [from, to], exact, Math.round, [0, 0], () => true),
      from,
      to,
    );
  const nearness = Math.min(0.002, Math.abs(factor - 1) / 200);
  const write = rounded;
  const isNear = (written: number, value: number): boolean => Math.abs(written / value - 1) <= nearness;
  return { ok: true, value: between(count, [from, to], exact, write, [1, 15], isNear) };
}

/** Splits a text at the commas outside of brackets and quotes. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let [start, depth, quote] = [0, 0, ''];
  for (const [at, sign] of [...text.split('').entries()]) {
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
    else if (sign === ',' && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/**
 * The values of a typed list, separated by semicolons or lines if there are any, else by commas. Empty
 * values are left out.
 */
export function listedTexts(text: string): string[] {
  const parts = /[;\n]/.test(text) ? text.split(/[;\n]/) : splitAtCommas(text);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/**
 * The texts in their canonical form. Fails with the number of the first text that the param refuses;
 * formulas are not checked.
 */
export function checkedTexts(param: Param, texts: readonly string[]): Parsed<string[]> {
  const checked: string[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = isFormula(text) ? undefined : param.parse(text);
    if (parsed && !parsed.ok) return { ok: false, reason: `value ${index + 1}: ${parsed.reason}` };
    checked.push(parsed ? param.format(parsed.value) : text.trim());
  }
  return { ok: true, value: checked };
}
