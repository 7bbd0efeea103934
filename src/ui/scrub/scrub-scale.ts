// The scale of a dragged number: steps of one for whole numbers, even steps for shares, even ratios for values that span
// decades. The scale follows from the param's bounds and default alone.
// Invariant: every step yields a valid value of the param, in few digits; no step yields the present value.

import type { Param } from '../../core/kinds/param';
import { rounded } from '../../core/text-formatting';

/**
 * Maps integer positions of a drag or a slider to values of a param; adjacent positions are one step apart.
 */
export interface ScrubScale {
  /** Pointer travel for one step, in CSS pixels. */
  readonly pixels: number;
  /** The first and the last position of a slider at this value. */
  range(value: number): { readonly min: number; readonly max: number };
  /** The position nearest to a value. */
  place(value: number): number;
  /** The value at a position, within the param's bounds. */
  at(position: number): number;
  /** The value `steps` steps away, within the param's bounds; negative steps decrease it. */
  move(value: number, steps: number): number;
}

const A_DECADE = 40;
const HUGE = 1e9;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/**
 * Scale with steps of one ratio: forty steps per decade, rounded to three significant digits. Whole numbers
 * are exact below 100 and have two significant digits above. The slider spans all whole numbers, or three
 * decades on either side of `typical`.
 */
function logarithmic(low: number, high: number, whole: boolean, typical: number): ScrubScale {
  const round = (value: number): number =>
    clamp(whole ? Math.round(value < 100 ? value : rounded(value, 2)) : rounded(value, 3), low, high);
  const place = (value: number): number => Math.round(Math.log10(Math.max(value, low, 1e-300)) * A_DECADE);
  const at = (position: number): number => round(10 ** (position / A_DECADE));
  return {
    pixels: 2,
    range(value) {
      const [from, to] = whole
        ? [Math.max(low, 1), high]
        : [Math.min(typical / 1e3, value), Math.max(typical * 1e3, value)];
      return { min: place(Math.max(from, low)), max: place(Math.min(to, high)) };
    },
    place,
    at,
    move(value, steps) {
      if (steps === 0) return value;
      const there = round(Math.max(value, low) * 10 ** (steps / A_DECADE));
      // Rounding gives small whole numbers back unchanged; such a step moves by 1.
      return whole && there === value ? clamp(value + Math.sign(steps), low, high) : there;
    },
  };
}

/** Scale with steps of one size. `reach` gives the largest value of the slider, for the present value. */
function linear(
  low: number,
  high: number,
  step: number,
  reach: (value: number) => number,
  pixels: number,
): ScrubScale {
  const at = (position: number): number => clamp(rounded(position * step, 12), low, high);
  const place = (value: number): number => Math.round(value / step);
  return {
    pixels,
    range: (value) => ({
      min: Math.max(place(low), value > HUGE ? place(value) - 50 : Number.NEGATIVE_INFINITY),
      max: Math.min(place(high), place(reach(value))),
    }),
    place,
    at,
    move: (value, steps) => (steps === 0 ? value : at(place(value) + steps)),
  };
}

/** Whether the values of a param span decades, as learning rates do: a real number above 0 with a small default. */
export function spansDecades({ type, range, default: usual, parse, format }: Param): boolean {
  if (type !== 'real' || range?.min !== 0 || typeof usual !== 'number') return false;
  return !parse(format(0)).ok && usual < range.max / 10;
}

/**
 * Scale of a param with this value; undefined if the value or the default is no number, or the param has no
 * range.
 */
export function scrubScale(param: Param, value: unknown): ScrubScale | undefined {
  const { range, default: usual } = param;
  if (!range || typeof value !== 'number' || typeof usual !== 'number') return undefined;
  const takes = (end: number): boolean => param.parse(param.format(end)).ok;
  if (param.type === 'int' || param.type === 'seed' || (param.type === 'list' && Number.isInteger(usual))) {
    const { min, max } = range;
    if (max - min > HUGE) return linear(min, max, 1, (at) => (at > 100 ? at + 50 : 100), 4);
    return max - min > 100 ? logarithmic(min, max, true, usual) : linear(min, max, 1, () => max, 8);
  }
  // A bound that the param excludes is avoided: by one step on a linear scale, by a lower end of 1e-30 on a
  // logarithmic scale.
  if (spansDecades(param)) return logarithmic(1e-30, range.max, false, usual);
  const step = usual > 0 && usual < 0.1 ? usual / 10 : usual > 0.99 ? 0.001 : range.max > 1 ? 0.1 : 0.01;
  const low = takes(range.min) ? range.min : range.min + step;
  const high = takes(range.max) ? range.max : range.max - step;
  return linear(low, high, step, (at) => Math.max(usual > 0 ? usual * 10 : 10, at * 2), 2);
}
