// A seventh kind, which no other file knows: what a new kind gets from its declaration alone is tested with it.
// Invariant: its value has a scalar of each type, a list and a matrix, so that the table of a value shows them all.

import { dataset } from '../../src/cells/dataset';
import { split } from '../../src/cells/split';
import { defineKind } from '../../src/core/kinds/kind';
import { choice, int } from '../../src/core/kinds/param';
import { boolean, matrix, number, picklist, strictObject, typed } from '../../src/core/kinds/value';

/** Counts the points of both classes in stripes across the plane. */
export const tally = defineKind({
  name: 'tally',
  about: 'points of both classes in stripes across the plane',
  version: 1,
  params: {
    stripes: int({ about: 'number of stripes', default: 3, min: 1, max: 64 }),
    part: choice(['train', 'test'], { about: 'which points are counted' }),
  },
  inputs: { dataset, split },
  value: strictObject({
    part: picklist(['train', 'test']),
    isEven: boolean(),
    share: number(),
    edges: typed('float64'),
    counts: matrix('uint32'),
  }),
  results: {
    positives: {
      label: 'share of class 1',
      about: 'share of the points in class 1',
      format: 'accuracy',
      read: ({ share }) => share,
    },
  },
  compute({ stripes, part }, inputs) {
    const { x, y } = inputs.dataset;
    const rows = inputs.split[part];
    const across = Array.from(rows, (row) => x.data[row * x.shape[1]] ?? 0);
    const [low, high] = [Math.min(...across), Math.max(...across)];
    const width = (high - low) / stripes || 1;
    const data = new Uint32Array(stripes * 2);
    for (const [index, row] of rows.entries()) {
      const stripe = Math.min(stripes - 1, Math.floor(((across[index] ?? 0) - low) / width));
      const at = stripe * 2 + ((y[row] ?? 0) > 0 ? 1 : 0);
      data[at] = (data[at] ?? 0) + 1;
    }
    return {
      part,
      isEven: rows.length % 2 === 0,
      share: rows.reduce((ones, row) => ones + (y[row] ?? 0), 0) / rows.length,
      edges: Float64Array.from({ length: stripes + 1 }, (_, index) => low + index * width),
      counts: { shape: [stripes, 2] as const, data },
    };
  },
});
