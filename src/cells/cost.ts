// Estimates the cost of cells, roughly, from params alone: the arithmetic that the kinds share.
// Invariant: light and pure, right within a factor of about three; an estimate decides only whether to ask first.

import type { Cost, Params } from '../core/kinds/kind';

/** Number of inputs of every network: the two coordinates of a point. */
export const INPUTS = 2;

/** Floating-point operations of an activation and its derivative, per output. */
const ACTIVATION_FLOPS = 30;
/** Floating-point operations of an optimizer's step, per weight. */
const STEP_FLOPS = 20;

// The cost of tfjs on its CPU backend, in operations of the fused kernel: the matrix products of tfjs are
// slower, and each tfjs operation has a fixed cost, however small its tensors are.
const TFJS_SLOWER = 8;
const TFJS_LAYER_FLOPS = 6e5;
/** Largest number of outputs that tfjs holds in memory at once. */
const TFJS_CHUNK = 2 ** 22;

/**
 * How many times slower than the fused kernel the plain float64 mathematics is. Networks that the kernel does
 * not cover are trained with it.
 */
const PLAIN_SLOWER = 40;
/** Bytes per output that a pass in plain float64 holds: five float64 arrays and one float32 array. */
const PLAIN_BYTES = 44;

type Ancestors = Readonly<Record<string, Params>>;

const isTfjs = (engine: string): boolean => engine.startsWith('tfjs');

const numberOf = (params: Params | undefined, name: string): number => Number(params?.[name] ?? 0);

/**
 * Size of a network. `products` counts the multiplications of a forward pass for one row, `weights` all
 * stored weights (moving statistics included), `hidden` the outputs of hidden layers, `layers` all layers.
 * `isPlain` is true if the fused kernel does not cover the network.
 */
interface NetworkSize {
  readonly isPlain: boolean;
  readonly products: number;
  readonly weights: number;
  readonly hidden: number;
  readonly layers: number;
}

/**
 * Returns the size of the network that these params of `architecture` describe. Absent params count as no
 * hidden layer.
 */
export function networkSize(architecture: Params | undefined): NetworkSize {
  const units = architecture?.['units'];
  const hiddenUnits = Array.from({ length: numberOf(architecture, 'hiddenLayers') }, (_, index) =>
    Number(Array.isArray(units) ? units[index] : units),
  );
  const widths = [INPUTS, ...hiddenUnits, 1];
  const outputs = widths.slice(1);
  const products = outputs.reduce((sum, width, index) => sum + width * (widths[index] ?? 0), 0);
  const hidden = hiddenUnits.reduce((sum, width) => sum + width, 0);
  const batchNorm = architecture?.['batchNorm'] === true;
  return {
    isPlain: batchNorm || architecture?.['residual'] === true,
    products,
    weights: products + outputs.reduce((sum, width) => sum + width, 0) + (batchNorm ? 4 * hidden : 0),
    hidden,
    layers: outputs.length,
  };
}

/**
 * Bytes per weight that a training holds: five float32 in the kernel (host order, packed, gradient, two
 * slots), three in the state at the start, three in a saved state, and the layers before and after training.
 */
const TRAINING_BYTES = 4 * (5 + 3 + 3 + 2);

/** Returns the number of training samples and of test samples. */
function rowsOf({ dataset, split }: Ancestors): { train: number; test: number } {
  const all = numberOf(dataset, 'nSamples');
  const test = Math.ceil(all * numberOf(split, 'testSize'));
  return { train: all - test, test };
}

/**
 * Returns the cost of a value that takes `flops` operations and `bytes` bytes per item (sample or weight).
 * `lower` names what to lower if a bound refuses the cost.
 */
export const perItem = (items: number, flops: number, bytes: number, lower: string): Cost => ({
  flops: items * flops,
  bytes: items * bytes,
  lower: { flops: lower, bytes: lower },
});

/** Floating-point operations of a forward pass over `rows` rows; with `backward`, of the gradient too. */
const passFlops = ({ products, hidden }: NetworkSize, rows: number, backward: boolean): number =>
  rows * (2 * products * (backward ? 3 : 1) + ACTIVATION_FLOPS * hidden);

/** Bytes of the outputs, and of their gradients, that are in memory at once for `rows` rows. */
const outputBytes = ({ hidden, isPlain }: NetworkSize, rows: number): number =>
  isPlain ? rows * (hidden + 1) * PLAIN_BYTES : Math.min(rows * (hidden + 1), TFJS_CHUNK) * 16;

/** How many times slower than the fused kernel the passes of this engine through this network are. */
const slownessOf = ({ isPlain }: NetworkSize, engine: string): number =>
  isTfjs(engine) ? TFJS_SLOWER : isPlain ? PLAIN_SLOWER : 1;

/**
 * Estimates the cost of a training from the first epoch to the last. `ancestors` holds the params of the
 * training's precedents by kind; `engine` is the engine as recipes name it.
 */
export function trainingCost(params: Params, ancestors: Ancestors, engine: string): Cost {
  const size = networkSize(ancestors['architecture']);
  const { train, test } = rowsOf(ancestors);
  const epochs = numberOf(params, 'epochs');
  const batch = Math.min(numberOf(params, 'batchSize'), train);
  const steps = Math.ceil(train / Math.max(1, batch));
  const work = passFlops(size, train, true) + passFlops(size, test, false);
  const update = steps * size.weights * STEP_FLOPS;
  const overhead = isTfjs(engine) ? steps * size.layers * TFJS_LAYER_FLOPS : 0;
  const curves = epochs * (4 + 3 * size.layers) * 8;
  return {
    flops: epochs * (work * slownessOf(size, engine) + update + overhead),
    bytes:
      TRAINING_BYTES * size.weights +
      outputBytes(size, Math.max(batch, test)) +
      (train + test) * 24 +
      2 * curves,
    // The stored value and the last checkpoint both contain the curves.
    kept: 2 * curves + 24 * size.weights,
    lower: { flops: 'epochs, units, layers or samples', bytes: 'units, layers or epochs' },
  };
}

/**
 * Estimates the cost of a diff: the gradient over the whole training set before and after training, and the
 * memory of the comparison.
 */
export function comparisonCost(ancestors: Ancestors, engine: string): Cost {
  const size = networkSize(ancestors['architecture']);
  const { train } = rowsOf(ancestors);
  const chunks = Math.ceil((train * (size.hidden + 1)) / TFJS_CHUNK);
  const overhead = isTfjs(engine) ? 2 * chunks * size.layers * TFJS_LAYER_FLOPS : 0;
  return {
    flops: 2 * passFlops(size, train, true) * slownessOf(size, engine) + overhead,
    bytes: 48 * size.weights + outputBytes(size, train) + train * 16,
    kept: 48 * size.weights,
    lower: { flops: 'units, layers or samples', bytes: 'units or layers' },
  };
}
