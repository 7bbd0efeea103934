// The activations of hidden layers and their slopes in float64, for probes and for training in plain float64.
// Invariant: finite for every finite z; exact to a few units in the last place, also far out in the tails, where 1 − f would
// lose its digits; the same bits in every browser. Does not know layers; the kernel has its own functions, in float32.

import { exp, expm1, tanh } from '../random/exponentials';
import { LEAKY_RELU_SLOPE } from './activations';
import type { Activation } from './network';

/** An activation f and its slope f′ at a pre-activation z. */
interface ActivationFunction {
  value(z: number): number;
  slope(z: number): number;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473766;

/** The logistic function 1 / (1 + e⁻ᶻ). */
export function sigmoid(z: number): number {
  const small = exp(-Math.abs(z));
  return (z < 0 ? small : 1) / (1 + small);
}

/** Slope of the logistic function: e⁻ᵗ / (1 + e⁻ᵗ)² for t = |z|. */
function bell(z: number): number {
  const small = exp(-Math.abs(z));
  return small / ((1 + small) * (1 + small));
}

/** Activations by Keras' definitions. Where a slope jumps at 0, the slope at 0 is TensorFlow's. */
export const ACTIVATION_FUNCTIONS: Readonly<Record<Activation, ActivationFunction>> = {
  sigmoid: { value: sigmoid, slope: bell },
  linear: { value: (z) => z, slope: () => 1 },
  tanh: { value: tanh, slope: (z) => 4 * bell(2 * z) },
  relu: { value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) },
  leakyRelu: {
    value: (z) => (z > 0 ? z : LEAKY_RELU_SLOPE * z),
    slope: (z) => (z > 0 ? 1 : LEAKY_RELU_SLOPE),
  },
  elu: { value: (z) => (z > 0 ? z : expm1(z)), slope: (z) => (z > 0 ? 1 : exp(z)) },
  selu: {
    value: (z) => (z > 0 ? SELU_SCALE * z : SELU_SCALE_ALPHA * expm1(z)),
    slope: (z) => (z >= 0 ? SELU_SCALE : SELU_SCALE_ALPHA * exp(z)),
  },
  swish: {
    value: (z) => z * sigmoid(z),
    slope: (z) => sigmoid(z) + z * bell(z),
  },
};
