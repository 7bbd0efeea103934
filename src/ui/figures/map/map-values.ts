// The values of the map: tiles by two params, each with the curves of its trainings, and the figure that is read from the
// curves.
// Invariant: a tile's figure is a median over the present members; a diverged, failed or waiting training has no figure.

import type { RunId } from '../../../core/sheet/sheet';
import { percentile } from '../../text/spread';
import { flowAt } from '../by-layer/layers';
import type { Trained } from '../curves/curve-text';

/** Measures that can colour the tiles. */
export type MapMeasure = 'ratio' | 'testAccuracy' | 'accuracy';

/** The measures of one training at the epochs `at`, which ascend from 1 to the last epoch. */
export interface TileCurves extends Readonly<Record<MapMeasure, Float64Array>> {
  readonly at: Int32Array;
}

/** State of a tile; `asking` waits for permission to compute, `invalid` has no training. */
type TileState = 'waiting' | 'asking' | 'running' | 'done' | 'diverged' | 'failed' | 'invalid';

/** One run of the crossing. */
export interface MapTile {
  readonly state: TileState;
  /** Curves of the members with results; `of` is the number of all members. */
  readonly curves: readonly TileCurves[];
  readonly of: number;
  /** Whether the curves are of the sheet before the last edit. */
  readonly old: boolean;
  /** Why the tile has no training or no result. */
  readonly message?: string | undefined;
  /** Whether the tile is invalid because a list of its run has the wrong length, so that a single value would do. */
  readonly isListLength?: boolean;
  /** Ids of the sheet's runs that train the same as the tile. */
  readonly runs: readonly RunId[];
}

/** A param with its values along a side. */
export interface MapAxis {
  readonly path: string;
  /** Name in words: "hidden layers". */
  readonly name: string;
  readonly values: readonly string[];
  /** Whether the values are numbers, so that a sentence can say "from … on". */
  readonly isOrdered: boolean;
  /** Whether a value is clear without the param's name, as "sigmoid" is and "true" is not. */
  readonly isWord: boolean;
}

/** The map of one base run; tiles row by row. */
export interface MapView {
  readonly rows: MapAxis;
  readonly columns: MapAxis;
  readonly tiles: readonly MapTile[];
  readonly measure: MapMeasure;
  /** The epoch to show, counted from 1; beyond the last epoch of a training it means the last. */
  readonly epoch: number;
}

/** Largest number of epochs that are kept of a training. */
const MOST_EPOCHS = 500;

/** The measures of a training, at MOST_EPOCHS epochs at most. */
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

/** Index of the kept epoch nearest to `epoch`. */
function placeOf({ at }: TileCurves, epoch: number): number {
  const last = at[at.length - 1] ?? 1;
  const share = last > 1 ? (Math.min(Math.max(epoch, 1), last) - 1) / (last - 1) : 0;
  return Math.round(share * (at.length - 1));
}

/** The epoch that a tile shows; NaN without curves. */
export function epochOf({ curves: [first] }: MapTile, epoch: number): number {
  return first ? (first.at[placeOf(first, epoch)] ?? 1) : Number.NaN;
}

/** Values of a tile's members at an epoch, without NaN: a ratio of two gradients that are 0 is NaN. */
export const valuesOf = ({ curves }: MapTile, measure: MapMeasure, epoch: number): number[] =>
  curves
    .map((member) => member[measure][placeOf(member, epoch)] ?? Number.NaN)
    .filter((value) => !Number.isNaN(value));

/** The median over a tile's members; NaN if no member has a value. */
export const figureOf = (tile: MapTile, measure: MapMeasure, epoch: number): number =>
  percentile(Float64Array.from(valuesOf(tile, measure, epoch)).sort(), 0.5);

/** The medians of all tiles, row by row. */
export const figuresOf = ({ tiles, measure, epoch }: MapView): number[] =>
  tiles.map((tile) => figureOf(tile, measure, epoch));
