// The quantities that a scatter shows, and the scale that suits their values: linear, logarithmic, or a
// band of words.
// Invariant: pure; a scale contains every value that it was made from; a training without a readable
// value gets no value. Knows no drawing.

import { evenTicks, logTicks, tickText } from '../../figures/draw/ticks';
import type { Lineage, RESULTS, Setting } from '../lineages/library-model';
import { resultText } from '../lineages/library-text';

/** A number, or the text of a param that is not a number. */
export type Value = number | string;

/** A param or a result, as the quantity of an axis or of the colour. */
export interface Quantity {
  /** Unique id: "optimizer.learningRate", or the name of a result. */
  readonly id: string;
  readonly label: string;
  /** The choices of a param, in their order; empty for other quantities. */
  readonly order: readonly string[];
  /** Whether an axis may use a band if the numbers suit neither a linear nor a logarithmic scale. */
  readonly isParam: boolean;
  /**
   * A share lies in 0 to 1 and never has a logarithmic scale; a ratio has one whenever all values are
   * positive.
   */
  readonly form: 'number' | 'share' | 'ratio';
  /** The value in a lineage; undefined if the lineage has no value that can be drawn. */
  value(lineage: Lineage): Value | undefined;
  /** A value as text for the readout. */
  text(value: Value): string;
  /** A value as text for a tick. */
  tick(value: Value): string;
}

/** A scale of numbers or of words. */
export type Axis = Line | Band;

/** A scale of numbers. */
export interface Line {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly form: Quantity['form'];
  readonly isWhole: boolean;
  /** The distinct values, ascending; empty if there are more than bands would hold. */
  readonly few: readonly number[];
}

/** A scale of words, in order. If `others` is above 0, the last word stands for that many rarer words. */
export interface Band {
  readonly type: 'band';
  readonly domain: readonly string[];
  readonly others: number;
}

/** Beyond this bound lies no float32, and a scale would have no digits left. */
const LARGEST = 1e100;
/** Number of bands of an axis, at most; the rarer words share the last band. */
const MAX_BANDS = 12;
/** From this factor on, a range of numbers gets a logarithmic scale. */
const DECADE = 10;
/** The margin at either end of a scale, as a share of the scale's length. */
const MARGIN = 0.04;

/** Whether a scale can place the number. */
const isDrawable = (value: number): boolean =>
  Number.isFinite(value) && (value === 0 || (Math.abs(value) <= LARGEST && Math.abs(value) >= 1 / LARGEST));

const drawable = (value: number): number | undefined => (isDrawable(value) ? value : undefined);

/** Returns a param as a quantity. */
export function quantityOfSetting(setting: Setting): Quantity {
  const { param } = setting;
  return {
    id: `${setting.kind}.${setting.name}`,
    label: setting.label,
    order: param.type === 'bool' ? ['false', 'true'] : (param.choices ?? []),
    isParam: true,
    form: 'number',
    value(lineage) {
      const parsed = param.parse(setting.text(lineage));
      if (!parsed.ok || !setting.applies(lineage)) return undefined;
      return typeof parsed.value === 'number'
        ? drawable(parsed.value)
        : setting.text(lineage).replaceAll(',', ', ') || undefined;
    },
    text: String,
    tick: (value) => (typeof value === 'number' ? tickText(value) : value),
  };
}

/** Returns a result as a quantity. */
export function quantityOfResult({ name, words }: (typeof RESULTS)[number]): Quantity {
  const form = name === 'firstToLast' ? 'ratio' : name.endsWith('ccuracy') ? 'share' : 'number';
  const text = (value: Value): string => resultText(name, Number(value));
  return {
    id: name,
    label: words,
    order: [],
    isParam: false,
    form,
    value: ({ results }) => drawable(results[name]),
    text,
    tick: (value) => (form === 'ratio' ? text(value) : tickText(Number(value))),
  };
}

/** Sorts words by the order of the quantity's choices; other words follow, numbers by size. */
const inOrder = (words: readonly string[], { order }: Quantity): readonly string[] => {
  const place = (word: string): number => (order.includes(word) ? order.indexOf(word) : order.length);
  return words.toSorted(
    (a, b) => place(a) - place(b) || Number(a) - Number(b) || a.localeCompare(b, 'en', { numeric: true }),
  );
};

