// The fused kernel against tfjs, batch by batch: every activation, optimizer, initialiser and statistic, at shapes that
// fill the kernel's tiles and at shapes that do not. The two round differently, and training is chaotic: so trainings
// are short, and small rates keep a rounding from growing.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchTrainer } from '../../src/nn/batch-training';
import { makeBlobs, makeCircles, makeMoons } from '../../src/nn/datasets';
import { fusedTrainer } from '../../src/nn/fused-training';
import { initialLayers, type KernelInitializer } from '../../src/nn/initializers';
import type { Activation, Layer } from '../../src/nn/network';
import type { Optimizer } from '../../src/nn/optimizers';
import { tfjsGradient } from '../../src/nn/tfjs-gradient';
import type { Trainer, TrainingResult, TrainingTask } from '../../src/nn/training';
import { ACTIVATIONS, ADAM, flat, OPTIMIZERS, quiet, SGD, sized } from './tasks';

const WIDTHS = [1, 2, 3, 5, 7, 10, 11, 15, 16, 17, 33, 65];
const BATCHES = [1, 2, 3, 5, 15, 16, 17, 31, 33, 63, 64, 65, 100, 1_000];
const INITIALIZERS: readonly KernelInitializer[] = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'leCunUniform',
  'leCunNormal',
  'randomNormal',
  'zeros',
];

interface Shape {
  readonly activations: readonly Activation[];
  readonly units: readonly number[];
  readonly kernelInitializer: KernelInitializer;
  readonly seed: number;
}

const network = ({ activations, units, kernelInitializer, seed }: Shape): Layer[] =>
  initialLayers({ inputs: 2, activations, units, kernelInitializer, seed });

/** How far two values may be apart: absolutely, and relatively. */
interface Bound {
  readonly absolute: number;
  readonly relative: number;
}

/** The largest difference in terms of what the bound allows. */
function excess(
  values: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute, relative }: Bound,
): number {
  expect(values.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const [value, other] = [values[i] as number, expected[i] as number];
    worst = Math.max(
      worst,
      value === other ? 0 : Math.abs(value - other) / (absolute + relative * Math.abs(other)),
    );
  }
  return worst;
}

/** A row of the test set or an output of a batch whose value is within a rounding of a bound may count otherwise. */
const ONE_ROW = 1;

let tfjs: Trainer;
beforeAll(async () => {
  tfjs = batchTrainer(await tfjsGradient());
});

async function both(task: TrainingTask): Promise<[fused: TrainingResult, plain: TrainingResult]> {
  return [await fusedTrainer.train(task, quiet), await tfjs.train(task, quiet)];
}

/** Holds all curves and the weights to each other. */
function agree([fused, plain]: [TrainingResult, TrainingResult], task: TrainingTask, bound: Bound): void {
  for (const name of ['loss', 'testLoss'] as const) {
    expect([name, excess(fused[name], plain[name], bound)]).toEqual([name, expect.toSatisfy(within)]);
  }
  for (const [name, rows] of [
    ['accuracy', task.train.length],
    ['testAccuracy', task.test.length],
  ] as const) {
    const allowed = { absolute: (ONE_ROW + 1e-6) / rows, relative: 0 };
    expect([name, excess(fused[name], plain[name], allowed)]).toEqual([name, expect.toSatisfy(within)]);
  }
  const weights = flat(plain.layers);
  // Steps are measured as weights rounded to float32 after and before.
  const rounding = 4 * 2 ** -24 * weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  for (const [name, absolute] of [
    ['gradientRms', 1e-30],
    ['updateRms', rounding],
  ] as const) {
    const found = excess(fused[name].data, plain[name].data, { absolute, relative: 100 * bound.relative });
    expect([name, found]).toEqual([name, expect.toSatisfy(within)]);
  }
  const hidden = task.layers.length - 1;
  for (const [i, share] of fused.saturated.data.entries()) {
    const outputs = task.train.length * (task.layers[i % hidden]?.units ?? 0);
    expect(Math.abs(share - (plain.saturated.data[i] as number)) * outputs).toBeLessThan(ONE_ROW + 1e-6);
  }
  expect(excess(flat(fused.layers), weights, bound)).toSatisfy(within);
}

