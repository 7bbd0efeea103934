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

/** Mean cross-entropy of a batch, and the number of its rows with the right class. */
export interface BatchFigures {
  readonly loss: number;
  readonly correct: number;
  /**
   * Mean and biased variance of the batch for each normalized layer, [units] each, in the order of
   * `movingOf`.
   */
  readonly moments: readonly Float32Array[];
}

/**
 * Receives the pre-activations z of some rows of hidden layer `layer`, [rows][units], after batch
 * normalization if the layer has one. `z` is valid during the call only; calls keep the order of the rows.
 */
export type HiddenObserver = (layer: number, z: Float32Array) => void;

/** Lets other work proceed during a long computation; rejects once the computation is aborted. */
export type YieldThread = () => Promise<void>;

/**
 * The mathematics of a network whose last layer is one sigmoid unit. `x` is [rows][inputs], `y` has a 0 or 1
 * per row. The loss is computed from the logits; a logit above 0 predicts class 1. Every method throws
 * RangeError without a row.
 */
export interface Gradient {
  /** Name and version of the engine: part of the recipe of every value computed with it. */
  readonly version: string;

  /** Returns the figures of a batch. Overwrites `into` with ∂loss/∂variable, variable by variable. */
  batch(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    into: readonly Float32Array[],
    observe: HiddenObserver,
  ): BatchFigures;

  /** Resolves with the figures of many rows. Rejects with the reason that `yieldThread` rejects with. */
  evaluate(layers: readonly Layer[], x: Matrix, y: Uint8Array, yieldThread: YieldThread): Promise<Figures>;

  /**
   * Resolves with ∂loss/∂kernel of each layer, [inputs][units], for the mean loss over all rows. Rejects with
   * the reason that `yieldThread` rejects with.
   */
  full(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    yieldThread: YieldThread,
  ): Promise<Matrix<Float64Array>[]>;
}
