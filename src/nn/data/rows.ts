// Selects rows of a data set by index.

import type { Matrix } from '../network/network';

/**
 * Copies the rows `indices` of `x`, [rows][columns], and of `y`, in the order of `indices`. Throws RangeError
 * for an index beyond the rows.
 */
export function takeRows(x: Matrix, y: Uint8Array, indices: Uint32Array): { x: Matrix; y: Uint8Array } {
  const [rows, columns] = x.shape;
  const data = new Float32Array(indices.length * columns);
  const classes = new Uint8Array(indices.length);
  for (const [to, from] of indices.entries()) {
    if (from >= rows) throw new RangeError(`there is no row ${from} among ${rows}`);
    data.set(x.data.subarray(from * columns, (from + 1) * columns), to * columns);
    classes[to] = y[from] ?? 0;
  }
  return { x: { shape: [indices.length, columns], data }, y: classes };
}
