// The terms of an epoch against its curves: their means are what the training recorded, in every engine and every size of batch;
// and each term against a textbook network in float64.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialLayers } from '../../../src/nn/network/initializers';
import { RandomState } from '../../../src/nn/random/random-state';
import { tfjsGradient } from '../../../src/nn/tfjs/tfjs-gradient';
import { batchTrainer } from '../../../src/nn/training/batch-training';
import { epochTerms } from '../../../src/nn/training/epoch-terms';
import { fusedTrainer } from '../../../src/nn/training/fused-training';
import { Diverged, type Trainer, type TrainingSetup } from '../../../src/nn/training/training';
import { cases } from '../../cases';
import {
  ACTIVATIONS,
  ADAM,
  type Hidden,
  OPTIMIZERS,
  quiet,
  RMSPROP,
  SGD,
  setupOf,
  sized,
  statesOf,
  TWO_LAYERS,
} from '../setups';
import { logit, variablesOf } from '../textbook-network';

const context = { yieldThread: async () => {}, progress: () => {} };

const THREE: Hidden = [
  ['sigmoid', 5],
  ['swish', 4],
  ['elu', 3],
];

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** A setting whose loss becomes NaN. */
const DIVERGING: [
  [(typeof ACTIVATIONS)[number], number][],
  Partial<TrainingSetup> & Pick<TrainingSetup, 'batchSize' | 'seed' | 'optimizer'>,
  number,
] = [
  [
    ['linear', 1],
    ['linear', 1],
  ],
  {
    batchSize: 1,
    seed: 0,
    optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false, globalClipNorm: 0 },
  },
  1,
];

/** Largest relative difference between the means of the terms and the recorded curves at some epochs. */
async function distance(trainer: Trainer, setup: TrainingSetup, epochs: readonly number[]): Promise<number> {
  const { loss, accuracy, testLoss, testAccuracy, gradientRms } = await trainer.train(setup, quiet);
  let most = 0;
  const near = (value: number, recorded: number | undefined): void => {
    const off = Math.abs(value - Number(recorded)) / Math.max(1e-9, Math.abs(Number(recorded)));
    most = Math.max(most, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off);
  };
  for (const epoch of epochs) {
    const terms = await epochTerms(trainer, setup, epoch, context);
    near(sum(terms.train.losses) / setup.train.length, loss[epoch - 1]);
    near(sum(terms.test.losses) / setup.test.length, testLoss[epoch - 1]);
    // Counts are equal to the bit.
    expect(sum(terms.train.right) / setup.train.length).toBe(accuracy[epoch - 1]);
    expect(sum(terms.test.right) / setup.test.length).toBe(testAccuracy[epoch - 1]);
    const [steps, layers] = terms.squares.shape;
    expect(steps).toBe(Math.ceil(setup.train.length / setup.batchSize));
    for (let l = 0; l < layers; l++) {
      const own = terms.squares.data.filter((_, at) => at % layers === l);
      const entries = setup.layers[l]?.kernel.data.length ?? 0;
      near(Math.sqrt(sum(own) / (entries * steps)), gradientRms.data[(epoch - 1) * layers + l]);
    }
  }
  return most;
}

const SETUPS: readonly (readonly [string, TrainingSetup])[] = [
  ['batches of 10, 10 and 4', setupOf(TWO_LAYERS)],
  ['one batch for all', setupOf(TWO_LAYERS, { batchSize: 1000, optimizer: SGD })],
  ['a batch for each point', setupOf(THREE, { batchSize: 1, optimizer: RMSPROP })],
  ['no hidden layer', setupOf([], { batchSize: 7 })],
  ['gradients clipped', setupOf(THREE, { batchSize: 5, optimizer: { ...ADAM, globalClipNorm: 0.1 } })],
  ['more rows than a chunk', sized(THREE, 333, 150, { batchSize: 150, epochs: 4 })],
];

const normalized = (changes: Partial<TrainingSetup> = {}): TrainingSetup =>
  setupOf(TWO_LAYERS, {
    layers: initialLayers({
      inputs: 2,
      units: [4, 4],
      activations: ['tanh', 'relu'],
      kernelInitializer: 'glorotUniform',
      seed: 4,
      batchNorm: true,
      residual: true,
    }),
    ...changes,
  });