const within = (value: number): boolean => value <= 1;

describe('the fused kernel and tfjs', () => {
  const optimizers: Optimizer[] = OPTIMIZERS.flatMap((optimizer) =>
    [0, 0.05].map((globalClipNorm) => ({ ...optimizer, learningRate: 0.003, globalClipNorm })),
  );

  it.each(ACTIVATIONS)('train alike with %s under every optimizer, clipped and not', async (activation) => {
    for (const [i, optimizer] of optimizers.entries()) {
      const layers = network({
        activations: [activation, activation],
        units: [11, 6],
        kernelInitializer: INITIALIZERS[i % 6] as KernelInitializer,
        seed: i,
      });
      const task = sized([], 75, 23, { layers, optimizer, epochs: 6, batchSize: 20, seed: i });
      agree(await both(task), task, { absolute: 5e-6, relative: 5e-6 });
    }
  });

  it.each(INITIALIZERS)('train alike from %s', async (kernelInitializer) => {
    for (const activations of [
      ['sigmoid', 'tanh', 'elu'],
      ['relu', 'selu', 'swish'],
    ] as const) {
      const layers = network({ activations, units: [10, 7, 5], kernelInitializer, seed: 4 });
      const task = sized([], 60, 20, {
        layers,
        optimizer: { ...ADAM, learningRate: 0.001 },
        epochs: 5,
        batchSize: 16,
      });
      agree(await both(task), task, { absolute: 5e-6, relative: 5e-6 });
    }
  });

  it.each(WIDTHS)('train alike with layers of %d units', async (units) => {
    for (const other of [1, 4, 17, 65]) {
      const layers = network({
        activations: ['tanh', 'swish', 'leakyRelu'],
        units: [units, other, units],
        kernelInitializer: 'glorotUniform',
        seed: units,
      });
      const task = sized([], 37, 9, {
        layers,
        optimizer: { ...SGD, momentum: 0.9 },
        epochs: 2,
        batchSize: 18,
      });
      agree(await both(task), task, { absolute: 2e-6, relative: 2e-6 });
    }
  });

  it.each(BATCHES)('train alike in batches of %d', async (batchSize) => {
    for (const rows of [batchSize === 1 ? 20 : 130, 97]) {
      const layers = network({
        activations: ['sigmoid', 'relu', 'selu'],
        units: [9, 6, 3],
        kernelInitializer: 'heNormal',
        seed: batchSize,
      });
      const task = sized([], rows, 70, {
        layers,
        optimizer: { ...ADAM, learningRate: 0.001 },
        epochs: 3,
        batchSize,
      });
      agree(await both(task), task, { absolute: 5e-6, relative: 5e-6 });
    }
  });

  it('train alike whatever is put together', async () => {
    const shape: fc.Arbitrary<Shape> = fc
      .array(fc.tuple(fc.constantFrom(...ACTIVATIONS), fc.constantFrom(...WIDTHS)), { maxLength: 5 })
      .chain((hidden) =>
        fc.record({
          activations: fc.constant(hidden.map(([activation]) => activation)),
          units: fc.constant(hidden.map(([, units]) => units)),
          kernelInitializer: fc.constantFrom(...INITIALIZERS),
          seed: fc.nat(0xffffffff),
        }),
      );
    const data = fc
      .tuple(
        fc.constantFrom(makeMoons, makeCircles, makeBlobs),
        fc.integer({ min: 2, max: 120 }),
        fc.nat(1_000),
      )
      .map(([make, samples, seed]) => make(samples, 0.2, seed));
    await fc.assert(
      fc.asyncProperty(
        shape,
        data,
        fc.constantFrom(...optimizers),
        fc.constantFrom(...BATCHES),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        async (chosen, samples, optimizer, batchSize, share) => {
          const all = samples.y.length;
          const cut = Math.min(all - 1, Math.max(1, Math.floor(all * share)));
          const indices = Uint32Array.from({ length: all }, (_, i) => i);
          const task: TrainingTask = {
            layers: network(chosen),
            ...samples,
            train: indices.subarray(0, cut),
            test: indices.subarray(cut),
            optimizer: { ...optimizer, learningRate: 0.001 },
            epochs: 2,
            batchSize,
            seed: chosen.seed,
          };
          agree(await both(task), task, { absolute: 1e-5, relative: 1e-5 });
        },
      ),
      { numRuns: 120, seed: 20 },
    );
  });

  it('train alike in networks of fifty layers and of none', async () => {
    for (const activation of ['tanh', 'selu', 'relu'] as const) {
      const deep = network({
        activations: Array(50).fill(activation),
        units: Array(50).fill(10),
        kernelInitializer: activation === 'relu' ? 'heNormal' : 'leCunNormal',
        seed: 1,
      });
      const task = sized([], 50, 10, { layers: deep, optimizer: { ...ADAM, learningRate: 1e-4 }, epochs: 2 });
      agree(await both(task), task, { absolute: 2e-5, relative: 2e-5 });
    }
    const task = sized([], 50, 10, { epochs: 30 });
    agree(await both(task), task, { absolute: 2e-6, relative: 2e-6 });
  });
});

