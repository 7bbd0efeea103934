// A probe of a network at fixed weights, over all rows: the chain rule as a ledger, layer by layer from the
// loss back, and the activity of each layer's units.
// Invariant: the factors of the ledger multiply to the gradients that the ledger shows. Knows neither epochs
// nor optimizers.

import { takeRows } from '../data/rows';
import type { Activation, Layer, Matrix } from '../network/network';
import type { YieldThread } from '../training/gradient';
import { checkLayers } from '../training/training';
import { backward, blocks, forward } from './probe-pass';
import { type Histogram, LayerTally, type Shape, shapeOf, sumOfSquares } from './probe-tally';

export type { Histogram, Shape } from './probe-tally';

/**
 * Factors of the signal on its way from the next layer back to a hidden layer, as ratios of root mean squares
 * over rows and units. Their product is `delta` of this layer divided by `delta` of the next layer. A factor
 * is 0 if the signal before it is 0. If the residual connection alone carries the signal, `skip` is Infinity
 * and there is no product.
 */
export interface Passage {
  /** Factor of the next layer's kernel. */
  readonly weights: number;
  /** Factor of the next layer's residual connection; 1 without one. */
  readonly skip: number;
  /** Factor of this layer's f′(z). */
  readonly slope: number;
  /** Factor of this layer's batch normalization; 1 without one. */
  readonly batchNorm: number;
}

/** Probe of one layer over all probed rows. */
export interface LayerProbe {
  readonly units: number;
  readonly activation: Activation;
  /** Root mean square, over rows and units, of ∂ℓ/∂s: the derivative of a row's loss by this layer's sums. */
  readonly delta: number;
  /** Factors of `delta`; absent for the output layer, where the signal begins. */
  readonly passage?: Passage;
  /** Root mean square of the layer's inputs over rows and columns. */
  readonly input: number;
  /**
   * Share of the signal that survives averaging over the rows: `gradient` / (`delta` · `input`), at most 1; 0
   * if either is 0.
   */
  readonly agreement: number;
  /** Root mean square of ∂L/∂kernel, L being the mean loss over all rows. */
  readonly gradient: number;
  /** Histograms of the activation's input z and of its output f(z), over rows and units. */
  readonly z: Histogram;
  readonly output: Histogram;
  /** Share of the outputs with |f′(z)| below a tenth of its maximum; 0 for the output layer. */
  readonly saturated: number;
  /**
   * Units of a hidden layer, counted from 0, that are saturated (of relu: inactive) for every row; none for
   * the output layer.
   */
  readonly dead: readonly number[];
}

/**
 * Probe of a network, layers in order, the output layer last. Batch normalization uses the statistics of the
 * probed rows.
 */
export interface Probe {
  /** Number of probed rows: all `of` rows, or evenly spaced rows if all would take too long. */
  readonly rows: number;
  readonly of: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly layers: readonly LayerProbe[];
  /** Shapes of the network's activations by name, the output layer's sigmoid included. */
  readonly shapes: Readonly<Partial<Record<Activation, Shape>>>;
}

/**
 * Limit on the multiply-adds of a forward pass over the probed rows; a second or two together with the
 * backward pass.
 */
const MAX_WORK = 2.5e8;

/** Smallest number of rows that are probed, whatever they cost. */
const LEAST_ROWS = 32;

/**
 * Outputs of all layers together in memory at once: of a chunk, and the limit if batch normalization needs
 * all rows at once.
 */
const CHUNK_OUTPUTS = 2 ** 19;
const MAX_OUTPUTS = 2 ** 22;

/** Returns the number of rows to probe, out of `of` rows, and the number of rows in memory at once. */
function planRows(layers: readonly Layer[], of: number): { rows: number; chunk: number } {
  const weights = layers.reduce((sum, { kernel }) => sum + kernel.data.length, 0);
  const outputs = layers.reduce((sum, { units }) => sum + units, 0);
  const isJoint = layers.some(({ batchNorm }) => batchNorm);
  const most = Math.min(MAX_WORK / weights, isJoint ? MAX_OUTPUTS / outputs : Number.POSITIVE_INFINITY);
  const rows = Math.min(of, Math.max(LEAST_ROWS, Math.floor(most)));
  return { rows, chunk: isJoint ? rows : Math.max(1, Math.floor(CHUNK_OUTPUTS / outputs)) };
}

