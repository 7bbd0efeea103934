// Forward and backward pass of a probe in float64: sums, activations, and the signal ∂ℓ/∂s layer by layer.
// Invariant: a row's numbers do not depend on the other rows in memory, except with batch normalization,
// which needs all rows at once. Knows neither the number of all rows nor the purpose of the sums.

import {
  addGradient,
  addSums,
  denormalize,
  momentsOf,
  type Normalized,
  normalize,
  passBack,
} from '../network/dense-pass';
import type { BatchNorm, Layer } from '../network/network';
import { ACTIVATION_FUNCTIONS, sigmoid } from '../network/probe-functions';
import type { YieldThread } from '../training/gradient';
import { type LayerTally, sumOfSquares } from './probe-tally';

/**
 * Calls `work` for consecutive blocks of rows; `perRow` is the approximate cost of a row in multiply-adds.
 */
type InBlocks = (rows: number, perRow: number, work: (from: number, to: number) => void) => Promise<void>;

/** Multiply-adds between two calls of `yieldThread`: a few milliseconds on a slow machine. */
const BLOCK = 2 ** 21;

/** Cost of activating or squaring one entry, in multiply-adds. */
const ENTRY = 24;

/**
 * Returns a function that does work in blocks and calls `yieldThread` between them; rejects with the reason that
 * `yieldThread` rejects with.
 */
export function blocks(yieldThread: YieldThread): InBlocks {
  let spent = 0;
  return async (rows, perRow, work) => {
    const size = Math.max(1, Math.floor(BLOCK / perRow));
    for (let from = 0; from < rows; from += size) {
      const to = Math.min(rows, from + size);
      work(from, to);
      spent += (to - from) * perRow;
      if (spent < BLOCK) continue;
      spent = 0;
      await yieldThread();
    }
  };
}

/** Arrays of a layer after the forward pass, [rows][columns] each; `z` is the input of the activation. */
interface Passed {
  readonly inputs: Float64Array;
  readonly z: Float64Array;
  readonly outputs: Float64Array;
  readonly normalized: Normalized | undefined;
}

/** γ · ŝ + β. */
const scaled = (values: Float64Array, { gamma, beta }: BatchNorm, units: number): Float64Array =>
  values.map((value, i) => value * (gamma[i % units] as number) + (beta[i % units] as number));

function add(into: Float64Array, values: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] as number) + (values[i] as number);
}

/**
 * Passes rows `x`, [rows][inputs], forward through the network. `tallies` count the inputs and the outputs of
 * the activations. Resolves with the arrays of each layer, in order.
 */
export async function forward(
  layers: readonly Layer[],
  x: Float64Array,
  rows: number,
  tallies: readonly LayerTally[],
  inBlocks: InBlocks,
): Promise<Passed[]> {
  const passed: Passed[] = [];
  let inputs = x;
  for (const [l, layer] of layers.entries()) {
    const { units, kernel, batchNorm, residual } = layer;
    const tally = tallies[l] as LayerTally;
    const sums = new Float64Array(rows * units);
    const from = inputs;
    await inBlocks(rows, kernel.data.length, (first, end) => addSums(layer, from, sums, first, end));
    const normalized = batchNorm && { values: sums, moments: momentsOf(units) };
    if (normalized) normalize(sums, normalized.moments);
    const z = normalized && batchNorm ? scaled(normalized.values, batchNorm, units) : sums;
    const outputs = new Float64Array(z.length);
    await inBlocks(rows, ENTRY * units, (from, to) => tally.activate(z, outputs, from, to));
    if (residual) add(outputs, inputs);
    tally.squares.input += sumOfSquares(inputs);
    passed.push({ inputs, z, outputs, normalized });
    inputs = outputs;
  }
  return passed;
}

/**
 * Passes the signal of the loss back to the first layer. Adds, layer by layer, the signal's squares to the
 * tally and inputs · signal to the tally's `gradient`, which is created if absent. Calls `finish` for a layer
 * after all rows of this pass are added to its gradient.
 */
export async function backward(
  layers: readonly Layer[],
  passed: readonly Passed[],
  y: Uint8Array,
  tallies: readonly LayerTally[],
  inBlocks: InBlocks,
  finish: (tally: LayerTally) => void,
): Promise<void> {
  const rows = y.length;
  const last = layers.length - 1;
  const logits = (passed[last] as Passed).z;
  let signal = logits.map((z, row) => sigmoid(z) - (y[row] as number));
  (tallies[last] as LayerTally).squares.delta += sumOfSquares(signal);
  /**
   * ∂ℓ/∂outputs of the layer that `signal` belongs to; a residual connection passes it to the layer before.
   */
  let around: Float64Array | undefined;
  for (let l = last; l >= 0; l--) {
    const [layer, tally] = [layers[l] as Layer, tallies[l] as LayerTally];
    const { units, kernel } = layer;
    tally.gradient ??= new Float64Array(kernel.data.length);
    const own = signal;
    const { gradient } = tally;
    const { inputs } = passed[l] as Passed;
    await inBlocks(rows, kernel.data.length, (from, to) =>
      addGradient(gradient, inputs, own, units, from, to),
    );
    finish(tally);
    const [before, at] = [layers[l - 1], passed[l - 1]];
    const squares = tallies[l - 1]?.squares;
    if (!before || !at || !squares) break;
    const back = new Float64Array(rows * before.units);
    await inBlocks(rows, kernel.data.length, (from, to) => passBack(layer, own, back, from, to));
    squares.weights += sumOfSquares(back);
    if (layer.residual && around) add(back, around);
    squares.skip += sumOfSquares(back);
    around = back;
    const { slope } = ACTIVATION_FUNCTIONS[before.activation];
    const sloped = new Float64Array(back.length);
    await inBlocks(rows, ENTRY * before.units, (from, to) => {
      for (let i = from * before.units; i < to * before.units; i++)
        sloped[i] = (back[i] as number) * slope(at.z[i] as number);
    });
    squares.slope += sumOfSquares(sloped);
    if (before.batchNorm && at.normalized) denormalize(sloped, before.batchNorm, at.normalized);
    squares.delta += sumOfSquares(sloped);
    signal = sloped;
  }
}
