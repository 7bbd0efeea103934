// A dense network as plain matrices and layers, shared by initialisation, training and gradients.
// Invariant: a kernel is stored row by row as [inputs][units], as in Keras. Does not know how a network is trained.

/** A real matrix in row-major order; `data.length` is `shape[0] * shape[1]`. */
export interface Matrix<D extends Float32Array | Float64Array = Float32Array> {
  readonly shape: readonly [rows: number, columns: number];
  readonly data: D;
}

/** The activations of hidden layers, by their Keras names in camelCase. */
export type Activation = 'sigmoid' | 'linear' | 'tanh' | 'relu' | 'leakyRelu' | 'elu' | 'selu' | 'swish';

/** Keras' `BatchNormalization` defaults: of the moving statistics, and what is added to a variance. */
export const BATCH_NORM = { momentum: 0.99, epsilon: 1e-3 } as const;

/**
 * Batch normalization (Ioffe and Szegedy, 2015) of a layer's sums, per unit, float32 [units] each: `gamma · (s − μ) /
 * √(σ² + epsilon) + beta`, with the batch's mean and (biased) variance in training and the moving ones elsewhere. The mean
 * takes away what the layer's bias adds, so in training a bias here has a gradient of exactly 0.
 */
export interface BatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly movingMean: Float32Array;
  readonly movingVariance: Float32Array;
}

/**
 * A Dense layer: `activation(z)` with z = inputs · kernel + bias, batch-normalized first where `batchNorm` is there, and
 * with the layer's inputs added to its outputs where `residual` says so (He et al., 2016; units and inputs are as many).
 * Kernel [inputs][units], bias [units], float32.
 */
export interface Layer {
  readonly units: number;
  readonly activation: Activation;
  readonly kernel: Matrix;
  readonly bias: Float32Array;
  readonly batchNorm?: BatchNorm;
  readonly residual?: true;
}

/** A layer's trainable variables in Keras' order, each row by row: kernel, bias, and where it normalizes gamma, beta. */
export const variablesOf = ({ kernel, bias, batchNorm }: Layer): Float32Array[] =>
  batchNorm ? [kernel.data, bias, batchNorm.gamma, batchNorm.beta] : [kernel.data, bias];

/** What a layer holds beside them, which no optimizer steps: where it normalizes, movingMean and movingVariance. */
export const movingOf = ({ batchNorm }: Layer): Float32Array[] =>
  batchNorm ? [batchNorm.movingMean, batchNorm.movingVariance] : [];
