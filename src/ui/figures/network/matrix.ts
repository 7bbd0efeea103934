// Draws a matrix as cells, with numbers where the numbers fit, and a large matrix as a heat map of pixels; the longer side runs
// down.
// Invariant: colour is centred on 0 and opacity is |value| / largest, so the text on a cell keeps its contrast.
// Knows nothing of what the entries mean.

import type { Painter } from '../draw/canvas';
import { formatSigned } from '../draw/format';
import type { Mark } from '../draw/mark';
import { label, svg } from '../draw/svg';

/** [inputs][units], row by row; NaN for an entry without a value. */
interface Matrix {
  readonly shape: readonly [number, number];
  readonly data: Float32Array | Float64Array;
}

/** Matrices with more rows or columns are painted, without numbers and names. */
const MOST = 24;

/** Bounds of a painted matrix in pixels: its height, and the height of a row and the width of a column. */
const PAINTED = { height: 144, row: 6, column: 10 } as const;

/** Layout of matrices of one shape at a width; sizes in pixels. */
interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  readonly turned: boolean;
  /**
   * Whether the matrix is painted on a canvas: one cell per entry, or evenly chosen entries if there are more
   * entries than pixels.
   */
  readonly isPainted: boolean;
  /** Whether cells have room for their numbers. */
  readonly hasNumbers: boolean;
  readonly cell: { readonly width: number; readonly height: number };
  readonly height: number;
  /** Words on what rows and columns are, and on entries that are not drawn. */
  readonly words: string;
}

/** Layout of a kernel at a width in pixels, its longer side down. */
export function matrixShape({ shape: [inputs, units] }: Matrix, width: number): MatrixShape {
  const turned = units >= inputs;
  const [down, along] = turned ? [units, inputs] : [inputs, units];
  const isPainted = down > MOST || along > MOST;
  const rows = isPainted ? Math.min(down, PAINTED.height) : down;
  const columns = isPainted ? Math.min(along, Math.floor(width)) : along;
  const cell = isPainted
    ? {
        width: Math.min(PAINTED.column, width / columns),
        height: Math.min(PAINTED.row, Math.max(1, PAINTED.height / rows)),
      }
    : { width: Math.min(56, width / columns), height: rows > 16 ? 10 : 15 };
  const size = isPainted ? `, ${down} × ${along}` : '';
  const cut = rows < down || columns < along ? `, ${rows} × ${columns} of them drawn, evenly sampled` : '';
  return {
    rows,
    columns,
    turned,
    isPainted,
    hasNumbers: !isPainted && cell.width >= 34 && cell.height >= 14,
    cell,
    height: rows * cell.height,
    words: `${turned ? 'units down, inputs across' : 'inputs down, units across'}${size}${cut}`,
  };
}

/** The entry at a position in pixels from the left top corner of a matrix, as indices from 0; undefined beyond it. */
export function entryAt(
  { shape: [inputs, units] }: Matrix,
  { rows, columns, turned, cell }: MatrixShape,
  x: number,
  y: number,
): { readonly input: number; readonly unit: number } | undefined {
  const [row, column] = [Math.floor(y / cell.height), Math.floor(x / cell.width)];
  if (row < 0 || row >= rows || column < 0 || column >= columns) return undefined;
  const [down, along] = turned ? [units, inputs] : [inputs, units];
  const [place, other] = [Math.floor((row * down) / rows), Math.floor((column * along) / columns)];
  return turned ? { input: other, unit: place } : { input: place, unit: other };
}

interface Statistics {
  readonly largest: number;
  readonly rms: number;
}

const known = new WeakMap<Matrix['data'], Statistics>();

/** Computed once per matrix, since titles, words and scales all need it. */
function statisticsOf({ data }: Matrix): Statistics {
  let found = known.get(data);
  if (!found) {
    let [largest, squares] = [0, 0];
    for (const value of data) {
      const size = Math.abs(value);
      if (size > largest) largest = size;
      squares += value * value;
    }
    found = { largest, rms: Math.sqrt(squares / data.length) };
    known.set(data, found);
  }
  return found;
}

/** The largest absolute value of the entries, without NaN. */
export const largestOf = (matrix: Matrix): number => statisticsOf(matrix).largest;

