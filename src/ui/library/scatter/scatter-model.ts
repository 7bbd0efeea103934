// The model of a scatter: the trainings that have a place, the scales, the numbers by value and the
// words.
// Invariant: pure; every training is either a point or counted as left out; the points with the least and
// the greatest result are always drawn. Generators yield between short pieces of work. Knows no drawing.

import { counted, grouped } from '../../../core/text-formatting';
import type { Table } from '../../figures/draw/figure';
import { colorDomain } from '../../text/viridis';
import { type Lineage, RESULTS, type Setting, titleOf } from '../lineages/library-model';
import { sortInSlices } from '../lineages/sliced-values';
import {
  type Axis,
  axisOf,
  bandOf,
  bandWord,
  type Line,
  type Quantity,
  quantityOfResult,
  quantityOfSetting,
  type Value,
} from './scatter-axis';

/**
 * The quantities of a scatter: a param across, a result up, and optionally a param or a result as colour.
 */
export interface Shown {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly color?: Quantity | undefined;
}

/**
 * A training with its values; `color` is undefined if the training has no value of the colour's quantity.
 */
export interface Point {
  readonly lineage: Lineage;
  readonly x: Value;
  readonly y: number;
  readonly color?: Value | undefined;
}

/** Statistics of the result over the points of one value, or of a range of values. */
interface Group {
  readonly words: string;
  readonly n: number;
  readonly least: number;
  readonly median: number;
  readonly greatest: number;
}

/** A scatter with its points, scales, groups and counts. */
export interface Scatter extends Shown {
  /** All points, in ascending order of the result. */
  readonly points: readonly Point[];
  /** The drawn points, from left to right and then upwards. */
  readonly drawn: readonly Point[];
  readonly across: Axis;
  readonly up: Line;
  /** The scale of the colours; undefined if no point has a colour. */
  readonly shade?: Axis | undefined;
  readonly groups: readonly Group[];
  /**
   * Numbers of trainings left out without a result (`y`) or without the param (`x`), and of points
   * without a colour.
   */
  readonly without: { readonly y: number; readonly x: number; readonly color: number };
}

/** Number of points drawn, at most: more points are slow and overlap. */
export const MAX_DRAWN = 500;
/** Number of colours and shapes for words, at most. */
export const MAX_SHADES = 6;
/** Number of values with a group each, at most; more values are grouped in ranges. */
const MAX_GROUPS = 12;
const STRETCHES = 6;
const PIECE = 64;

/** Params, split by whether their values differ among the trainings. */
export interface Params {
  readonly differing: readonly Quantity[];
  readonly identical: readonly Quantity[];
  /**
   * The default param across: the number other than a seed with the most distinct values; without such a
   * number, the first param that differs.
   */
  readonly first: Quantity | undefined;
}

/** Splits the params of the trainings, with a yield after every few trainings. */
export function* paramsOf(
  lineages: readonly Lineage[],
  settings: readonly Setting[],
): Generator<void, Params> {
  const texts = settings.map(() => new Set<string>());
  for (const [index, lineage] of lineages.entries()) {
    for (const [at, setting] of settings.entries()) texts[at]?.add(setting.text(lineage));
    if (index % PIECE === 0) yield;
  }
  const many = (at: number): number => texts[at]?.size ?? 0;
  const quantities = settings.map(quantityOfSetting);
  let first: number | undefined;
  for (const [at, { param }] of settings.entries()) {
    const suits = (param.type === 'int' || param.type === 'real') && many(at) > 1;
    if (suits && (first === undefined || many(at) > many(first))) first = at;
  }
  const differing = quantities.filter((_, at) => many(at) > 1);
  return {
    differing,
    identical: quantities.filter((_, at) => many(at) <= 1),
    first: first === undefined ? (differing[0] ?? quantities[0]) : quantities[first],
  };
}

/** The results as quantities, in the order of the sheet. */
export const RESULT_QUANTITIES: readonly Quantity[] = RESULTS.map(quantityOfResult);

/** The position of a value on its scale: the index of the word in a band, or the number. */
const place = (axis: Axis, value: Value): number =>
  axis.type === 'band' ? axis.domain.indexOf(bandWord(axis, value)) : Number(value);

/** At most `most` items at even distances, including the first and the last item. */
const evenly = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, at) => Math.round((at * (items.length - 1)) / (most - 1))).flatMap(
        (index) => items.slice(index, index + 1),
      );

function groupOf(words: string, points: readonly Point[]): Group {
  const at = (index: number): number => points[index]?.y ?? Number.NaN;
  const n = points.length;
  const median = n % 2 === 1 ? at((n - 1) / 2) : at(n / 2 - 1) / 2 + at(n / 2) / 2;
  return { words, n, least: at(0), median, greatest: at(n - 1) };
}

/**
 * Groups of points, which must be in ascending order of the result: one group per value, or ranges of
 * values with about equal numbers of points.
 */
function groupsOf(points: readonly Point[], across: Axis, x: Quantity): readonly Group[] {
  const byPlace = new Map<number, Point[]>();
  for (const point of points) {
    const at = place(across, point.x);
    const same = byPlace.get(at);
    if (same) same.push(point);
    else byPlace.set(at, [point]);
  }
  const values = [...byPlace.keys()].sort((a, b) => a - b);
  const words = (value: number): string =>
    across.type === 'band' ? (across.domain[value] ?? '') : x.tick(value);
  if (values.length <= MAX_GROUPS)
    return values.map((value) => groupOf(words(value), byPlace.get(value) ?? []));
  const groups: Group[] = [];
  let [from, held]: [number, Set<Point>] = [0, new Set()];
  for (const [index, value] of values.entries()) {
    for (const point of byPlace.get(value) ?? []) held.add(point);
    if (held.size < points.length / STRETCHES && index < values.length - 1) continue;
    const [low, high] = [values[from] ?? value, value];
    const stretch = held;
    groups.push(
      groupOf(
        low === high ? words(low) : `${words(low)} to ${words(high)}`,
        points.filter((point) => stretch.has(point)),
      ),
    );
    [from, held] = [index + 1, new Set()];
  }
  return groups;
}

