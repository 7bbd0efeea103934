// Bands: computes, reads and draws percentiles over members, epoch by epoch.
// Invariant: a band is exact at each of its epochs; of many epochs a band has as many as can be drawn. The work is cut into
// small steps, and the caller may pause between two steps.

import { percentile } from '../../text/spread';
import type { Chart } from '../draw/axes';
import type { Band, Bands, Shown } from '../draw/figure';
import type { Mark } from '../draw/mark';
import { svg } from '../draw/svg';

/** Shares of the percentiles of a band: the two edges and the median. */
const [LOW, MIDDLE, HIGH] = [0.05, 0.5, 0.95];

/**
 * Largest number of epochs of a band, about the number of pixels across a chart; longer trainings are
 * sampled.
 */
const MOST_EPOCHS = 400;
const LEAST_EPOCHS = 50;

/** Epochs 1 … `epochs`, or `most` of them at even distances, the first and the last included. */
export function sampledEpochs(epochs: number, most = MOST_EPOCHS): Int32Array {
  const count = Math.min(epochs, most);
  const step = count > 1 ? (epochs - 1) / (count - 1) : 0;
  return Int32Array.from({ length: count }, (_, index) => 1 + Math.round(index * step));
}

/** Curves of a member by name, one value per epoch; the members of a run have curves of one length. */
type Curves<Name extends string> = Readonly<Record<Name, Float64Array>>;

/** A value for each epoch of a member, counted from 1; `name` is the name of its band. */
export interface Line<V> {
  readonly name: string;
  at(member: V, epoch: number): number;
}

/** Largest count of numbers to sort: deep networks with many members get percentiles at fewer epochs. */
const MOST_NUMBERS = 8e6;

/** Number of entries that are not NaN; sorting puts NaN last. */
function countOf(ascending: Float64Array): number {
  let count = ascending.length;
  while (count > 0 && Number.isNaN(ascending[count - 1])) count--;
  return count;
}

/**
 * Percentiles of lines over members, at sampled epochs of 1 … `length`. Each step sorts one epoch of one line
 * over all members; NaN entries are left out. `of` is the number of members of the run, `lost` the number of
 * members that diverged or failed.
 */
export function* bandsOf<V>(
  members: readonly V[],
  lines: readonly Line<V>[],
  length: number,
  { of, lost }: Pick<Bands, 'of' | 'lost'>,
): Generator<void, Bands> {
  const most = Math.floor(MOST_NUMBERS / (members.length * lines.length));
  const epochs = sampledEpochs(length, Math.min(MOST_EPOCHS, Math.max(most, LEAST_EPOCHS)));
  const column = new Float64Array(members.length);
  const curves: Record<string, Band> = {};
  for (const { name, at } of lines) {
    const band = {
      low: new Float64Array(epochs.length),
      middle: new Float64Array(epochs.length),
      high: new Float64Array(epochs.length),
    };
    const counts = new Int32Array(epochs.length);
    for (const [index, epoch] of epochs.entries()) {
      for (const [place, member] of members.entries()) column[place] = at(member, epoch);
      column.sort();
      const numbers = column.subarray(0, countOf(column));
      band.low[index] = percentile(numbers, LOW);
      band.middle[index] = percentile(numbers, MIDDLE);
      band.high[index] = percentile(numbers, HIGH);
      counts[index] = numbers.length;
      yield;
    }
    curves[name] = counts.every((count) => count === members.length) ? band : { ...band, counts };
  }
  return { there: members.length, of, lost, epochs, curves };
}

/** Index of the sampled epoch nearest to `epoch`. */
export function indexAt({ epochs }: Bands, epoch: number): number {
  const last = epochs.length - 1;
  const end = epochs[last] ?? 1;
  const guess = end > 1 ? Math.round(((epoch - 1) / (end - 1)) * last) : 0;
  return Math.min(Math.max(guess, 0), last);
}

/** The value of a run at an epoch: of a run with members the median and the 5th and 95th percentile. */
interface Reading {
  readonly epoch: number;
  readonly value: number;
  readonly range?: readonly [low: number, high: number];
}

/**
 * The value of a run's curve at an epoch: at its last epoch if the curve is shorter, at the nearest sampled
 * epoch for a band.
 */
export function readingAt<Name extends string>(
  { value, members }: Pick<Shown<Curves<Name>>, 'value' | 'members'>,
  name: Name,
  epoch: number,
): Reading {
  const band = members?.curves[name];
  if (members && band) {
    const at = indexAt(members, epoch);
    const [low = Number.NaN, high = Number.NaN] = [band.low[at], band.high[at]];
    return {
      epoch: members.epochs[at] ?? 1,
      value: band.middle[at] ?? Number.NaN,
      range: [low, high],
    };
  }
  const at = Math.min(epoch, value[name].length);
  return { epoch: at, value: value[name][at - 1] ?? Number.NaN };
}

/** The value of a run's curve at its last epoch. */
export const endOf = <Name extends string>(run: Shown<Curves<Name>>, name: Name): Reading =>
  readingAt(run, name, run.value[name].length);

/** Points [epoch, median] of a band, as linePath takes them. */
export const medianPoints = ({ epochs }: Bands, { middle }: Band): [number, number][] =>
  Array.from(epochs, (epoch, index) => [epoch, middle[index] ?? Number.NaN]);

/** Opacity of a band at full strength. */
const OPACITY = 0.17;

/** The area between a band's percentiles, in the run's colour; `share` is a factor of the opacity. */
export function bandArea(
  { epochs }: Bands,
  { low, high }: Band,
  { x, y }: Chart,
  color: string,
  share = 1,
): Mark {
  const edge = (values: Float64Array): string[] =>
    Array.from(values, (value, index) => `${x(epochs[index] ?? 1).toFixed(1)} ${y(value).toFixed(1)}`);
  return svg('path', {
    d: `M${[...edge(high), ...edge(low).reverse()].join('L')}Z`,
    fill: color,
    'fill-opacity': share * OPACITY,
    class: 'band',
  });
}
