// A network probed with its weights held still, over all rows at once: the chain rule as a ledger, layer by layer from
// the loss back, and what each layer's units do. Invariant: the ledger's factors multiply to the gradients that it shows.
// Knows neither epochs nor optimizers.

import { takeRows } from '../data/rows';
import type { Activation, Layer, Matrix } from '../network/network';
import type { Turn } from '../training/gradient';
import { checkLayers } from '../training/training';
import { backward, blocks, forward } from './probe-pass';
import { type Histogram, LayerTally, type Shape, shapeOf, sumOfSquares } from './probe-tally';

export type { Histogram, Shape } from './probe-tally';

/**
 * How the signal came to a hidden layer from the one after it, as ratios of root mean squares over rows and units; their
 * product is `delta` of this layer over `delta` of the layer after. A factor is 0 where nothing arrives that it could
 * change, and `skip` is Infinity where the residual connection alone carries the signal: then there is no product.
 */
export interface Passage {
  /** What the next layer's kernel does to the signal on its way back. */
  readonly weights: number;
  /** What the next layer's residual connection adds to it; 1 without one. */
  readonly skip: number;
  /** What f′(z) of this layer leaves of it. */
  readonly slope: number;
  /** What the way back through this layer's batch normalization does; 1 without one. */
  readonly batchNorm: number;
}

/** One layer over all rows. */
export interface LayerProbe {
  readonly units: number;
  readonly activation: Activation;
  /** Root mean square, over rows and units, of ∂ℓ/∂s: a row's own loss by this layer's sums. */
  readonly delta: number;
  /** How `delta` came about; left out for the output layer, where the signal begins. */
  readonly passage?: Passage;
  /** Root mean square of the layer's inputs over rows and columns. */
  readonly input: number;
  /** What averaging over the rows leaves: `gradient` / (`delta` · `input`), at most 1; 0 where either is 0. */
  readonly agreement: number;
  /** Root mean square of ∂L/∂kernel, L being the mean loss over all rows. */
  readonly gradient: number;
  /** What the activation gets, z, and what it makes of it, f(z), over rows and units. */
  readonly z: Histogram;
  readonly output: Histogram;
  /** Share of the outputs with |f′(z)| below a tenth of its maximum; 0 for the output layer, which is not probed. */
  readonly saturated: number;
  /** Units, counted from 0, of a hidden layer that are saturated (of relu: inactive) for every row. */
  readonly dead: readonly number[];
}

/** A network over all rows, batch normalization by the statistics of these rows; layers in order, the output last. */
export interface Probe {
  /** Rows probed: all of them, or so many of `of` that are evenly spaced, where all would take too long. */
  readonly rows: number;
  readonly of: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly layers: readonly LayerProbe[];
  /** The activations that occur, by name, the output's sigmoid included. */
  readonly shapes: Readonly<Partial<Record<Activation, Shape>>>;
}

/** Multiply-adds of one way through the network, in all rows, that are probed; a second or two with the ways back. */
const MAX_WORK = 2.5e8;

/** So many rows are probed whatever they cost. */
const LEAST_ROWS = 32;

/** Outputs of all layers together that are held at a time, and at most where batch normalization needs all rows at once. */
const CHUNK_OUTPUTS = 2 ** 19;
const MAX_OUTPUTS = 2 ** 22;

/** How many of so many rows are probed, and how many of them are held at a time. */
function planRows(layers: readonly Layer[], of: number): { rows: number; chunk: number } {
  const weights = layers.reduce((sum, { kernel }) => sum + kernel.data.length, 0);
  const outputs = layers.reduce((sum, { units }) => sum + units, 0);
  const isJoint = layers.some(({ batchNorm }) => batchNorm);
  const most = Math.min(MAX_WORK / weights, isJoint ? MAX_OUTPUTS / outputs : Number.POSITIVE_INFINITY);
  const rows = Math.min(of, Math.max(LEAST_ROWS, Math.floor(most)));
  return { rows, chunk: isJoint ? rows : Math.max(1, Math.floor(CHUNK_OUTPUTS / outputs)) };
}

/** `after` / `before`; of nothing comes nothing, or infinitely much of it where something is there after all. */
const ratio = (after: number, before: number): number =>
  before > 0 ? after / before : after > 0 ? Number.POSITIVE_INFINITY : 0;

/** Root mean squares of a layer, from what was summed over so many rows. */
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

/** Throws RangeError where a number was too large on the way, naming the first place that the rows or the signal came to. */
function checkFinite(tallies: readonly LayerTally[], loss: number): void {
  for (const [l, { z }] of tallies.entries())
    if (!Number.isFinite(z.histogram().mean))
      throw new RangeError(`the sums of layer ${l + 1} are too large to be told`);
  if (!Number.isFinite(loss)) throw new RangeError('the loss is too large to be told');
  for (const [l, { squares, gradientSquare }] of [...tallies.entries()].reverse())
    if (!Number.isFinite(squares.delta + squares.input + gradientSquare))
      throw new RangeError(`the gradient of layer ${l + 1} is too large to be told`);
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
 * Probes a network over the rows of `x`, [rows][inputs], with classes `y`, in float64. Where all rows would take too long
 * it takes evenly spaced ones, and says so. Throws RangeError without a row, for layers that do not fit, and where numbers
 * are too large to be told; rejects with what `turn` rejects with.
 */
export async function probeNetwork(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  turn: Turn,
): Promise<Probe> {
  const [of, inputs] = x.shape;
  if (of < 1) throw new RangeError('figures need at least one row');
  checkLayers(layers, inputs);
  const { rows, chunk } = planRows(layers, of);
  const shapes = Object.fromEntries(
    layers.map(({ activation }) => [activation, shapeOf(activation)] as const),
  );
  const tallies = layers.map((layer) => new LayerTally(layer, shapes[layer.activation] as Shape));
  const inBlocks = blocks(turn);
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
    await turn();
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
