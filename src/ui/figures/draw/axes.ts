// Scales and quiet axes of a chart: ticks, grid lines and their texts as marks.
// Invariant: pure numbers and marks. Observable Plot draws the same, but takes 1.5 ms per chart where these axes take 0.05: Plot
// keeps up with a click, and not with a drag that redraws five charts in every frame.

import type { Mark } from './mark';
import { label, svg } from './svg';

/** A scale from values to pixels; logarithmic scales take positive values. */
interface Scale {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
}

/** Scales and frame of a chart, in pixels; `inner` is the frame within the margins. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  x(value: number): number;
  y(value: number): number;
  /** The x value at a pixel; right for linear scales only. */
  invertX(pixel: number): number;
  readonly inner: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** Sizes and scales of a chart. */
interface ChartOptions {
  readonly width: number;
  readonly height: number;
  /** Top, right, bottom and left, in pixels. */
  readonly margin: readonly [number, number, number, number];
  readonly x: Scale;
  readonly y: Scale;
}

function scaled({ type, domain: [low, high] }: Scale, from: number, to: number): (value: number) => number {
  if (type === 'linear') return (value) => from + ((value - low) / (high - low)) * (to - from);
  const [start, end] = [Math.log(low), Math.log(high)];
  return (value) => from + ((Math.log(value) - start) / (end - start)) * (to - from);
}

/**
 * A chart of that size. Values beyond the y scale are clamped to its ends, so that 0 has a place on a
 * logarithmic scale.
 */
export function chartOf({ width, height, margin, x, y }: ChartOptions): Chart {
  const [top, right, bottom, left] = margin;
  const inner = { left, right: width - right, top, bottom: height - bottom };
  const up = scaled(y, inner.bottom, inner.top);
  const [low, high] = y.domain;
  const [x0, x1] = x.domain;
  return {
    width,
    height,
    inner,
    x: scaled(x, inner.left, inner.right),
    y: (value) => up(Math.min(Math.max(value, low), high)),
    invertX: (pixel) => x0 + ((pixel - inner.left) / (inner.right - inner.left)) * (x1 - x0),
  };
}

/** Ticks of one axis, and their texts. */
interface Ticks {
  readonly at: readonly number[];
  readonly text: (value: number) => string;
  /** `grid` lines cross the whole frame, `short` lines lie outside of it. */
  readonly lines: 'grid' | 'short' | 'none';
}

/**
 * The lines of all ticks as one path, so that their number can change between frames without new elements.
 */
const lines = (d: string, kind: Ticks['lines']): Mark[] =>
  kind === 'none' ? [] : [svg('path', { d: d || 'M0 0', class: kind === 'grid' ? 'grid' : 'tick short' })];

/** The value axis at the left. */
export function axisLeft({ y, inner }: Chart, { at, text, lines: kind }: Ticks): Mark {
  const [from, to] = kind === 'grid' ? [inner.left, inner.right] : [inner.left - 3, inner.left];
  const d = at.map((value) => `M${from} ${y(value).toFixed(1)}H${to}`).join('');
  const texts = at.map((value) =>
    label(text(value), inner.left - (kind === 'short' ? 6 : 3), Number((y(value) + 3.5).toFixed(1)), {
      'text-anchor': 'end',
      class: 'quiet',
    }),
  );
  return svg('g', {}, ...lines(d, kind), ...texts);
}

/** The axis below; `name` is at its right end. */
export function axisBelow({ x, inner }: Chart, { at, text, lines: kind }: Ticks, name?: string): Mark {
  const [from, to] = kind === 'grid' ? [inner.top, inner.bottom] : [inner.bottom, inner.bottom + 3];
  const d = at.map((value) => `M${x(value).toFixed(1)} ${from}V${to}`).join('');
  const texts = at.map((value) =>
    label(text(value), Number(x(value).toFixed(1)), inner.bottom + (kind === 'short' ? 14 : 12), {
      'text-anchor': 'middle',
      class: 'quiet',
    }),
  );
  const names = name
    ? [label(name, inner.right, inner.bottom + 28, { 'text-anchor': 'end', class: 'quiet' })]
    : [];
  return svg('g', {}, ...lines(d, kind), ...texts, ...names);
}

/** Path of a line through points [x, y]; a path that draws nothing if there are no points. */
export function linePath(
  points: readonly (readonly [number, number])[],
  { x, y }: Pick<Chart, 'x' | 'y'>,
): string {
  let d = '';
  for (const [at, value] of points) d += `${d ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  return d || 'M0 0';
}
