// The loss of a network and its gradients in plain float64, for networks that the fused kernel does not cover: batch
// normalization and residual connections.
// Invariant: the same bits in every browser; a batch as large as an earlier one allocates no memory. A batch passes layer by
// layer, all of its rows at once. Does not know optimizers or epochs.
import {
  addGradient,
  addSums,
  denormalize,
  momentsOf,
  type Normalized,
  normalize,
  passBack,
  sumByUnit,
} from '../network/dense-pass';
import { BATCH_NORM, type BatchNorm, type Layer, type Matrix, movingOf } from '../network/network';
import { ACTIVATION_FUNCTIONS, sigmoid } from '../network/probe-functions';
import { exp, log1p } from '../random/exponentials';
import type { BatchFigures, Figures, Gradient, HiddenObserver, YieldThread } from './gradient';

/** Largest number of outputs of all layers together in one part of many rows: some milliseconds of work. */
const CHUNK_OUTPUTS = 2 ** 15;

/**
 * Arrays of one layer for a number of rows, [rows][units] unless stated: sums (normalized in place), the
 * activation's input, the float32 copy of this input that observers receive, outputs, and the signal ∂ℓ/∂s.
 */
interface Room {
  readonly sums: Float64Array;
  readonly z: Float64Array;
  readonly lent: Float32Array;
  readonly outputs: Float64Array;
  readonly signal: Float64Array;
  /** ∂ℓ/∂outputs, which a residual connection passes to the layer before. */
  readonly around: Float64Array;
  readonly kernelGradient: Float64Array;
  /** The signal's sums over the rows, [units]. */
  readonly unitSums: Float64Array;
  readonly normalized: Normalized | undefined;
}

/** Arrays of a network for `rows` rows. */
interface Pass {
  readonly rows: number;
  readonly inputs: Float64Array;
  readonly rooms: readonly Room[];
  /** Moments of the normalized layers in float32, in the order of `movingOf`. */
  readonly moments: readonly Float32Array[];
}

function roomOf({ units, kernel, batchNorm }: Layer, rows: number): Room {
  const array = (): Float64Array => new Float64Array(rows * units);
  const sums = array();
  return {
    sums,
    z: batchNorm ? array() : sums,
    lent: new Float32Array(rows * units),
    outputs: array(),
    signal: array(),
    around: array(),
    kernelGradient: new Float64Array(kernel.data.length),
    unitSums: new Float64Array(units),
    normalized: batchNorm && { values: sums, moments: momentsOf(units) },
  };
}

const passOf = (layers: readonly Layer[], rows: number): Pass => ({
  rows,
  inputs: new Float64Array(rows * (layers[0]?.kernel.shape[0] ?? 0)),
  rooms: layers.map((layer) => roomOf(layer, rows)),
  moments: layers.flatMap(movingOf).map(({ length }) => new Float32Array(length)),
});

/** Writes γ · ŝ + β to `into`, [rows][units]. */
function scale(values: Float64Array, { gamma, beta }: BatchNorm, into: Float64Array): void {
  const units = gamma.length;
  for (let row = 0; row < values.length; row += units)
    for (let unit = 0; unit < units; unit++)
      into[row + unit] = (values[row + unit] as number) * (gamma[unit] as number) + (beta[unit] as number);
}

/** Normalizes in place by the moving statistics, as Keras does outside training. */
function normalizeByMoving(sums: Float64Array, { movingMean, movingVariance }: BatchNorm): void {
  const units = movingMean.length;
  for (let unit = 0; unit < units; unit++) {
    const mean = movingMean[unit] as number;
    const deviation = Math.sqrt((movingVariance[unit] as number) + BATCH_NORM.epsilon);
    for (let i = unit; i < sums.length; i += units) sums[i] = ((sums[i] as number) - mean) / deviation;
  }
}