/** A scale of words with at most `most` words; if there are more, the rarer ones share the last word. */
export function bandOf(values: readonly Value[], quantity: Quantity, most = MAX_BANDS): Band {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const words = [...counts.keys()];
  if (words.length <= most) return { type: 'band', domain: inOrder(words, quantity), others: 0 };
  const frequent = words.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).slice(0, most - 1);
  const others = words.length - frequent.length;
  return { type: 'band', domain: [...inOrder(frequent, quantity), `${others} others`], others };
}

/** The word of a band that contains a value. */
export const bandWord = ({ domain, others }: Band, value: Value): string => {
  const word = String(value);
  // The last word stands for all words without a band.
  return others > 0 && !domain.slice(0, -1).includes(word) ? (domain.at(-1) ?? word) : word;
};

/** The distinct values, ascending; empty if there are more than bands would hold. */
function fewOf(values: readonly number[]): readonly number[] {
  const distinct = new Set<number>();
  for (const value of values) if (distinct.add(value).size > MAX_BANDS) return [];
  return [...distinct].sort((a, b) => a - b);
}

/**
 * The scale that suits the values: a band if any value is a text, else logarithmic or linear by form and
 * range.
 */
export function axisOf(values: readonly Value[], quantity: Quantity): Axis {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return bandOf(values, quantity);
  let [low, high, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const value of numbers) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (value > 0) least = Math.min(least, value);
  }
  if (low > high) return { type: 'linear', domain: [0, 1], form: quantity.form, isWhole: false, few: [] };
  const few = fewOf(numbers);
  const line = (type: Line['type'], domain: Line['domain']): Line => ({
    type,
    domain,
    form: quantity.form,
    isWhole: numbers.every(Number.isInteger),
    few,
  });
  const spans = quantity.form === 'ratio' || (quantity.form === 'number' && high / least > DECADE);
  if (low > 0 && spans) {
    const room = low === high ? 2 : (high / low) ** MARGIN;
    return line('log', [low / room, high * room]);
  }
  // With 0 beside decades of values, a linear scale crowds the small values and a logarithmic scale has
  // no 0; a band separates them all.
  const isWide = high / least > DECADE ** 2;
  if (low === 0 && isWide && quantity.isParam && few.length > 0) return bandOf(values, quantity);
  const room = low === high ? Math.abs(low) / 2 || 0.5 : (high - low) * MARGIN;
  return line('linear', [low - room, high + room]);
}

/** Ticks at ratios n : 1 and 1 : n with round n. */
function ratioTicks(low: number, high: number, room: number): readonly number[] {
  const most = Math.ceil(Math.log10(Math.max(high, 1 / low)));
  const ticks = (heads: readonly number[], every: number): number[] => {
    const sizes = Array.from({ length: Math.floor(most / every) + 1 }, (_, at) => at * every).flatMap(
      (power) => heads.map((head) => Number(`${head}e${power}`)),
    );
    const all = [...sizes.map((size) => 1 / size), ...sizes.slice(1)];
    return all.filter((tick) => tick >= low && tick <= high).sort((a, b) => a - b);
  };
  const found = [[1, 2, 5], [1, 3], [1]]
    .map((heads) => ticks(heads, 1))
    .find((some) => some.length <= room && some.length > 1);
  return found ?? ticks([1], Math.max(1, Math.ceil(Math.log10(high / low) / room)));
}

/** Ticks of a scale of numbers, about `room` at most. */
export function ticksOf({ type, domain: [low, high], form, isWhole }: Line, room: number): readonly number[] {
  if (type === 'log' && form === 'ratio') {
    const ratios = ratioTicks(low, high, room);
    if (ratios.length > 1) return ratios;
  }
  const ticks = type === 'log' ? logTicks(low, high, room) : evenTicks(low, high, room);
  const whole = ticks.filter(Number.isInteger);
  return isWhole && whole.length > 0 ? whole : ticks;
}
