// The loss of a network and its gradients by TensorFlow.js on its plain CPU backend, behind our own interface.
// Invariant: every call leaves as many tensors as it found, an aborted one too; nothing is printed.
// Rows are worked off in chunks whose size depends on the network only, so memory is bounded and results repeat.
// Deliberately knows nothing of optimizers, epochs or batch order.
import * as tf from '@tensorflow/tfjs';
import { LEAKY_RELU_SLOPE } from './activations';
import type { BatchFigures, Figures, Gradient, HiddenObserver, Turn } from './gradient';
import type { Activation, Layer, Matrix } from './network';

/** The version of @tensorflow/tfjs that computes. */
export const TFJS_VERSION = tf.version.tfjs;

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473766;

/** How many outputs of all layers together one chunk may have; some four float32 tensors of this size live at once. */
const CHUNK_OUTPUTS = 2 ** 22;

/** Makes tfjs ready and gives its mathematics. Rejects where the CPU backend is missing. */
export async function tfjsGradient(): Promise<Gradient> {
  // Without this tfjs greets in the console under Node.
  tf.enableProdMode();
  if (!(await tf.setBackend('cpu'))) throw new Error('tfjs has no CPU backend');
  return { version: `tfjs ${TFJS_VERSION}`, batch, evaluate, full };
}

type Operation = (z: tf.Tensor) => tf.Tensor;

const ACTIVATIONS: Readonly<Record<Activation, Operation>> = {
  sigmoid: (z) => tf.sigmoid(z),
  linear: (z) => z,
  tanh: (z) => tf.tanh(z),
  relu: (z) => tf.relu(z),
  leakyRelu: (z) => tf.leakyRelu(z, LEAKY_RELU_SLOPE),
  elu: (z) => tf.elu(z),
  // At 0, which units behind dead ones do reach, tfjs would take the slope from below, and Keras takes that from above.
  selu: withGradient(
    (z) => tf.selu(z),
    (dy, z) =>
      tf.mul(dy, tf.where(tf.less(z, 0), tf.mul(SELU_SCALE_ALPHA, tf.exp(z)), tf.scalar(SELU_SCALE))),
  ),
  swish: (z) => tf.mul(z, tf.sigmoid(z)),
};

/** An operation with its own derivative: `gradient` takes ∂loss/∂value to ∂loss/∂z. */
function withGradient(value: Operation, gradient: (dy: tf.Tensor, z: tf.Tensor) => tf.Tensor): Operation {
  return tf.customGrad((...inputs) => {
    const [z, save] = inputs as [tf.Tensor, (tensors: tf.Tensor[]) => void];
    save([z]);
    return { value: value(z), gradFunc: (dy, saved) => gradient(dy, saved[0] as tf.Tensor) };
  });
}

/** A layer with its weights as tensors that last until the surrounding tidy ends. */
interface Weights {
  readonly activation: Activation;
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

function tensors(layers: readonly Layer[]): Weights[] {
  return layers.map(({ activation, kernel, bias }) => ({
    activation,
    kernel: tf.tensor2d(kernel.data, [...kernel.shape]),
    bias: tf.tensor1d(bias),
  }));
}

/** The pre-activation of the last layer, [rows][1]; those of the hidden layers are handed to `hidden`. */
function logits(weights: readonly Weights[], x: tf.Tensor, hidden?: (z: tf.Tensor) => void): tf.Tensor {
  let output = x;
  for (const [l, { activation, kernel, bias }] of weights.entries()) {
    const z = tf.add(tf.matMul(output, kernel), bias);
    if (l === weights.length - 1) return z;
    hidden?.(z);
    output = ACTIVATIONS[activation](z);
  }
  throw new RangeError('a network has at least one layer');
}

/** A run of consecutive rows. */
interface Chunk {
  readonly x: Float32Array;
  readonly y: Uint8Array;
  readonly shape: [rows: number, inputs: number];
}

function* chunks(layers: readonly Layer[], x: Matrix, y: Uint8Array): Generator<Chunk> {
  const [rows, inputs] = x.shape;
  if (rows < 1) throw new RangeError('figures need at least one row');
  const outputs = layers.reduce((sum, { units }) => sum + units, 0);
  const size = Math.max(1, Math.floor(CHUNK_OUTPUTS / outputs));
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    yield {
      x: x.data.subarray(from * inputs, to * inputs),
      y: y.subarray(from, to),
      shape: [to - from, inputs],
    };
  }
}

