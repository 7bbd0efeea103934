// The curves of lineages side by side: the epoch of each kept point, and the known values at a cursor.
// Invariant: a value is shown with its own epoch; values between kept points are never invented.

import type { Kind } from '../../../core/kinds/kind';
import type { Lineage } from './library-model';

/** The losses at one epoch, counted from 1. */
export interface Point {
  readonly epoch: number;
  readonly loss: number;
  readonly testLoss: number;
}

/** The curves of a run in a comparison, with the run's colour and its number, counted from 1. */
export interface Track {
  readonly key: string;
  readonly number: number;
  readonly title: string;
  readonly color: string;
  readonly epochs: number;
  readonly points: readonly Point[];
}

/**
 * Number of epochs of a training: the value of the extent's param, or the length of the curve if the
 * lineage lacks the param.
 */
export function epochsOf(lineage: Lineage, kinds: readonly Kind[]): number {
  const kind = kinds.findLast(({ extent }) => extent !== undefined);
  const epochs = Number(kind?.extent && lineage.params[kind.name]?.[kind.extent.param]);
  return Number.isInteger(epochs) && epochs > 0 ? epochs : lineage.curves.loss.length;
}

/**
 * The epoch, from 1, of point `index` in a curve that was thinned to `points` points; rounds as the
 * thinning does.
 */
export const epochOfPoint = (index: number, points: number, epochs: number): number =>
  points <= 1 ? epochs : 1 + Math.round(index * ((epochs - 1) / (points - 1)));

/** The stored points of a lineage's curves. */
export function pointsOf({ curves }: Lineage, epochs: number): readonly Point[] {
  return Array.from(curves.loss, (loss, index) => ({
    epoch: epochOfPoint(index, curves.loss.length, epochs),
    loss,
    testLoss: curves.testLoss[index] ?? Number.NaN,
  }));
}

/** The epochs at which the cursor can stop: every epoch that some track has a point of, ascending. */
export const stopsOf = (tracks: readonly Track[]): readonly number[] =>
  [...new Set(tracks.flatMap(({ points }) => points.map(({ epoch }) => epoch)))].sort((a, b) => a - b);

/** The index of the stop nearest to an epoch; the last stop for an infinite epoch. */
export function nearestStop(stops: readonly number[], epoch: number): number {
  const after = stops.findIndex((stop) => stop >= epoch);
  if (after <= 0) return after === 0 ? 0 : stops.length - 1;
  const [left = 0, right = 0] = [stops[after - 1], stops[after]];
  return epoch - left <= right - epoch ? after - 1 : after;
}

/** The stored point nearest to an epoch; undefined after the last epoch of the training. */
export function pointAt({ points, epochs }: Track, epoch: number): Point | undefined {
  if (epoch > epochs) return undefined;
  return points[
    nearestStop(
      points.map((point) => point.epoch),
      epoch,
    )
  ];
}
