// Bands: computes, reads and draws percentiles over members, epoch by epoch.
// Invariant: a band is exact at each of its epochs; of many epochs a band has as many as can be drawn. The work is cut into
// small steps, and the caller may pause between two steps.

import { percentile } from '../../text/spread';
import type { Chart } from '../draw/axes';
import type { Band, Bands, Shown } from '../draw/figure';
import type { Mark } from '../draw/mark';
import { svg } from '../draw/svg';

/** The shares that a band is drawn between, and its middle. */
const [LOW, MIDDLE, HIGH] = [0.05, 0.5, 0.95];

/** More epochs than these are thinned: about what a chart has pixels across. */
const MOST_EPOCHS = 400;
const LEAST_EPOCHS = 50;

/** Epochs 1 … `epochs`, or `most` of them at even distances, the first and the last included. */
export function sampledEpochs(epochs: number, most = MOST_EPOCHS): Int32Array {
  const count = Math.min(epochs, most);
  const step = count > 1 ? (epochs - 1) / (count - 1) : 0;
  return Int32Array.from({ length: count }, (_, index) => 1 + Math.round(index * step));
}

/** A member's curves by name; all members' are as long as the first one's. */
type Curves<Name extends string> = Readonly<Record<Name, Float64Array>>;

/** A number for each epoch of a member, counted from 1, under the name that its band gets. */
export interface Line<V> {
  readonly name: string;
  at(member: V, epoch: number): number;
}

/** As many numbers are sorted at most: deep networks with many members are taken at fewer epochs. */
const MOST_NUMBERS = 8e6;

/** How many of the sorted numbers are numbers: NaN stands last. */
function countOf(ascending: Float64Array): number {
  let count = ascending.length;
  while (count > 0 && Number.isNaN(ascending[count - 1])) count--;
  return count;
}

/**
 * Percentiles over members of these lines over so many epochs, in steps of one epoch of one line: a thousand members are
 * sorted in each. NaN counts for nothing. `of` is how many members there are to be, `lost` how many will not come.
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

/** Where in the bands' epochs the nearest to this one stands. */
export function indexAt({ epochs }: Bands, epoch: number): number {
  const last = epochs.length - 1;
  const end = epochs[last] ?? 1;
  const guess = end > 1 ? Math.round(((epoch - 1) / (end - 1)) * last) : 0;
  return Math.min(Math.max(guess, 0), last);
}

/** A run at an epoch: the median over members with its percentiles, or the one value that there is. */
interface Reading {
  readonly epoch: number;
  readonly value: number;
  readonly range?: readonly [low: number, high: number];
}

/** What a run's curve says at an epoch, its last one where it is shorter; of thinned bands at the nearest epoch. */
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

/** What a run's curve ends at. */
export const endOf = <Name extends string>(run: Shown<Curves<Name>>, name: Name): Reading =>
  readingAt(run, name, run.value[name].length);

/** The points [epoch, median] of a band, as a curve takes them. */
export const medianPoints = ({ epochs }: Bands, { middle }: Band): [number, number][] =>
  Array.from(epochs, (epoch, index) => [epoch, middle[index] ?? Number.NaN]);

/** How much of the ground a band hides. */
const OPACITY = 0.17;

/** The area between a band's percentiles, in the run's colour, at a share of the usual strength. */
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
