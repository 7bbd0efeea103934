// The change of a kernel by training: the update, and the two figures that the notebook derived from the
// update.
// Invariant: computed in float64 from the float32 weights, never rounded to float32; a percent change is
// finite or NaN. Does not know gradients: the update divided by the learning rate is a gradient only under
// plain SGD.
import type { Matrix } from '../network/network';

/** Figures of a kernel, entry by entry; each matrix has the kernel's shape. */
export interface Change {
  /** after − before. */
  readonly update: Matrix<Float64Array>;
  /** (before − after) / learningRate: the figure that the notebook printed as the gradient. */
  readonly perLearningRate: Matrix<Float64Array>;
  /** |100 · (before − after) / before|, or NaN where |before| is below the floor or 0. */
  readonly percentChange: Matrix<Float64Array>;
}

/** Compares a kernel before and after training. Throws RangeError if the shapes differ. */
export function change(before: Matrix, after: Matrix, learningRate: number, floor: number): Change {
  const [rows, columns] = before.shape;
  if (after.shape[0] !== rows || after.shape[1] !== columns) {
    throw new RangeError(`a ${before.shape.join(' × ')} kernel cannot become ${after.shape.join(' × ')}`);
  }
  const size = before.data.length;
  const update = new Float64Array(size);
  const perLearningRate = new Float64Array(size);
  const percentChange = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const old = before.data[i] as number;
    const fresh = after.data[i] as number;
    update[i] = fresh - old;
    perLearningRate[i] = (old - fresh) / learningRate;
    percentChange[i] =
      old === 0 || Math.abs(old) < floor ? Number.NaN : Math.abs((100 * (old - fresh)) / old);
  }
  const shaped = (data: Float64Array) => ({ shape: before.shape, data });
  return {
    update: shaped(update),
    perLearningRate: shaped(perLearningRate),
    percentChange: shaped(percentChange),
  };
}
