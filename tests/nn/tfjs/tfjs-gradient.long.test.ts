import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialLayers } from '../../../src/nn/network/initializers';
import { type Layer, type Matrix, variablesOf as variablesOfLayer } from '../../../src/nn/network/network';
import { tfjsGradient } from '../../../src/nn/tfjs/tfjs-gradient';
import type { Gradient } from '../../../src/nn/training/gradient';
import { cases } from '../../cases';
import { ACTIVATIONS } from '../setups';
import {
  differences,
  logit,
  meanLoss,
  nearKink,
  randomProblem,
  rowOf,
  SELU_SCALE,
  VALUES,
  variablesOf,
} from '../textbook-network';

const yieldThread = () => Promise.resolve();
const ignore = () => undefined;

function buffers(layers: readonly Layer[]): Float32Array[] {
  return variablesOf(layers).map((values) => new Float32Array(values.length));
}

describe('tfjsGradient', () => {
  const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  let gradient: Gradient;
  let tensorsBefore: number;

  beforeAll(async () => {
    gradient = await tfjsGradient();
  });
  beforeEach(() => {
    tensorsBefore = tf.memory().numTensors;
  });

  it('computes on the plain CPU backend and tells its version', () => {
    expect(tf.getBackend()).toBe('cpu');
    expect(gradient.version).toBe('tfjs 4.22.0');
  });

  it('agrees with central differences of a plain float64 network', () => {
    const hidden = fc.array(fc.tuple(fc.constantFrom(...ACTIVATIONS), fc.integer({ min: 1, max: 4 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(hidden, fc.integer({ min: 1, max: 6 }), fc.nat(0xffffffff), (shape, rows, seed) => {
        const made = randomProblem(shape, rows, seed);
        fc.pre(!nearKink(made));
        const { layers, x, y } = made;
        const into = buffers(layers);
        const figures = gradient.batch(layers, x, y, into, ignore);
        expect(figures.loss).toBeCloseTo(meanLoss(layers, variablesOf(layers), x, y), 6);
        for (const [v, slopes] of differences(layers, x, y).entries()) {
          for (const [i, expected] of slopes.entries()) {
            const difference = Math.abs(((into[v] as Float32Array)[i] as number) - expected);
            expect(difference).toBeLessThan(1e-6 + 1e-5 * Math.abs(expected));
          }
        }
      }),
      { numRuns: cases(50) },
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
  ] as const)('takes as slope of %s at exactly 0 the one that Keras takes, %d', (activation, slope) => {
    const one = { shape: [1, 1] as const, data: Float32Array.of(1) };
    const layers: Layer[] = [
      { units: 1, activation, kernel: { shape: [1, 1], data: Float32Array.of(0) }, bias: Float32Array.of(0) },
      { units: 1, activation: 'sigmoid', kernel: one, bias: Float32Array.of(-VALUES[activation](0)) },
    ];
    const into = buffers(layers);
    gradient.batch(layers, one, Uint8Array.of(0), into, ignore);
    expect(into[0]?.[0]).toBe(Math.fround(0.5 * Math.fround(slope)));
  });

  it('keeps loss and gradient exact for logits of 0 and finite for huge ones', () => {
    const { layers, x } = randomProblem([], 1, 1);
    const [only] = layers as [Layer];
    for (const [bias, label, expectedLoss, slope] of [
      [0, 0, Math.LN2, 0.5],
      [0, 1, Math.LN2, -0.5],
      [1e4, 1, 0, 0],
      [1e4, 0, 1e4, 1],
      [-1e30, 1, Math.fround(1e30), -1],
    ] as const) {
      only.kernel.data.fill(0);
      only.bias[0] = bias;
      const into = buffers(layers);
      const { loss: found } = gradient.batch(layers, x, Uint8Array.of(label), into, ignore);
      expect(found).toBe(expectedLoss);
      expect(into[1]?.[0]).toBe(slope);
    }
  });

  it('counts a row as class 1 where its logit is above 0, so a logit of 0 is class 0', async () => {
    const layers: Layer[] = [
      {
        units: 1,
        activation: 'sigmoid',
        kernel: { shape: [1, 1], data: Float32Array.of(1) },
        bias: Float32Array.of(0),
      },
    ];
    const x: Matrix = { shape: [4, 1], data: Float32Array.of(0, 1e-30, -1, 0) };
    const y = Uint8Array.of(0, 1, 1, 1);
    expect(gradient.batch(layers, x, y, buffers(layers), ignore).correct).toBe(2);
    expect((await gradient.evaluate(layers, x, y, yieldThread)).accuracy).toBe(0.5);
  });

  it('lends the pre-activations of each hidden layer, in row order', () => {
    const { layers, x, y } = randomProblem(
      [
        ['tanh', 3],
        ['relu', 2],
      ],
      5,
      4,
    );
    const seen: number[][] = [[], []];
    gradient.batch(layers, x, y, buffers(layers), (l, z) => seen[l]?.push(...z));
    const expected: number[][] = [[], []];
    for (let r = 0; r < 5; r++) {
      const z: number[][] = [];
      logit(layers, variablesOf(layers), rowOf(x, r), z);
      for (const l of [0, 1]) expected[l]?.push(...(z[l] as number[]));
    }
    for (const l of [0, 1]) {
      expect(seen[l]?.length).toBe(expected[l]?.length);
      for (const [i, z] of (expected[l] as number[]).entries()) expect(seen[l]?.[i]).toBeCloseTo(z, 5);
    }
  });

  it('gives the same figures and kernel gradients by batch, evaluate and full', async () => {
    const { layers, x, y } = randomProblem(
      [
        ['swish', 4],
        ['selu', 3],
      ],
      40,
      9,
    );
    const into = buffers(layers);
    const { loss: batchLoss, correct } = gradient.batch(layers, x, y, into, ignore);
    expect(await gradient.evaluate(layers, x, y, yieldThread)).toEqual({
      loss: batchLoss,
      accuracy: correct / 40,
    });
    const kernels = await gradient.full(layers, x, y, yieldThread);
    for (const [l, { shape, data }] of kernels.entries()) {
      expect(shape).toEqual(layers[l]?.kernel.shape);
      expect(data).toEqual(Float64Array.from(into[2 * l] as Float32Array));
    }
  });

  it('works off many rows of a wide layer in chunks, with a turn for others after each', async () => {
    const rows = 4200;
    const { layers, x, y } = randomProblem([['relu', 1024]], rows, 3);
    let yields = 0;
    const counting = async () => {
      yields++;
      expect(tf.memory().numTensors).toBe(tensorsBefore);
    };
    const { loss: mean, accuracy } = await gradient.evaluate(layers, x, y, counting);
    expect(yields).toBe(2);
    const kernels = await gradient.full(layers, x, y, counting);
    expect(yields).toBe(4);

    const whole = buffers(layers);
    let observed = 0;
    const figures = gradient.batch(layers, x, y, whole, (_, z) => {
      observed += z.length;
    });
    expect(observed).toBe(rows * 1024);
    expect(figures.loss).toBe(mean);
    expect(figures.correct / rows).toBe(accuracy);

    // Each part fits into one chunk.
    const parts = [
      [0, 3000],
      [3000, rows],
    ] as const;
    const gradients = parts.map(([from, to]) => {
      const part: Matrix = { shape: [to - from, 2], data: x.data.subarray(2 * from, 2 * to) };
      const into = buffers(layers);
      gradient.batch(layers, part, y.subarray(from, to), into, ignore);
      return into.map((values) => values.map((g) => (g * (to - from)) / rows));
    });
    let worst = 0;
    for (const [v, values] of whole.entries()) {
      for (const [i, value] of values.entries()) {
        const sum = (gradients[0]?.[v]?.[i] as number) + (gradients[1]?.[v]?.[i] as number);
        worst = Math.max(worst, Math.abs(value - sum));
        if (v % 2 === 0) worst = Math.max(worst, Math.abs((kernels[v / 2]?.data[i] as number) - sum));
      }
    }
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(5e-7);
  });

  it('takes all rows at once where batch normalization needs their statistics, but not where it has the moving ones', async () => {
    const rows = 4200;
    const { x, y } = randomProblem([], rows, 3);
    const layers = initialLayers({
      ...{ inputs: 2, units: [1024], activations: ['relu'], kernelInitializer: 'heNormal', seed: 3 },
      batchNorm: true,
    });
    let yields = 0;
    const counting = async () => void yields++;
    await gradient.full(layers, x, y, counting);
    expect(yields).toBe(1);
    await gradient.evaluate(layers, x, y, counting);
    expect(yields).toBe(3);
    const { moments } = gradient.batch(layers, x, y, [], ignore);
    const [first] = layers as [Layer];
    const sums = Float64Array.from({ length: rows }, (_, row) => {
      const [a = 0, b = 0] = rowOf(x, row);
      return a * (first.kernel.data[0] as number) + b * (first.kernel.data[1024] as number);
    });
    const mean = sums.reduce((sum, s) => sum + s) / rows;
    const variance = sums.reduce((sum, s) => sum + (s - mean) ** 2, 0) / rows;
    expect(moments.map(({ length }) => length)).toEqual([1024, 1024]);
    expect(moments[0]?.[0]).toBeCloseTo(mean, 5);
    expect(moments[1]?.[0]).toBeCloseTo(variance, 5);
  });

  it('leaves no tensor behind, neither when all goes well nor when something throws', async () => {
    const { x, y } = randomProblem([], 4, 2);
    const layers = initialLayers({
      ...{ inputs: 2, units: [3, 3], activations: ['selu', 'swish'], kernelInitializer: 'heNormal', seed: 2 },
      ...{ batchNorm: true, residual: true },
    });
    const into = layers.flatMap(variablesOfLayer).map(({ length }) => new Float32Array(length));
    gradient.batch(layers, x, y, into, ignore);
    await gradient.evaluate(layers, x, y, yieldThread);
    await gradient.full(layers, x, y, yieldThread);
    const fail = () => {
      throw new Error('stop');
    };
    expect(() => gradient.batch(layers, x, y, into, fail)).toThrow('stop');
    await expect(gradient.full(layers, x, y, () => Promise.reject(new Error('stop')))).rejects.toThrow(
      'stop',
    );
    await expect(gradient.evaluate(layers, x, y, async () => fail())).rejects.toThrow('stop');
    const wrong: Matrix = { shape: [2, 3], data: new Float32Array(6) };
    expect(() => gradient.batch(layers, wrong, y, into, ignore)).toThrow();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });

  it('refuses to average over no rows', async () => {
    const { layers } = randomProblem([], 1, 0);
    const none: Matrix = { shape: [0, 2], data: new Float32Array(0) };
    expect(() => gradient.batch(layers, none, new Uint8Array(0), buffers(layers), ignore)).toThrow(
      RangeError,
    );
    await expect(gradient.evaluate(layers, none, new Uint8Array(0), yieldThread)).rejects.toThrow(RangeError);
    await expect(gradient.full(layers, none, new Uint8Array(0), yieldThread)).rejects.toThrow(RangeError);
  });

  it('has printed nothing by now, not even the greeting of tfjs under Node', () => {
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});
