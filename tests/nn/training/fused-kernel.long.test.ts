// What the fused kernel computes does not depend on how its work is cut, on what its memory held before, or on what else
// is under way; and its memory does not grow with the number of setups.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from '../../../src/core/kinds/digest';
import type { Optimizer } from '../../../src/nn/network/optimizers';
import { type FusedKernel, withKernel } from '../../../src/nn/training/fused-kernel';
import { fusedTrainer, probabilities } from '../../../src/nn/training/fused-training';
import type { TrainingSetup } from '../../../src/nn/training/training';
import { cases } from '../../cases';
import { driven, drivenGradients } from '../kernel-driver';
import { ACTIVATIONS, ADAM, flat, type Hidden, OPTIMIZERS, quiet, sized, statesOf } from '../setups';
import { randomProblem } from '../textbook-network';

/** Tasks of all shapes: widths and rows that fill tiles and chunks, and such that do not. */
const someSetup: fc.Arbitrary<TrainingSetup> = fc
  .record({
    hidden: fc.array(fc.tuple(fc.constantFrom(...ACTIVATIONS), fc.integer({ min: 1, max: 40 })), {
      maxLength: 4,
    }) satisfies fc.Arbitrary<Hidden>,
    optimizer: fc.constantFrom(...OPTIMIZERS),
    globalClipNorm: fc.constantFrom(0, 0.1),
    batchSize: fc.constantFrom(1, 3, 16, 17, 64, 65, 200),
    rows: fc.integer({ min: 1, max: 150 }),
    testing: fc.integer({ min: 1, max: 80 }),
    epochs: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(0xffffffff),
  })
  .map(({ hidden, optimizer, globalClipNorm, rows, testing, ...rest }) => {
    const chosen: Optimizer = { ...optimizer, learningRate: 0.003, globalClipNorm };
    return sized(hidden, rows, testing, { ...rest, optimizer: chosen });
  });

const straight = (training: TrainingSetup) => fusedTrainer.train(training, quiet);

