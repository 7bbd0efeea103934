// A field of probabilities as shaded bands and the line where it is one half, painted straight from a grid of numbers.
// Invariant: what is shaded, drawn as a line and asked for at a point is one and the same interpolated field.
// Deliberately knows nothing of networks and points.

import type { Chart } from './axes';
import { pixelOf } from './svg';

/**
 * Probabilities of class 1 over a plane, `columns` × `rows` cells of equal size, row by row from y0 up, each at its
 * cell's middle: cell (column, row) at x0 + (column + ½)(x1 − x0)/columns, y0 + (row + ½)(y1 − y0)/rows.
 */
export interface ProbabilityGrid {
  readonly probabilities: Float32Array;
  readonly columns: number;
  readonly rows: number;
  readonly extent: readonly [x0: number, x1: number, y0: number, y1: number];
}

/** Between which two of `size` middles a place stands, as a share of the extent, and how far on: constant beyond the outer ones. */
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

/** The field at a point, interpolated between the four middles of cells around it. */
export function probabilityAt(grid: ProbabilityGrid, x: number, y: number): number {
  const [x0, x1, y0, y1] = grid.extent;
  const across = between((x - x0) / (x1 - x0), grid.columns);
  return interpolate(grid, across, between((y - y0) / (y1 - y0), grid.rows));
}

const BANDS = 10;

/** The pixels that the grid covers of a chart, at most those of its frame; `scale` of them are one of CSS. */
function covered({ extent }: ProbabilityGrid, { x, y, inner }: Chart, scale: number) {
  const [x0, x1, y0, y1] = extent;
  return {
    left: Math.round(Math.max(x(x0), inner.left) * scale),
    right: Math.round(Math.min(x(x1), inner.right) * scale),
    top: Math.round(Math.max(y(y1), inner.top) * scale),
    bottom: Math.round(Math.min(y(y0), inner.bottom) * scale),
  };
}

/** Where `count` pixels from `start` on stand between the grid's middles: the lower one of each, and how far on. */
function places(count: number, start: number, from: number, to: number, size: number) {
  const [low, on] = [new Uint16Array(count), new Float64Array(count)];
  for (let pixel = 0; pixel < count; pixel++) {
    const place = between((start + pixel + 0.5 - from) / (to - from), size);
    // The last middle is the upper end of a stretch, so that there always is a next one.
    low[pixel] = Math.min(place.low, Math.max(0, size - 2));
    on[pixel] = place.low > size - 2 ? 1 : place.on;
  }
  return { low, on };
}

/** Bands of a tenth each, as shades of the tone, pixel by pixel; they replace what is there. */
export function paintBands(
  context: CanvasRenderingContext2D,
  tone: string,
  grid: ProbabilityGrid,
  chart: Chart,
  scale: number,
): void {
  const { left, right, top, bottom } = covered(grid, chart, scale);
  const [width, height] = [right - left, bottom - top];
  if (!(width > 0 && height > 0)) return;
  const { probabilities, columns, rows } = grid;
  const [x0, x1, y0, y1] = grid.extent;
  const across = places(width, left, chart.x(x0) * scale, chart.x(x1) * scale, columns);
  const up = places(height, top, chart.y(y0) * scale, chart.y(y1) * scale, rows);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const shades = Uint32Array.from({ length: BANDS }, (_, band) =>
    pixelOf(tone, Math.round((band / (BANDS - 1)) * 0.3 * 255)),
  );
  const line = new Float64Array(columns + 1);
  for (let y = 0, at = 0; y < height; y++) {
    const low = (up.low[y] as number) * columns;
    const high = rows > 1 ? low + columns : low;
    const share = up.on[y] as number;
    for (let i = 0; i < columns; i++) {
      const below = probabilities[low + i] as number;
      line[i] = below + ((probabilities[high + i] as number) - below) * share;
    }
    line[columns] = line[columns - 1] as number;
    for (let x = 0; x < width; x++, at++) {
      const i = across.low[x] as number;
      const value =
        (line[i] as number) + ((line[i + 1] as number) - (line[i] as number)) * (across.on[x] as number);
      pixels[at] = shades[Math.min(BANDS - 1, Math.floor(value * BANDS))] as number;
    }
  }
  // Pixels are put where the canvas' own count says, whatever was moved.
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

/** The line of one half, by marching squares over the cells' middles (Lorensen and Cline 1987, in two dimensions). */
export function halfLine(
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
