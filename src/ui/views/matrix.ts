// A matrix as a heat map with numbers where they fit; its longer side runs down.
// Invariant: colour is centred on 0 and opacity is |value| / largest, so the text on it keeps its contrast.
// Deliberately knows nothing of what the entries mean.

import { formatSigned } from './format';
import type { Mark } from './mark';
import { label, svg } from './svg';

/** [inputs][units], row by row; NaN where there is no value. */
export interface Matrix {
  readonly shape: readonly [number, number];
  readonly data: Float32Array | Float64Array;
}

const MOST = 24;

/** How matrices of one shape are drawn at a width. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  readonly turned: boolean;
  readonly cell: { readonly width: number; readonly height: number };
  readonly height: number;
  /** What runs down and across, and what is left out. */
  readonly words: string;
}

/** The layout of a kernel: its longer side down, at most 24 rows and columns of it. */
export function matrixShape({ shape: [inputs, units] }: Matrix, width: number): MatrixShape {
  const turned = units >= inputs;
  const [down, along] = turned ? [units, inputs] : [inputs, units];
  const [rows, columns] = [Math.min(down, MOST), Math.min(along, MOST)];
  const cell = { width: Math.min(56, width / columns), height: rows > 16 ? 10 : 15 };
  const cut = down > MOST || along > MOST ? `, the first ${rows} × ${columns} of ${down} × ${along}` : '';
  return {
    rows,
    columns,
    turned,
    cell,
    height: rows * cell.height,
    words: `${turned ? 'units down, inputs across' : 'inputs down, units across'}${cut}`,
  };
}

/** The largest size among the entries that have a value. */
export function largestOf({ data }: Matrix): number {
  let largest = 0;
  for (const value of data) if (Math.abs(value) > largest) largest = Math.abs(value);
  return largest;
}

const LEVELS = 12;

/** Cells, coloured by sign and size, with numbers where cells are wide enough; row names if wanted. */
export function drawMatrix(matrix: Matrix, shape: MatrixShape, largest: number, named: boolean): Mark {
  const { rows, columns, turned, cell } = shape;
  const paths = new Map<string, string>();
  const numbers = svg('g', { class: 'numbers' });
  const withNumbers = cell.width >= 34 && cell.height >= 14;
  const group = svg('g', {});
  for (let row = 0; row < rows; row++) {
    const y = row * cell.height;
    if (named && (rows <= 16 || row % 2 === 0)) {
      group.append(
        label(String(row), -6, y + cell.height / 2 + 3.5, { 'text-anchor': 'end', class: 'quiet' }),
      );
    }
    for (let column = 0; column < columns; column++) {
      const [input, unit] = turned ? [column, row] : [row, column];
      const value = matrix.data[input * matrix.shape[1] + unit] ?? Number.NaN;
      const x = column * cell.width;
      if (withNumbers) {
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
