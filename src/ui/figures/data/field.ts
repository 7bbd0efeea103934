// Paints a field of probabilities as shades and the line at one half, straight from a grid of numbers.
// Invariant: shading, line and the value at a point come from one and the same interpolated field.
// Knows nothing of networks and points.

import type { Chart } from '../draw/axes';
import { pixelOf } from '../draw/svg';

/**
 * Probabilities of class 1 over a plane, `columns` × `rows` cells of equal size, row by row from y0 up, each
 * at its cell's middle: cell (column, row) at x0 + (column + ½)(x1 − x0)/columns, y0 + (row + ½)(y1 −
 * y0)/rows.
 */
export interface ProbabilityGrid {
  readonly probabilities: Float32Array;
  readonly columns: number;
  readonly rows: number;
  readonly extent: readonly [x0: number, x1: number, y0: number, y1: number];
}

/**
 * The two cell middles around a position, which is a share of the extent, and the share of the way between
 * them (`on`). Constant beyond the outermost middles.
 */
function between(share: number, size: number): { low: number; high: number; on: number } {
  const place = Math.min(Math.max(share * size - 0.5, 0), size - 1);
  const low = Math.floor(place);
  return { low, high: Math.min(low + 1, size - 1), on: place - low };
}

type Place = ReturnType<typeof between>;

function interpolate({ probabilities, columns }: ProbabilityGrid, across: Place, up: Place): number {
  const low = up.low * columns;
  const high = up.high * columns;
  const a = probabilities[low + across.low] ?? Number.NaN;
  const b = probabilities[low + across.high] ?? Number.NaN;
  const c = probabilities[high + across.low] ?? Number.NaN;
  const d = probabilities[high + across.high] ?? Number.NaN;
  const below = a + (b - a) * across.on;
  return below + (c + (d - c) * across.on - below) * up.on;
}

/** The field at a point, interpolated bilinearly between the four cell middles around it. */
export function probabilityAt(grid: ProbabilityGrid, x: number, y: number): number {
  const [x0, x1, y0, y1] = grid.extent;
  const across = between((x - x0) / (x1 - x0), grid.columns);
  return interpolate(grid, across, between((y - y0) / (y1 - y0), grid.rows));
}

const SHADES = 10;

/**
 * The canvas pixels that the grid covers within the chart's frame; `scale` is the number of canvas pixels per
 * CSS pixel.
 */
function covered({ extent }: ProbabilityGrid, { x, y, inner }: Chart, scale: number) {
  const [x0, x1, y0, y1] = extent;
  return {
    left: Math.round(Math.max(x(x0), inner.left) * scale),
    right: Math.round(Math.min(x(x1), inner.right) * scale),
    top: Math.round(Math.max(y(y1), inner.top) * scale),
    bottom: Math.round(Math.min(y(y0), inner.bottom) * scale),
  };
}

/**
 * For each of `count` pixels, the lower of the two cell middles around it, and the share of the way to the
 * next middle. The grid of `size` cells spans the pixels `from` to `to`.
 */
function places(count: number, from: number, to: number, size: number) {
  const [low, on] = [new Uint16Array(count), new Float64Array(count)];
  for (let pixel = 0; pixel < count; pixel++) {
    const place = between((pixel + 0.5 - from) / (to - from), size);
    // The last middle is the upper end of an interval, so that each lower middle has a next one.
    low[pixel] = Math.min(place.low, Math.max(0, size - 2));
    on[pixel] = place.low > size - 2 ? 1 : place.on;
  }
  return { low, on };
}

/** The tenth of each probability, from 0 to 9; −1 for NaN. */
const tenthsOf = ({ probabilities }: ProbabilityGrid): Int8Array =>
  Int8Array.from(probabilities, (value) =>
    Number.isNaN(value) ? -1 : Math.min(SHADES - 1, Math.floor(value * SHADES)),
  );

/**
 * Part of a pixel row: cells whose four corners have one tenth, or a single cell with `tenth` −1 that needs
 * interpolation.
 */
interface Stretch {
  readonly cell: number;
  readonly from: number;
  to: number;
  readonly tenth: number;
}

/**
 * The stretches of a pixel row between two rows of middles, which begin at `low` and `high`. `starts` gives
 * the first pixel of each cell, `step` the distance from its left to its right middle.
 */
function stretchesOf(
  tenths: Int8Array,
  low: number,
  high: number,
  starts: Uint16Array,
  step: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  const last = starts.length - 2;
  for (let cell = 0; cell <= last; cell++) {
    const [from, to] = [starts[cell] as number, starts[cell + 1] as number];
    if (from === to) continue;
    const right = cell + step;
    const tenth = tenths[low + cell] as number;
    const isOne =
      tenth === tenths[low + right] && tenth === tenths[high + cell] && tenth === tenths[high + right];
    const before = stretches.at(-1);
    if (isOne && tenth >= 0 && before?.tenth === tenth) before.to = to;
    else stretches.push({ cell, from, to, tenth: isOne ? tenth : -1 });
  }
  return stretches;
}

/** A part of the plane as pixels; the first pixel is at the left and top of the extent. */
interface PixelArea {
  readonly width: number;
  readonly height: number;
  readonly extent: ProbabilityGrid['extent'];
}

/**
 * The shade of each pixel's tenth, row by row from the top. Pixels between four middles of one tenth have
 * that tenth, and are filled without interpolation.
 */