describe('the fused kernel', () => {
  it('gives the same bits wherever a training is stopped in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        someSetup,
        fc.array(fc.integer({ min: 0, max: 17 }), { minLength: 1, maxLength: 9 }),
        fc.nat(5),
        async (training, exponents, finishing) => {
          const expected = await straight(training);
          const seen = await driven(training, ({ advance, finishBatch, read, figures }) => {
            let yields = 0;
            while (advance(2 ** (exponents[yields % exponents.length] as number))) {
              if (finishing > 0 && ++yields % (7 * finishing) === 0) finishBatch();
              // Looking at the weights in the middle of a step must not disturb it either.
              if (yields % 5 === 0) read(0);
            }
            return { weights: read(0), figures: figures() };
          });
          expect(seen.weights).toEqual(Float32Array.from(flat(expected.layers)));
          const width = seen.figures.length / training.epochs;
          for (let epoch = 0; epoch < training.epochs; epoch++) {
            const row = [...seen.figures.subarray(epoch * width, (epoch + 1) * width)];
            const columns = training.layers.length;
            expect(row).toEqual([
              expected.loss[epoch],
              expected.accuracy[epoch],
              expected.testLoss[epoch],
              expected.testAccuracy[epoch],
              ...expected.gradientRms.data.subarray(epoch * columns, (epoch + 1) * columns),
              ...expected.updateRms.data.subarray(epoch * columns, (epoch + 1) * columns),
              ...expected.saturated.data.subarray(epoch * (columns - 1), (epoch + 1) * (columns - 1)),
            ]);
          }
        },
      ),
      { numRuns: cases(60), seed: 5 },
    );
  });

  it('gives the same gradients wherever it is stopped in between', async () => {
    for (const rows of [1, 17, 64, 65, 200]) {
      const { layers, x, y } = randomProblem(
        [
          ['swish', 17],
          ['relu', 5],
        ],
        rows,
        rows,
      );
      const whole = await fusedTrainer.gradients(layers, x, y, quiet.yieldThread);
      for (const operations of [1, 100, 10_000]) {
        const cut = await drivenGradients(layers, x, y, () => operations);
        expect([...cut]).toEqual(whole.flatMap(({ data }) => [...data]));
      }
    }
  });

  it('gives the same bits again after setups of other shapes and kinds', async () => {
    const setups = fc.sample(someSetup, { numRuns: 30, seed: 6 });
    const points = new Float32Array(300).map((_, i) => Math.fround(i / 100 - 1));
    const round = async (order: readonly TrainingSetup[]): Promise<Map<TrainingSetup, string>> => {
      const digests = new Map<TrainingSetup, string>();
      for (const training of order) {
        const result = await straight(training);
        const gradients = await fusedTrainer.gradients(
          training.layers,
          training.x,
          training.y,
          quiet.yieldThread,
        );
        const values = await probabilities(training.layers, points, quiet.yieldThread);
        digests.set(training, digest({ result, gradients, values } as never));
      }
      return digests;
    };
    const first = await round(setups);
    const again = await round([...setups].reverse());
    for (const training of setups) expect(again.get(training)).toBe(first.get(training));
  });

  it('keeps trainings apart that take turns', async () => {
    const setups = [70, 64, 33, 7].map((batchSize, i) =>
      sized(
        [
          ['tanh', 150],
          ['selu', 120 + i],
        ],
        800,
        100,
        { optimizer: OPTIMIZERS[i] ?? ADAM, epochs: 2, batchSize },
      ),
    );
    const alone = [];
    for (const training of setups) alone.push(await straight(training));
    const log: number[] = [];
    const together = await Promise.all(
      setups.map((training, i) =>
        fusedTrainer.train(training, {
          ...quiet,
          due: () => log.length % 3 === i % 3,
          save: (state) => void state(),
          yieldThread: () => new Promise((resume) => setImmediate(() => resume(void log.push(i)))),
        }),
      ),
    );
    expect(together).toEqual(alone);
    // They did take turns.
    const changes = log.filter((i, at) => at > 0 && i !== log[at - 1]);
    expect(changes.length).toBeGreaterThan(10);
  });

  it('finishes a batch that is longer than a slice before it gives a state', async () => {
    const training = sized(
      [
        ['tanh', 150],
        ['swish', 130],
      ],
      1_000,
      100,
      { epochs: 2, batchSize: 500 },
    );
    const expected = await straight(training);
    const states = await statesOf(fusedTrainer, training, { due: () => true });
    expect([...states.keys()]).toEqual([0.5, 1, 1.5, 2]);
    for (const resume of states.values()) {
      expect(await fusedTrainer.train(training, { ...quiet, resume })).toEqual(expected);
    }
  });

  it('is none the worse for a training that was aborted', async () => {
    const training = sized(
      [
        ['tanh', 150],
        ['elu', 130],
      ],
      1_000,
      100,
      { epochs: 2 },
    );
    const expected = await straight(training);
    for (const allowed of [0, 1, 2, 5]) {
      let yields = 0;
      const yieldThread = async () => {
        if (yields++ === allowed) throw new Error('enough');
      };
      await expect(fusedTrainer.train(training, { ...quiet, yieldThread })).rejects.toThrow('enough');
      expect(await straight(training)).toEqual(expected);
    }
  });

  it('takes no more instances and no more memory for a thousand trainings than for a few', async () => {
    const setups = fc
      .sample(someSetup, { numRuns: 10, seed: 7 })
      .map((training) => ({ ...training, epochs: 1 }));
    const lent = new Map<FusedKernel, number>();
    const note = () => withKernel(async (kernel) => void lent.set(kernel, kernel.bytes));
    for (const training of setups) await straight(training);
    await note();
    const before = new Map(lent);
    for (let i = 0; i < 1_000; i++) {
      await straight(setups[i % setups.length] as TrainingSetup);
      await note();
    }
    expect(lent).toEqual(before);
    expect(lent.size).toBe(1);
  });

  it('gives an instance up whose memory has grown large', async () => {
    const hidden = Array.from({ length: 5 }, () => ['relu', 1_024] as const);
    const wide = sized(hidden, 1, 1, { epochs: 1 });
    await straight(wide);
    const bytes = await withKernel(async (kernel) => kernel.bytes);
    expect(bytes).toBeLessThanOrEqual(2 ** 26);
  });
});
