// The bits of the fused kernel and of the plain mathematics beside it, frozen: results are kept for ever under recipes that name its version, so a change of any
// bit needs another. Where it is meant: raise FUSED_VERSION, and write the digests anew by `vitest run -u`.
import { describe, expect, it } from 'vitest';
import { digest } from '../../../src/core/kinds/digest';
import type { Plain } from '../../../src/core/kinds/value';
import { initialLayers } from '../../../src/nn/network/initializers';
import type { Activation, Layer } from '../../../src/nn/network/network';
import { FUSED_VERSION } from '../../../src/nn/training/fused-kernel';
import { fusedTrainer, probabilities } from '../../../src/nn/training/fused-training';
import type { TrainingSetup } from '../../../src/nn/training/training';
import { ADAM, type Hidden, quiet, RMSPROP, SGD, sized } from '../setups';

const setup = (hidden: Hidden, rows: number, changes: Partial<TrainingSetup>): TrainingSetup =>
  sized(hidden, rows, 33, { epochs: 12, ...changes });

const DEEP = 12;

/** Layers of six units that the kernel does not hold. */
const plain = (
  activations: readonly Activation[],
  { batchNorm, residual }: { batchNorm: boolean; residual: boolean },
): Layer[] =>
  initialLayers({
    inputs: 2,
    units: activations.map(() => 6),
    activations,
    kernelInitializer: 'glorotNormal',
    seed: 5,
    batchNorm,
    residual,
  });

/** All activations, all optimizers, chunks and tiles that are full and such that are not; and what the kernel does not hold. */
const SETUPS: Readonly<Record<string, TrainingSetup>> = {
  'three sigmoid layers by adam': setup(
    [
      ['sigmoid', 10],
      ['sigmoid', 10],
      ['sigmoid', 10],
    ],
    200,
    { optimizer: ADAM, batchSize: 32 },
  ),
  'tanh, selu and elu by sgd with nesterov': setup(
    [
      ['tanh', 17],
      ['selu', 5],
      ['elu', 3],
    ],
    97,
    { optimizer: { ...SGD, momentum: 0.9, nesterov: true }, batchSize: 17 },
  ),
  'relu, leakyRelu and swish by clipped rmsprop with momentum': setup(
    [
      ['relu', 33],
      ['leakyRelu', 16],
      ['swish', 7],
    ],
    130,
    { optimizer: { ...RMSPROP, momentum: 0.5, globalClipNorm: 0.1 }, batchSize: 65 },
  ),
  'linear by rmsprop in batches of one': setup([['linear', 1]], 31, { optimizer: RMSPROP, batchSize: 1 }),
  'no hidden layer by sgd in one batch': setup([], 150, {
    optimizer: { ...SGD, momentum: 0.5 },
    batchSize: 1_000,
  }),
  'twelve layers, clipped': setup([], 70, {
    layers: initialLayers({
      inputs: 2,
      units: Array(DEEP).fill(6),
      activations: Array.from({ length: DEEP }, (_, i) => (i % 2 === 0 ? 'sigmoid' : 'swish')),
      kernelInitializer: 'leCunNormal',
      seed: 9,
    }),
    optimizer: { ...ADAM, globalClipNorm: 0.05 },
    batchSize: 16,
  }),
  'every activation in turn with batchNorm and residual, a last batch of one row': setup([], 97, {
    layers: plain(['sigmoid', 'tanh', 'swish', 'selu', 'elu', 'leakyRelu', 'relu', 'linear'], {
      batchNorm: true,
      residual: true,
    }),
    optimizer: ADAM,
    batchSize: 32,
  }),
  'sigmoid, tanh and swish with batchNorm, clipped': setup([], 130, {
    layers: plain(['sigmoid', 'tanh', 'swish'], { batchNorm: true, residual: false }),
    optimizer: { ...RMSPROP, momentum: 0.5, globalClipNorm: 0.1 },
    batchSize: 65,
  }),
  'sigmoid, tanh and swish with residual': setup([], 70, {
    layers: plain(['sigmoid', 'tanh', 'swish'], { batchNorm: false, residual: true }),
    optimizer: { ...SGD, momentum: 0.9, nesterov: true },
    batchSize: 16,
  }),
};

describe(`the bits of ${FUSED_VERSION}`, () => {
  it.each(Object.keys(SETUPS))('of %s: if they changed, raise FUSED_VERSION', async (name) => {
    const chosen = SETUPS[name] as TrainingSetup;
    const result = await fusedTrainer.train(chosen, quiet);
    const gradients = await fusedTrainer.gradients(result.layers, chosen.x, chosen.y, quiet.yieldThread);
    const values = await probabilities(result.layers, chosen.x.data, quiet.yieldThread);
    const all = {
      result: { ...result, layers: result.layers.map((layer) => ({ ...layer })) },
      gradients,
      values,
    };
    expect(digest(all as unknown as Plain)).toMatchSnapshot(FUSED_VERSION);
  });
});
