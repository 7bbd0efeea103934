// The curves of lineages side by side: the epoch of each kept point, and the known values at a cursor.
// Invariant: a value is shown with its own epoch; values between kept points are never invented.

import type { Kind } from '../../core/kinds/kind';
import type { Lineage } from './model';

/** What a curve holds of one epoch, counted from 1. */
export interface Point {
  readonly epoch: number;
  readonly loss: number;
  readonly testLoss: number;
}

/** The curves of one run of a comparison, in its colour and under its number. */
export interface Track {
  readonly key: string;
  readonly number: number;
  readonly title: string;
  readonly color: string;
  readonly epochs: number;
  readonly points: readonly Point[];
}

/** How many epochs the training went: the extent's text, or the curve's own length where there is none. */
export function epochsOf(lineage: Lineage, kinds: readonly Kind[]): number {
  const kind = kinds.findLast(({ extent }) => extent !== undefined);
  const epochs = Number(kind?.extent && lineage.params[kind.name]?.[kind.extent.param]);
  return Number.isInteger(epochs) && epochs > 0 ? epochs : lineage.curves.loss.length;
}

/** The epoch, from 1, that point `index` of `points` stands for, rounded as when the curve was thinned. */
export const epochOfPoint = (index: number, points: number, epochs: number): number =>
  points <= 1 ? epochs : 1 + Math.round(index * ((epochs - 1) / (points - 1)));

/** The points that a lineage keeps of its curves. */
export function pointsOf({ curves }: Lineage, epochs: number): readonly Point[] {
  return Array.from(curves.loss, (loss, index) => ({
    epoch: epochOfPoint(index, curves.loss.length, epochs),
    loss,
    testLoss: curves.testLoss[index] ?? Number.NaN,
  }));
}

/** Where a cursor can stand: every epoch that some track keeps, ascending. */
export const stopsOf = (tracks: readonly Track[]): readonly number[] =>
  [...new Set(tracks.flatMap(({ points }) => points.map(({ epoch }) => epoch)))].sort((a, b) => a - b);

/** The index of the stop that is nearest to an epoch, the last one for an infinite one. */
export function nearestStop(stops: readonly number[], epoch: number): number {
  const after = stops.findIndex((stop) => stop >= epoch);
  if (after <= 0) return after === 0 ? 0 : stops.length - 1;
  const [left = 0, right = 0] = [stops[after - 1], stops[after]];
  return epoch - left <= right - epoch ? after - 1 : after;
}

/** The kept point nearest to an epoch; undefined once the training had ended. */
export function pointAt({ points, epochs }: Track, epoch: number): Point | undefined {
  if (epoch > epochs) return undefined;
  return points[
    nearestStop(
      points.map((point) => point.epoch),
      epoch,
    )
  ];
}
