// The interface of an engine for training and diff: the loss of a network and its gradients, without optimizers.
// Invariant: gradients have the order of Keras's trainable variables, layer by layer as in `variablesOf`. Batch normalization
// uses the statistics of the given rows, except in `evaluate`, which uses the moving statistics.
// Knows no engine, so that another engine can replace tfjs.
import type { Layer, Matrix } from '../network/network';

/** Binary cross-entropy (natural logarithm, mean over the rows) and the share of rows with the right class. */
export interface Figures {
  readonly loss: number;
  readonly accuracy: number;
}

/** The mean cross-entropy of a batch, and how many of its rows have the right class. */
export interface BatchFigures {
  readonly loss: number;
  readonly correct: number;
  /** By normalized layer the batch's mean and biased variance, [units] each, in the order of `movingOf`. */
  readonly moments: readonly Float32Array[];
}

/** Called with the pre-activations z, normalized where the layer does so, of some rows of hidden layer `layer`; `z` is only lent, and row order is kept. */
export type HiddenObserver = (layer: number, z: Float32Array) => void;

/** Lets other work go on, where a computation is long; it rejects when the computation has been aborted. */
export type Turn = () => Promise<void>;

/**
 * The mathematics of a network whose last layer is one sigmoid unit. `x` is [rows][inputs], `y` has a 0 or 1 a row, and
 * the loss is computed from the logits; a row counts as class 1 where its logit is above 0.
 * Every method throws RangeError unless there is a row.
 */
export interface Gradient {
  /** The engine's name and version: part of the recipe of whatever is computed with it. */
  readonly version: string;

  /** The figures of a batch; writes ∂loss/∂variable, variable by variable, over what `into` holds. */
  batch(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    into: readonly Float32Array[],
    observe: HiddenObserver,
  ): BatchFigures;

  /** The figures of many rows. Rejects with what `turn` rejects with. */
  evaluate(layers: readonly Layer[], x: Matrix, y: Uint8Array, turn: Turn): Promise<Figures>;

  /** ∂loss/∂kernel of each layer, the loss being the mean over all rows. Rejects with what `turn` rejects with. */
  full(layers: readonly Layer[], x: Matrix, y: Uint8Array, turn: Turn): Promise<Matrix<Float64Array>[]>;
}