/** Passes the rows of a pass forward through the network; the last layer's `z` then holds the logits. */
function forward(layers: readonly Layer[], { rows, inputs, rooms }: Pass, isTraining: boolean): void {
  let before = inputs;
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l] as Layer;
    const { sums, z, outputs, normalized } = rooms[l] as Room;
    addSums(layer, before, sums, 0, rows);
    if (layer.batchNorm && normalized) {
      if (isTraining) normalize(sums, normalized.moments);
      else normalizeByMoving(sums, layer.batchNorm);
      scale(sums, layer.batchNorm, z);
    }
    if (l === layers.length - 1) return;
    const { value } = ACTIVATION_FUNCTIONS[layer.activation];
    for (let i = 0; i < z.length; i++)
      outputs[i] = value(z[i] as number) + (layer.residual ? (before[i] as number) : 0);
    before = outputs;
  }
}

/**
 * Adds the rows' cross-entropies and the number of rows with the right class to `sums`. The first logit
 * belongs to row `from` of `y`.
 */
function addFigures(
  logits: Float64Array,
  y: Uint8Array,
  from: number,
  sums: { loss: number; correct: number },
): void {
  for (let i = 0; i < logits.length; i++) {
    const z = logits[i] as number;
    const isOne = y[from + i] === 1;
    sums.loss += lossOf(z, isOne);
    if (z > 0 === isOne) sums.correct++;
  }
}

/**
 * Passes the signal of the mean loss back. Calls `take` with each layer, its inputs, and its arrays, whose
 * `signal` is ∂loss/∂s.
 */
function backward(
  layers: readonly Layer[],
  { rows, inputs, rooms }: Pass,
  y: Uint8Array,
  take: (layer: number, inputs: Float64Array, room: Room) => void,
): void {
  const last = layers.length - 1;
  const { z: logits, signal: first } = rooms[last] as Room;
  for (let i = 0; i < rows; i++) first[i] = (sigmoid(logits[i] as number) - (y[i] as number)) / rows;
  for (let l = last; l >= 0; l--) {
    const layer = layers[l] as Layer;
    const room = rooms[l] as Room;
    const below = rooms[l - 1];
    take(l, below?.outputs ?? inputs, room);
    const before = layers[l - 1];
    if (!below || !before) return;
    passBack(layer, room.signal, below.around, 0, rows);
    if (layer.residual) {
      for (let i = 0; i < below.around.length; i++)
        below.around[i] = (below.around[i] as number) + (room.around[i] as number);
    }
    const { slope } = ACTIVATION_FUNCTIONS[before.activation];
    for (let i = 0; i < below.signal.length; i++)
      below.signal[i] = (below.around[i] as number) * slope(below.z[i] as number);
    if (before.batchNorm && below.normalized) denormalize(below.signal, before.batchNorm, below.normalized);
  }
}

/**
 * Passes rows forward in parts, with the moving statistics, and calls `take` with the logits of each part and
 * the index of the part's first row.
 */
async function throughParts(
  passFor: typeof passOf,
  layers: readonly Layer[],
  x: Float32Array,
  yieldThread: YieldThread,
  take: (logits: Float64Array, from: number) => void,
): Promise<void> {
  const columns = layers[0]?.kernel.shape[0] ?? 1;
  const rows = x.length / columns;
  const outputs = layers.reduce((sum, { units }) => sum + units, 0);
  const size = Math.max(1, Math.floor(CHUNK_OUTPUTS / outputs));
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    const pass = passFor(layers, to - from);
    pass.inputs.set(x.subarray(from * columns, to * columns));
    forward(layers, pass, false);
    take((pass.rooms.at(-1) as Room).z, from);
    await yieldThread();
  }
}

/**
 * Resolves with the logit of each row of `x`, as batches see it (`isTraining`: normalized by the statistics of these rows) or as
 * tests do. Rejects with the reason that `yieldThread` rejects with.
 */
export async function plainLogits(
  layers: readonly Layer[],
  x: Matrix,
  isTraining: boolean,
  yieldThread: YieldThread,
): Promise<Float64Array> {
  const logits = new Float64Array(x.shape[0]);
  if (isTraining) {
    const pass = passOf(layers, x.shape[0]);
    pass.inputs.set(x.data);
    forward(layers, pass, true);
    logits.set((pass.rooms.at(-1) as Room).z);
    await yieldThread();
  } else await throughParts(passOf, layers, x.data, yieldThread, (part, from) => logits.set(part, from));
  return logits;
}

