// The trainings that Keras was given, and how far from its numbers ours are: shared by the tests that compare the two.
// Invariant: a setup is made of Gradsheet's own data, split and initial weights; nothing but numbers comes from a fixture.
import { expect } from 'vitest';
import { type Dataset, makeBlobs, makeCircles, makeMoons } from '../../src/nn/data/datasets';
import { trainTestSplit } from '../../src/nn/data/split';
import { initialLayers, type KernelInitializer } from '../../src/nn/network/initializers';
import type { Activation } from '../../src/nn/network/network';
import type { Optimizer } from '../../src/nn/network/optimizers';
import { RandomState } from '../../src/nn/random/random-state';
import type { TrainingResult, TrainingSetup } from '../../src/nn/training/training';

/** A case as keras_training.py and keras_batch_norm.py write it. */
export interface KerasCase {
  readonly dataset: {
    readonly generator: string;
    readonly nSamples: number;
    readonly noise: number;
    readonly randomState: number;
  };
  readonly split: { readonly testSize: number; readonly randomState: number };
  readonly activations: readonly string[];
  readonly units: readonly number[];
  readonly kernelInitializer: string;
  readonly architectureSeed: number;
  readonly optimizer: unknown;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly batchNorm?: boolean;
  readonly residual?: boolean;
}

const GENERATORS: Readonly<Record<string, (n: number, noise: number, seed: number) => Dataset>> = {
  moons: makeMoons,
  circles: makeCircles,
  blobs: makeBlobs,
};

/** The training that a case describes. */
export function setupOf({ dataset, split, ...spec }: KerasCase): TrainingSetup {
  const { generator, nSamples, noise, randomState } = dataset;
  const generate = GENERATORS[generator];
  if (!generate) throw new Error(`no generator ${generator}`);
  return {
    layers: initialLayers({
      inputs: 2,
      units: spec.units,
      activations: spec.activations as Activation[],
      kernelInitializer: spec.kernelInitializer as KernelInitializer,
      seed: spec.architectureSeed,
      batchNorm: spec.batchNorm ?? false,
      residual: spec.residual ?? false,
    }),
    ...generate(nSamples, noise, randomState),
    ...trainTestSplit(nSamples, split.testSize, split.randomState),
    optimizer: spec.optimizer as Optimizer,
    epochs: spec.epochs,
    batchSize: spec.batchSize,
    seed: spec.seed,
  };
}

export type Distance = (value: number, expected: number) => number;
export const absolute: Distance = (value, expected) => Math.abs(value - expected);
export const relative: Distance = (value, expected) =>
  value === expected ? 0 : Math.abs(value - expected) / Math.abs(expected);

/** The largest distance of two lists of one length. */
export function largest(values: Iterable<number>, expected: readonly number[], distance: Distance): number {
  const list = [...values];
  expect(list.length).toBe(expected.length);
  return list.reduce((worst, value, i) => Math.max(worst, distance(value, expected[i] as number)), 0);
}

/** The setup cut down to its first batch: a training of one step on the same rows in the same order. */
export function firstStepOf(setup: TrainingSetup): TrainingSetup {
  const batch = new RandomState(setup.seed).permutation(setup.train.length).subarray(0, setup.batchSize);
  const train = new Uint32Array(batch.length);
  for (const [i, place] of new RandomState(setup.seed).permutation(batch.length).entries()) {
    train[place] = setup.train[batch[i] as number] as number;
  }
  return { ...setup, train, epochs: 1 };
}

/** The row of a matrix by epoch, counted from 1. */
export const epochOf =
  (epoch: number) =>
  ({ shape: [, columns], data }: TrainingResult['saturated']): Float64Array =>
    data.subarray((epoch - 1) * columns, epoch * columns);