describe('gradients far from 1', () => {
  const relative = { absolute: 0, relative: 1e-5 };

  it('far below 1e-19, whose squares are nothing in float32, keep their root mean square', async () => {
    for (const depth of [20, 30, 40]) {
      const layers = network({
        activations: Array(depth).fill('sigmoid'),
        units: Array(depth).fill(10),
        kernelInitializer: 'glorotUniform',
        seed: 2,
      });
      const task = sized([], 50, 10, {
        layers,
        optimizer: { ...SGD, learningRate: 0.01 },
        epochs: 2,
        batchSize: 16,
      });
      const [fused, plain] = await both(task);
      expect(excess(fused.gradientRms.data, plain.gradientRms.data, relative)).toSatisfy(within);
      const gradients = await Promise.all(
        [fusedTrainer, tfjs].map((trainer) => trainer.gradients(layers, task.x, task.y, quiet.turn)),
      );
      for (const [l, { data }] of (gradients[0] ?? []).entries()) {
        const largest = data.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
        const bound = { absolute: 1e-5 * largest, relative: 0 };
        expect(excess(data, gradients[1]?.[l]?.data ?? [], bound)).toSatisfy(within);
      }
      if (depth === 40) expect(fused.gradientRms.data[0]).toBeLessThan(1e-25);
    }
  });

  it('far above 1e19, whose squares are infinite in float32, keep their root mean square, as do steps', async () => {
    const made = network({
      activations: ['linear'],
      units: [20],
      kernelInitializer: 'glorotUniform',
      seed: 2,
    });
    const scaled = (first: number, second: number): Layer[] =>
      made.map((layer, l) => ({
        ...layer,
        kernel: {
          ...layer.kernel,
          data: layer.kernel.data.map((value) => value * (l === 0 ? first : second)),
        },
      }));
    const trained = (layers: Layer[], learningRate: number, epochs: number) =>
      both(sized([], 50, 10, { layers, optimizer: { ...SGD, learningRate }, epochs, batchSize: 50 }));

    const [fused, plain] = await trained(scaled(1e-15, 1e24), 1e-50, 2);
    expect(plain.gradientRms.data[0]).toBeGreaterThan(1e22);
    expect(excess(fused.gradientRms.data, plain.gradientRms.data, relative)).toSatisfy(within);
    const [moved, plainly] = await trained(scaled(1, 1e10), 1e11, 1);
    expect(plainly.updateRms.data[0]).toBeGreaterThan(1e20);
    expect(excess(moved.updateRms.data, plainly.updateRms.data, relative)).toSatisfy(within);
  });
});