/** The root mean square of the entries; NaN if an entry is NaN. */
export const rmsOf = (matrix: Matrix): number => statisticsOf(matrix).rms;

/** Painter of a large matrix, with the origin at its left top corner, in the tones of the cells. */
export const paintMatrix =
  (matrix: Matrix, { rows, columns, turned, cell }: MatrixShape, largest: number): Painter =>
  (context, tone) => {
    const [inputs, units] = matrix.shape;
    const [down, along] = turned ? [units, inputs] : [inputs, units];
    const colors = { negative: tone('--figure-negative-cell'), positive: tone('--figure-positive-cell') };
    for (let row = 0; row < rows; row++) {
      const place = Math.floor((row * down) / rows);
      const [top, bottom] = [row, row + 1].map((at) => Math.round(at * cell.height));
      for (let column = 0; column < columns; column++) {
        const other = Math.floor((column * along) / columns);
        const [input, unit] = turned ? [other, place] : [place, other];
        const value = matrix.data[input * units + unit] ?? Number.NaN;
        if (Number.isNaN(value) || value === 0) continue;
        const [left, right] = [column, column + 1].map((at) => Math.round(at * cell.width));
        context.globalAlpha = Math.round((Math.abs(value) / (largest || 1)) * LEVELS) / LEVELS;
        context.fillStyle = value < 0 ? colors.negative : colors.positive;
        context.fillRect(left ?? 0, top ?? 0, (right ?? 0) - (left ?? 0), (bottom ?? 0) - (top ?? 0));
      }
    }
    context.globalAlpha = 1;
  };

const LEVELS = 12;

/**
 * Key to the tones of cells without numbers: the strongest tone of each sign, side by side, KEY_HEIGHT high.
 */
export function matrixKey(largest: number, width: number): Mark {
  const signs = [
    ['negative', -largest],
    ['positive', largest],
  ] as const;
  return svg(
    'g',
    {},
    ...signs.flatMap(([sign, value], index) => {
      const x = (index * width) / 2;
      return [
        svg('rect', { x, y: 2, width: 8, height: 8, class: `cell ${sign}` }),
        label(formatSigned(value, 2), x + 12, 10, { class: 'quiet' }),
      ];
    }),
  );
}

/** Height in pixels of matrixKey. */
export const KEY_HEIGHT = 14;

/** Cells coloured by sign and size, with numbers if cells are wide enough; with row names if `named`. */
export function drawMatrix(matrix: Matrix, shape: MatrixShape, largest: number, named: boolean): Mark {
  const { rows, columns, turned, hasNumbers, cell } = shape;
  const paths = new Map<string, string>();
  const numbers = svg('g', { class: 'numbers' });
  const group = svg('g', {});
  for (let row = 0; row < rows; row++) {
    const y = row * cell.height;
    if (named && (rows <= 16 || row % 2 === 0)) {
      group.append(
        label(String(row + 1), -6, y + cell.height / 2 + 3.5, { 'text-anchor': 'end', class: 'quiet' }),
      );
    }
    for (let column = 0; column < columns; column++) {
      const [input, unit] = turned ? [column, row] : [row, column];
      const value = matrix.data[input * matrix.shape[1] + unit] ?? Number.NaN;
      const x = column * cell.width;
      if (hasNumbers) {
        const text = formatSigned(value, Math.abs(value) < 0.01 ? 4 : 3);
        numbers.append(label(text, x + cell.width - 5, y + 11, { 'text-anchor': 'end' }));
      }
      const level = Number.isNaN(value) ? -1 : Math.round((Math.abs(value) / (largest || 1)) * LEVELS);
      const name = level < 0 ? 'absent 1' : `${value < 0 ? 'negative' : 'positive'} ${level / LEVELS}`;
      const d = `M${x.toFixed(2)} ${y}h${(cell.width - 1).toFixed(2)}v${cell.height - 1}h${(1 - cell.width).toFixed(2)}z`;
      paths.set(name, (paths.get(name) ?? '') + d);
    }
  }
  for (const [name, d] of paths) {
    const [sign = '', share = ''] = name.split(' ');
    const opacity = sign === 'absent' ? undefined : Number(share).toFixed(2);
    group.append(svg('path', { d, class: `cell ${sign}`, 'fill-opacity': opacity }));
  }
  group.append(numbers);
  return group;
}
