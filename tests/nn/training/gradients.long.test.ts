// The gradients that a comparison shows, by each trainer: held to central differences of a float64 network, and to each
// other where there are more rows or units than differences can be taken for.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '../../../src/nn/network/network';
import { tfjsGradient } from '../../../src/nn/tfjs/tfjs-gradient';
import { batchTrainer } from '../../../src/nn/training/batch-training';
import { fusedTrainer } from '../../../src/nn/training/fused-training';
import type { Trainer } from '../../../src/nn/training/training';
import { cases } from '../../cases';
import { ACTIVATIONS, type Hidden, quiet, TRAINERS } from '../setups';
import { differences, nearKink, randomProblem, SELU_SCALE, VALUES } from '../textbook-network';

describe.each(TRAINERS)('gradients by $name', ({ make }) => {
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await make();
  });

  it('agree with central differences of a plain float64 network', async () => {
    const hidden = fc.array(fc.tuple(fc.constantFrom(...ACTIVATIONS), fc.integer({ min: 1, max: 5 })), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        hidden,
        fc.integer({ min: 1, max: 19 }),
        fc.nat(0xffffffff),
        async (shape, rows, seed) => {
          const made = randomProblem(shape, rows, seed);
          fc.pre(!nearKink(made));
          const { layers, x, y } = made;
          const gradients = await trainer.gradients(layers, x, y, quiet.yieldThread);
          const expected = differences(layers, x, y);
          for (const [l, { data }] of gradients.entries()) {
            for (const [i, slope] of data.entries()) {
              const exact = expected[2 * l]?.[i] as number;
              expect(Math.abs(slope - exact)).toBeLessThan(1e-6 + 1e-5 * Math.abs(exact));
            }
          }
        },
      ),
      { numRuns: cases(200), seed: 3 },
    );
  });

  it.each([
    ['sigmoid', 0.25],
    ['linear', 1],
    ['tanh', 1],
    ['relu', 0],
    ['leakyRelu', 0.2],
    ['elu', 1],
    ['selu', SELU_SCALE],
    ['swish', 0.5],
  ] as const)('take as slope of %s at exactly 0 the one that Keras takes, %d', async (activation, slope) => {
    const one = { shape: [1, 1] as const, data: Float32Array.of(1) };
    const layers: Layer[] = [
      { units: 1, activation, kernel: { shape: [1, 1], data: Float32Array.of(0) }, bias: Float32Array.of(0) },
      { units: 1, activation: 'sigmoid', kernel: one, bias: Float32Array.of(-VALUES[activation](0)) },
    ];
    const [first] = await trainer.gradients(layers, one, Uint8Array.of(0), quiet.yieldThread);
    expect(first?.data[0]).toBe(Math.fround(0.5 * Math.fround(slope)));
  });

  it('are exact for logits of 0 and for huge ones', async () => {
    const one = { shape: [1, 1] as const, data: Float32Array.of(1) };
    for (const [weight, label, slope] of [
      [0, 0, 0.5],
      [0, 1, -0.5],
      [1e4, 1, 0],
      [1e4, 0, 1],
      [-1e30, 1, -1],
    ] as const) {
      const kernel = { shape: [1, 1] as const, data: Float32Array.of(weight) };
      const layers: Layer[] = [{ units: 1, activation: 'sigmoid', kernel, bias: Float32Array.of(0) }];
      const [only] = await trainer.gradients(layers, one, Uint8Array.of(label), quiet.yieldThread);
      expect(only?.data[0]).toBe(slope);
    }
  });

  it('are refused for what does not fit', async () => {
    const { layers, x, y } = randomProblem([['tanh', 3]], 4, 1);
    const wide = { shape: [4, 3] as const, data: new Float32Array(12) };
    const none = { shape: [0, 2] as const, data: new Float32Array(0) };
    await expect(trainer.gradients(layers, wide, y, quiet.yieldThread)).rejects.toThrow(RangeError);
    await expect(trainer.gradients(layers, none, new Uint8Array(0), quiet.yieldThread)).rejects.toThrow(
      RangeError,
    );
    await expect(trainer.gradients([], x, y, quiet.yieldThread)).rejects.toThrow(RangeError);
  });
});

describe('the gradients of both', () => {
  it('agree whatever the rows, units and activations', async () => {
    const tfjs = batchTrainer(await tfjsGradient());
    const shape: fc.Arbitrary<Hidden> = fc.array(
      fc.tuple(fc.constantFrom(...ACTIVATIONS), fc.constantFrom(1, 2, 3, 7, 16, 17, 33, 65)),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.constantFrom(1, 2, 15, 16, 17, 63, 64, 65, 128, 129, 1_000),
        fc.nat(0xffffffff),
        async (hidden, rows, seed) => {
          const { layers: drawn, x, y } = randomProblem(hidden, rows, seed);
          // Of any width, pre-activations are about as large as those of a few units.
          const layers = drawn.map((layer) => ({
            ...layer,
            kernel: {
              ...layer.kernel,
              data: layer.kernel.data.map((w) => w / Math.sqrt(layer.kernel.shape[0])),
            },
          }));
          const fused = await fusedTrainer.gradients(layers, x, y, quiet.yieldThread);
          const plain = await tfjs.gradients(layers, x, y, quiet.yieldThread);
          for (const [l, { shape, data }] of fused.entries()) {
            const expected = plain[l]?.data as Float64Array;
            expect(shape).toEqual(layers[l]?.kernel.shape);
            for (const [i, slope] of data.entries()) {
              expect(Math.abs(slope - (expected[i] as number))).toBeLessThan(3e-7 + 1e-5 * Math.abs(slope));
            }
          }
        },
      ),
      { numRuns: cases(100), seed: 4 },
    );
  });
});
