// Numbers along axes: thins curves over epochs to the resolution of a screen, and chooses the ticks of a logarithmic axis and
// labels that do not collide.
// Invariant: pure numbers in and out; thinning keeps every extreme, the first and the last value.

import { exponential, rounded } from '../../../core/text-formatting';
import { formatNumber } from './format';

/**
 * Points [epoch, value] of a curve, epochs from 1: all of them, or the least and the greatest value of each
 * of `most / 2` stretches.
 */
export function thin(values: Float64Array, most: number): [epoch: number, value: number][] {
  const point = (index: number): [number, number] => [index + 1, values[index] ?? Number.NaN];
  if (values.length <= most) return Array.from(values, (_, index) => point(index));
  const points: [number, number][] = [point(0)];
  const stretches = Math.max(1, Math.floor(most / 2));
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * values.length) / stretches);
    const to = Math.floor(((stretch + 1) * values.length) / stretches);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      const value = values[i] ?? Number.NaN;
      if (value < (values[low] ?? Number.NaN)) low = i;
      if (value > (values[high] ?? Number.NaN)) high = i;
    }
    points.push(point(Math.min(low, high)));
    if (low !== high) points.push(point(Math.max(low, high)));
  }
  points.push(point(values.length - 1));
  return points;
}

/** Round ticks at equal distances, about `room` of them at most. */
export function evenTicks(low: number, high: number, room: number): number[] {
  const raw = (high - low) / room;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high; index++) {
    ticks.push(rounded(index * step, 6));
  }
  return ticks;
}

/**
 * Ticks of a logarithmic axis: powers of ten, with 2 and 5, or 3, between them if there is room; over less
 * than a factor of 5, evenly spaced round numbers.
 */
export function logTicks(low: number, high: number, room: number): number[] {
  if (high / low < 5) return evenTicks(low, high, room);
  const steps = [[1, 2, 5], [1, 3], [1]];
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const inside = (tick: number): boolean => tick >= low * 0.9999 && tick <= high * 1.0001;
  for (const within of steps) {
    const ticks: number[] = [];
    for (let power = from; power <= to; power++) {
      for (const factor of within) ticks.push(Number(`${factor}e${power}`));
    }
    const kept = ticks.filter(inside);
    if (kept.length <= room && (kept.length > 1 || within.length > 1)) return kept;
  }
  const every = Math.max(1, Math.ceil((to - from) / Math.max(1, room)));
  const powers: number[] = [];
  for (let power = from; power <= to; power += every) powers.push(Number(`1e${power}`));
  return powers.filter(inside);
}

/** Text of a tick: decimal, or with an exponent below 0.001 and from 1e4 on. */
export const tickText = (value: number): string => {
  const size = Math.abs(value);
  const text =
    value !== 0 && (size < 0.000_99 || size >= 10_000)
      ? exponential(value)
      : formatNumber(value).replace(/\.?0*$/, (zeros, _at, whole: string) =>
          whole.includes('.') ? '' : zeros,
        );
  return text.replace(/^-/, '−');
};

/** Bounds of the positive finite values, `decades` decades at most; 0.1 to 1 if there are none. */
export function logExtent(lists: Iterable<ArrayLike<number>>, decades = 12): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i] ?? 0;
      if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [0.1, 1];
  if (low === high) return [low / 2, high * 2];
  return [Math.max(low, high / 10 ** decades), high];
}

/** Epochs that an axis names: the first epoch, and round epochs as the width in pixels allows. */
export function epochTicks(epochs: number, width: number): number[] {
  if (epochs < 2) return [1];
  const room = Math.max(2, Math.floor(width / 56));
  const raw = epochs / room;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power);
  const ticks = [1];
  for (let tick = step; tick <= epochs; tick += step)
    if (tick > 1 && (tick - 1) / epochs > 0.12) ticks.push(tick);
  return ticks;
}

/**
 * Moves positions to distances of at least `gap`, in their order, within bounds; undefined if they cannot all
 * fit.
 */
export function spread(
  positions: readonly number[],
  gap: number,
  low: number,
  high: number,
): number[] | undefined {
  if ((positions.length - 1) * gap > high - low) return undefined;
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const placed = positions.map(() => 0);
  let floor = low;
  for (const index of order) {
    const at = Math.max(positions[index] ?? 0, floor);
    placed[index] = at;
    floor = at + gap;
  }
  let ceiling = high;
  for (const index of order.reverse()) {
    placed[index] = Math.min(placed[index] ?? 0, ceiling);
    ceiling = (placed[index] ?? 0) - gap;
  }
  return placed;
}