/** The sum of the losses of some rows, and how many of them have the right class. */
interface Sums {
  loss: number;
  correct: number;
}

/**
 * Adds up max(z, 0) − z·y + log(1 + exp(−|z|)), the cross-entropy of `tf.nn.sigmoid_cross_entropy_with_logits`, in
 * float64; where `slopes` is given, writes (sigmoid(z) − y) / rows there, its derivative by z.
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

/** Hands `take` the gradients of one chunk's part in the mean loss over `rows`, variable by variable. */
function chunkGradients(
  layers: readonly Layer[],
  { x, y, shape }: Chunk,
  rows: number,
  sums: Sums,
  take: (variable: number, gradient: Float32Array) => void,
  observe?: HiddenObserver,
): void {
  const hidden: Float32Array[] = [];
  const keep = observe && ((z: tf.Tensor) => void hidden.push(z.dataSync() as Float32Array));
  tf.tidy(() => {
    const weights = tensors(layers);
    const slopes = new Float32Array(y.length);
    const loss = withGradient(
      (z) => {
        crossEntropy(z.dataSync() as Float32Array, y, sums, slopes, rows);
        return tf.scalar(sums.loss / rows);
      },
      // The loss is what is differentiated, so ∂loss/∂value is 1.
      (_, z) => tf.tensor(slopes, z.shape),
    );
    const input = tf.tensor2d(x, shape);
    const gradients = tf.grads(() => loss(logits(weights, input, keep)));
    const variables = weights.flatMap(({ kernel, bias }) => [kernel, bias]);
    for (const [i, g] of gradients(variables).entries()) take(i, g.dataSync() as Float32Array);
  });
  // Not before: what throws while tfjs records would leave its tensors behind.
  for (const [l, z] of hidden.entries()) observe?.(l, z);
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
  let first = true;
  for (const chunk of chunks(layers, x, y)) {
    const take = first ? copyTo(into) : addTo(into);
    chunkGradients(layers, chunk, rows, sums, take, observe);
    first = false;
  }
  return { loss: sums.loss / rows, correct: sums.correct };
}

async function evaluate(layers: readonly Layer[], x: Matrix, y: Uint8Array, turn: Turn): Promise<Figures> {
  const sums = { loss: 0, correct: 0 };
  for (const chunk of chunks(layers, x, y)) {
    tf.tidy(() => {
      const z = logits(tensors(layers), tf.tensor2d(chunk.x, chunk.shape));
      crossEntropy(z.dataSync() as Float32Array, chunk.y, sums);
    });
    await turn();
  }
  return mean(sums, x.shape[0]);
}

async function full(
  layers: readonly Layer[],
  x: Matrix,
  y: Uint8Array,
  turn: Turn,
): Promise<Matrix<Float64Array>[]> {
  const sums = { loss: 0, correct: 0 };
  const kernels = layers.map(({ kernel }) => ({
    shape: kernel.shape,
    data: new Float64Array(kernel.data.length),
  }));
  const add = addTo(kernels.map(({ data }) => data));
  for (const chunk of chunks(layers, x, y)) {
    chunkGradients(layers, chunk, x.shape[0], sums, (variable, gradient) => {
      if (variable % 2 === 0) add(variable / 2, gradient);
    });
    await turn();
  }
  return kernels;
}

function mean({ loss, correct }: Sums, rows: number): Figures {
  return { loss: loss / rows, accuracy: correct / rows };
}

function copyTo(targets: readonly Float32Array[]) {
  return (variable: number, values: Float32Array): void => targets[variable]?.set(values);
}

function addTo(targets: readonly (Float32Array | Float64Array)[]) {
  return (variable: number, values: Float32Array): void => {
    const target = targets[variable];
    if (!target) return;
    for (let i = 0; i < values.length; i++) target[i] = (target[i] as number) + (values[i] as number);
  };
}
