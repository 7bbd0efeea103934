// The model of a scatter: which trainings have a place, on which scales, with which numbers and words.
// Invariant: pure; every training is either a point or counted as left out, and the first and the last point by the result are
// among those drawn. Work comes in pieces that leave the page free. Knows no drawing.

import type { Table } from '../figures/draw/figure';
import { type Lineage, RESULTS, type Setting, titleOf } from './model';
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
import { sortInSlices } from './slices';

/** What is shown: a param across, a result up, and maybe a param or a result as colour. */
export interface Shown {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly color?: Quantity | undefined;
}

/** A training at its place; `color` is undefined where it has none. */
export interface Point {
  readonly lineage: Lineage;
  readonly x: Value;
  readonly y: number;
  readonly color?: Value | undefined;
}

/** What the points of one value, or of a stretch of values, come to by the result. */
interface Group {
  readonly words: string;
  readonly n: number;
  readonly least: number;
  readonly median: number;
  readonly greatest: number;
}

/** All that is drawn and told. */
export interface Scatter extends Shown {
  /** All points, by the result, the least first. */
  readonly points: readonly Point[];
  /** Those drawn, from left to right and then upwards. */
  readonly drawn: readonly Point[];
  readonly across: Axis;
  readonly up: Line;
  /** The scale of the colours, where any point has one. */
  readonly shade?: Axis | undefined;
  readonly groups: readonly Group[];
  /** How many trainings are left out for want of a result or of a param, and how many points lack the colour. */
  readonly without: { readonly y: number; readonly x: number; readonly color: number };
}

/** So many points are drawn: more take too long, and lie on each other. */
export const MAX_DRAWN = 1_000;
/** So many kinds of points are told apart by colour and shape. */
export const MAX_SHADES = 6;
/** So many values have a group each; of more, stretches have. */
const MAX_GROUPS = 12;
const STRETCHES = 6;
const PIECE = 64;

/** Params, those that differ among the trainings apart from those that are the same in all. */
export interface Params {
  readonly differing: readonly Quantity[];
  readonly identical: readonly Quantity[];
  /** What is shown across before a person chooses: the number that takes the most values, and is no seed. */
  readonly first: Quantity | undefined;
}

/** The params of the trainings. */
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

/** The place of a value among the others of its scale. */
const place = (axis: Axis, value: Value): number =>
  axis.type === 'band' ? axis.domain.indexOf(bandWord(axis, value)) : Number(value);

/** An even choice in their order, the first and the last one included. */
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

/** Groups of points that are in order of the result: by value, or by stretches of about as many points. */
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

/** The scatter of trainings, in pieces. */
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
  const scale = color && shades.length > 0 ? axisOf(shades, color) : undefined;
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

const whole = (n: number): string => n.toLocaleString('en');
const trainings = (n: number): string => `${whole(n)} ${n === 1 ? 'training' : 'trainings'}`;

/** What is seen: "Learning rate against test loss by activation, 412 trainings". */
export function titleOfScatter({ x, y, color, points }: Scatter): string {
  const words = `${x.label} against ${y.label}${color ? ` by ${color.label}` : ''}, ${trainings(points.length)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is not seen, in a sentence each: trainings without a value, and points that are not drawn. */
export function remarksOn({ x, y, color, points, drawn, without, across }: Scatter): readonly string[] {
  const values = across.type === 'band' ? across.domain.length : across.few.length;
  const lacking = (n: number, label: string): string => `${whole(n)} ${n === 1 ? 'has' : 'have'} no ${label}`;
  return [
    without.y > 0 && `${lacking(without.y, y.label)}.`,
    without.x > 0 && `${lacking(without.x, x.label)}.`,
    color &&
      without.color > 0 &&
      `${lacking(without.color, color.label)}, and ${without.color === 1 ? 'is' : 'are'} drawn hollow.`,
    drawn.length < points.length &&
      `${whole(drawn.length)} of ${whole(points.length)} are drawn, evenly chosen by ${y.label}.`,
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
  const medians = groups.map(({ words, n, median }) => `${words}: ${y.text(median)} (n ${whole(n)})`);
  return [
    `Each point is one training: ${y.label} by ${x.label} of ${trainings(points.length)}.`,
    `The least ${y.label} is ${at(first)}; the greatest is ${at(last)}.`,
    `Median ${y.label} by ${x.label}: ${medians.join('; ')}.`,
    ...remarksOn(scatter),
  ].join(' ');
}

/** A point in one line, besides its title: "learning rate 0.01 · test loss 0.2031". */
export function pointWords({ x, y, color }: Shown, point: Point): string {
  const parts = [`${x.label} ${x.text(point.x)}`, `${y.label} ${y.text(point.y)}`];
  if (color && color !== x && color !== y)
    parts.push(point.color === undefined ? `no ${color.label}` : `${color.label} ${color.text(point.color)}`);
  return parts.join(' · ');
}

/** All points in numbers, by the result. */
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
