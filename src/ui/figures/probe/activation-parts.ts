// The parts of a picture of activations: an activation's curve and slope, and histograms as areas.
// Invariant: an area's height is its bin's count as a share of the fullest bin's, so that a reader compares shapes, not counts.
// Pure numbers in, paths out; knows no runs and no layers.

import type { Histogram, Shape } from '../../../nn/probe/probe';

/** Histograms and shapes cover z from −Z_REACH to Z_REACH; shapes are sampled at equal distances. */
const Z_REACH = 8;

/** An interval. */
type Range = readonly [low: number, high: number];

/** The z of a sample of a shape. */
const zAt = (index: number, { length }: Float64Array): number => Z_REACH * ((2 * index) / (length - 1) - 1);

/**
 * Half the width of the z axis: the least of some round numbers that covers all histograms, so that the axis
 * seldom changes.
 */
export function reachOf(histograms: Iterable<Histogram>): number {
  let most = 0;
  for (const { min, max } of histograms) most = Math.max(most, -min, max);
  return [2, 4, 6].find((reach) => most <= reach) ?? Z_REACH;
}

/** Range of f and f′ for |z| ≤ `reach`, 0 included, rounded outwards to multiples of 1/5. */
export function valueRange({ value, slope }: Shape, reach: number): Range {
  let [low, high] = [0, 0];
  value.forEach((f, index) => {
    if (Math.abs(zAt(index, value)) > reach) return;
    low = Math.min(low, f, slope[index] ?? 0);
    high = Math.max(high, f, slope[index] ?? 0);
  });
  const outwards = (value: number): number => Math.sign(value) * (Math.ceil(Math.abs(value) * 5 - 1e-9) / 5);
  return [outwards(low), outwards(high)];
}

/** Pixels of z and of a value. */
interface Place {
  x(z: number): number;
  y(value: number): number;
}

const tenth = (pixel: number): number => Math.round(pixel * 10) / 10;

/** A slope that changes by more than this between two samples has a jump. */
const JUMP = 0.5;

/**
 * Path of a sampled function for |z| ≤ `reach`; jumps of a slope are vertical, at the sample before the jump.
 */
export function curvePath(samples: Float64Array, reach: number, { x, y }: Place, isSlope = false): string {
  let d = '';
  samples.forEach((value, index) => {
    const z = zAt(index, samples);
    if (Math.abs(z) > reach) return;
    if (isSlope && Math.abs(value - (samples[index - 1] ?? value)) > JUMP) d += `V${tenth(y(value))}`;
    d += `${d ? 'L' : 'M'}${tenth(x(z))} ${tenth(y(value))}`;
  });
  return d;
}

/**
 * Path of a histogram as steps. `along` maps a value to a pixel of its axis, the fullest bin is `size` pixels
 * high, and `point` maps a position along the axis and a height to the x and y of the drawing. Bins narrower
 * than two pixels are joined.
 */
export function areaPath(
  { low, high, counts }: Histogram,
  along: (value: number) => number,
  size: number,
  point: (along: number, up: number) => readonly [number, number],
): string {
  const width = (high - low) / counts.length;
  const pixels = Math.abs(along(low + width) - along(low));
  const joined = Math.max(1, Math.ceil(1.6 / Math.max(pixels, 0.01)));
  const heights = Array.from({ length: Math.ceil(counts.length / joined) }, (_, index) =>
    counts.subarray(index * joined, (index + 1) * joined).reduce((sum, count) => sum + count, 0),
  );
  const most = heights.reduce((a, b) => Math.max(a, b), 0);
  const write = (at: number, up: number): string => {
    const [x, y] = point(at, up);
    return `${tenth(x)} ${tenth(y)}`;
  };
  let d = '';
  let before = 0;
  heights.forEach((height, index) => {
    if (height === 0 && before === 0) return;
    const [from, to] = [along(low + index * joined * width), along(low + (index + 1) * joined * width)];
    if (before === 0) d += `M${write(from, 0)}`;
    if (height !== before) d += `L${write(from, (height / most) * size)}`;
    if (height > 0) d += `L${write(to, (height / most) * size)}`;
    if (height > 0 && index === heights.length - 1) d += `L${write(to, 0)}`;
    before = height;
  });
  return d ? `${d}Z` : 'M0 0';
}
