// Networks with batch normalization and residual connections against Keras (fixtures/oracle/keras_batch_norm.py), by each
// trainer: held to three times the largest differences measured. They round in float32, only in another order.
import { beforeAll, describe, expect, it } from 'vitest';
import { takeRows } from '../../../src/nn/data/rows';
import { type Layer, movingOf, variablesOf } from '../../../src/nn/network/network';
import { layersOver, type Trainer, type TrainingResult } from '../../../src/nn/training/training';
import keras from '../../fixtures/keras-batch-norm.json' with { type: 'json' };
import { absolute, epochOf, firstStepOf, type KerasCase, largest, relative, setupOf } from '../keras-setup';
import { quiet, statesOf, TRAINERS } from '../setups';

/**
 * The largest differences measured: of a weight or moving statistic after one step, and at the end; of a loss and of a
 * test loss at any epoch; of an entry of the gradient over all training rows, before and at Keras' end; all absolute. Then
 * of gradientRms and updateRms at any recorded epoch, relative to Keras'.
 */
const MEASURED: Readonly<Record<string, readonly [number, number, number, number, number, number]>> = {
  'A with batchNorm': [6.0e-8, 5.6e-7, 1.6e-7, 1.0e-6, 9.2e-7, 4.1e-6],
  'C with residual': [1.2e-10, 3.0e-7, 3.5e-8, 9.0e-8, 5.9e-8, 2.7e-7],
  'tanh with both, sgd with momentum': [1.2e-7, 6.2e-6, 2.6e-6, 1.5e-5, 4.2e-7, 7.6e-6],
  'ten sigmoid layers with both': [6.0e-8, 1.1e-5, 6.5e-7, 8.5e-7, 9.9e-6, 1.0e-5],
  'twenty sigmoid layers with residual': [6.0e-8, 6.0e-7, 1.1e-6, 2.4e-6, 4.8e-7, 2.3e-6],
  'elu with residual where widths agree, rmsprop with momentum': [
    7.5e-9, 3.0e-7, 3.2e-8, 3.7e-8, 2.4e-7, 1.1e-6,
  ],
  'swish with both, a last batch of one row': [6.0e-8, 3.6e-7, 8.1e-8, 7.9e-8, 2.1e-7, 1.5e-5],
  'selu with batchNorm, clipped adam': [7.5e-9, 2.5e-6, 7.2e-7, 3.2e-6, 7.6e-7, 1.6e-5],
  'leakyRelu with both, plain sgd, batches of sixteen': [3.0e-8, 1.5e-6, 8.9e-8, 3.2e-7, 2.1e-7, 1.0e-6],
  'relu with batchNorm, clipped rmsprop, batches of five': [6.0e-8, 3.6e-7, 4.7e-8, 1.1e-7, 8.9e-8, 5.5e-7],
  'every activation in turn with both': [1.2e-7, 1.9e-6, 7.8e-8, 1.3e-7, 1.2e-6, 6.6e-6],
  'linear with residual, clipped sgd with nesterov': [3.5e-10, 8.9e-8, 2.7e-8, 9.0e-8, 3.5e-7, 2.6e-6],
  'two wide relu layers with both, one batch an epoch': [3.0e-8, 1.2e-7, 8.6e-8, 1.2e-7, 6.0e-8, 2.0e-7],
};

const joined = (arrays: readonly Float32Array[]): number[] => arrays.flatMap((values) => [...values]);

/** Trainable variables and moving statistics, as the fixture has them. */
const numbersOf = (layers: readonly Layer[]) => ({
  trained: joined(layers.flatMap(variablesOf)),
  moving: joined(layers.flatMap(movingOf)),
});

type Numbers = ReturnType<typeof numbersOf>;

function farthest(numbers: Numbers, expected: Numbers): number {
  return Math.max(
    largest(numbers.trained, expected.trained.map(Math.fround), absolute),
    largest(numbers.moving, expected.moving.map(Math.fround), absolute),
  );
}

