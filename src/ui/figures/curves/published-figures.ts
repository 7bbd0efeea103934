// Draws published figures beside the curves of runs: a dashed line at the value, a marked point at its epoch.
// Invariant: a published value is on the axes of its measure; text and table give the value as the drawing does. Knows neither
// runs nor publishers.

import type { Chart } from '../draw/axes';
import type { Table } from '../draw/figure';
import { count } from '../draw/format';
import type { Mark } from '../draw/mark';
import { label, svg } from '../draw/svg';

/** One published value of a measure. */
export interface PublishedValue {
  readonly measure: 'loss' | 'accuracy';
  readonly value: number;
  /** The epoch of the value, counted from 1. */
  readonly epoch: number;
  /** The source of the value, as in "notebook, ReLU". */
  readonly label: string;
}

/** The value as it was printed, with no further digits. */
const words = ({ label: whose, value, epoch }: PublishedValue): string =>
  `${whose}: ${value} at epoch ${epoch}`;

/** Half the width of the mark of a published value, in pixels. */
const POINT = 4;

/** A line across the chart at each published value; draw the lines before the curves. */
export const publishedLines = (publishedValues: readonly PublishedValue[], { y, inner }: Chart): Mark[] =>
  publishedValues.map(({ value }) =>
    svg('path', { d: `M${inner.left} ${Math.round(y(value))}H${inner.right}`, class: 'published-line' }),
  );

/**
 * Offsets of a label's baseline from its line, in pixels: just above, just below, and a line of text farther.
 */
const STEPS = [-5, 13, -18, 26] as const;
const CHARACTER = 5.8;

interface Place {
  readonly left: number;
  readonly right: number;
  readonly base: number;
}

const isWithin = ({ left, right, base }: Place, [x, y]: readonly [number, number]): boolean =>
  x >= left && x <= right && y >= base - 12 && y <= base + 5;

/**
 * Places of the labels, one for each published value: each at the place that covers the fewest of these
 * points of curves, other lines and other labels.
 */
function placesOf(
  publishedValues: readonly PublishedValue[],
  { y, inner }: Chart,
  points: readonly (readonly [number, number])[],
): Place[] {
  const places: Place[] = [];
  for (const published of publishedValues) {
    const up = Math.round(y(published.value));
    const long = words(published).length * CHARACTER;
    const lines = publishedValues.filter((other) => other !== published).map(({ value }) => y(value));
    const cost = (place: Place): number =>
      points.filter((point) => isWithin(place, point)).length +
      50 * lines.filter((line) => isWithin(place, [place.left, line])).length +
      50 * places.filter((other) => Math.abs(other.base - place.base) < 14).length;
    const all = STEPS.flatMap((step) =>
      [inner.left + 6, Math.max(inner.left + 6, Math.floor(inner.right - 6 - long))].map((left) => ({
        left,
        right: left + long,
        base: up + step,
      })),
    ).filter(({ base }) => base - 10 >= inner.top && base + 3 <= inner.bottom);
    const costs = all.map(cost);
    const best = all[costs.indexOf(Math.min(...costs))];
    places.push(best ?? { left: inner.left + 6, right: inner.left + 6 + long, base: up - 5 });
  }
  return places;
}

/**
 * The marks of the published values with their labels, clear of these points of the curves; draw them after
 * the curves.
 */
export function publishedPoints(
  publishedValues: readonly PublishedValue[],
  chart: Chart,
  points: readonly (readonly [number, number])[],
): Mark[] {
  const places = placesOf(publishedValues, chart, points);
  return publishedValues.map((published, index) => {
    const [across, up] = [Math.round(chart.x(published.epoch)), Math.round(chart.y(published.value))];
    const point = `M${across - POINT} ${up}l${POINT} ${-POINT}l${POINT} ${POINT}l${-POINT} ${POINT}Z`;
    const { left = 0, base = 0 } = places[index] ?? {};
    return svg(
      'g',
      { class: 'published' },
      svg('path', { d: point, class: 'published-point' }),
      label(words(published), left, base),
    );
  });
}

/** Sentence on the published values for the text alternative; empty if there are none. */
export const publishedText = (publishedValues: readonly PublishedValue[]): string =>
  publishedValues.length > 0
    ? ` ${count(publishedValues.length, 'published value')} beside them: ${publishedValues.map(words).join('; ')}.`
    : '';

/** The published values as rows of `width` columns; the first three columns are source, epoch and value. */
export const publishedRows = (publishedValues: readonly PublishedValue[], width: number): Table =>
  publishedValues.map(({ label: whose, epoch, value }) => [
    whose,
    epoch,
    value,
    ...Array.from({ length: width - 3 }, () => ''),
  ]);
