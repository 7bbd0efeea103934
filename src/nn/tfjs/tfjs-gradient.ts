// The loss of a network and its gradients by TensorFlow.js on its plain CPU backend, behind our own interface.
// Invariant: every call, also an aborted one, leaves as many tensors as it found; nothing is printed.
// Rows are processed in chunks whose size depends on the network only, so memory is bounded and results repeat. Only batch
// normalization by batch statistics sees all rows at once.
// Does not know optimizers, epochs or batch order.
import * as tf from '@tensorflow/tfjs';
import { type Layer, type Matrix, variablesOf } from '../network/network';
import type { BatchFigures, Figures, Gradient, HiddenObserver, YieldThread } from '../training/gradient';
import { logits, tensors, trainableOf, withGradient } from './tfjs-network';

/** Version of the package @tensorflow/tfjs. */
export const TFJS_VERSION = tf.version.tfjs;

/**
 * Largest number of outputs of all layers together in one chunk; some four float32 tensors of this size live
 * at once.
 */
const CHUNK_OUTPUTS = 2 ** 22;

/** Prepares tfjs and returns its mathematics. Rejects with an Error if the CPU backend is missing. */
export async function tfjsGradient(): Promise<Gradient> {
  // Without production mode, tfjs prints a greeting to the console under Node.
  tf.enableProdMode();
  if (!(await tf.setBackend('cpu'))) throw new Error('tfjs has no CPU backend');
  return { version: `tfjs ${TFJS_VERSION}`, batch, evaluate, full };
}

/** A range of consecutive rows; `x` and `y` are views of the whole set. */
interface Chunk {
  readonly x: Float32Array;
  readonly y: Uint8Array;
  readonly shape: [rows: number, inputs: number];
}

/** Yields the rows in chunks, or in one chunk if `atOnce`. Throws RangeError without a row. */
function* chunks(layers: readonly Layer[], x: Matrix, y: Uint8Array, atOnce: boolean): Generator<Chunk> {
  const [rows, inputs] = x.shape;
  if (rows < 1) throw new RangeError('figures need at least one row');
  const outputs = layers.reduce((sum, { units }) => sum + units, 0);
  const size = atOnce ? rows : Math.max(1, Math.floor(CHUNK_OUTPUTS / outputs));
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    yield {
      x: x.data.subarray(from * inputs, to * inputs),
      y: y.subarray(from, to),
      shape: [to - from, inputs],
    };
  }
}

const hasBatchNorm = (layers: readonly Layer[]): boolean => layers.some(({ batchNorm }) => batchNorm);

/** Sum of the losses of some rows, and the number of rows with the right class. */
interface Sums {
  loss: number;
  correct: number;
}

/**
 * Adds the losses and the right classes to `sums`, in float64. The loss is max(z, 0) − z·y + log(1 +
 * exp(−|z|)), the cross-entropy of `tf.nn.sigmoid_cross_entropy_with_logits`. If `slopes` is given, writes
 * the loss's derivative by z there: (sigmoid(z) − y) / rows.
 */
function crossEntropy(z: Float32Array, y: Uint8Array, sums: Sums, slopes?: Float32Array, rows = 1): void {
  for (let i = 0; i < z.length; i++) {
    const logit = z[i] as number;
    const label = y[i] as number;
    const small = Math.exp(-Math.abs(logit));
    sums.loss += Math.max(logit, 0) - logit * label + Math.log1p(small);
    if (logit > 0 === (label === 1)) sums.correct++;
    if (slopes) slopes[i] = ((logit > 0 ? 1 : small) / (1 + small) - label) / rows;
  }
}

/**
 * Passes to `take`, variable by variable, the gradient of this chunk's part of the mean loss over `rows`
 * rows. Returns the mean and the variance of each normalized layer, in order.
 */
