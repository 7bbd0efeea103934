// The fused kernel against tfjs, batch by batch: every activation, optimizer, initialiser and statistic, at shapes that
// fill the kernel's tiles and at shapes that do not. The two round differently, and training is chaotic: so trainings
// are short, and small rates keep a rounding from growing.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { makeBlobs, makeCircles, makeMoons } from '../../../src/nn/data/datasets';
import { initialLayers, type KernelInitializer } from '../../../src/nn/network/initializers';
import type { Activation, Layer } from '../../../src/nn/network/network';
import type { Optimizer } from '../../../src/nn/network/optimizers';
import type { TrainingSetup } from '../../../src/nn/training/training';
import { cases } from '../../cases';
import { agree, both } from '../closeness';
import { ACTIVATIONS, ADAM, OPTIMIZERS, SGD, sized } from '../setups';

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
      const setup = sized([], 75, 23, { layers, optimizer, epochs: 6, batchSize: 20, seed: i });
      agree(await both(setup), setup, { absolute: 5e-6, relative: 5e-6 });
    }
  });

  it.each(INITIALIZERS)('train alike from %s', async (kernelInitializer) => {
    for (const activations of [
      ['sigmoid', 'tanh', 'elu'],
      ['relu', 'selu', 'swish'],
    ] as const) {
      const layers = network({ activations, units: [10, 7, 5], kernelInitializer, seed: 4 });
      const setup = sized([], 60, 20, {
        layers,
        optimizer: { ...ADAM, learningRate: 0.001 },
        epochs: 5,
        batchSize: 16,
      });
      agree(await both(setup), setup, { absolute: 5e-6, relative: 5e-6 });
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
      const setup = sized([], 37, 9, {
        layers,
        optimizer: { ...SGD, momentum: 0.9 },
        epochs: 2,
        batchSize: 18,
      });
      agree(await both(setup), setup, { absolute: 2e-6, relative: 2e-6 });
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
      const setup = sized([], rows, 70, {
        layers,
        optimizer: { ...ADAM, learningRate: 0.001 },
        epochs: 3,
        batchSize,
      });
      agree(await both(setup), setup, { absolute: 5e-6, relative: 5e-6 });
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
          const setup: TrainingSetup = {
            layers: network(chosen),
            ...samples,
            train: indices.subarray(0, cut),
            test: indices.subarray(cut),
            optimizer: { ...optimizer, learningRate: 0.001 },
            epochs: 2,
            batchSize,
            seed: chosen.seed,
          };
          agree(await both(setup), setup, { absolute: 1e-5, relative: 1e-5 });
        },
      ),
      { numRuns: cases(80), seed: 20 },
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
      const setup = sized([], 50, 10, {
        layers: deep,
        optimizer: { ...ADAM, learningRate: 1e-4 },
        epochs: 2,
      });
      agree(await both(setup), setup, { absolute: 2e-5, relative: 2e-5 });
    }
    const setup = sized([], 50, 10, { epochs: 30 });
    agree(await both(setup), setup, { absolute: 2e-6, relative: 2e-6 });
  });
});
