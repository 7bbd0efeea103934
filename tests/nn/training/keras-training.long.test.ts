// Trains as Keras did (fixtures/oracle/keras_training.py), by each trainer, and holds the largest differences to three
// times what was measured with both: they round in float32, only in another order. Gradient flow is held to a float64
// network in numpy, which drifts from float32 where training is chaotic.
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainingResult } from '../../../src/nn/training/training';
import keras from '../../fixtures/keras-training.json' with { type: 'json' };
import { absolute, epochOf, firstStepOf, largest, relative, setupOf } from '../keras-setup';
import { flat, quiet, TRAINERS } from '../setups';

/**
 * The largest differences measured: of a weight after one step, of a weight at the end, and of a loss or test loss at
 * any epoch, all absolute and against Keras; of gradientRms and updateRms at any recorded epoch, relative to numpy's.
 */
const MEASURED: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  A: [1.2e-10, 1.8e-6, 1.6e-7, 6.3e-6, 4.0e-5],
  B: [2.1e-7, 3.6e-7, 5.4e-8, 3.8e-6, 1.6e-5],
  C: [7.5e-9, 3.9e-7, 6.6e-8, 5.6e-6, 8.8e-6],
  'no hidden layer, sgd': [4.7e-10, 2.4e-7, 6.8e-8, 2.9e-7, 9.5e-6],
  'tanh, sgd with momentum': [4.7e-10, 1.7e-6, 4.4e-8, 1.1e-6, 1.5e-5],
  'elu, sgd with nesterov': [2.4e-10, 3.6e-7, 7.2e-8, 3.8e-7, 6.9e-6],
  'selu, rmsprop': [1.5e-8, 1.6e-6, 6.1e-8, 1.6e-6, 5.1e-6],
  'swish, rmsprop with momentum': [3.0e-8, 3.6e-7, 6.6e-8, 1.1e-6, 5.5e-6],
  'leakyRelu narrowing, randomNormal': [1.9e-8, 4.8e-7, 6.9e-8, 1.8e-5, 1.5e-5],
  'linear, clipped adam': [7.5e-9, 1.2e-7, 8.3e-8, 1.7e-5, 2.5e-5],
  'sigmoid from zeros': [0, 7.2e-7, 1.3e-7, 3.0e-5, 1.8e-5],
  'selu from zeros': [0, 2.3e-8, 1.7e-7, 0, 0],
  'six sigmoid layers, rmsprop': [3.0e-8, 2.4e-7, 1.4e-7, 3.7e-6, 4.0e-5],
  'one batch an epoch': [1.2e-6, 1.2e-6, 8.9e-8, 3.1e-5, 3.8e-5],
  'batches of five, clipped sgd': [1.5e-8, 1.8e-7, 5.4e-8, 2.6e-7, 1.2e-6],
  'batches of one': [1.2e-10, 1.2e-7, 8.6e-8, 2.8e-7, 7.1e-6],
  'every activation in turn': [4.5e-8, 6.6e-7, 4.9e-8, 3.4e-4, 2.5e-4],
  'two wide relu layers': [3.0e-8, 3.0e-7, 4.6e-8, 8.8e-6, 7.4e-6],
  'short last batch, other test size': [7.5e-9, 2.4e-7, 6.3e-8, 7.6e-6, 1.2e-5],
  'adam with other betas': [1.5e-8, 1.4e-7, 7.2e-8, 2.1e-7, 6.1e-6],
  'clipped rmsprop with momentum': [9.4e-10, 8.4e-7, 4.4e-8, 2.0e-5, 3.3e-5],
  'swish, plain sgd': [1.5e-8, 2.6e-6, 1.1e-6, 1.3e-6, 1.7e-5],
};

type Case = (typeof keras.cases)[number];

describe.each(TRAINERS)('training as Keras does, by $name', ({ make }) => {
  describe.each(keras.cases)('$name', (spec) => {
    const [step, weights, losses, gradientRms, updateRms] = (MEASURED[spec.name] ?? []).map(
      (m) => 3 * m + 1e-10,
    );
    const setup = setupOf(spec);
    let result: TrainingResult;
    let afterOneStep: number[];

    beforeAll(async () => {
      const trainer = await make();
      result = await trainer.train(setup, quiet);
      afterOneStep = flat((await trainer.train(firstStepOf(setup), quiet)).layers);
    }, 60_000);

    it('starts from the very same weights', () => {
      expect(flat(setup.layers)).toEqual(spec.initial.map(Math.fround));
    });

    it('has the same weights after one step and at the end', () => {
      expect(largest(afterOneStep, spec.afterOneStep.map(Math.fround), absolute)).toBeLessThan(step ?? 0);
      expect(largest(flat(result.layers), spec.final.map(Math.fround), absolute)).toBeLessThan(weights ?? 0);
    });

    it('has the same losses at each epoch, and as many right answers', () => {
      const { curves } = spec;
      expect(largest(result.loss, curves.loss, absolute)).toBeLessThan(losses ?? 0);
      expect(largest(result.testLoss, curves.testLoss, absolute)).toBeLessThan(losses ?? 0);
      // Keras's float32 shares differ from the exact ones by less than this, one answer differs by more.
      expect(largest(result.accuracy, curves.accuracy, absolute)).toBeLessThan(1e-7);
      expect(largest(result.testAccuracy, curves.testAccuracy, absolute)).toBeLessThan(1e-7);
    });

    it('records the gradient flow that a plain float64 network has', () => {
      for (const [epoch, flow] of Object.entries(spec.flow)) {
        const row = epochOf(Number(epoch));
        expect(largest(row(result.gradientRms), flow.gradientRms, relative)).toBeLessThan(gradientRms ?? 0);
        expect(largest(row(result.updateRms), flow.updateRms, relative)).toBeLessThan(updateRms ?? 0);
        expect(largest(row(result.saturated), flow.saturated, absolute)).toBeLessThan(1e-9);
      }
    });
  });

  describe('the opening sheet', () => {
    const byName = (name: string) => keras.cases.find((spec) => spec.name === name) as Case;

    it.each([
      ['A', 0.4448, 0.815],
      ['B', 0.22, 0.88],
      ['C', 0.0611, 0.985],
    ])('ends for run %s at loss %d and accuracy %d', async (name, loss, accuracy) => {
      const result = await (await make()).train(setupOf(byName(name)), quiet);
      expect(result.loss.at(-1)).toBeCloseTo(loss, 4);
      expect(result.accuracy.at(-1)).toBe(accuracy);
    });

    it('shows the vanishing gradient of run A: 1 : 125 in the first epoch', async () => {
      const result = await (await make()).train({ ...setupOf(byName('A')), epochs: 1 }, quiet);
      const { data } = result.gradientRms;
      expect(Math.round((data[3] as number) / (data[0] as number))).toBe(125);
    });
  });
});