export function shadePixels(
  grid: ProbabilityGrid,
  { width, height, extent: [left, right, bottom, top] }: PixelArea,
  shades: Uint32Array,
): Uint32Array<ArrayBuffer> {
  const { probabilities, columns, rows } = grid;
  const [x0, x1, y0, y1] = grid.extent;
  const [dx, dy] = [(right - left) / width, (bottom - top) / height];
  const across = places(width, (x0 - left) / dx, (x1 - left) / dx, columns);
  const up = places(height, (y0 - top) / dy, (y1 - top) / dy, rows);
  const pixels = new Uint32Array(width * height);
  const tenths = tenthsOf(grid);
  const cells = Math.max(1, columns - 1);
  // A grid of one column has no right middles.
  const step = columns > 1 ? 1 : 0;
  const starts = new Uint16Array(cells + 1).fill(width);
  for (let x = width - 1; x >= 0; x--) starts.fill(x, 0, (across.low[x] as number) + 1);
  let stretches: Stretch[] = [];
  for (let y = 0, at = 0; y < height; y++, at += width) {
    const low = (up.low[y] as number) * columns;
    const high = rows > 1 ? low + columns : low;
    if (y === 0 || up.low[y] !== up.low[y - 1]) stretches = stretchesOf(tenths, low, high, starts, step);
    const share = up.on[y] as number;
    for (const { cell, from, to, tenth } of stretches) {
      if (tenth >= 0) {
        pixels.fill(shades[tenth] as number, at + from, at + to);
        continue;
      }
      const next = cell + step;
      const [a, b] = [probabilities[low + cell] as number, probabilities[low + next] as number];
      const start = a + ((probabilities[high + cell] as number) - a) * share;
      const end = b + ((probabilities[high + next] as number) - b) * share;
      for (let x = from; x < to; x++) {
        const value = start + (end - start) * (across.on[x] as number);
        pixels[at + x] = shades[Math.min(SHADES - 1, Math.floor(value * SHADES))] as number;
      }
    }
  }
  return pixels;
}

/** Paints one shade of the tone for each tenth, pixel by pixel; the pixels replace earlier content. */
export function paintShades(
  context: CanvasRenderingContext2D,
  tone: string,
  grid: ProbabilityGrid,
  chart: Chart,
  scale: number,
): void {
  const { left, right, top, bottom } = covered(grid, chart, scale);
  const [width, height] = [right - left, bottom - top];
  if (!(width > 0 && height > 0)) return;
  const shades = Uint32Array.from({ length: SHADES }, (_, shade) =>
    pixelOf(tone, Math.round((shade / (SHADES - 1)) * 0.3 * 255)),
  );
  const [x0, x1, y0, y1] = grid.extent;
  // The chart's scales are linear, so two points of each determine them.
  const xAt = (pixel: number): number =>
    x0 + ((pixel / scale - chart.x(x0)) / (chart.x(x1) - chart.x(x0))) * (x1 - x0);
  const yAt = (pixel: number): number =>
    y0 + ((pixel / scale - chart.y(y0)) / (chart.y(y1) - chart.y(y0))) * (y1 - y0);
  const extent = [xAt(left), xAt(right), yAt(bottom), yAt(top)] as const;
  const pixels = shadePixels(grid, { width, height, extent }, shades);
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
  // putImageData ignores the transform of the context, so the translation is added.
  const { e, f } = context.getTransform();
  context.putImageData(image, Math.round(left + e), Math.round(top + f));
}

/** A cell's corners from the lower left on, counter-clockwise. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/**
 * The line of one half, by marching squares over the cells' middles (Lorensen and Cline 1987, in two
 * dimensions).
 */
function halfLine(
  { probabilities, columns, rows, extent }: ProbabilityGrid,
  segment: (x0: number, y0: number, x1: number, y1: number) => void,
): void {
  const [x0, x1, y0, y1] = extent;
  const [dx, dy] = [(x1 - x0) / columns, (y1 - y0) / rows];
  const over = (i: number, j: number): number => (probabilities[j * columns + i] ?? Number.NaN) - 0.5;
  const crossings = new Float64Array(8);
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const above = over(i, j) > 0;
      if (over(i + 1, j) > 0 === above && over(i, j + 1) > 0 === above && over(i + 1, j + 1) > 0 === above)
        continue;
      let found = 0;
      for (const [index, [a, b]] of CORNERS.entries()) {
        const [c, e] = CORNERS[(index + 1) % 4] ?? [a, b];
        const [from, to] = [over(i + a, j + b), over(i + c, j + e)];
        if (from > 0 === to > 0) continue;
        const share = from / (from - to);
        crossings[found++] = x0 + (i + 0.5 + a + share * (c - a)) * dx;
        crossings[found++] = y0 + (j + 0.5 + b + share * (e - b)) * dy;
      }
      for (let at = 0; at + 3 < found; at += 4) {
        const [ax = 0, ay = 0, bx = 0, by = 0] = crossings.subarray(at, at + 4);
        segment(ax, ay, bx, by);
      }
    }
  }
}

/** Paints the line of one half in a run's colour, within the chart's frame. */
export function paintHalfLine(
  context: CanvasRenderingContext2D,
  color: string,
  grid: ProbabilityGrid,
  { x, y, inner }: Chart,
): void {
  context.save();
  context.beginPath();
  context.rect(inner.left, inner.top, inner.right - inner.left, inner.bottom - inner.top);
  context.clip();
  context.beginPath();
  halfLine(grid, (x0, y0, x1, y1) => {
    context.moveTo(x(x0), y(y0));
    context.lineTo(x(x1), y(y1));
  });
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.lineCap = 'round';
  context.stroke();
  context.restore();
}
