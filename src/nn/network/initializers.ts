// The initial weights of a network.
// Invariant: one RandomState per architecture, drawn kernel by kernel, row by row, cast to float32 at the end, so that anyone
// can reproduce the weights with numpy. Does not know how the network is trained.

import { RandomState } from '../random/random-state';
import type { Activation, BatchNorm, Layer } from './network';

type Variance = (fanIn: number, fanOut: number) => number;
const glorot: Variance = (fanIn, fanOut) => 1 / Math.max(1, (fanIn + fanOut) / 2);
const he: Variance = (fanIn) => 2 / Math.max(1, fanIn);
const leCun: Variance = (fanIn) => 1 / Math.max(1, fanIn);

/**
 * Variance and distribution by name: Keras' `VarianceScaling`, after Glorot and Bengio (2010), He et al.
 * (2015), LeCun et al. (1998).
 */
const VARIANCE_SCALING = {
  glorotUniform: [glorot, 'uniform'],
  glorotNormal: [glorot, 'truncated normal'],
  heUniform: [he, 'uniform'],
  heNormal: [he, 'truncated normal'],
  leCunUniform: [leCun, 'uniform'],
  leCunNormal: [leCun, 'truncated normal'],
} as const;

/** Initializers by their Keras names in camelCase. */
export type KernelInitializer = keyof typeof VARIANCE_SCALING | 'randomNormal' | 'zeros';

/**
 * Shape and initialization of a network; `units` and `activations` are those of the hidden layers, in order.
 */
export interface InitialNetwork {
  readonly inputs: number;
  readonly units: readonly number[];
  readonly activations: readonly Activation[];
  readonly kernelInitializer: KernelInitializer;
  readonly seed: number;
  /** Whether all hidden layers are batch-normalized. */
  readonly batchNorm?: boolean;
  /**
   * Whether each hidden layer after the first adds its inputs to its outputs, if it has as many units as
   * inputs.
   */
  readonly residual?: boolean;
}

/**
 * Returns the hidden layers and then the output layer of one sigmoid unit, with drawn kernels [inputs][units]
 * and biases of 0. Batch normalization begins as in Keras, with gamma and movingVariance 1, beta and
 * movingMean 0, and uses no random number. Throws RangeError if units and activations differ in number, a
 * size is not a positive integer, or the seed is invalid.
 */
export function initialLayers(network: InitialNetwork): Layer[] {
  const { units, activations, kernelInitializer } = network;
  if (activations.length !== units.length) {
    throw new RangeError(`${units.length} hidden layers cannot have ${activations.length} activations`);
  }
  for (const size of [network.inputs, ...units]) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`the size of a layer must be a whole number of at least 1, not ${size}`);
    }
  }
  const random = new RandomState(network.seed);
  let inputs = network.inputs;
  const layer = (size: number, activation: Activation): Layer => {
    const data = new Float32Array(inputs * size);
    fill(data, inputs, size, kernelInitializer, random);
    const kernel = { shape: [inputs, size] as const, data };
    inputs = size;
    return { units: size, activation, kernel, bias: new Float32Array(size) };
  };
  const layers = units.map(
    (size, i): Layer => ({
      ...layer(size, activations[i] ?? 'sigmoid'),
      ...(network.batchNorm && { batchNorm: initialBatchNorm(size) }),
      ...(network.residual && size === units[i - 1] && { residual: true }),
    }),
  );
  layers.push(layer(1, 'sigmoid'));
  return layers;
}

function initialBatchNorm(units: number): BatchNorm {
  return {
    gamma: new Float32Array(units).fill(1),
    beta: new Float32Array(units),
    movingMean: new Float32Array(units),
    movingVariance: new Float32Array(units).fill(1),
  };
}

/** Initializer and seed of an architecture's kernels. */
export type Drawing = Pick<InitialNetwork, 'kernelInitializer' | 'seed'>;

/**
 * Returns the layers with the kernel of layer `at` redrawn by `kernelInitializer`, from the position that the
 * random stream of `drawn` reaches after the kernels before. So the kernel equals the initial kernel of an
 * architecture that differs in this layer alone; biases and all other layers stay. Throws RangeError if there
 * is no layer `at`.
 */
export function redrawn(
  layers: readonly Layer[],
  at: number,
  kernelInitializer: KernelInitializer,
  drawn: Drawing,
): Layer[] {
  const layer = layers[at];
  if (!layer) throw new RangeError(`there is no layer ${at + 1} among ${layers.length}`);
  const random = new RandomState(drawn.seed);
  const kernels = layers.slice(0, at + 1).map(({ kernel: { shape } }, index) => {
    const data = new Float32Array(shape[0] * shape[1]);
    fill(data, ...shape, index === at ? kernelInitializer : drawn.kernelInitializer, random);
    return { shape, data };
  });
  return layers.map((old, index) => (index === at ? { ...old, kernel: kernels[at] ?? old.kernel } : old));
}

/** Standard deviation of `randomNormal`: the default of Keras' `RandomNormal`. */
const RANDOM_NORMAL_STDDEV = 0.05;

/**
 * Standard deviation of the standard normal distribution truncated at ±2, to eight digits. Keras'
 * `VarianceScaling` divides by 0.87962566103423978, so about one float32 weight in a hundred differs by one
 * ulp. Stored results depend on these bits.
 */
const TRUNCATED_STDDEV = 0.87962566;

/** Draws a kernel in place, row by row. */
function fill(
  data: Float32Array,
  fanIn: number,
  fanOut: number,
  initializer: KernelInitializer,
  random: RandomState,
): void {
  if (initializer === 'zeros') return;
  if (initializer === 'randomNormal') {
    for (let i = 0; i < data.length; i++) data[i] = random.normal(0, RANDOM_NORMAL_STDDEV);
    return;
  }
  const [variance, distribution] = VARIANCE_SCALING[initializer];
  if (distribution === 'uniform') fillUniform(data, variance(fanIn, fanOut), random);
  else fillTruncatedNormal(data, variance(fanIn, fanOut), random);
}

function fillUniform(data: Float32Array, variance: number, random: RandomState): void {
  const limit = Math.sqrt(3 * variance);
  for (let i = 0; i < data.length; i++) data[i] = random.uniform(-limit, limit);
}

function fillTruncatedNormal(data: Float32Array, variance: number, random: RandomState): void {
  const stddev = Math.sqrt(variance) / TRUNCATED_STDDEV;
  for (let i = 0; i < data.length; i++) {
    let value: number;
    do value = random.normal(0, stddev);
    while (Math.abs(value) > 2 * stddev);
    data[i] = value;
  }
}
