// Draws points of two classes as two shapes in two tones: circles and triangles, painted on a canvas, one path per sort.
// Invariant: at most LIMIT points are drawn, an even choice in their order, whatever their number.
// Uses none of the runs' colours: a class is no run.

import type { dataset } from '../../../cells/dataset';
import type { split } from '../../../cells/split';
import type { ValueOf } from '../../../core/kinds/kind';
import type { Mark } from './mark';
import { label, svg } from './svg';

/** Points of a data set: inputs x₀ and x₁, and classes 0 and 1. */
export type Points = ValueOf<typeof dataset>;
/** Indices of training and test points. */
export type Parts = ValueOf<typeof split>;

const LIMIT = 2_000;

/** Lower and upper end of an axis. */
export type Extent = readonly [number, number];

/**
 * Extents of both inputs over all data sets, with a margin of a twentieth at each end; 0 to 1 without points.
 */
export function extents(sets: readonly Points[]): { readonly x: Extent; readonly y: Extent } {
  const bounds = [0, 1].map((axis): Extent => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { x } of sets) {
      for (let i = axis; i < x.data.length; i += 2) {
        const value = x.data[i] ?? Number.NaN;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (low > high) return [0, 1];
    const margin = (high - low) / 20 || 0.5;
    return [low - margin, high + margin];
  });
  return { x: bounds[0] ?? [0, 1], y: bounds[1] ?? [0, 1] };
}

/** All indices of a data set. */
export const everyPoint = (points: Points): Uint32Array => Uint32Array.from(points.y, (_, index) => index);

/** Number of points of class 1. */
export const countOnes = (y: Uint8Array): number => y.reduce((sum, one) => sum + one, 0);

/** Sentence on the number of drawn points; empty if all points are drawn. */
export const sampleNote = (all: number): string =>
  all > LIMIT ? `${LIMIT} of ${all} points are drawn, evenly sampled.` : '';

const shapes = [
  (x: number, y: number, r: number): string =>
    `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  (x: number, y: number, r: number): string =>
    `M${x.toFixed(1)} ${(y - 1.3 * r).toFixed(1)}l${(1.25 * r).toFixed(2)} ${(2.1 * r).toFixed(2)}h${(-2.5 * r).toFixed(2)}z`,
] as const;

/** CSS classes of a sort of points, beside the class of their label. */
type PointStyle = 'filled' | 'hollow' | 'filled wrong' | 'hollow wrong';

/** The scales of a chart, and its width, which sets the size of points. */
interface Place {
  readonly width: number;
  x(value: number): number;
  y(value: number): number;
}

/** CSS property of the tone of a class' points. */
const toneOf = (style: PointStyle, kind: 0 | 1): string =>
  style.endsWith('wrong') ? '--figure-misplaced' : `--figure-class-${kind}`;

const TURN = 2 * Math.PI;

/** Ratio of the radius of the ring around a wrong point to the radius of the point. */
const RING = 2.1;

/**
 * Paints the points of the given indices, one path per class. `share` is the number of all points of the
 * figure, from which follows the share of the points that are painted.
 */
export function paintPoints(
  context: CanvasRenderingContext2D,
  tone: (name: string) => string,
  points: Points,
  indices: Uint32Array,
  place: Place,
  style: PointStyle,
  share: number,
): void {
  const radius = (points.y.length > 600 ? 0.7 : 1) * (place.width < 240 ? 1.6 : 2.2);
  const step = Math.max(1, share / LIMIT);
  for (const kind of [0, 1] as const) {
    const middles: [number, number][] = [];
    context.beginPath();
    for (let at = 0; Math.floor(at) < indices.length; at += step) {
      const index = indices[Math.floor(at)] ?? 0;
      if ((points.y[index] === 1 ? 1 : 0) !== kind) continue;
      const x = place.x(points.x.data[2 * index] ?? 0);
      const y = place.y(points.x.data[2 * index + 1] ?? 0);
      middles.push([x, y]);
      if (kind === 0) {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, TURN);
      } else {
        context.moveTo(x, y - 1.3 * radius);
        context.lineTo(x + 1.25 * radius, y + 0.8 * radius);
        context.lineTo(x - 1.25 * radius, y + 0.8 * radius);
        context.closePath();
      }
    }
    const own = tone(toneOf(style, kind));
    const isWrong = style.endsWith('wrong');
    context.fillStyle = style.startsWith('hollow') ? tone('--page') : own;
    context.fill();
    context.strokeStyle = own;
    context.lineJoin = 'round';
    context.lineWidth = 1.2;
    if (style.startsWith('hollow')) context.stroke();
    if (!isWrong) continue;
    // The ring marks a wrong point without relying on colour alone.
    context.beginPath();
    for (const [x, y] of middles) {
      context.moveTo(x + RING * radius, y);
      context.arc(x, y, RING * radius, 0, TURN);
    }
    context.lineWidth = 1;
    context.stroke();
  }
}

/**
 * Key to shapes and tones, in one line: with parts also filled and hollow, with `misplaced` also wrong
 * points.
 */
export function pointKey(withParts: boolean, misplaced = false): Mark {
  const items: [kind: 0 | 1, style: PointStyle, text: string][] = [[0, 'filled', 'class 0']];
  items.push([1, 'filled', withParts ? 'class 1, train' : 'class 1']);
  if (withParts) items.push([0, 'hollow', ''], [1, 'hollow', 'test']);
  if (misplaced) items.push([0, 'filled wrong', ''], [1, 'hollow wrong', 'wrong']);
  const group = svg('g', { class: 'key' });
  let x = 4;
  for (const [kind, style, text] of items) {
    group.append(
      svg(
        'g',
        { class: `points ${style}` },
        svg('path', { d: shapes[kind](x, 8, 3), class: `class-${kind}` }),
        ...(style.endsWith('wrong') ? [svg('circle', { cx: x, cy: 8, r: 6, class: 'ring' })] : []),
      ),
    );
    if (text) group.append(label(text, x + 8, 12));
    x += text ? 20 + text.length * 5.8 : style.endsWith('wrong') ? 14 : 10;
  }
  return group;
}