/**
 * Makes the scatter of the trainings, with yields between pieces of work. Throws if the values of
 * `shown.y` get a band instead of a scale of numbers; those of a result never do.
 */
export function* scatterOf(lineages: readonly Lineage[], shown: Shown): Generator<void, Scatter> {
  const { x, y, color } = shown;
  const found: Point[] = [];
  const without = { x: 0, y: 0, color: 0 };
  for (const [index, lineage] of lineages.entries()) {
    if (index % PIECE === 0) yield;
    const [across, up] = [x.value(lineage), y.value(lineage)];
    if (typeof up !== 'number') without.y++;
    else if (across === undefined) without.x++;
    else {
      const shade = color?.value(lineage);
      if (color && shade === undefined) without.color++;
      found.push({ lineage, x: across, y: up, color: shade });
    }
  }
  const points = yield* sortInSlices(found, (a, b) => a.y - b.y);
  yield;
  const across = axisOf(
    points.map((point) => point.x),
    x,
  );
  const up = axisOf(
    points.map((point) => point.y),
    y,
  );
  if (up.type === 'band') throw new Error(`${y.label} is no number`);
  yield;
  const shades = points.flatMap((point) => (point.color === undefined ? [] : [point.color]));
  const fitted = color && shades.length > 0 ? axisOf(shades, color) : undefined;
  const scale = fitted?.type === 'log' ? { ...fitted, domain: colorDomain(...fitted.domain) } : fitted;
  yield;
  const drawn = evenly(points, MAX_DRAWN).toSorted(
    (a, b) => place(across, a.x) - place(across, b.x) || a.y - b.y,
  );
  yield;
  const groups = groupsOf(points, across, x);
  yield;
  return {
    ...shown,
    points,
    drawn,
    across,
    up,
    shade: color && scale?.type === 'band' ? bandOf(shades, color, MAX_SHADES) : scale,
    groups,
    without,
  };
}

const trainings = (n: number): string => counted(n, 'training');

/** The title of a scatter: "Learning rate against test loss by activation, 412 trainings". */
export function titleOfScatter({ x, y, color, points }: Scatter): string {
  const words = `${x.label} against ${y.label}${color ? ` by ${color.label}` : ''}, ${trainings(points.length)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A sentence each on trainings without a value, on points that are not drawn, and on points placed side
 * by side.
 */
export function remarksOn({ x, y, color, points, drawn, without, across }: Scatter): readonly string[] {
  const values = across.type === 'band' ? across.domain.length : across.few.length;
  const lacking = (n: number, label: string): string =>
    `${grouped(n)} ${n === 1 ? 'has' : 'have'} no ${label}`;
  return [
    without.y > 0 && `${lacking(without.y, y.label)}.`,
    without.x > 0 && `${lacking(without.x, x.label)}.`,
    color &&
      without.color > 0 &&
      `${lacking(without.color, color.label)}, and ${without.color === 1 ? 'is' : 'are'} drawn hollow.`,
    drawn.length < points.length &&
      `${grouped(drawn.length)} of ${grouped(points.length)} are drawn, evenly chosen by ${y.label}.`,
    values > 0 && points.length > values && 'Points of one value lie side by side.',
  ].filter((words) => typeof words === 'string');
}

/** The text alternative of the drawing. */
export function describeScatter(scatter: Scatter, settings: readonly Setting[]): string {
  const { x, y, points, groups } = scatter;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `No training has both ${x.label} and ${y.label}.`;
  const at = (point: Point): string =>
    `${y.text(point.y)} of ${titleOf(point.lineage, settings)}, ${x.label} ${x.text(point.x)}`;
  const medians = groups.map(({ words, n, median }) => `${words}: ${y.text(median)} (n ${grouped(n)})`);
  return [
    `Each point is one training: ${y.label} by ${x.label} of ${trainings(points.length)}.`,
    `The least ${y.label} is ${at(first)}; the greatest is ${at(last)}.`,
    `Median ${y.label} by ${x.label}: ${medians.join('; ')}.`,
    ...remarksOn(scatter),
  ].join(' ');
}

/** The values of a point in one line, without the title: "learning rate 0.01 · test loss 0.2031". */
export function pointText({ x, y, color }: Shown, point: Point): string {
  const parts = [`${x.label} ${x.text(point.x)}`, `${y.label} ${y.text(point.y)}`];
  if (color && color !== x && color !== y)
    parts.push(point.color === undefined ? `no ${color.label}` : `${color.label} ${color.text(point.color)}`);
  return parts.join(' · ');
}

/** All points as a table with a header row, in ascending order of the result. */
export function scatterTable({ x, y, color, points }: Scatter, settings: readonly Setting[]): Table {
  return [
    ['training', 'key', x.label, y.label, ...(color ? [color.label] : [])],
    ...points.map((point) => [
      titleOf(point.lineage, settings),
      point.lineage.key,
      point.x,
      point.y,
      ...(color ? [point.color ?? ''] : []),
    ]),
  ];
}
