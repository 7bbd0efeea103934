// The places of a scatter's points, and the ticks below them.
// Invariant: pure; points of one value lie side by side, in places that follow from their keys, and
// nearer to their value than to the next one. Knows no drawing.

import { type Axis, bandWord, type Line, type Quantity, ticksOf, type Value } from './scatter-axis';
import type { Point } from './scatter-model';

/** Width of a character of the small type in px, somewhat above the mean. */
export const CHARACTER = 6.4;
/** Greatest distance in px at which a pointer points at a point. */
const REACH = 28;
/**
 * Limits on the spread of equal values to either side: as a share of the distance to the next value, as a
 * share of the width, and in px.
 */
const SPREAD = 0.3;
const EDGE = 0.03;
const MOST_SPREAD = 48;
/** Number of equal values from which the spread is at its limit; fewer points lie nearer to their value. */
const CROWD = 30;

/** A place in px within the drawing. */
export type Place = readonly [x: number, y: number];

/** A pseudo-random number from −1 to 1 that is a function of the training's key. */
function spreadOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) >>> 0;
  // Similar keys have similar low bits; the multiplication mixes them (Knuth's multiplicative hash).
  return (Math.imul(hash, 2_654_435_769) >>> 0) / 2 ** 31 - 1;
}

/** Greatest spread of equal values to either side, in px; 0 if the axis has too many distinct values. */
function spreadWithin(across: Axis, pixel: (value: Value) => number, inner: number): number {
  if (across.type === 'band') return Math.min(MOST_SPREAD, (inner / across.domain.length) * SPREAD);
  const places = across.few.map(pixel);
  if (places.length === 0) return 0;
  const gaps = places.slice(1).map((place, at) => place - (places[at] ?? 0));
  return Math.min(MOST_SPREAD, inner * EDGE, Math.min(...gaps, inner) * SPREAD);
}

/**
 * The horizontal place of each point in px; a point without others of the same value lies exactly at its
 * value.
 */
export function placesAcross(
  points: readonly Point[],
  across: Axis,
  pixel: (value: Value) => number,
  inner: number,
): readonly number[] {
  const spread = spreadWithin(across, pixel, inner);
  const values = points.map(({ x }) => (across.type === 'band' ? bandWord(across, x) : x));
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return points.map(({ lineage }, at) => {
    const value = values[at] ?? '';
    const others = (counts.get(value) ?? 1) - 1;
    return pixel(value) + spreadOf(lineage.key) * spread * Math.min(1, others / CROWD);
  });
}

/**
 * The ticks of the horizontal axis: the values themselves if they are few and their texts fit, else round
 * numbers.
 */
export function ticksAcross(across: Line, x: Quantity, inner: number): readonly number[] {
  const [low, high] = across.domain;
  const share = (value: number): number =>
    across.type === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const hasRoom = across.few.every((value, at) => {
    const before = across.few[at - 1];
    if (before === undefined) return true;
    const length = ((x.tick(before).length + x.tick(value).length) / 2) * CHARACTER;
    return (share(value) - share(before)) * inner > length + 8;
  });
  return across.few.length > 0 && hasRoom ? across.few : ticksOf(across, inner / 72);
}

/** The index of the point nearest to a place; undefined if no point is within `reach` px. */
export function nearestPoint(places: readonly Place[], [x, y]: Place, reach = REACH): number | undefined {
  let [found, nearest]: [number | undefined, number] = [undefined, reach];
  for (const [index, [left, top]] of places.entries()) {
    const distance = Math.hypot(left - x, top - y);
    if (distance > nearest) continue;
    [found, nearest] = [index, distance];
  }
  return found;
}