/** The cross-entropy of a row of class 1 (`isOne`) or 0 by its logit. */
export const lossOf = (z: number, isOne: boolean): number =>
  Math.max(z, 0) - (isOne ? z : 0) + log1p(exp(-Math.abs(z)));

/**
 * Resolves with the probability of class 1 at each point, as `probabilities` of the fused kernel does.
 * Rejects with the reason that `yieldThread` rejects with.
 */
export async function plainProbabilities(
  layers: readonly Layer[],
  points: Float32Array,
  yieldThread: YieldThread,
): Promise<Float32Array> {
  const probabilities = new Float32Array(points.length / (layers[0]?.kernel.shape[0] ?? 1));
  await throughParts(passOf, layers, points, yieldThread, (logits, from) =>
    probabilities.set(logits.map(sigmoid), from),
  );
  return probabilities;
}

/**
 * Returns the plain float64 mathematics. It keeps the arrays of the last network, one set per number of rows.
 */
export function plainGradient(version: string): Gradient {
  const passes = new Map<number, Pass>();
  let known: readonly Layer[] | undefined;

  function passFor(layers: readonly Layer[], rows: number): Pass {
    if (rows < 1) throw new RangeError('figures need at least one row');
    if (known !== layers) passes.clear();
    known = layers;
    const pass = passes.get(rows) ?? passOf(layers, rows);
    passes.set(rows, pass);
    return pass;
  }

  function batch(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    into: readonly Float32Array[],
    observe: HiddenObserver,
  ): BatchFigures {
    const rows = x.shape[0];
    const pass = passFor(layers, rows);
    pass.inputs.set(x.data);
    forward(layers, pass, true);
    const sums = { loss: 0, correct: 0 };
    addFigures((pass.rooms.at(-1) as Room).z, y, 0, sums);
    let index = 0;
    for (let l = 0; l + 1 < layers.length; l++) {
      const { z, lent, normalized } = pass.rooms[l] as Room;
      lent.set(z);
      observe(l, lent);
      if (!normalized) continue;
      pass.moments[index++]?.set(normalized.moments.mean);
      pass.moments[index++]?.set(normalized.moments.variance);
    }
    let variable = into.length;
    backward(layers, pass, y, (l, inputs, room) => {
      const layer = layers[l] as Layer;
      const { kernelGradient, unitSums, signal, normalized } = room;
      variable -= layer.batchNorm ? 4 : 2;
      kernelGradient.fill(0);
      addGradient(kernelGradient, inputs, signal, layer.units, 0, rows);
      into[variable]?.set(kernelGradient);
      const bias = into[variable + 1] as Float32Array;
      if (!normalized) {
        sumByUnit(unitSums, signal);
        bias.set(unitSums);
        return;
      }
      // Subtracting the mean cancels the bias. The summed signal is rounding noise, which Adam would scale up
      // to whole steps.
      bias.fill(0);
      into[variable + 2]?.set(normalized.moments.gammaGradient);
      into[variable + 3]?.set(normalized.moments.betaGradient);
    });
    return { loss: sums.loss / rows, correct: sums.correct, moments: pass.moments };
  }

  async function evaluate(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    yieldThread: YieldThread,
  ): Promise<Figures> {
    const sums = { loss: 0, correct: 0 };
    const rows = x.shape[0];
    await throughParts(passFor, layers, x.data, yieldThread, (logits, from) =>
      addFigures(logits, y, from, sums),
    );
    return { loss: sums.loss / rows, accuracy: sums.correct / rows };
  }

  async function full(
    layers: readonly Layer[],
    x: Matrix,
    y: Uint8Array,
    yieldThread: YieldThread,
  ): Promise<Matrix<Float64Array>[]> {
    const pass = passFor(layers, x.shape[0]);
    pass.inputs.set(x.data);
    forward(layers, pass, true);
    await yieldThread();
    backward(layers, pass, y, (l, inputs, { kernelGradient, signal }) => {
      kernelGradient.fill(0);
      addGradient(kernelGradient, inputs, signal, (layers[l] as Layer).units, 0, pass.rows);
    });
    await yieldThread();
    return layers.map(({ kernel }, l) => ({
      shape: kernel.shape,
      data: (pass.rooms[l] as Room).kernelGradient.slice(),
    }));
  }

  return { version, batch, evaluate, full };
}
