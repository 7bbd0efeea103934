// The values of a training by layer and epoch, for figures: a single run's own values, or the percentiles over the members of a
// run with seeds; and the ratio of the first layer's gradient to the last's.
// Invariant: every number of a run with members is a median. Knows neither colours nor places.

import { indexAt, type Line } from '../curves/band-area';
import { BANDED, type Trained } from '../curves/curve-text';
import type { Band, Bands, Shown, Table } from '../draw/figure';
import { formatRatio } from '../draw/format';

/** [epochs][layers], row by row. */
type Flow = Trained['gradientRms'];

/** Values that a training records by layer; `saturated` for hidden layers only. */
export type FlowName = 'gradientRms' | 'saturated';

type Run = Pick<Shown<Trained>, 'value' | 'members'>;

/**
 * Values by layer over epochs 1 … `epochs`: one row per epoch, or for sampled bands rows at even distances.
 */
export interface Layered {
  readonly layers: number;
  readonly epochs: number;
  readonly rows: number;
  /** [rows][layers], row by row; so are `low` and `high`. */
  readonly middle: Float64Array;
  readonly low?: Float64Array;
  readonly high?: Float64Array;
  /** The epoch of a row, counted from 1. */
  epochOf(row: number): number;
}

/** The value of a layer at an epoch, with 5th and 95th percentile for a run with members. */
export interface LayerReading {
  readonly value: number;
  readonly range?: readonly [low: number, high: number];
}

const RATIO = 'firstToLast';

/** The value of a layer, counted from 0, at an epoch, counted from 1; NaN beyond the recorded values. */
export const flowAt = ({ shape, data }: Flow, epoch: number, layer: number): number =>
  data[(epoch - 1) * shape[1] + layer] ?? Number.NaN;

/**
 * The curves of a training that get bands: loss and accuracy, the ratio of the gradients, then the values by
 * layer.
 */
function bandLines({ gradientRms, saturated }: Trained): Line<Trained>[] {
  const layered = (name: FlowName, layers: number): Line<Trained>[] =>
    Array.from({ length: layers }, (_, layer) => ({
      name: `${name}.${layer}`,
      at: (member, epoch) => flowAt(member[name], epoch, layer),
    }));
  const last = gradientRms.shape[1] - 1;
  return [
    ...BANDED.map(
      (name): Line<Trained> => ({
        name,
        at: (member, epoch) => member[name][epoch - 1] ?? Number.NaN,
      }),
    ),
    {
      name: RATIO,
      at: ({ gradientRms: own }, epoch) => flowAt(own, epoch, 0) / flowAt(own, epoch, last),
    },
    ...layered('gradientRms', gradientRms.shape[1]),
    ...layered('saturated', saturated.shape[1]),
  ];
}

/** Length and curves of the bands of trainings. */
export const TRAIN_BANDS = { epochs: ({ loss }: Trained): number => loss.length, lines: bandLines };

const known = new WeakMap<Flow | Band, Layered>();

function joined({ epochs }: Bands, bands: readonly Band[]): Layered {
  const layers = bands.length;
  const woven = (part: 'low' | 'middle' | 'high'): Float64Array => {
    const values = new Float64Array(epochs.length * layers);
    for (const [layer, band] of bands.entries())
      for (let row = 0; row < epochs.length; row++)
        values[row * layers + layer] = band[part][row] ?? Number.NaN;
    return values;
  };
  return {
    layers,
    epochs: epochs.at(-1) ?? 0,
    rows: epochs.length,
    middle: woven('middle'),
    low: woven('low'),
    high: woven('high'),
    epochOf: (row) => epochs[row] ?? 1,
  };
}

/** A run's values by layer; the same object for the same values. */
export function layeredOf({ value, members }: Run, name: FlowName): Layered {
  const flow = value[name];
  const bands = Array.from(
    { length: flow.shape[1] },
    (_, layer) => members?.curves[`${name}.${layer}`] ?? [],
  );
  const all = bands.flat();
  const [first] = all;
  const isBanded = members !== undefined && first !== undefined && all.length === flow.shape[1];
  const key = isBanded ? first : flow;
  let found = known.get(key);
  if (!found) {
    const [epochs, layers] = flow.shape;
    found = isBanded
      ? joined(members, all)
      : { layers, epochs, rows: epochs, middle: flow.data, epochOf: (row) => row + 1 };
    known.set(key, found);
  }
  return found;
}

