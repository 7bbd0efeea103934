// Initial weights against numpy's RandomState, drawn as Keras' initializers are defined.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { initialLayers, type KernelInitializer, redrawn } from '../../../src/nn/network/initializers';
import type { Activation } from '../../../src/nn/network/network';
import { RandomState } from '../../../src/nn/random/random-state';
import oracle from '../../fixtures/numpy-sklearn.json';

const sha256 = (array: Float32Array) => createHash('sha256').update(array).digest('hex');

const tanh = (n: number): Activation[] => Array.from({ length: n }, () => 'tanh');

function layersOf(units: readonly number[], kernelInitializer: string, seed: number) {
  return initialLayers({
    inputs: 2,
    units,
    activations: tanh(units.length),
    kernelInitializer: kernelInitializer as KernelInitializer,
    seed,
  });
}

describe('the kernels are those that numpy draws', () => {
  test.each(oracle.weights)('$kernelInitializer, units $units, seed $seed', (row) => {
    const layers = layersOf(row.units, row.kernelInitializer, row.seed);
    expect(layers[0]?.kernel.data[0]).toBe(row.head);
    expect(layers.map((layer) => sha256(layer.kernel.data))).toEqual(row.kernels);
  });
});

test('a network is its hidden layers and one sigmoid unit; biases are zero', () => {
  const layers = initialLayers({
    inputs: 2,
    units: [3, 5],
    activations: ['relu', 'swish'],
    kernelInitializer: 'heNormal',
    seed: 1,
  });
  expect(layers.map((layer) => layer.activation)).toEqual(['relu', 'swish', 'sigmoid']);
  expect(layers.map((layer) => layer.units)).toEqual([3, 5, 1]);
  expect(layers.map((layer) => layer.kernel.shape)).toEqual([
    [2, 3],
    [3, 5],
    [5, 1],
  ]);
  expect(layers.map((layer) => [...layer.bias])).toEqual([[0, 0, 0], [0, 0, 0, 0, 0], [0]]);
});

test('a deeper network begins with the weights of a shallower one, up to its output layer', () => {
  const shallow = layersOf([4, 4], 'glorotUniform', 9);
  const deep = layersOf([4, 4, 4], 'glorotUniform', 9);
  expect(deep.slice(0, 2)).toEqual(shallow.slice(0, 2));
});

describe('one layer is drawn anew', () => {
  const drawn = { kernelInitializer: 'glorotUniform', seed: 9 } as const;
  const layers = layersOf([4, 5, 3], drawn.kernelInitializer, drawn.seed);

  test('at its own place in the stream, after the kernels before it as they were drawn', () => {
    const random = new RandomState(drawn.seed);
    for (const kernel of [2 * 4, 4 * 5]) for (let i = 0; i < kernel; i++) random.uniform(-1, 1);
    const expected = Float32Array.from({ length: 5 * 3 }, () => random.normal(0, 0.05));
    const changed = redrawn(layers, 2, 'randomNormal', drawn);
    expect(changed[2]?.kernel).toEqual({ shape: [5, 3], data: expected });
    expect([changed[0], changed[1], changed[3]]).toEqual([layers[0], layers[1], layers[3]]);
  });

  test('by its own initializer comes to what it was, trained weights elsewhere notwithstanding', () => {
    for (const at of layers.keys()) {
      const trained = layers.map((layer) => ({ ...layer, bias: layer.bias.map((_, unit) => unit + 1) }));
      expect(redrawn(trained, at, drawn.kernelInitializer, drawn)).toEqual(trained);
    }
  });

  test('unless there is no such layer', () => {
    expect(() => redrawn(layers, 4, 'zeros', drawn)).toThrow(/no layer 5 among 4/);
  });
});

describe('batch normalization and residual connections', () => {
  const made = (units: readonly number[], features: { batchNorm?: boolean; residual?: boolean }) =>
    initialLayers({
      ...{ inputs: 2, units, activations: tanh(units.length), kernelInitializer: 'heNormal', seed: 3 },
      ...features,
    });

  test('begin as in Keras: gamma and moving variance 1, beta and moving mean 0, in hidden layers only', () => {
    const layers = made([3, 1], { batchNorm: true });
    expect(layers.map(({ batchNorm }) => batchNorm)).toEqual([
      {
        gamma: Float32Array.of(1, 1, 1),
        beta: Float32Array.of(0, 0, 0),
        movingMean: Float32Array.of(0, 0, 0),
        movingVariance: Float32Array.of(1, 1, 1),
      },
      {
        gamma: Float32Array.of(1),
        beta: Float32Array.of(0),
        movingMean: Float32Array.of(0),
        movingVariance: Float32Array.of(1),
      },
      undefined,
    ]);
  });

  test('pass by hidden layers after the first, where they have as many inputs as units', () => {
    const residual = (units: readonly number[]) =>
      made(units, { residual: true }).map((layer) => layer.residual ?? false);
    expect(residual([4, 4, 5, 5, 5])).toEqual([false, true, false, true, true, false]);
    // Neither the two inputs nor the output count.
    expect(residual([2, 1])).toEqual([false, false, false]);
    expect(residual([])).toEqual([false]);
  });

  test('draw nothing: kernels are the same with and without them', () => {
    const kernels = (features: { batchNorm?: boolean; residual?: boolean }) =>
      made([4, 4, 5], features).map(({ kernel }) => kernel);
    expect(kernels({ batchNorm: true, residual: true })).toEqual(kernels({}));
    expect(made([4, 4], { batchNorm: false, residual: false })).toEqual(made([4, 4], {}));
    expect(Object.keys(made([4, 4], {})[1] ?? {})).toEqual(['units', 'activation', 'kernel', 'bias']);
  });
});

describe('what makes no network is refused', () => {
  test('activations that do not match the units', () => {
    const network = { inputs: 2, units: [3], activations: [], kernelInitializer: 'zeros', seed: 0 } as const;
    expect(() => initialLayers(network)).toThrow(RangeError);
  });

  test.each([0, -1, 1.5, Number.NaN])('a layer of %s units', (size) => {
    expect(() => layersOf([size], 'zeros', 0)).toThrow(RangeError);
  });

  test('a bad seed, even where nothing is drawn', () => {
    expect(() => layersOf([3], 'zeros', 4294967296)).toThrow(RangeError);
  });
});
