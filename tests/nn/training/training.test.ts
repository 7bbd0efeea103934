// The contract of a trainer, over each there is: shapes, copies, saves, turns, and what is refused.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeMoons } from '../../../src/nn/data/datasets';
import {
  isCheckpoint,
  type Trainer,
  type TrainingContext,
  type TrainingResult,
  type TrainingSetup,
  type TrainingState,
} from '../../../src/nn/training/training';
import { ADAM, quiet, setupOf, stateAfter, statesOf, TRAINERS, TWO_LAYERS } from '../setups';

describe.each(TRAINERS)('training by $name', ({ make, long }) => {
  let trainer: Trainer;
  let tensors: number;
  beforeAll(async () => {
    trainer = await make();
    tensors = tf.memory().numTensors;
  });
  const trained = (setup: TrainingSetup, changes: Partial<TrainingContext> = {}) =>
    trainer.train(setup, { ...quiet, ...changes });

  it('saves after 1, 2, 3, 4, 6, 8, 12, 16 and so on, and after the last epoch', async () => {
    const saved = await statesOf(trainer, setupOf([], { epochs: 29 }));
    expect([...saved.keys()]).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 29]);
    expect(saved.get(12)?.epoch).toBe(12);
    expect(saved.get(12)?.curves.loss.length).toBe(12);
    const upTo200 = Array.from({ length: 200 }, (_, i) => i + 1).filter(isCheckpoint);
    expect(upTo200).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192]);
  });

  it('saves copies that the rest of the training does not touch', async () => {
    const setup = setupOf(TWO_LAYERS);
    let early: TrainingState | undefined;
    await trained(setup, {
      save(state, at) {
        if (at === 3) early = state();
      },
    });
    expect(early).toEqual(await stateAfter(trainer, setup, 3));
  });

  it('measures the steps that were taken in float32', async () => {
    const setup = setupOf(TWO_LAYERS, {
      epochs: 1,
      batchSize: 24,
      optimizer: { ...ADAM, learningRate: 0.3 },
    });
    const { layers, updateRms } = await trained(setup);
    for (const [l, { kernel }] of layers.entries()) {
      const steps = kernel.data.map((fresh, i) => fresh - (setup.layers[l]?.kernel.data[i] as number));
      const squares = steps.reduce((sum, step) => sum + step ** 2, 0);
      const expected = Math.sqrt(squares / steps.length);
      // The kernel adds squares up in float32.
      expect(Math.abs((updateRms.data[l] as number) / expected - 1)).toBeLessThan(1e-7);
    }
  });

  it('shows now and then the result of a training that ends there', async () => {
    for (const setup of [setupOf(TWO_LAYERS, { epochs: 5 }), long({ epochs: 6, batchSize: 10 })]) {
      const shown = new Map<number, TrainingResult>();
      await trained(setup, {
        progress: (epoch, snapshot) => void (snapshot && shown.set(epoch, snapshot())),
      });
      expect([...shown.keys()]).toEqual([...shown.keys()].sort((a, b) => a - b));
      expect(shown.has(setup.epochs)).toBe(true);
      for (const [epoch, result] of shown) expect(result).toEqual(await trained({ ...setup, epochs: epoch }));
    }
  });

  it('gives curves and weights of the shapes of its epochs and layers, and leaves the setup as it was', async () => {
    const setup = setupOf(TWO_LAYERS, { epochs: 5 });
    const before = structuredClone(setup);
    const result = await trained(setup);
    expect(setup).toEqual(before);
    expect(result.loss.length).toBe(5);
    expect(result.gradientRms.shape).toEqual([5, 3]);
    expect(result.updateRms.shape).toEqual([5, 3]);
    expect(result.saturated.shape).toEqual([5, 2]);
    for (const [l, { units, activation, kernel, bias }] of result.layers.entries()) {
      const { kernel: old } = setup.layers[l] as (typeof setup.layers)[number];
      expect([units, activation]).toEqual([setup.layers[l]?.units, setup.layers[l]?.activation]);
      expect(kernel.shape).toEqual(old.shape);
      expect(kernel.data).not.toEqual(old.data);
      // Arrays of their own: a view would drag all weights along wherever it is sent.
      expect(kernel.data.buffer.byteLength).toBe(old.data.byteLength);
      expect(bias.buffer.byteLength).toBe(4 * units);
    }
  });

  it('gives gradients of the shapes of the kernels, in arrays of their own', async () => {
    const { layers, x, y } = setupOf(TWO_LAYERS);
    const gradients = await trainer.gradients(layers, x, y, quiet.yieldThread);
    expect(gradients.map(({ shape }) => shape)).toEqual(layers.map(({ kernel }) => kernel.shape));
    for (const { shape, data } of gradients) expect(data.buffer.byteLength).toBe(8 * shape[0] * shape[1]);
  });

  it('depends on its seed, and on it alone', async () => {
    const first = await trained(setupOf(TWO_LAYERS));
    expect(await trained(setupOf(TWO_LAYERS))).toEqual(first);
    expect((await trained(setupOf(TWO_LAYERS, { seed: 3 }))).loss).not.toEqual(first.loss);
  });

  it('takes all samples as one batch where the batch size is larger', async () => {
    const whole = await trained(setupOf(TWO_LAYERS, { batchSize: 24 }));
    expect(await trained(setupOf(TWO_LAYERS, { batchSize: 1000 }))).toEqual(whole);
    expect((await trained(setupOf(TWO_LAYERS, { batchSize: 23 }))).loss).not.toEqual(whole.loss);
  });

  it('trains a network without hidden layers', async () => {
    const result = await trained(setupOf([], { epochs: 40 }));
    expect(result.saturated).toEqual({ shape: [40, 0], data: new Float64Array(0) });
    expect(result.gradientRms.shape).toEqual([40, 1]);
    expect(result.loss.at(-1)).toBeLessThan(result.loss[0] as number);
  });

  it('trains on samples of one class only', async () => {
    const { x } = makeMoons(30, 0.1, 3);
    const result = await trained(setupOf(TWO_LAYERS, { x, y: new Uint8Array(30).fill(1), epochs: 60 }));
    expect(result.loss.at(-1)).toBeLessThan(0.1);
    expect(result.accuracy.at(-1)).toBe(1);
    expect(result.testAccuracy.at(-1)).toBe(1);
  });

  it('stops where the turn is refused, with its reason, in training and in gradients', async () => {
    const reason = new Error('aborted');
    const setup = setupOf(TWO_LAYERS, { epochs: 6 });
    for (const allowed of [0, 1, 3]) {
      let yields = 0;
      const yieldThread = async () => {
        if (yields++ === allowed) throw reason;
      };
      await expect(trained(setup, { yieldThread })).rejects.toBe(reason);
      expect(yields).toBe(allowed + 1);
    }
    // Large enough for more than one slice of either.
    const { layers, x, y } = setupOf([['relu', 1024]], makeMoons(6_000, 0.1, 1));
    await expect(trainer.gradients(layers, x, y, () => Promise.reject(reason))).rejects.toBe(reason);
    await trained(setup);
  });

  it('leaves no tensor behind', async () => {
    await trained(setupOf([...TWO_LAYERS, ['selu', 2], ['swish', 2]]));
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('refuses a setup that makes no sense', async () => {
    const [first, second, third] = setupOf(TWO_LAYERS).layers as [never, never, never];
    for (const changes of [
      { epochs: 0 },
      { epochs: 1.5 },
      { batchSize: 0 },
      { train: new Uint32Array(0) },
      { test: new Uint32Array(0) },
      { train: Uint32Array.of(30) },
      { layers: [] },
      { layers: [first, second] },
      { layers: [second, third] },
      { layers: [first, third] },
      { x: { shape: [20, 3] as const, data: new Float32Array(60) } },
    ]) {
      await expect(trained(setupOf(TWO_LAYERS, changes))).rejects.toThrow(RangeError);
    }
    await trained(setupOf(TWO_LAYERS));
  });
});
