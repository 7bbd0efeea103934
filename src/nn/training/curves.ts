// The curves of a training, epoch by epoch, and the sums behind an epoch's gradient flow.
// Invariant: row e − 1 belongs to epoch e, and only finished epochs are ever copied out.
// Does not know how a step is computed.
import { countSaturated } from '../network/activations';
import type { Layer, Matrix } from '../network/network';
import type { BatchFigures, Figures } from './gradient';

/**
 * Curves of a training, one value per epoch; the matrices are [epochs][layers], `saturated` [epochs][hidden
 * layers].
 */
export interface Curves {
  /**
   * Mean cross-entropy and accuracy over the epoch's batches, weighted by size, each batch before its step.
   */
  readonly loss: Float64Array;
  readonly accuracy: Float64Array;
  /** Mean cross-entropy and accuracy of the test rows at the epoch's end. */
  readonly testLoss: Float64Array;
  readonly testAccuracy: Float64Array;
  /** Root mean square of the unclipped mini-batch gradient, over a kernel's entries and the epoch's steps. */
  readonly gradientRms: Matrix<Float64Array>;
  /** Root mean square of the steps taken, new − old weight in float32, over the same entries and steps. */
  readonly updateRms: Matrix<Float64Array>;
  /**
   * Share of a hidden layer's outputs over the epoch's batches where |f′(z)| is below a tenth of its maximum.
   */
  readonly saturated: Matrix<Float64Array>;
}

/**
 * Returns new curves of `epochs` epochs for `layers` layers, the output layer included: the values of `from`,
 * then zeros.
 */
export function curvesOf(epochs: number, layers: number, from?: Curves): Curves {
  const list = (values?: Float64Array) => {
    const longer = new Float64Array(epochs);
    if (values) longer.set(values.subarray(0, epochs));
    return longer;
  };
  const matrix = (columns: number, values?: Matrix<Float64Array>): Matrix<Float64Array> => {
    const data = new Float64Array(epochs * columns);
    if (values) data.set(values.data.subarray(0, data.length));
    return { shape: [epochs, columns], data };
  };
  return {
    loss: list(from?.loss),
    accuracy: list(from?.accuracy),
    testLoss: list(from?.testLoss),
    testAccuracy: list(from?.testAccuracy),
    gradientRms: matrix(layers, from?.gradientRms),
    updateRms: matrix(layers, from?.updateRms),
    saturated: matrix(layers - 1, from?.saturated),
  };
}

/** Length of an epoch's sums for `layers` layers: loss, correct rows, and three sums per layer. */
export const sumsLength = (layers: number): number => 2 + 3 * layers;

/**
 * Sums over one epoch's steps; `finish` writes the figures into curves and resets the sums to 0. `values` is
 * one list of float64: the loss summed over the rows, the correct rows, and layer by layer the squares of the
 * gradient and of the steps over the kernel, and the saturated outputs.
 */
export class EpochSums {
  readonly values: Float64Array;
  readonly #layers: readonly Layer[];

  /** Continues from sums of the same layers, which are copied; without `from`, starts at 0. */
  constructor(layers: readonly Layer[], from?: Float64Array) {
    this.#layers = layers;
    this.values = new Float64Array(sumsLength(layers.length));
    if (from) this.values.set(from);
  }

  #add(index: number, value: number): void {
    this.values[index] = (this.values[index] as number) + value;
  }

  /** Counts the saturated pre-activations of a hidden layer; a `HiddenObserver`. */
  readonly observe = (layer: number, z: Float32Array): void => {
    const { activation } = this.#layers[layer] as Layer;
    this.#add(4 + 3 * layer, countSaturated(activation, z));
  };

  /** Adds the figures of a batch of `rows` rows. */
  addBatch({ loss, correct }: BatchFigures, rows: number): void {
    this.#add(0, loss * rows);
    this.#add(1, correct);
  }

  /**
   * Adds the squares of a step. The lists hold, kernel by kernel, the gradient and the weights before and
   * after.
   */
  addStep(
    gradients: readonly Float32Array[],
    before: readonly Float32Array[],
    after: readonly Float32Array[],
  ): void {
    for (let l = 0; l < this.#layers.length; l++) {
      const gradient = gradients[l] as Float32Array;
      const old = before[l] as Float32Array;
      const fresh = after[l] as Float32Array;
      let squares = 0;
      let moved = 0;
      for (let i = 0; i < gradient.length; i++) {
        const slope = gradient[i] as number;
        const step = Math.fround((fresh[i] as number) - (old[i] as number));
        squares += slope * slope;
        moved += step * step;
      }
      this.#add(2 + 3 * l, squares);
      this.#add(3 + 3 * l, moved);
    }
  }

  /**
   * Writes the figures of an epoch, from sums over `steps` steps and `rows` rows, and the test figures into
   * row `epoch` − 1 of `curves`. Resets the sums.
   */
  finish(curves: Curves, epoch: number, rows: number, steps: number, tested: Figures): void {
    const row = epoch - 1;
    const sum = (index: number): number => this.values[index] as number;
    curves.loss[row] = sum(0) / rows;
    curves.accuracy[row] = sum(1) / rows;
    curves.testLoss[row] = tested.loss;
    curves.testAccuracy[row] = tested.accuracy;
    const layers = this.#layers.length;
    for (const [l, { kernel, units }] of this.#layers.entries()) {
      const entries = kernel.data.length * steps;
      curves.gradientRms.data[row * layers + l] = Math.sqrt(sum(2 + 3 * l) / entries);
      curves.updateRms.data[row * layers + l] = Math.sqrt(sum(3 + 3 * l) / entries);
      if (l < layers - 1) curves.saturated.data[row * (layers - 1) + l] = sum(4 + 3 * l) / (units * rows);
    }
    this.values.fill(0);
  }
}
