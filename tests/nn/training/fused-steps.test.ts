// The fused kernel's steps are those of src/nn/network/optimizers.ts to the bit, given the same gradient, and its batch order is
// RandomState's. The gradient is had from the kernel itself: sgd with momentum and a rate of 1 leaves −gradient in its
// slot, of biases too.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../../src/nn/network/network';
import { applyGradient, type Optimizer } from '../../../src/nn/network/optimizers';
import { RandomState } from '../../../src/nn/random/random-state';
import { fusedTrainer } from '../../../src/nn/training/fused-training';
import { sizeOf, type TrainingSetup, type TrainingState } from '../../../src/nn/training/training';
import { cases } from '../../cases';
import { driven } from '../kernel-driver';
import { ACTIVATIONS, ADAM, OPTIMIZERS, quiet, RMSPROP, SGD, setupOf, sized, statesOf } from '../setups';

const PROBE: Optimizer = { ...SGD, learningRate: 1, momentum: 0.5 };

/** The gradient of the batch that comes after `state`, in a setup whose epochs are of one batch. */
async function gradientAfter(setup: TrainingSetup, state: TrainingState): Promise<Float32Array> {
  const zeros = { step: 0, slots: [new Float32Array(sizeOf(setup.layers))] };
  let slot: Float32Array | undefined;
  await fusedTrainer.train(
    { ...setup, optimizer: PROBE, epochs: state.epoch + 1 },
    {
      ...quiet,
      resume: { ...state, optimizer: zeros },
      save: (probed) => (slot = probed().optimizer.slots[0]),
    },
  );
  if (!slot) throw new Error('nothing was saved');
  return slot.map((value) => -value);
}

const VARIANTS: readonly Optimizer[] = [
  ...OPTIMIZERS,
  { ...ADAM, beta1: 0, beta2: 0.5, epsilon: 0.01 },
  // Too small for float32: as its smallest number, and as no momentum.
  { ...ADAM, epsilon: 1e-60 },
  { ...RMSPROP, epsilon: 1e-60, rho: 0.999 },
  { ...SGD, momentum: 1e-60 },
  { ...RMSPROP, momentum: 1e-60 },
  { ...SGD, momentum: 1, learningRate: 0.001 },
];

describe('a step of the fused kernel', () => {
  it.each(
    VARIANTS.flatMap((optimizer) =>
      [0, 0.01, 100].map((globalClipNorm) => [JSON.stringify({ ...optimizer, globalClipNorm })] as const),
    ),
  )('is to the bit that of the plain optimizer: %s', async (text) => {
    const optimizer = JSON.parse(text) as Optimizer;
    for (const [i, activation] of ACTIVATIONS.entries()) {
      const setup = sized(
        [
          [activation, 5 + i],
          ['relu', 3],
        ],
        10 + 9 * i,
        4,
        {
          optimizer,
          epochs: 4,
          batchSize: 1_000,
          seed: i,
        },
      );
      const states = await statesOf(fusedTrainer, setup);
      for (const epoch of [1, 2, 3]) {
        const before = states.get(epoch) as TrainingState;
        const after = states.get(epoch + 1) as TrainingState;
        const weights = before.weights.slice();
        const { step, slots } = structuredClone(before.optimizer);
        const plain = { step, slots };
        applyGradient(optimizer, plain, weights, await gradientAfter(setup, before));
        expect(weights).toEqual(after.weights);
        expect(plain).toEqual(after.optimizer);
      }
    }
  });

  it('remains that of the plain optimizer after very many of them', async () => {
    const setup = sized([['tanh', 6]], 20, 5, { batchSize: 100, epochs: 2 });
    const state = (await statesOf(fusedTrainer, { ...setup, epochs: 1 })).get(1) as TrainingState;
    const late = { ...state, optimizer: { ...state.optimizer, step: 10_000_000 } };
    let after: TrainingState | undefined;
    await fusedTrainer.train(setup, { ...quiet, resume: late, save: (saved) => (after = saved()) });
    const weights = late.weights.slice();
    const plain = structuredClone(late.optimizer);
    applyGradient(setup.optimizer, plain, weights, await gradientAfter(setup, late));
    expect(after?.weights).toEqual(weights);
    expect(after?.optimizer).toEqual(plain);
  });
});

describe('the batch order of the fused kernel', () => {
  it.each([1, 2, 3, 623, 624, 625, 1_000, 65_536, 65_537, 100_000])(
    'has drawn as many words for %d rows as RandomState, epoch after epoch',
    async (rows) => {
      for (const seed of [0, 1, 42, 0xffffffff]) {
        const setup = sized([], rows, 1, { seed, epochs: 3, batchSize: 100_000 });
        const states = await statesOf(fusedTrainer, setup);
        const random = new RandomState(seed);
        for (const epoch of [1, 2, 3]) {
          random.permutation(rows);
          expect(states.get(epoch)?.random).toEqual(random.getState());
        }
      }
    },
  );

  /**
   * A setup whose slot tells after each step which row it was: with batches of one, weights that stay next to 0 and a
   * momentum of next to nothing, it is ±½ · 2⁻¹⁰⁰ · x, and row i has x = i + 1.
   */
  function telling(rows: number, seed: number): TrainingSetup {
    const x = { shape: [rows + 1, 2] as const, data: new Float32Array(2 * rows + 2) };
    for (let i = 0; i < rows; i++) x.data[2 * i] = i + 1;
    const [only] = setupOf([]).layers as [Layer];
    return {
      ...sized([], rows, 1, { seed, epochs: 2, batchSize: 1 }),
      x,
      layers: [{ ...only, kernel: { ...only.kernel, data: new Float32Array(2) } }],
      optimizer: { ...SGD, learningRate: 2 ** -100, momentum: 2 ** -149 },
    };
  }

  it.each([1, 2, 5, 64, 623, 624, 625, 100_000])(
    'is the permutation of %d rows that RandomState draws',
    async (rows) => {
      for (const seed of rows < 1_000 ? [0, 7, 0xffffffff] : [7]) {
        const orders = await driven(telling(rows, seed), ({ nextBatch, read }) =>
          [1, 2].map(() =>
            Uint32Array.from({ length: rows }, () => {
              nextBatch();
              return Math.abs((read(1)[0] as number) * 2 ** 101) - 1;
            }),
          ),
        );
        const random = new RandomState(seed);
        for (const order of orders) {
          const expected = random.permutation(rows);
          // The first that is wrong: the difference of two long lists would take minutes to print.
          expect(order.findIndex((row, i) => row !== expected[i])).toBe(-1);
        }
      }
    },
  );

  it('takes the rows of a batch from that order, the short last one included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 70 }),
        async (rows, batchSize) => {
          const setup = { ...telling(rows, 3), batchSize, y: new Uint8Array(rows + 1) };
          const sums = await driven(setup, ({ nextBatch, read }) =>
            Array.from({ length: Math.ceil(rows / Math.min(batchSize, rows)) }, () => {
              nextBatch();
              return Math.abs((read(1)[0] as number) * 2 ** 101);
            }),
          );
          const order = new RandomState(3).permutation(rows);
          for (const [b, mean] of sums.entries()) {
            const batch = order.subarray(b * batchSize, (b + 1) * batchSize);
            const expected = batch.reduce((sum, row) => sum + row + 1, 0) / batch.length;
            expect(Math.abs(mean / expected - 1)).toBeLessThan(1e-6);
          }
        },
      ),
      { numRuns: cases(60), seed: 8 },
    );
  });
});
