// A field of probabilities as shaded bands and the line where it is one half, straight from a grid of numbers.
// Invariant: what is shaded, drawn as a line and asked for at a point is one and the same interpolated field.
// Deliberately knows nothing of networks and points.

import { type Chart, svg } from './svg';

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

/** The pixels that the grid covers of a chart, at most those of its frame. */
function covered({ extent }: ProbabilityGrid, { x, y, inner }: Chart) {
  const [x0, x1, y0, y1] = extent;
  return {
    left: Math.max(x(x0), inner.left),
    right: Math.min(x(x1), inner.right),
    top: Math.max(y(y1), inner.top),
    bottom: Math.min(y(y0), inner.bottom),
  };
}

/** Bands of a tenth each, one path a band, in cells of 2 pixels. */
export function fieldBands(grid: ProbabilityGrid, chart: Chart): SVGGElement {
  const size = 2;
  const { left, right, top, bottom } = covered(grid, chart);
  const [x0, x1, y0, y1] = grid.extent;
  const [from, to] = [chart.x(x0), chart.x(x1)];
  const [floor, ceiling] = [chart.y(y0), chart.y(y1)];
  const across = Array.from({ length: Math.ceil((right - left) / size) }, (_, column) =>
    between((left + (column + 0.5) * size - from) / (to - from), grid.columns),
  );
  const paths: string[] = Array.from({ length: BANDS }, () => '');
  for (let y = top; y < bottom; y += size) {
    const height = Math.min(size, bottom - y);
    const up = between((y + height / 2 - floor) / (ceiling - floor), grid.rows);
    const [down, back] = [`v${height.toFixed(1)}`, ` ${y.toFixed(1)}`];
    let [start, band] = [left, -1];
    const close = (end: number): void => {
      if (band > 0)
        paths[band] += `M${start.toFixed(1)}${back}H${end.toFixed(1)}${down}H${start.toFixed(1)}z`;
      start = end;
    };
    across.forEach((place, column) => {
      const next = Math.min(BANDS - 1, Math.floor(interpolate(grid, place, up) * BANDS));
      if (next === band) return;
      close(left + column * size);
      band = next;
    });
    close(right);
  }
  const group = svg('g', { class: 'field' });
  paths.forEach((d, band) => {
    if (d) group.append(svg('path', { d, 'fill-opacity': ((band / (BANDS - 1)) * 0.3).toFixed(3) }));
  });
  return group;
}

/** The line of one half, by marching squares over the cells' middles (Lorensen and Cline 1987, in two dimensions). */
export function halfLine(grid: ProbabilityGrid, chart: Chart, color: string): SVGPathElement {
  const { probabilities, columns, rows, extent } = grid;
  const [x0, x1, y0, y1] = extent;
  const { inner } = chart;
  const xs = Array.from({ length: columns }, (_, i) => chart.x(x0 + ((i + 0.5) / columns) * (x1 - x0)));
  const ys = Array.from({ length: rows }, (_, j) => chart.y(y0 + ((j + 0.5) / rows) * (y1 - y0)));
  const over = (i: number, j: number): number => (probabilities[j * columns + i] ?? Number.NaN) - 0.5;
  let d = '';
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const above = over(i, j) > 0;
      if (over(i + 1, j) > 0 === above && over(i, j + 1) > 0 === above && over(i + 1, j + 1) > 0 === above)
        continue;
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ] as const;
      const crossings: [number, number][] = [];
      corners.forEach(([a, b], index) => {
        const [c, e] = corners[(index + 1) % 4] ?? [a, b];
        const [from, to] = [over(a, b), over(c, e)];
        if (from > 0 === to > 0) return;
        const share = from / (from - to);
        const [ax, ay, cx, cy] = [xs[a] ?? 0, ys[b] ?? 0, xs[c] ?? 0, ys[e] ?? 0];
        crossings.push([ax + share * (cx - ax), ay + share * (cy - ay)]);
      });
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const [from, to] = [crossings[pair], crossings[pair + 1]];
        if (!from || !to) continue;
        const inside = [from, to].every(
          ([x, y]) => x >= inner.left && x <= inner.right && y >= inner.top && y <= inner.bottom,
        );
        if (inside)
          d += `M${from.map((v) => v.toFixed(1)).join(' ')}L${to.map((v) => v.toFixed(1)).join(' ')}`;
      }
    }
  }
  return svg('path', { d: d || 'M0 0', class: 'boundary', stroke: color });
}
