// What a dense network is made of: plain matrices and layers, shared by initialisation, training and gradients.
// Invariant: a kernel is stored row by row as [inputs][units], as in Keras. Knows nothing of how it is trained.

/** A real matrix in row-major order; `data.length` is `shape[0] * shape[1]`. */
export interface Matrix<D extends Float32Array | Float64Array = Float32Array> {
  readonly shape: readonly [rows: number, columns: number];
  readonly data: D;
}

/** The activations of hidden layers, by their Keras names in camelCase. */
export type Activation = 'sigmoid' | 'linear' | 'tanh' | 'relu' | 'leakyRelu' | 'elu' | 'selu' | 'swish';

/** A Dense layer: `activation(inputs · kernel + bias)`; kernel [inputs][units], bias [units], float32. */
export interface Layer {
  readonly units: number;
  readonly activation: Activation;
  readonly kernel: Matrix;
  readonly bias: Float32Array;
}
