// Small trainings, the ways to train them, and both trainers: what the tests of training share.
// Invariant: a context made here neither saves nor stops anything unless a test says so.

import { makeMoons } from '../../src/nn/data/datasets';
import { trainTestSplit } from '../../src/nn/data/split';
import { initialLayers } from '../../src/nn/network/initializers';
import type { Activation, Layer } from '../../src/nn/network/network';
import type { Optimizer } from '../../src/nn/network/optimizers';
import { tfjsGradient } from '../../src/nn/tfjs/tfjs-gradient';
import { batchTrainer } from '../../src/nn/training/batch-training';
import { fusedTrainer } from '../../src/nn/training/fused-training';
import type { Trainer, TrainingContext, TrainingSetup, TrainingState } from '../../src/nn/training/training';

export const ADAM: Extract<Optimizer, { name: 'adam' }> = {
  name: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  globalClipNorm: 0,
};
export const SGD: Extract<Optimizer, { name: 'sgd' }> = {
  name: 'sgd',
  learningRate: 0.1,
  momentum: 0,
  nesterov: false,
  globalClipNorm: 0,
};
export const RMSPROP: Extract<Optimizer, { name: 'rmsprop' }> = {
  name: 'rmsprop',
  learningRate: 0.01,
  rho: 0.9,
  epsilon: 1e-7,
  momentum: 0,
  globalClipNorm: 0,
};

/** Every optimizer in each of its forms, clipping aside. */
export const OPTIMIZERS: readonly Optimizer[] = [
  ADAM,
  SGD,
  { ...SGD, momentum: 0.9 },
  { ...SGD, momentum: 0.9, nesterov: true },
  RMSPROP,
  { ...RMSPROP, momentum: 0.5 },
];

export const ACTIVATIONS: readonly Activation[] = [
  'sigmoid',
  'linear',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'swish',
];

/** Hidden layers from the first on. */
export type Hidden = readonly (readonly [activation: Activation, units: number])[];

export const TWO_LAYERS: Hidden = [
  ['tanh', 4],
  ['relu', 3],
];

/** A small setup: 24 samples to train on in batches of 10, 10 and 4, and 6 to test on. */
export function setupOf(hidden: Hidden, changes: Partial<TrainingSetup> = {}): TrainingSetup {
  return {
    layers: initialLayers({
      inputs: 2,
      units: hidden.map(([, units]) => units),
      activations: hidden.map(([activation]) => activation),
      kernelInitializer: 'heNormal',
      seed: 1,
    }),
    ...makeMoons(30, 0.1, 3),
    ...trainTestSplit(30, 0.2, 5),
    optimizer: ADAM,
    epochs: 8,
    batchSize: 10,
    seed: 2,
    ...changes,
  };
}

/** A setup with so many samples to train on and to test on. */
export function sized(
  hidden: Hidden,
  train: number,
  test: number,
  changes: Partial<TrainingSetup> = {},
): TrainingSetup {
  const all = train + test;
  const indices = Uint32Array.from({ length: all }, (_, i) => i);
  const split = { train: indices.subarray(0, train), test: indices.subarray(train) };
  return setupOf(hidden, { ...makeMoons(all, 0.2, all), ...split, ...changes });
}

export const quiet: TrainingContext = {
  yieldThread: () => Promise.resolve(),
  due: () => false,
  progress: () => undefined,
  save: () => undefined,
};

/** All states that a training saves, by epoch, each taken through a clone as a store would. */
export async function statesOf(
  trainer: Trainer,
  setup: TrainingSetup,
  changes: Partial<TrainingContext> = {},
): Promise<Map<number, TrainingState>> {
  const saved = new Map<number, TrainingState>();
  await trainer.train(setup, {
    ...quiet,
    ...changes,
    save: (state, at) => void saved.set(at, structuredClone(state())),
  });
  return saved;
}

/** The state after `epoch`, whatever the schedule: that of a training which ends there. */
export async function stateAfter(
  trainer: Trainer,
  setup: TrainingSetup,
  epoch: number,
): Promise<TrainingState> {
  return (await statesOf(trainer, { ...setup, epochs: epoch })).get(epoch) as TrainingState;
}

/** All weights as one list: kernel and bias layer by layer. */
export function flat(layers: readonly Layer[]): number[] {
  return layers.flatMap(({ kernel, bias }) => [...kernel.data, ...bias]);
}

interface Tested {
  readonly name: string;
  make(): Promise<Trainer>;
  /** A setup of three epochs in each of which the trainer asks more than once whether a state is due. */
  long(changes?: Partial<TrainingSetup>): TrainingSetup;
}

const WIDE: Hidden = [
  ['tanh', 150],
  ['swish', 130],
];

/** Both trainers, for `describe.each`. */
export const TRAINERS: readonly Tested[] = [
  {
    name: 'the fused kernel',
    make: () => Promise.resolve(fusedTrainer),
    // It asks after some milliseconds of work only.
    long: (changes) => sized(WIDE, 1_000, 300, { batchSize: 70, epochs: 3, ...changes }),
  },
  {
    name: 'tfjs batch by batch',
    make: async () => batchTrainer(await tfjsGradient()),
    long: (changes) => setupOf(TWO_LAYERS, { batchSize: 5, epochs: 3, ...changes }),
  },
];
