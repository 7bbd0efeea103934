import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeMoons } from '../../src/nn/datasets';
import type { Gradient } from '../../src/nn/gradient';
import { initialLayers } from '../../src/nn/initializers';
import type { Activation } from '../../src/nn/network';
import type { Optimizer } from '../../src/nn/optimizers';
import { trainTestSplit } from '../../src/nn/split';
import { tfjsGradient } from '../../src/nn/tfjs-gradient';
import {
  Diverged,
  isCheckpoint,
  type TrainingResult,
  type TrainingRun,
  type TrainingState,
  type TrainingTask,
  train,
} from '../../src/nn/training';

const ADAM: Optimizer = {
  name: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  globalClipNorm: 0,
};
const SGD: Optimizer = { name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, globalClipNorm: 0 };
const RMSPROP: Optimizer = {
  name: 'rmsprop',
  learningRate: 0.01,
  rho: 0.9,
  epsilon: 1e-7,
  momentum: 0.5,
  globalClipNorm: 0.5,
};

/** A small task: 24 samples to train on in batches of 10, 10 and 4, and 6 to test on. */
function task(
  hidden: readonly (readonly [Activation, number])[],
  changes: Partial<TrainingTask> = {},
): TrainingTask {
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

const TWO_LAYERS = [
  ['tanh', 4],
  ['relu', 3],
] as const;

const quiet: TrainingRun = {
  turn: () => Promise.resolve(),
  progress: () => undefined,
  save: () => undefined,
};

/** All states that a training saves, by epoch, each taken through a clone as a store would. */
async function states(spec: TrainingTask, gradient: Gradient): Promise<Map<number, TrainingState>> {
  const saved = new Map<number, TrainingState>();
  await train(
    spec,
    { ...quiet, save: (state, epoch) => saved.set(epoch, structuredClone(state())) },
    gradient,
  );
  return saved;
}

/** The state after `epoch`, whatever the schedule: that of a training which ends there. */
async function stateAfter(spec: TrainingTask, epoch: number, gradient: Gradient): Promise<TrainingState> {
  return (await states({ ...spec, epochs: epoch }, gradient)).get(epoch) as TrainingState;
}

describe('train', () => {
  let gradient: Gradient;
  beforeAll(async () => {
    gradient = await tfjsGradient();
  });
  const run = (spec: TrainingTask, changes: Partial<TrainingRun> = {}) =>
    train(spec, { ...quiet, ...changes }, gradient);

  it('resumed after any epoch ends to the byte as one that never stopped', async () => {
    const hidden = fc.constantFrom<(readonly [Activation, number])[]>([], [['sigmoid', 3]], [...TWO_LAYERS]);
    const optimizer = fc.constantFrom<Optimizer>(
      ADAM,
      SGD,
      { ...SGD, momentum: 0.9, nesterov: true },
      RMSPROP,
    );
    await fc.assert(
      fc.asyncProperty(
        hidden,
        optimizer,
        fc.integer({ min: 1, max: 7 }),
        fc.nat(7),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(0xffffffff),
        async (shape, chosen, epochs, cut, batchSize, seed) => {
          const spec = task(shape, { optimizer: chosen, epochs, batchSize, seed });
          const straight = await run(spec);
          const resume = cut % epochs === 0 ? undefined : await stateAfter(spec, cut % epochs, gradient);
          let last: TrainingState | undefined;
          const resumed = await run(spec, {
            resume,
            save: (state) => {
              last = state();
            },
          });
          expect(resumed).toEqual(straight);
          expect(last).toEqual(await stateAfter(spec, epochs, gradient));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('resumed at its last epoch just gives the result', async () => {
    const spec = task(TWO_LAYERS);
    const resume = await stateAfter(spec, spec.epochs, gradient);
    const never = () => expect.unreachable();
    expect(await run(spec, { resume, turn: never, progress: never, save: never })).toEqual(await run(spec));
  });

  it('refuses to resume from a state that is not one of its own', async () => {
    const spec = task(TWO_LAYERS);
    const resume = await stateAfter(spec, 4, gradient);
    for (const other of [
      { ...spec, epochs: 3 },
      { ...spec, optimizer: SGD },
      { ...spec, layers: task([['tanh', 4]]).layers },
    ]) {
      await expect(run(other, { resume })).rejects.toThrow(RangeError);
    }
    await expect(run(spec, { resume: { ...resume, epoch: 5 } })).rejects.toThrow(RangeError);
  });

  it('saves after 1, 2, 3, 4, 6, 8, 12, 16 and so on, and after the last epoch', async () => {
    const saved = await states(task([], { epochs: 29 }), gradient);
    expect([...saved.keys()]).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 29]);
    expect(saved.get(12)?.epoch).toBe(12);
    expect(saved.get(12)?.curves.loss.length).toBe(12);
    const upTo200 = Array.from({ length: 200 }, (_, i) => i + 1).filter(isCheckpoint);
    expect(upTo200).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192]);
  });

  it('saves copies that the rest of the training does not touch', async () => {
    const spec = task(TWO_LAYERS);
    let early: TrainingState | undefined;
    await run(spec, {
      save(state, epoch) {
        if (epoch === 3) early = state();
      },
    });
    expect(early).toEqual(await stateAfter(spec, 3, gradient));
  });

  it('measures the steps that were taken in float32', async () => {
    const spec = task(TWO_LAYERS, { epochs: 1, batchSize: 24, optimizer: { ...ADAM, learningRate: 0.3 } });
    const { layers, updateRms } = await run(spec);
    for (const [l, { kernel }] of layers.entries()) {
      const steps = kernel.data.map((fresh, i) => fresh - (spec.layers[l]?.kernel.data[i] as number));
      const squares = steps.reduce((sum, step) => sum + step ** 2, 0);
      expect(updateRms.data[l]).toBe(Math.sqrt(squares / steps.length));
    }
  });

  it('shows after each epoch the result of a training that ends there', async () => {
    const spec = task(TWO_LAYERS, { epochs: 5 });
    const shown: TrainingResult[] = [];
    await run(spec, {
      progress(epoch, snapshot) {
        shown.push(snapshot());
        expect(shown.length).toBe(epoch);
      },
    });
    for (const [i, result] of shown.entries()) expect(result).toEqual(await run({ ...spec, epochs: i + 1 }));
  });

  it('gives curves and weights of the shapes of its epochs and layers, and leaves the task as it was', async () => {
    const spec = task(TWO_LAYERS, { epochs: 5 });
    const before = structuredClone(spec);
    const result = await run(spec);
    expect(spec).toEqual(before);
    expect(result.loss.length).toBe(5);
    expect(result.gradientRms.shape).toEqual([5, 3]);
    expect(result.updateRms.shape).toEqual([5, 3]);
    expect(result.saturated.shape).toEqual([5, 2]);
    for (const [l, { units, activation, kernel, bias }] of result.layers.entries()) {
      const { kernel: old } = spec.layers[l] as (typeof spec.layers)[number];
      expect([units, activation]).toEqual([spec.layers[l]?.units, spec.layers[l]?.activation]);
      expect(kernel.shape).toEqual(old.shape);
      expect(kernel.data).not.toEqual(old.data);
      // Arrays of their own: a view would drag all weights along wherever it is sent.
      expect(kernel.data.buffer.byteLength).toBe(old.data.byteLength);
      expect(bias.buffer.byteLength).toBe(4 * units);
    }
  });

  it('depends on its seed, and on it alone', async () => {
    const first = await run(task(TWO_LAYERS));
    expect(await run(task(TWO_LAYERS))).toEqual(first);
    expect((await run(task(TWO_LAYERS, { seed: 3 }))).loss).not.toEqual(first.loss);
  });

  it('takes all samples as one batch where the batch size is larger', async () => {
    const whole = await run(task(TWO_LAYERS, { batchSize: 24 }));
    expect(await run(task(TWO_LAYERS, { batchSize: 1000 }))).toEqual(whole);
    expect((await run(task(TWO_LAYERS, { batchSize: 23 }))).loss).not.toEqual(whole.loss);
  });

  it('trains a network without hidden layers', async () => {
    const result = await run(task([], { epochs: 40 }));
    expect(result.saturated).toEqual({ shape: [40, 0], data: new Float64Array(0) });
    expect(result.gradientRms.shape).toEqual([40, 1]);
    expect(result.loss.at(-1)).toBeLessThan(result.loss[0] as number);
  });

  it('trains on samples of one class only', async () => {
    const { x } = makeMoons(30, 0.1, 3);
    const result = await run(task(TWO_LAYERS, { x, y: new Uint8Array(30).fill(1), epochs: 60 }));
    expect(result.loss.at(-1)).toBeLessThan(0.1);
    expect(result.accuracy.at(-1)).toBe(1);
    expect(result.testAccuracy.at(-1)).toBe(1);
  });

  it('lets other work run after each batch, and stops where that is refused', async () => {
    const reason = new Error('aborted');
    for (const allowed of [0, 1, 4, 9]) {
      const tensors = tf.memory().numTensors;
      let turns = 0;
      const turn = async () => {
        if (turns++ === allowed) throw reason;
      };
      await expect(run(task(TWO_LAYERS), { turn })).rejects.toBe(reason);
      expect(turns).toBe(allowed + 1);
      expect(tf.memory().numTensors).toBe(tensors);
    }
    let turns = 0;
    await run(task(TWO_LAYERS, { epochs: 1 }), {
      turn: async () => {
        turns++;
      },
    });
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('leaves no tensor behind', async () => {
    const tensors = tf.memory().numTensors;
    await run(task([...TWO_LAYERS, ['selu', 2], ['swish', 2]]));
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('diverges in the epoch in which a huge learning rate blows the weights up, and not before', async () => {
    const tensors = tf.memory().numTensors;
    const spec = task(
      [
        ['linear', 4],
        ['linear', 4],
      ],
      {
        optimizer: { ...SGD, learningRate: 50 },
        epochs: 100,
      },
    );
    const seen: number[] = [];
    const error = await run(spec, {
      progress: (epoch, snapshot) => {
        seen.push(epoch);
        expect(snapshot().loss.every(Number.isFinite)).toBe(true);
      },
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Diverged);
    const { epoch, message, name } = error as Diverged;
    expect(name).toBe('Diverged');
    expect(epoch).toBeGreaterThan(1);
    expect(message).toMatch(
      new RegExp(`^(the loss|a weight|the test loss) became (NaN|infinite) in epoch ${epoch}$`),
    );
    expect(seen).toEqual(Array.from({ length: epoch - 1 }, (_, i) => i + 1));
    await run({ ...spec, epochs: epoch - 1 });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('tells a weight from the loss and the test loss, and NaN from infinity', async () => {
    const spec = task([['tanh', 2]], { epochs: 3 });
    const huge: Optimizer = { ...SGD, learningRate: 1e39 };
    await expect(run({ ...spec, optimizer: huge })).rejects.toThrow(
      /^a weight became (NaN|infinite) in epoch 1$/,
    );

    let batches = 0;
    const nanInEpoch3: Gradient = {
      ...gradient,
      batch: (...args) => ({ ...gradient.batch(...args), ...(++batches === 8 ? { loss: Number.NaN } : {}) }),
    };
    const failing = train(spec, quiet, nanInEpoch3);
    await expect(failing).rejects.toThrow('the loss became NaN in epoch 3');
    await expect(failing).rejects.toMatchObject({ epoch: 3 });

    const infiniteTest: Gradient = {
      ...gradient,
      evaluate: async () => ({ loss: Number.POSITIVE_INFINITY, accuracy: 0.5 }),
    };
    await expect(train(spec, quiet, infiniteTest)).rejects.toThrow(
      'the test loss became infinite in epoch 1',
    );
  });

  it('refuses a task that makes no sense', async () => {
    for (const changes of [
      { epochs: 0 },
      { epochs: 1.5 },
      { batchSize: 0 },
      { train: new Uint32Array(0) },
      { test: new Uint32Array(0) },
      { train: Uint32Array.of(30) },
      { layers: [] },
    ]) {
      await expect(run(task(TWO_LAYERS, changes))).rejects.toThrow(RangeError);
    }
  });
});
