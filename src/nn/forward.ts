// The forward pass of a network over many points, for drawing: what a network says at each place of the plane.
// Invariant: nothing but + - * / and bit access, so a drawing is the same in every browser; within 1e-6 of the exact value.
// Deliberately knows no engine: loading one only to draw would take longer than the drawing.

import { LEAKY_RELU_SLOPE } from './activations';
import type { Turn } from './gradient';
import type { Activation, Layer } from './network';

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
const MAX_EXPONENT = 708;
const bits = new DataView(new ArrayBuffer(8));

/** e to the x, relative error below 1e-11; x is held within ±708. */
function exp(x: number): number {
  const held = Math.min(Math.max(x, -MAX_EXPONENT), MAX_EXPONENT);
  const k = Math.floor(held / Math.LN2 + 0.5);
  const r = held - k * LN2_HI - k * LN2_LO;
  let sum = 1;
  for (let n = 10; n > 0; n--) sum = 1 + (sum * r) / n;
  bits.setInt32(0, (k + 1023) << 20);
  return sum * bits.getFloat64(0);
}

const sigmoid = (z: number): number => 1 / (1 + exp(-z));

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473766;

const ACTIVATIONS: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid,
  linear: (z) => z,
  tanh: (z) => 2 * sigmoid(2 * z) - 1,
  relu: (z) => Math.max(z, 0),
  leakyRelu: (z) => (z > 0 ? z : LEAKY_RELU_SLOPE * z),
  elu: (z) => (z > 0 ? z : exp(z) - 1),
  selu: (z) => (z > 0 ? SELU_SCALE * z : SELU_SCALE_ALPHA * (exp(z) - 1)),
  swish: (z) => z * sigmoid(z),
};

/** Products a block of rows may take: some milliseconds. */
const BLOCK_PRODUCTS = 2 ** 20;

/** The outputs of a layer for `rows` rows, float32 [rows][units]. */
function outputsOf({ units, activation, kernel, bias }: Layer, inputs: Float32Array, rows: number) {
  const width = kernel.shape[0];
  const activate = ACTIVATIONS[activation];
  const outputs = new Float32Array(rows * units);
  const sums = new Float64Array(units);
  for (let row = 0; row < rows; row++) {
    sums.set(bias);
    for (let i = 0; i < width; i++) {
      const input = inputs[row * width + i] as number;
      for (let u = 0; u < units; u++) {
        sums[u] = (sums[u] as number) + input * (kernel.data[i * units + u] as number);
      }
    }
    for (let u = 0; u < units; u++) outputs[row * units + u] = activate(sums[u] as number);
  }
  return outputs;
}

/**
 * The probability of class 1 at each point, float32 [points]; `points` is [points][inputs] row by row, and the last layer
 * one unit. Rejects with RangeError where the shapes do not fit, and with what `turn` rejects with.
 */
export async function probabilities(
  layers: readonly Layer[],
  points: Float32Array,
  turn: Turn,
): Promise<Float32Array> {
  let width = layers[0]?.kernel.shape[0] ?? 0;
  const inputs = width;
  let products = 0;
  for (const { units, kernel } of layers) {
    if (kernel.shape[0] !== width) throw new RangeError('a layer does not fit the one before it');
    products += width * units;
    width = units;
  }
  if (width !== 1 || inputs < 1) throw new RangeError('the last layer has one unit');
  if (points.length % inputs !== 0) throw new RangeError('a point has not as many coordinates as inputs');
  const count = points.length / inputs;
  const result = new Float32Array(count);
  const block = Math.max(1, Math.floor(BLOCK_PRODUCTS / products));
  for (let from = 0; from < count; from += block) {
    const rows = Math.min(block, count - from);
    let outputs = points.subarray(from * inputs, (from + rows) * inputs);
    for (const layer of layers) outputs = outputsOf(layer, outputs, rows);
    result.set(outputs, from);
    await turn();
  }
  return result;
}