function chunkGradients(
  layers: readonly Layer[],
  { x, y, shape }: Chunk,
  rows: number,
  sums: Sums,
  take: (variable: number, gradient: Float32Array) => void,
  observe?: HiddenObserver,
): Float32Array[] {
  const hidden: Float32Array[] = [];
  const moments: Float32Array[] = [];
  const keepIn = (kept: Float32Array[], values: tf.Tensor) =>
    void kept.push(values.dataSync() as Float32Array);
  tf.tidy(() => {
    const weights = tensors(layers);
    const slopes = new Float32Array(y.length);
    const loss = withGradient(
      (z) => {
        crossEntropy(z.dataSync() as Float32Array, y, sums, slopes, rows);
        return tf.scalar(sums.loss / rows);
      },
      // The loss itself is differentiated, so ∂loss/∂value is 1.
      (_, z) => tf.tensor(slopes, z.shape),
    );
    const input = tf.tensor2d(x, shape);
    const seen = {
      hidden: (z: tf.Tensor) => observe && keepIn(hidden, z),
      moments(mean: tf.Tensor, variance: tf.Tensor) {
        keepIn(moments, mean);
        keepIn(moments, variance);
      },
    };
    const gradients = tf.grads(() => loss(logits(weights, input, seen)));
    const found = gradients(trainableOf(weights));
    // The bias of a normalized layer has gradient 0. The computed sum over the rows is rounding noise, which
    // Adam would scale up to whole steps.
    const isCancelled = layers.flatMap((l) =>
      variablesOf(l).map((values) => l.batchNorm && values === l.bias),
    );
    for (const [i, g] of found.entries())
      take(i, isCancelled[i] ? new Float32Array(g.size) : (g.dataSync() as Float32Array));
  });
  // Observers are called after `tidy`: an error while tfjs records would leave its tensors behind.
  for (const [l, z] of hidden.entries()) observe?.(l, z);
  return moments;
}

function batch(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  into: readonly Float32Array[],
  observe: HiddenObserver,
): BatchFigures {
  const sums = { loss: 0, correct: 0 };
  const rows = x.shape[0];
  let moments: Float32Array[] | undefined;
  for (const chunk of chunks(layers, x, y, hasBatchNorm(layers))) {
    const take = moments ? addTo(into) : copyTo(into);
    moments = chunkGradients(layers, chunk, rows, sums, take, observe);
  }
  return { loss: sums.loss / rows, correct: sums.correct, moments: moments ?? [] };
}

async function evaluate(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  yieldThread: YieldThread,
): Promise<Figures> {
  const sums = { loss: 0, correct: 0 };
  for (const chunk of chunks(layers, x, y, false)) {
    tf.tidy(() => {
      const z = logits(tensors(layers), tf.tensor2d(chunk.x, chunk.shape));
      crossEntropy(z.dataSync() as Float32Array, chunk.y, sums);
    });
    await yieldThread();
  }
  return mean(sums, x.shape[0]);
}

async function full(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  yieldThread: YieldThread,
): Promise<Matrix<Float64Array>[]> {
  const sums = { loss: 0, correct: 0 };
  const kernels = layers.map(({ kernel }) => ({
    shape: kernel.shape,
    data: new Float64Array(kernel.data.length),
  }));
  const targets = layers.flatMap((layer, l) =>
    variablesOf(layer).map((_, i) => (i === 0 ? kernels[l]?.data : undefined)),
  );
  const add = addTo(targets);
  for (const chunk of chunks(layers, x, y, hasBatchNorm(layers))) {
    chunkGradients(layers, chunk, x.shape[0], sums, add);
    await yieldThread();
  }
  return kernels;
}

function mean({ loss, correct }: Sums, rows: number): Figures {
  return { loss: loss / rows, accuracy: correct / rows };
}

function copyTo(targets: readonly Float32Array[]) {
  return (variable: number, values: Float32Array): void => targets[variable]?.set(values);
}

function addTo(targets: readonly (Float32Array | Float64Array | undefined)[]) {
  return (variable: number, values: Float32Array): void => {
    const target = targets[variable];
    if (!target) return;
    for (let i = 0; i < values.length; i++) target[i] = (target[i] as number) + (values[i] as number);
  };
}
