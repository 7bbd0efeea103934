// A network as TensorFlow.js operations: activations with Keras' slopes, batch normalization, residual connections.
// Invariant: tensors made here last until the surrounding tidy ends. Does not know losses, chunks of rows or batches.
import * as tf from '@tensorflow/tfjs';
import { LEAKY_RELU_SLOPE } from '../network/activations';
import { type Activation, BATCH_NORM, type Layer } from '../network/network';

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473766;

type Operation = (z: tf.Tensor) => tf.Tensor;

const ACTIVATIONS: Readonly<Record<Activation, Operation>> = {
  sigmoid: (z) => tf.sigmoid(z),
  linear: (z) => z,
  tanh: (z) => tf.tanh(z),
  relu: (z) => tf.relu(z),
  leakyRelu: (z) => tf.leakyRelu(z, LEAKY_RELU_SLOPE),
  elu: (z) => tf.elu(z),
  // At z = 0, which units behind dead units do reach, tfjs takes the slope from below, and Keras the slope
  // from above.
  selu: withGradient(
    (z) => tf.selu(z),
    (dy, z) =>
      tf.mul(dy, tf.where(tf.less(z, 0), tf.mul(SELU_SCALE_ALPHA, tf.exp(z)), tf.scalar(SELU_SCALE))),
  ),
  swish: (z) => tf.mul(z, tf.sigmoid(z)),
};

/** An operation with an explicit derivative: `gradient` maps ∂loss/∂value to ∂loss/∂z. */
export function withGradient(
  value: Operation,
  gradient: (dy: tf.Tensor, z: tf.Tensor) => tf.Tensor,
): Operation {
  return tf.customGrad((...inputs) => {
    const [z, save] = inputs as [tf.Tensor, (tensors: tf.Tensor[]) => void];
    save([z]);
    return { value: value(z), gradFunc: (dy, saved) => gradient(dy, saved[0] as tf.Tensor) };
  });
}

/** A layer with its weights as tensors, which last until the surrounding tidy ends. */
interface Weights {
  readonly activation: Activation;
  readonly residual: boolean;
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly batchNorm: Readonly<Record<'gamma' | 'beta' | 'mean' | 'variance', tf.Tensor1D>> | undefined;
}

/** Copies the weights of layers to tensors, which last until the surrounding tidy ends. */
export function tensors(layers: readonly Layer[]): Weights[] {
  return layers.map(({ activation, kernel, bias, batchNorm, residual }) => ({
    activation,
    residual: residual ?? false,
    kernel: tf.tensor2d(kernel.data, [...kernel.shape]),
    bias: tf.tensor1d(bias),
    batchNorm: batchNorm && {
      gamma: tf.tensor1d(batchNorm.gamma),
      beta: tf.tensor1d(batchNorm.beta),
      mean: tf.tensor1d(batchNorm.movingMean),
      variance: tf.tensor1d(batchNorm.movingVariance),
    },
  }));
}

/** The trainable variables, layer by layer, in the order of `variablesOf`. */
export const trainableOf = (weights: readonly Weights[]): tf.Tensor[] =>
  weights.flatMap(({ kernel, bias, batchNorm }) =>
    batchNorm ? [kernel, bias, batchNorm.gamma, batchNorm.beta] : [kernel, bias],
  );

/**
 * Observer of a pass in training. Receives the input of each hidden activation, and the mean and the biased
 * variance over the rows for each normalized layer.
 */
interface Seen {
  hidden(z: tf.Tensor): void;
  moments(mean: tf.Tensor, variance: tf.Tensor): void;
}

/**
 * Normalizes `sums`, [rows][units], by the moments of these rows if `seen` is given, as in training;
 * otherwise by the moving statistics.
 */
function normalized(
  sums: tf.Tensor,
  own: NonNullable<Weights['batchNorm']>,
  seen: Seen | undefined,
): tf.Tensor {
  const mean = seen ? tf.mean(sums, 0) : own.mean;
  const centred = tf.sub(sums, mean);
  const variance = seen ? tf.mean(tf.square(centred), 0) : own.variance;
  seen?.moments(mean, variance);
  const scale = tf.mul(tf.rsqrt(tf.add(variance, BATCH_NORM.epsilon)), own.gamma);
  return tf.add(tf.mul(centred, scale), own.beta);
}

/**
 * Returns the pre-activations of the last layer, [rows][1]. Only a pass in training gives `seen`. Throws
 * RangeError without a layer.
 */
export function logits(weights: readonly Weights[], x: tf.Tensor, seen?: Seen): tf.Tensor {
  let output = x;
  for (const [l, { activation, kernel, bias, batchNorm, residual }] of weights.entries()) {
    const sums = tf.add(tf.matMul(output, kernel), bias);
    if (l === weights.length - 1) return sums;
    const z = batchNorm ? normalized(sums, batchNorm, seen) : sums;
    seen?.hidden(z);
    const activated = ACTIVATIONS[activation](z);
    output = residual ? tf.add(activated, output) : activated;
  }
  throw new RangeError('a network has at least one layer');
}
