// A dense network as plain matrices and layers, shared by initialisation, training and gradients.
// Invariant: a kernel is stored row by row as [inputs][units], as in Keras. Does not know how a network is trained.

/** A real matrix in row-major order; `data.length` is `shape[0] * shape[1]`. */
export interface Matrix<D extends Float32Array | Float64Array = Float32Array> {
  readonly shape: readonly [rows: number, columns: number];
  readonly data: D;
}

/** The activations of hidden layers, by their Keras names in camelCase. */
export type Activation = 'sigmoid' | 'linear' | 'tanh' | 'relu' | 'leakyRelu' | 'elu' | 'selu' | 'swish';

/**
 * Keras' `BatchNormalization` defaults: momentum of the moving statistics, and the epsilon that is added to a
 * variance.
 */
export const BATCH_NORM = { momentum: 0.99, epsilon: 1e-3 } as const;

/**
 * Batch normalization (Ioffe and Szegedy, 2015) of a layer's sums s, per unit, float32 [units] each: `gamma ·
 * (s − μ) / √(σ² + epsilon) + beta`. In training, μ and σ² are the batch's mean and biased variance;
 * elsewhere, the moving statistics. Subtracting the mean cancels the layer's bias, so in training the
 * gradient of the bias is 0.
 */
export interface BatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly movingMean: Float32Array;
  readonly movingVariance: Float32Array;
}

/**
 * A Dense layer: `activation(z)` with z = inputs · kernel + bias; kernel [inputs][units], bias [units],
 * float32. With `batchNorm`, z is normalized before the activation. With `residual`, the layer's inputs are
 * added to its outputs (He et al., 2016); the numbers of units and of inputs are then equal.
 */
export interface Layer {
  readonly units: number;
  readonly activation: Activation;
  readonly kernel: Matrix;
  readonly bias: Float32Array;
  readonly batchNorm?: BatchNorm;
  readonly residual?: true;
}

/**
 * A layer's trainable variables in Keras' order, each row by row: kernel, bias, and with batch normalization
 * gamma, beta. The arrays are the layer's own, not copies.
 */
export const variablesOf = ({ kernel, bias, batchNorm }: Layer): Float32Array[] =>
  batchNorm ? [kernel.data, bias, batchNorm.gamma, batchNorm.beta] : [kernel.data, bias];

/**
 * A layer's moving statistics, which no optimizer steps: movingMean and movingVariance, or none without batch
 * normalization. The arrays are the layer's own, not copies.
 */
export const movingOf = ({ batchNorm }: Layer): Float32Array[] =>
  batchNorm ? [batchNorm.movingMean, batchNorm.movingVariance] : [];