/** The row nearest to an epoch; the last row for later epochs. */
function rowAt({ rows, epochs }: Layered, epoch: number): number {
  const share = epochs > 1 ? (Math.min(Math.max(epoch, 1), epochs) - 1) / (epochs - 1) : 0;
  return Math.round(share * (rows - 1));
}

/** The value of a layer, counted from 0, at an epoch, or at the last epoch if that is earlier. */
export function layerAt(layered: Layered, epoch: number, layer: number): LayerReading {
  const { layers, middle, low, high } = layered;
  const at = rowAt(layered, epoch) * layers + layer;
  const value = middle[at] ?? Number.NaN;
  return low && high ? { value, range: [low[at] ?? Number.NaN, high[at] ?? Number.NaN] } : { value };
}

/**
 * The ratio first : last of a run at an epoch, as two numbers, and its 5th and 95th percentile over members.
 */
interface Ratio {
  readonly first: number;
  readonly last: number;
  readonly range?: readonly [low: number, high: number];
  /** Number of members that have a ratio, if not all of them do. */
  readonly of?: number;
}

/**
 * The ratio of a run at an epoch; for a run with members the median of their ratios, which differs from the
 * ratio of their medians.
 */
export function ratioAt({ value, members }: Run, epoch: number): Ratio {
  const band = members?.curves[RATIO];
  if (members && band) {
    const at = indexAt(members, epoch);
    const [middle = Number.NaN, low = Number.NaN, high = Number.NaN] = [
      band.middle[at],
      band.low[at],
      band.high[at],
    ];
    // A gradient of 0 in the last layer makes the ratio infinite; gradients of 0 in both layers have no
    // ratio.
    if (Number.isNaN(middle)) return { first: 0, last: 0 };
    const [first, last] = middle === Number.POSITIVE_INFINITY ? [1, 0] : [middle, 1];
    const of = band.counts?.[at] ?? members.there;
    return { first, last, range: [low, high], ...(of < members.there && { of }) };
  }
  const { gradientRms } = value;
  const [epochs, layers] = gradientRms.shape;
  const own = Math.max(1, Math.min(epoch, epochs));
  return { first: flowAt(gradientRms, own, 0), last: flowAt(gradientRms, own, layers - 1) };
}

/** Two ratios as a range: "1 : 160 to 1 : 90". */
export const ratioText = ([low, high]: readonly [number, number]): string =>
  [low, high]
    .map((ratio) => (ratio === Number.POSITIVE_INFINITY ? '1\u00a0:\u00a00' : formatRatio(ratio, 1)))
    .join(' to ');

/**
 * Rows by run, epoch and layer; the values of a run with members are member 0's, followed by the percentiles.
 */
export function layerTable(runs: readonly Shown<Trained>[], name: FlowName, head: string): Table {
  const isBanded = runs.some(({ members }) => members);
  const more = isBanded ? ['members', `${name} 5 %`, `${name} median`, `${name} 95 %`] : [];
  return [
    ['run', 'epoch', head, name, ...more],
    ...runs.flatMap((run) => {
      const { data, shape } = run.value[name];
      const layered = layeredOf(run, name);
      const rows = new Map(Array.from({ length: layered.rows }, (_, row) => [layered.epochOf(row), row]));
      return Array.from(data, (value, index) => {
        const [epoch, layer] = [Math.floor(index / shape[1]) + 1, index % shape[1]];
        const row = run.members && layered.low ? rows.get(epoch) : undefined;
        const at = (row ?? 0) * layered.layers + layer;
        const percentiles =
          row === undefined
            ? more.map(() => '')
            : [
                run.members?.there ?? '',
                ...[layered.low, layered.middle, layered.high].map((part) => part?.[at] ?? ''),
              ];
        return [run.id, epoch, layer + 1, value, ...percentiles];
      });
    }),
  ];
}
