// Layers as flat vectors and back: Keras' order of variables, and which layers are none.
import { describe, expect, test } from 'vitest';
import { initialLayers } from '../../../src/nn/network/initializers';
import type { Layer } from '../../../src/nn/network/network';
import {
  checkLayers,
  copyLayers,
  layersOver,
  movingSizeOf,
  sizeOf,
  startOf,
} from '../../../src/nn/training/training';
import { setupOf } from '../setups';

const made = (units: readonly number[], features: { batchNorm?: boolean; residual?: boolean }): Layer[] =>
  initialLayers({
    ...{ inputs: 2, units, activations: units.map(() => 'relu' as const) },
    ...{ kernelInitializer: 'heNormal', seed: 1 },
    ...features,
  });

const counting = (length: number, from: number) => Float32Array.from({ length }, (_, i) => from + i);

describe('flat weights', () => {
  const like = made([2, 2], { batchNorm: true, residual: true });

  test('are by layer kernel, bias, gamma, beta; moving statistics are apart', () => {
    expect(sizeOf(like)).toBe(4 + 2 + 2 + 2 + (4 + 2 + 2 + 2) + (2 + 1));
    expect(movingSizeOf(like)).toBe(8);
    const [first, second, output] = layersOver(counting(23, 0), like, counting(8, 100));
    expect(first).toEqual({
      units: 2,
      activation: 'relu',
      kernel: { shape: [2, 2], data: Float32Array.of(0, 1, 2, 3) },
      bias: Float32Array.of(4, 5),
      batchNorm: {
        gamma: Float32Array.of(6, 7),
        beta: Float32Array.of(8, 9),
        movingMean: Float32Array.of(100, 101),
        movingVariance: Float32Array.of(102, 103),
      },
    });
    expect(second?.residual).toBe(true);
    expect(second?.batchNorm?.movingVariance).toEqual(Float32Array.of(106, 107));
    expect(output).toEqual({
      units: 1,
      activation: 'sigmoid',
      kernel: { shape: [2, 1], data: Float32Array.of(20, 21) },
      bias: Float32Array.of(22),
    });
  });

  test('without moving statistics of their own leave those of the layers that they are like', () => {
    const [first] = layersOver(new Float32Array(23), like);
    expect(first?.batchNorm?.movingVariance).toBe(like[0]?.batchNorm?.movingVariance);
  });

  test('begin a training with the layers as they are', () => {
    const { weights, moving } = startOf(setupOf([], { layers: like }), undefined);
    expect(layersOver(weights, like, moving)).toEqual(like);
    expect(startOf(setupOf([['relu', 3]]), undefined)).not.toHaveProperty('moving');
  });

  test('are copied with all that a layer holds', () => {
    const copies = copyLayers(like);
    expect(copies).toEqual(like);
    for (const [l, { kernel, bias, batchNorm }] of copies.entries()) {
      const from = like[l] as Layer;
      expect(kernel.data).not.toBe(from.kernel.data);
      expect(bias).not.toBe(from.bias);
      for (const [name, values] of Object.entries({ ...batchNorm }))
        expect(values).not.toBe({ ...from.batchNorm }[name as keyof typeof batchNorm]);
    }
  });
});

describe('layers are refused', () => {
  const both = made([3, 3], { batchNorm: true, residual: true });
  const [first, second, output] = both as [Layer, Layer, Layer];

  test.each<[string, readonly Layer[], RegExp]>([
    ['that do not fit what comes before them', [second, output], /comes before/],
    ['with biases for other units', [{ ...first, bias: new Float32Array(2) }, second, output], /its units/],
    [
      'normalized for other units',
      [{ ...first, batchNorm: made([2], { batchNorm: true })[0]?.batchNorm } as Layer, second, output],
      /its units/,
    ],
    [
      'normalized at the output',
      [first, second, { ...output, batchNorm: made([1], { batchNorm: true })[0]?.batchNorm } as Layer],
      /last layer/,
    ],
    ['passed by where widths differ', [{ ...first, residual: true }, second, output], /residual/],
    [
      'passed by in the first layer',
      made([2], {}).map((layer, l): Layer => (l === 0 ? { ...layer, residual: true } : layer)),
      /residual/,
    ],
    [
      'passed by at the output',
      made([1], {}).map((layer, l): Layer => (l === 1 ? { ...layer, residual: true } : layer)),
      /residual/,
    ],
    ['that end in more than one unit', made([3], {}).slice(0, 1), /one unit/],
    ['where there are none', [], /one unit/],
  ])('%s', (_, layers, message) => {
    expect(() => checkLayers(both, 2)).not.toThrow();
    expect(() => checkLayers(layers, 2)).toThrow(message);
  });

  test('to go on with from a state without their moving statistics', () => {
    const setup = setupOf([], { layers: both });
    const { moving, ...state } = startOf(setup, undefined);
    const resume = { ...state, curves: { ...state.curves, loss: new Float64Array(0) } };
    expect(startOf(setup, { ...resume, ...(moving && { moving }) }).moving).toEqual(moving);
    expect(moving).toHaveLength(movingSizeOf(both));
    expect(() => startOf(setup, resume)).toThrow(/not one of this training/);
    expect(() => startOf(setup, { ...resume, moving: new Float32Array(4) })).toThrow(RangeError);
  });
});