describe.each(TRAINERS)('batch normalization and residual connections, by $name', ({ make }) => {
  describe.each(keras.cases)('$name', (spec) => {
    const [step, weights, losses, testLosses, gradients, flow] = (MEASURED[spec.name] ?? []).map(
      (m) => 3 * m + 1e-10,
    );
    const setup = setupOf(spec);
    let trainer: Trainer;
    let result: TrainingResult;
    let afterOneStep: Numbers;

    beforeAll(async () => {
      trainer = await make();
      result = await trainer.train(setup, quiet);
      afterOneStep = numbersOf((await trainer.train(firstStepOf(setup), quiet)).layers);
    }, 60_000);

    it('starts from the very same numbers', () => {
      const { trained, moving } = spec.initial;
      expect(numbersOf(setup.layers)).toEqual({
        trained: trained.map(Math.fround),
        moving: moving.map(Math.fround),
      });
    });

    it('has the same weights and moving statistics after one step and at the end', () => {
      expect(farthest(afterOneStep, spec.afterOneStep)).toBeLessThan(step ?? 0);
      expect(farthest(numbersOf(result.layers), spec.final)).toBeLessThan(weights ?? 0);
    });

    it('has the same losses at each epoch, and as many right answers', () => {
      const { curves } = spec;
      expect(largest(result.loss, curves.loss, absolute)).toBeLessThan(losses ?? 0);
      expect(largest(result.testLoss, curves.testLoss, absolute)).toBeLessThan(testLosses ?? 0);
      expect(largest(result.accuracy, curves.accuracy, absolute)).toBeLessThan(1e-7);
      expect(largest(result.testAccuracy, curves.testAccuracy, absolute)).toBeLessThan(1e-7);
    });

    it('has the losses of a network whose normalized biases Keras trains, since they change nothing', () => {
      const { lossOfAll } = spec.curves;
      if (spec.batchNorm) expect(largest(result.loss, lossOfAll ?? [], absolute)).toBeLessThan(1e-5);
      else expect(lossOfAll).toBeUndefined();
      for (const { batchNorm, bias } of result.layers)
        if (batchNorm) expect(bias).toEqual(new Float32Array(bias.length));
    });

    it('has the same gradient over all training rows, by their own statistics', async () => {
      const { x, y } = takeRows(setup.x, setup.y, setup.train);
      const { trained, moving } = spec.final;
      const end = layersOver(Float32Array.from(trained), setup.layers, Float32Array.from(moving));
      for (const [layers, expected] of [
        [setup.layers, spec.gradientBefore],
        [end, spec.gradientAfter],
      ] as const) {
        const found = await trainer.gradients(layers, x, y, quiet.yieldThread);
        const entries = found.flatMap(({ data }) => [...data]);
        expect(largest(entries, expected, absolute)).toBeLessThan(gradients ?? 0);
      }
    });

    it('records the same gradient flow', () => {
      for (const [epoch, expected] of Object.entries(spec.flow)) {
        const row = epochOf(Number(epoch));
        expect(largest(row(result.gradientRms), expected.gradientRms, relative)).toBeLessThan(flow ?? 0);
        expect(largest(row(result.updateRms), expected.updateRms, relative)).toBeLessThan(flow ?? 0);
        expect(largest(row(result.saturated), expected.saturated, absolute)).toBeLessThan(1e-9);
      }
    });
  });

  it('goes on from any state to the byte, moving statistics included', async () => {
    const [spec] = keras.cases.filter(({ name }) => name.startsWith('tanh with both'));
    const setup = { ...setupOf(spec as KerasCase), epochs: 3 };
    const trainer = await make();
    const straight = await trainer.train(setup, quiet);
    const states = await statesOf(trainer, setup, { due: () => true });
    expect(states.size).toBeGreaterThan(2);
    for (const resume of states.values()) {
      expect(resume.moving?.length).toBe(4 * 2 * 8);
      expect(await trainer.train(setup, { ...quiet, resume })).toEqual(straight);
    }
  });
});