describe('the terms of an epoch have the recorded means', () => {
  test.each(SETUPS)('with the fused kernel, %s', async (_, setup) => {
    expect(await distance(fusedTrainer, setup, [1, 2, setup.epochs])).toBeLessThan(1e-13);
  });

  test('in any network, any batch size and any epoch', async () => {
    const hidden = fc.array(fc.tuple(fc.constantFrom(...ACTIVATIONS), fc.integer({ min: 1, max: 9 })), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        hidden,
        fc.record({
          batchSize: fc.integer({ min: 1, max: 40 }),
          seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          optimizer: fc.constantFrom(...OPTIMIZERS),
        }),
        fc.integer({ min: 1, max: 6 }),
        async (layers, changes, epoch) => {
          const setup = setupOf(layers, { ...changes, epochs: 6 });
          const off = await distance(fusedTrainer, setup, [epoch]).catch((error: unknown) => {
            if (error instanceof Diverged) return undefined;
            throw error;
          });
          // A training that diverges has no curves to compare with.
          fc.pre(off !== undefined);
          expect(off).toBeLessThan(1e-12);
        },
      ),
      { numRuns: cases(60), examples: [DIVERGING] },
    );
  });

  test.each([10, 24, 7])('in plain mathematics, with statistics of batches of %d', async (batchSize) => {
    expect(await distance(fusedTrainer, normalized({ batchSize }), [1, 3, 8])).toBeLessThan(1e-12);
  });

  test('with TensorFlow.js, within the rounding of float32', async () => {
    const trainer = batchTrainer(await tfjsGradient());
    expect(await distance(trainer, setupOf(TWO_LAYERS), [1, 3])).toBeLessThan(1e-5);
  });
});

describe('each term', () => {
  test('is −ln p of the point’s class, by the weights before its batch', async () => {
    const setup = setupOf(THREE, { batchSize: 7 });
    const epoch = 3;
    const { rows, batchSize, train, test: tested } = await epochTerms(fusedTrainer, setup, epoch, context);
    const states = await statesOf(
      fusedTrainer,
      { ...setup, epochs: epoch },
      { due: () => true, isByBatch: true },
    );
    expect([...states.keys()].filter((at) => at > 2)).toEqual([2.25, 2.5, 2.75, 3]);
    const random = new RandomState(setup.seed);
    const orders = [1, 2, 3].map(() => random.permutation(setup.train.length));
    const lossBy = (weights: Float32Array, row: number): number => {
      const { x, y, layers } = setup;
      const shaped = variablesOf(layers);
      let at = 0;
      for (const values of shaped) for (let i = 0; i < values.length; i++) values[i] = weights[at++] ?? 0;
      const z = logit(layers, shaped, [...x.data.subarray(2 * row, 2 * row + 2)]);
      const p = 1 / (1 + Math.exp(-z));
      return -Math.log(y[row] === 1 ? p : 1 - p);
    };
    for (const [place, row] of rows.entries()) {
      expect(row).toBe(setup.train[orders[2]?.[place] ?? -1]);
      const { weights } = states.get(2 + (Math.floor(place / batchSize) * batchSize) / 28) ?? {};
      expect(Math.abs((train.losses[place] ?? 0) - lossBy(weights as Float32Array, row))).toBeLessThan(1e-5);
    }
    const after = states.get(3)?.weights as Float32Array;
    for (const [place, row] of setup.test.entries())
      expect(Math.abs((tested.losses[place] ?? 0) - lossBy(after, row))).toBeLessThan(1e-5);
  });
});

describe('a training that stops after every batch', () => {
  test('resumes from every state to the same bytes', async () => {
    const setup = setupOf(TWO_LAYERS, { epochs: 4 });
    const whole = await fusedTrainer.train(setup, quiet);
    const states = await statesOf(fusedTrainer, setup, { due: () => true, isByBatch: true });
    expect(states.size).toBe(12);
    for (const resume of states.values())
      expect(await fusedTrainer.train(setup, { ...quiet, resume })).toEqual(whole);
  });
});
