// Estimates the cost of cells, roughly, from params alone: the arithmetic that the kinds share.
// Invariant: light and pure, right within a factor of about three; an estimate decides only whether to ask first.

import type { Cost, Params } from '../core/kinds/kind';

/** How many inputs a network has. */
export const INPUTS = 2;

/** Of an activation and its derivative, for one output. */
const ACTIVATION_FLOPS = 30;
/** Of an optimizer's step, for one weight. */
const STEP_FLOPS = 20;

// tfjs on its plain backend, in terms of what the fused kernel does meanwhile: each of its operations costs the same
// however small it is, and its products are slower.
const TFJS_SLOWER = 8;
const TFJS_LAYER_FLOPS = 6e5;
/** The most outputs that it has in memory at once. */
const TFJS_CHUNK = 2 ** 22;

/** Plain float64 mathematics in terms of the fused kernel, for networks that the kernel does not hold. */
const PLAIN_SLOWER = 40;
/** Of one output there, in all that is held of it in a pass. */
const PLAIN_BYTES = 44;

type Ancestors = Readonly<Record<string, Params>>;

const isTfjs = (engine: string): boolean => engine.startsWith('tfjs');

const numberOf = (params: Params | undefined, name: string): number => Number(params?.[name] ?? 0);

/**
 * A network's size: multiplications of a forward pass for one row, weights, outputs of hidden layers, all layers; whether
 * it is one that the fused kernel does not hold.
 */
interface NetworkSize {
  readonly isPlain: boolean;
  readonly products: number;
  readonly weights: number;
  readonly hidden: number;
  readonly layers: number;
}

/** The size of the network that these params of `architecture` describe. */
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
 * Of a training, for one weight: five float32 in the kernel (as the host has it, packed, gradient, two slots), three in
 * the state that it begins from, three in one that is saved, and its layers before and after.
 */
const TRAINING_BYTES = 4 * (5 + 3 + 3 + 2);

/** How many samples there are to train on and to test on. */
function rowsOf({ dataset, split }: Ancestors): { train: number; test: number } {
  const all = numberOf(dataset, 'nSamples');
  const test = Math.ceil(all * numberOf(split, 'testSize'));
  return { train: all - test, test };
}

/** What a value costs that takes so many operations and bytes for each of its rows or weights. */
export const perItem = (items: number, flops: number, bytes: number, lower: string): Cost => ({
  flops: items * flops,
  bytes: items * bytes,
  lower: { flops: lower, bytes: lower },
});

/** Of a forward pass, and with `backward` of the gradient too, over so many rows. */
const passFlops = ({ products, hidden }: NetworkSize, rows: number, backward: boolean): number =>
  rows * (2 * products * (backward ? 3 : 1) + ACTIVATION_FLOPS * hidden);

/** Of the outputs that are in memory at once, there and back. */
const outputBytes = ({ hidden, isPlain }: NetworkSize, rows: number): number =>
  isPlain ? rows * (hidden + 1) * PLAIN_BYTES : Math.min(rows * (hidden + 1), TFJS_CHUNK) * 16;

/** How much slower than the fused kernel such a network's passes are. */
const slownessOf = ({ isPlain }: NetworkSize, engine: string): number =>
  isTfjs(engine) ? TFJS_SLOWER : isPlain ? PLAIN_SLOWER : 1;

/** What a training with these params costs from its first epoch to its last. */
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
    // The value and the state that it can be gone on from: both have the curves.
    kept: 2 * curves + 24 * size.weights,
    lower: { flops: 'epochs, units, layers or samples', bytes: 'units, layers or epochs' },
  };
}

/** What the gradient over all of the training set costs before and after, and what it takes to hold the comparison. */
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
