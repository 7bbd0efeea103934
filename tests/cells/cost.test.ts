// What cells say that they will cost. Speeds are measured elsewhere; here it is what a cost grows with.

import { describe, expect, test } from 'vitest';
import { registry } from '../../src/cells';
import { networkSize } from '../../src/cells/cost';
import { beyondCap, costOf } from '../../src/core/compute/estimate';
import type { Cost } from '../../src/core/kinds/kind';
import { createPlanner } from '../../src/core/plan/plan';
import { initialLayers } from '../../src/nn/network/initializers';
import { withKernel } from '../../src/nn/training/fused-kernel';
import { parseAddress } from '../../src/platform/page/address';

function cost(kind: string, params = ''): Cost {
  const parsed = parseAddress(`#v1&A=a${params}`, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const node = createPlanner(registry)(parsed.sheet).runs.get('A')?.cells.get(kind)?.node;
  const found = node && costOf(node);
  if (!found) throw new Error(`${kind} says nothing`);
  return found;
}

const TFJS = '&A.train.engine=tfjs';

describe('costs', () => {
  test('every kind says what it costs, in positive numbers, within the caps where all is at its default', () => {
    for (const { name } of registry.kinds) {
      const { flops, bytes } = cost(name);
      expect(flops).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(0);
      expect(beyondCap(cost(name))).toBeUndefined();
    }
  });

  test('the size of a network is counted layer by layer', () => {
    expect(networkSize({ hiddenLayers: 2, units: [3, 4] })).toEqual({
      products: 2 * 3 + 3 * 4 + 4 * 1,
      weights: 2 * 3 + 3 + 3 * 4 + 4 + 4 * 1 + 1,
      hidden: 7,
      layers: 3,
      isPlain: false,
    });
    expect(networkSize({ hiddenLayers: 2, units: [3, 4], batchNorm: true })).toMatchObject({
      weights: 2 * 3 + 3 + 3 * 4 + 4 + 4 * 1 + 1 + 4 * 7,
      isPlain: true,
    });
    expect(networkSize({ hiddenLayers: 0, units: 10 })).toMatchObject({ products: 2, weights: 3, layers: 1 });
  });

  test('a training costs in proportion to its epochs, more with smaller batches, and far more by tfjs', () => {
    expect(cost('train', '&A.train.epochs=1000').flops / cost('train').flops).toBeCloseTo(10);
    expect(cost('train', '&A.train.batchSize=1').flops).toBeGreaterThan(cost('train').flops);
    // Measured once: 700 steps of the default network take tfjs a third of a second where 27 million operations are done.
    const ms = cost('train', TFJS).flops / 5e6;
    expect(ms).toBeGreaterThan(336 / 3);
    expect(ms).toBeLessThan(336 * 3);
  });

  test.each([
    [
      'train',
      '&A.architecture.hiddenLayers=10&A.architecture.units=1024&A.train.epochs=100000&A.dataset.nSamples=100000',
      'operations; the limit is 1e+15: use fewer epochs, units, layers or samples',
    ],
    [
      'train',
      '&A.architecture.hiddenLayers=50&A.architecture.units=1024',
      'GB of memory; the limit is 1 GB: use fewer units, layers or epochs',
    ],
    [
      'diff',
      '&A.architecture.hiddenLayers=50&A.architecture.units=1024',
      'GB of memory; the limit is 1 GB: use fewer units or layers',
    ],
  ])('a %s that is too large is refused with its bound and what to lower', (kind, params, words) => {
    expect(beyondCap(cost(kind, params))).toContain(words);
  });

  test('a training is expected to need at least what the kernel takes and what a state of it holds', async () => {
    const address = '&A.architecture.hiddenLayers=3&A.architecture.units=600';
    const weights = networkSize({ hiddenLayers: 3, units: 600 }).weights;
    const layers = initialLayers({
      inputs: 2,
      units: [600, 600, 600],
      activations: ['relu', 'relu', 'relu'],
      kernelInitializer: 'heNormal',
      seed: 0,
    });
    const kernelBytes = await withKernel(async (kernel) => {
      kernel.begin(layers);
      kernel.configure({
        name: 'adam',
        learningRate: 0.001,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        globalClipNorm: 0,
      });
      kernel.calls.prepareTraining(200, 50, 32, 100);
      return kernel.bytes;
    });
    const stateBytes = 3 * 4 * weights;
    const { bytes } = cost('train', address);
    expect(bytes).toBeGreaterThan(kernelBytes + stateBytes);
    expect(bytes).toBeLessThan(3 * (kernelBytes + stateBytes));
  });
});
