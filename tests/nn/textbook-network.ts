// A dense network in plain float64 numbers, as a textbook writes it: what engines are compared with.
// Invariant: shares no line with src, and knows nothing of batches, optimizers or float32.
import type { Activation, Layer, Matrix } from '../../src/nn/network/network';
import { RandomState } from '../../src/nn/random/random-state';
import type { Hidden } from './setups';

/** Those with a kink or a jump in the slope at 0, where finite differences mean nothing. */
export const KINKED: readonly Activation[] = ['relu', 'leakyRelu', 'selu'];

export const SELU_SCALE = 1.0507009873554805;

export const VALUES: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  linear: (z) => z,
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leakyRelu: (z) => (z > 0 ? z : 0.2 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  selu: (z) => SELU_SCALE * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  swish: (z) => z / (1 + Math.exp(-z)),
};

/** Kernel and bias, layer by layer. */
export type Variables = readonly number[][];

export function variablesOf(layers: readonly Layer[]): number[][] {
  return layers.flatMap(({ kernel, bias }) => [[...kernel.data], [...bias]]);
}

/** A network's last pre-activation for one row; `z` takes the pre-activations, layer by layer. */
export function logit(
  layers: readonly Layer[],
  weights: Variables,
  row: readonly number[],
  z: number[][] = [],
): number {
  let values = row;
  for (const [l, { activation, units }] of layers.entries()) {
    const kernel = weights[2 * l] as number[];
    const bias = weights[2 * l + 1] as number[];
    const sums = bias.map((b, u) =>
      values.reduce((sum, v, i) => sum + v * (kernel[i * units + u] as number), b),
    );
    z.push(sums);
    if (l === layers.length - 1) return sums[0] as number;
    values = sums.map(VALUES[activation]);
  }
  throw new Error('no layers');
}

/** The mean cross-entropy over all rows. */
export function meanLoss(layers: readonly Layer[], weights: Variables, x: Matrix, y: Uint8Array): number {
  let sum = 0;
  for (let r = 0; r < y.length; r++) {
    const z = logit(layers, weights, rowOf(x, r));
    sum += Math.max(z, 0) - z * (y[r] as number) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return sum / y.length;
}

export function rowOf({ shape, data }: Matrix, r: number): number[] {
  return [...data.subarray(r * shape[1], (r + 1) * shape[1])];
}

/** ∂loss/∂variable by central differences, variable by variable. */
export function differences(layers: readonly Layer[], x: Matrix, y: Uint8Array, h = 1e-5): number[][] {
  const weights = variablesOf(layers);
  return weights.map((values) =>
    values.map((value, i) => {
      values[i] = value + h;
      const above = meanLoss(layers, weights, x, y);
      values[i] = value - h;
      const below = meanLoss(layers, weights, x, y);
      values[i] = value;
      return (above - below) / (2 * h);
    }),
  );
}

/** Whether a pre-activation of a hidden layer with a kink lies so near to it that differences would reach over it. */
export function nearKink({ layers, x, y }: Problem): boolean {
  const weights = variablesOf(layers);
  return y.some((_, r) => {
    const z: number[][] = [];
    logit(layers, weights, rowOf(x, r), z);
    return layers
      .slice(0, -1)
      .some(({ activation }, l) => KINKED.includes(activation) && z[l]?.some((v) => Math.abs(v) < 1e-3));
  });
}

export interface Problem {
  readonly layers: Layer[];
  readonly x: Matrix;
  readonly y: Uint8Array;
}

/** A network with random weights of standard deviation 0.7, biases included, and random rows. */
export function randomProblem(hidden: Hidden, rows: number, seed: number): Problem {
  const random = new RandomState(seed);
  const normal = (n: number) => Float32Array.from({ length: n }, () => random.normal(0, 0.7));
  let inputs = 2;
  const layer = (activation: Activation, units: number): Layer => {
    const kernel = { shape: [inputs, units] as const, data: normal(inputs * units) };
    inputs = units;
    return { units, activation, kernel, bias: normal(units) };
  };
  const layers = [...hidden.map(([activation, units]) => layer(activation, units)), layer('sigmoid', 1)];
  const y = Uint8Array.from({ length: rows }, () => Number(random.randomSample() < 0.5));
  return { layers, x: { shape: [rows, 2], data: normal(rows * 2) }, y };
}
