// What is not finite ends a training at once, by the name of the figure and of the first epoch that has it; and both
// trainers say so of the same epoch.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Activation, Layer } from '../../../src/nn/network/network';
import type { Optimizer } from '../../../src/nn/network/optimizers';
import { tfjsGradient } from '../../../src/nn/tfjs/tfjs-gradient';
import { batchTrainer } from '../../../src/nn/training/batch-training';
import { fusedTrainer } from '../../../src/nn/training/fused-training';
import type { Gradient } from '../../../src/nn/training/gradient';
import {
  Diverged,
  type Trainer,
  type TrainingContext,
  type TrainingSetup,
} from '../../../src/nn/training/training';
import { ADAM, type Hidden, quiet, RMSPROP, SGD, setupOf, stateAfter, TRAINERS } from '../setups';

const MESSAGE = /^(the loss|a weight|the test loss) became (NaN|infinite) in epoch (\d+)$/;

/** How a training diverges. */
async function divergence(trainer: Trainer, setup: TrainingSetup, changes: Partial<TrainingContext> = {}) {
  const error = await trainer.train(setup, { ...quiet, ...changes }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Diverged)) throw new Error(`it should have diverged, but ${error}`);
  const [, what, value, epoch] = MESSAGE.exec(error.message) ?? [];
  expect(Number(epoch)).toBe(error.epoch);
  return { what, value, epoch: error.epoch };
}

/** The same layers with other numbers in the last kernel. */
function withOutput(layers: readonly Layer[], value: number): Layer[] {
  return layers.map((layer, l) =>
    l < layers.length - 1
      ? layer
      : { ...layer, kernel: { ...layer.kernel, data: layer.kernel.data.map(() => value) } },
  );
}

const LINEAR: Hidden = [
  ['linear', 4],
  ['linear', 4],
];

describe.each(TRAINERS)('divergence by $name', ({ make }) => {
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await make();
  });

  it('comes in the epoch in which a huge learning rate blows the weights up, and not before', async () => {
    const setup = setupOf(LINEAR, { optimizer: { ...SGD, learningRate: 50 }, epochs: 100 });
    const seen: number[] = [];
    const { epoch } = await divergence(trainer, setup, {
      progress: (done, snapshot) => {
        seen.push(done);
        if (snapshot) expect(snapshot().loss.every(Number.isFinite)).toBe(true);
      },
    });
    expect(epoch).toBeGreaterThan(1);
    expect(seen.every((done) => done < epoch)).toBe(true);
    await trainer.train({ ...setup, epochs: epoch - 1 }, quiet);
  });

  it('tells a weight, the loss and the test loss from each other, and NaN from infinity', async () => {
    const setup = setupOf([['tanh', 2]], { epochs: 3 });
    expect(await divergence(trainer, { ...setup, optimizer: { ...SGD, learningRate: 1e39 } })).toMatchObject({
      what: 'a weight',
      epoch: 1,
    });
    // 3.4e38 · 2 · tanh: the logits overflow.
    const infinite = { ...setup, layers: withOutput(setup.layers, 3.4e38), x: grown(setup, 100) };
    expect(await divergence(trainer, infinite)).toMatchObject({ what: 'the loss', epoch: 1 });
    // A single test sample far outside, on the wrong side.
    const { x, y } = setupOf([]);
    const far = x.data.slice();
    const outside = setup.test[0] as number;
    far.fill(3e38, 2 * outside, 2 * outside + 2);
    const lone: TrainingSetup = {
      ...setupOf([], { optimizer: { ...SGD, learningRate: 1e-3 } }),
      x: { ...x, data: far },
      y: y.map((label, i) => (i === outside ? 1 : label)),
      layers: withOutput(setupOf([]).layers, -2),
    };
    expect(await divergence(trainer, lone)).toEqual({ what: 'the test loss', value: 'infinite', epoch: 1 });
  });

  it('is in the very epoch that is resumed, too', async () => {
    const setup = setupOf(LINEAR, { optimizer: { ...SGD, learningRate: 4 }, epochs: 100 });
    const whole = await divergence(trainer, setup);
    expect(whole.epoch).toBeGreaterThan(2);
    for (let before = 1; before < whole.epoch; before++) {
      const resume = await stateAfter(trainer, setup, before);
      expect(await divergence(trainer, setup, { resume })).toEqual(whole);
    }
  });

  it('leaves no trace in the next training', async () => {
    const sound = setupOf(LINEAR);
    const before = await trainer.train(sound, quiet);
    await divergence(trainer, setupOf(LINEAR, { optimizer: { ...SGD, learningRate: 1e39 } }));
    expect(await trainer.train(sound, quiet)).toEqual(before);
  });
});

/** The samples, so many times as far from the origin. */
function grown({ x }: TrainingSetup, factor: number): TrainingSetup['x'] {
  return { ...x, data: x.data.map((value) => value * factor) };
}

describe('both trainers', () => {
  const optimizers: Optimizer[] = [
    ...[1, 3, 30, 1e3, 1e10, 1e30].map((learningRate): Optimizer => ({ ...SGD, learningRate })),
    ...[1, 30, 1e10].map((learningRate): Optimizer => ({ ...SGD, learningRate, momentum: 0.9 })),
    ...[10, 1e6, 1e20, 1e30].map((learningRate): Optimizer => ({ ...ADAM, learningRate })),
    ...[10, 1e6, 1e20, 1e30].map((learningRate): Optimizer => ({ ...RMSPROP, learningRate })),
    { ...SGD, learningRate: 1e38, globalClipNorm: 1 },
    { ...ADAM, learningRate: 1e30, globalClipNorm: 1e30 },
  ];
  const shapes: (readonly Activation[])[] = [
    [],
    ['linear'],
    ['relu', 'relu'],
    ['swish', 'leakyRelu', 'elu', 'selu'],
  ];

  it('diverge in the same epoch and by the same figure, or neither does', async () => {
    const tfjs = batchTrainer(await tfjsGradient());
    let diverged = 0;
    for (const shape of shapes) {
      for (const optimizer of optimizers) {
        const setup = setupOf(
          shape.map((activation) => [activation, 5]),
          { optimizer, epochs: 12 },
        );
        const [fused, plain] = await Promise.all(
          [fusedTrainer, tfjs].map((trainer) =>
            trainer.train(setup, quiet).then(
              () => 'finite',
              (reason: unknown) => (reason as Error).message.replace(/NaN|infinite/, '…'),
            ),
          ),
        );
        expect([shape, optimizer, fused]).toEqual([shape, optimizer, plain]);
        if (fused !== 'finite') diverged++;
      }
    }
    expect(diverged).toBeGreaterThan(10);
  });
});

it('an engine whose gradient says NaN or infinity is believed', async () => {
  const gradient = await tfjsGradient();
  const setup = setupOf([['tanh', 2]], { epochs: 3 });
  let batches = 0;
  const nanInEpoch3: Gradient = {
    ...gradient,
    batch: (...args) => ({ ...gradient.batch(...args), ...(++batches === 8 ? { loss: Number.NaN } : {}) }),
  };
  expect(await divergence(batchTrainer(nanInEpoch3), setup)).toEqual({
    what: 'the loss',
    value: 'NaN',
    epoch: 3,
  });
});