/** Returns `after` / `before`. If `before` is 0, returns 0 if `after` is 0 too, else Infinity. */
const ratio = (after: number, before: number): number =>
  before > 0 ? after / before : after > 0 ? Number.POSITIVE_INFINITY : 0;

/** Root mean squares of a layer, from sums over `rows` rows. */
function measured({ layer, squares, gradientSquare }: LayerTally, rows: number) {
  const [inputs] = layer.kernel.shape;
  const overUnits = (sum: number): number => Math.sqrt(sum / (rows * layer.units));
  return {
    weights: overUnits(squares.weights),
    skip: overUnits(squares.skip),
    slope: overUnits(squares.slope),
    delta: overUnits(squares.delta),
    input: Math.sqrt(squares.input / (rows * inputs)),
    gradient: Math.sqrt(gradientSquare),
  };
}

/**
 * Throws RangeError if a number overflowed, and names the first such place in the order of the computation.
 */
function checkFinite(tallies: readonly LayerTally[], loss: number): void {
  for (const [l, { z }] of tallies.entries())
    if (!Number.isFinite(z.histogram().mean))
      throw new RangeError(`the sums of layer ${l + 1} are too large for a number`);
  if (!Number.isFinite(loss)) throw new RangeError('the loss is too large for a number');
  for (const [l, { squares, gradientSquare }] of [...tallies.entries()].reverse())
    if (!Number.isFinite(squares.delta + squares.input + gradientSquare))
      throw new RangeError(`the gradient of layer ${l + 1} is too large for a number`);
}

function layerProbes(tallies: readonly LayerTally[], rows: number): LayerProbe[] {
  const all = tallies.map((tally) => measured(tally, rows));
  return tallies.map((tally, l): LayerProbe => {
    const { layer } = tally;
    const own = all[l] as (typeof all)[number];
    const { delta, input, gradient } = own;
    const next = all[l + 1];
    return {
      units: layer.units,
      activation: layer.activation,
      delta,
      ...(next && {
        passage: {
          weights: ratio(own.weights, next.delta),
          skip: ratio(own.skip, own.weights),
          slope: ratio(own.slope, own.skip),
          batchNorm: ratio(delta, own.slope),
        },
      }),
      input,
      agreement: ratio(gradient, delta * input),
      gradient,
      z: tally.z.histogram(),
      output: tally.output.histogram(),
      saturated: next ? tally.saturated / (rows * layer.units) : 0,
      dead: next ? [...tally.alive.keys()].filter((unit) => !tally.alive[unit]) : [],
    };
  });
}

/**
 * Probes a network in float64 over the rows of `x`, [rows][inputs], with classes `y`. If all rows would take
 * too long, probes evenly spaced rows; `rows` and `of` in the result tell the numbers. Rejects with
 * RangeError without a row, for layers that do not fit and for numbers that overflow, and with the reason
 * that `yieldThread` rejects with.
 */
export async function probeNetwork(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  yieldThread: YieldThread,
): Promise<Probe> {
  const [of, inputs] = x.shape;
  if (of < 1) throw new RangeError('figures need at least one row');
  checkLayers(layers, inputs);
  const { rows, chunk } = planRows(layers, of);
  const shapes = Object.fromEntries(
    layers.map(({ activation }) => [activation, shapeOf(activation)] as const),
  );
  const tallies = layers.map((layer) => new LayerTally(layer, shapes[layer.activation] as Shape));
  const inBlocks = blocks(yieldThread);
  let [loss, correct] = [0, 0];
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk);
    const indices = Uint32Array.from({ length: to - from }, (_, i) => Math.floor(((from + i) * of) / rows));
    const taken = takeRows(x, y, indices);
    const passed = await forward(layers, Float64Array.from(taken.x.data), to - from, tallies, inBlocks);
    for (const [row, z] of (passed.at(-1)?.z ?? []).entries()) {
      const label = taken.y[row] as number;
      loss += Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
      if (z > 0 === (label === 1)) correct++;
    }
    await backward(layers, passed, taken.y, tallies, inBlocks, (tally) => {
      if (to < rows || !tally.gradient) return;
      tally.gradientSquare = sumOfSquares(tally.gradient) / tally.gradient.length / rows ** 2;
      tally.gradient = undefined;
    });
    await yieldThread();
  }
  checkFinite(tallies, loss);
  return {
    rows,
    of,
    loss: loss / rows,
    accuracy: correct / rows,
    layers: layerProbes(tallies, rows),
    shapes,
  };
}
