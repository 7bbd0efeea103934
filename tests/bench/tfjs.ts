// TensorFlow.js as people use it, to be measured beside the kernel: `model.fit`, and a loop over its core operations,
// which any of its backends can run. They shuffle as tfjs does; here only their time counts.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { TrainingSetup } from '../../src/nn/training/training';

/** Makes a backend of tfjs the one that computes. */
export async function useBackend(name: 'cpu' | 'wasm'): Promise<void> {
  tf.enableProdMode();
  const module = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(module)}/`);
  if (!(await tf.setBackend(name))) throw new Error(`tfjs has no ${name} backend`);
}

function rowsOf({ x, y, train }: TrainingSetup): { xs: tf.Tensor2D; ys: tf.Tensor2D } {
  const inputs = x.shape[1];
  const rows = [...train].map((index) => [...x.data.subarray(index * inputs, (index + 1) * inputs)]);
  return {
    xs: tf.tensor2d(rows),
    ys: tf.tensor2d(
      [...train].map((index) => [y[index] ?? 0]),
      [train.length, 1],
      'float32',
    ),
  };
}

/** A call of `model.fit` on a fresh model of the setup's shape. */
export async function fitModel(setup: TrainingSetup): Promise<void> {
  const { xs, ys } = rowsOf(setup);
  const model = tf.sequential();
  for (const [index, { units, activation }] of setup.layers.entries()) {
    const last = index === setup.layers.length - 1;
    model.add(
      tf.layers.dense({
        units,
        activation: last || activation === 'sigmoid' ? 'sigmoid' : 'relu',
        ...(index === 0 && { inputShape: [setup.x.shape[1]] }),
      }),
    );
  }
  const optimizer = tf.train.adam(setup.optimizer.learningRate);
  model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  await model.fit(xs, ys, { epochs: setup.epochs, batchSize: setup.batchSize, verbose: 0 });
  model.dispose();
  optimizer.dispose();
  tf.dispose([xs, ys]);
}

/** A plain loop: batches cut by `gather`, gradients by `variableGrads`, steps by tfjs's Adam. */
export async function coreLoop(setup: TrainingSetup): Promise<void> {
  const { xs, ys } = rowsOf(setup);
  const layers = setup.layers.map(({ kernel, bias, activation }) => ({
    activation,
    kernel: tf.variable(tf.tensor2d(kernel.data, [...kernel.shape])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const optimizer = tf.train.adam(setup.optimizer.learningRate);
  const rows = setup.train.length;
  for (let epoch = 0; epoch < setup.epochs; epoch++) {
    const order = tf.util.createShuffledIndices(rows);
    for (let from = 0; from < rows; from += setup.batchSize) {
      tf.tidy(() => {
        const indices = tf.tensor1d(Array.from(order.slice(from, from + setup.batchSize)), 'int32');
        const [batch, labels] = [tf.gather(xs, indices), tf.gather(ys, indices)];
        optimizer.minimize(() => {
          let output: tf.Tensor = batch;
          for (const [index, { kernel, bias, activation }] of layers.entries()) {
            const z = tf.add(tf.matMul(output, kernel), bias);
            const hidden = index < layers.length - 1;
            output = hidden ? (activation === 'sigmoid' ? tf.sigmoid(z) : tf.relu(z)) : z;
          }
          return tf.losses.sigmoidCrossEntropy(labels, output);
        });
      });
    }
  }
  // Backends may answer late: reading a weight waits for them.
  await layers[0]?.bias.data();
  optimizer.dispose();
  tf.dispose([xs, ys, ...layers.flatMap(({ kernel, bias }) => [kernel, bias])]);
}
