// Initial weights against numpy's RandomState, drawn as Keras' initializers are defined.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { initialLayers, type KernelInitializer } from '../../src/nn/initializers';
import type { Activation } from '../../src/nn/network';
import oracle from '../fixtures/numpy-sklearn.json';

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
