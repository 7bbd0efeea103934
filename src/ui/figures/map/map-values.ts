// The values of the map: tiles by two params, each with the curves of its trainings, and the figure that is read from the
// curves.
// Invariant: a tile's figure is a median over the present members; a diverged, failed or waiting training has no figure.

import type { RunId } from '../../../core/sheet/sheet';
import { percentile } from '../../text/spread';
import { flowAt } from '../by-layer/layers';
import type { Trained } from '../curves/curve-text';

/** What tiles may be coloured by. */
export type MapMeasure = 'ratio' | 'testAccuracy' | 'accuracy';

/** What is kept of one training: a figure for each of the epochs `at`, ascending from 1, the last one included. */
export interface TileCurves extends Readonly<Record<MapMeasure, Float64Array>> {
  readonly at: Int32Array;
}

/** How a tile stands; `asking` waits to be allowed, `invalid` has no training at all. */
type TileState = 'waiting' | 'asking' | 'running' | 'done' | 'diverged' | 'failed' | 'invalid';

/** One run of the crossing. */
export interface MapTile {
  readonly state: TileState;
  /** Of the members that are there, of so many. */
  readonly curves: readonly TileCurves[];
  readonly of: number;
  /** Whether the curves belong to the sheet as it was before. */
  readonly old: boolean;
  /** Why there is none. */
  readonly message?: string | undefined;
  /** The sheet's runs that are this one. */
  readonly runs: readonly RunId[];
}

/** A param with the values that run along a side. */
export interface MapAxis {
  readonly path: string;
  /** In words: "hidden layers". */
  readonly name: string;
  readonly values: readonly string[];
  /** Whether the values are numbers, so that there is "from … on". */
  readonly isOrdered: boolean;
  /** Whether a value says by itself what it is, as "sigmoid" does and "true" does not. */
  readonly isWord: boolean;
}

/** The map of one base; tiles row by row. */
export interface MapView {
  readonly rows: MapAxis;
  readonly columns: MapAxis;
  readonly tiles: readonly MapTile[];
  readonly measure: MapMeasure;
  /** Counted from 1; the last one of each training where it is beyond. */
  readonly epoch: number;
}

/** So many epochs of a training are kept at most. */
const MOST_EPOCHS = 500;

/** Takes from a training what tiles are coloured by. */
export function curvesOf(trained: Trained): TileCurves {
  const { gradientRms, accuracy, testAccuracy } = trained;
  const [epochs, layers] = gradientRms.shape;
  const kept = Math.min(epochs, MOST_EPOCHS);
  const at = Int32Array.from({ length: kept }, (_, index) =>
    kept < 2 ? 1 : Math.round((index * (epochs - 1)) / (kept - 1)) + 1,
  );
  const taken = (read: (epoch: number) => number): Float64Array => Float64Array.from(at, read);
  return {
    at,
    ratio: taken((epoch) => flowAt(gradientRms, epoch, 0) / flowAt(gradientRms, epoch, layers - 1)),
    accuracy: taken((epoch) => accuracy[epoch - 1] ?? Number.NaN),
    testAccuracy: taken((epoch) => testAccuracy[epoch - 1] ?? Number.NaN),
  };
}

/** The place of an epoch among those that are kept: its own, else the nearest. */
function placeOf({ at }: TileCurves, epoch: number): number {
  const last = at[at.length - 1] ?? 1;
  const share = last > 1 ? (Math.min(Math.max(epoch, 1), last) - 1) / (last - 1) : 0;
  return Math.round(share * (at.length - 1));
}

/** The epoch that a tile shows. */
export function epochOf({ curves: [first] }: MapTile, epoch: number): number {
  return first ? (first.at[placeOf(first, epoch)] ?? 1) : Number.NaN;
}

/** What the members of a tile come to that have such a figure: a ratio of two gradients that are 0 is none. */
export const valuesOf = ({ curves }: MapTile, measure: MapMeasure, epoch: number): number[] =>
  curves
    .map((member) => member[measure][placeOf(member, epoch)] ?? Number.NaN)
    .filter((value) => !Number.isNaN(value));

/** A tile's figure: the median over its members; NaN where there is none. */
export const figureOf = (tile: MapTile, measure: MapMeasure, epoch: number): number =>
  percentile(Float64Array.from(valuesOf(tile, measure, epoch)).sort(), 0.5);

/** All figures of a map, row by row. */
export const figuresOf = ({ tiles, measure, epoch }: MapView): number[] =>
  tiles.map((tile) => figureOf(tile, measure, epoch));
