// What a network says at points of the plane: held to plain float64 mathematics, and to the accuracy that the training
// itself reports.
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { initialLayers } from '../../../src/nn/network/initializers';
import type { Activation, Layer } from '../../../src/nn/network/network';
import { RandomState } from '../../../src/nn/random/random-state';
import { probabilities } from '../../../src/nn/training/fused-training';
import { parseAddress } from '../../../src/platform/page/address';
import { ACTIVATIONS } from '../setups';
import { logit, variablesOf } from '../textbook-network';

const noTurn = async (): Promise<void> => {};

/** Points of the plane, some of them far outside. */
function somePoints(count: number): Float32Array {
  const random = new RandomState(1);
  return Float32Array.from({ length: 2 * count }, (_, i) => random.normal(0, i < count ? 1 : 20));
}

function network(activation: Activation, layers: number, units = 7): Layer[] {
  const made = initialLayers({
    inputs: 2,
    units: Array(layers).fill(units),
    activations: Array(layers).fill(activation),
    kernelInitializer: 'glorotUniform',
    seed: 3,
  });
  return made.map((layer, l) => ({ ...layer, bias: layer.bias.map((_, u) => ((u % 7) - l) / 5) }));
}

describe('the probabilities of a network', () => {
  test.each(ACTIVATIONS)('are those of plain mathematics for %s', async (activation) => {
    const points = somePoints(300);
    for (const [depth, units] of [
      [0, 0],
      [1, 7],
      [3, 7],
      [2, 33],
    ] as const) {
      const layers = network(activation, depth, units);
      const weights = variablesOf(layers);
      const values = await probabilities(layers, points, noTurn);
      for (const [i, value] of values.entries()) {
        const z = logit(layers, weights, [...points.subarray(2 * i, 2 * i + 2)]);
        expect(Math.abs(value - 1 / (1 + Math.exp(-z)))).toBeLessThan(1e-6);
      }
    }
  });

  test.each([1, 3, 4, 15, 16, 17, 63, 64, 65, 130, 1_000])(
    'are told for %d points as for each alone',
    async (count) => {
      const layers = network('tanh', 2, 5);
      const points = somePoints(count);
      const values = await probabilities(layers, points, noTurn);
      expect(values.length).toBe(count);
      for (const i of [0, count >> 1, count - 1]) {
        const [alone] = await probabilities(layers, points.subarray(2 * i, 2 * i + 2), noTurn);
        expect(values[i]).toBe(alone);
      }
    },
  );

  test.each([
    ['the opening sheet', '#v1'],
    [
      'batch normalization and residual connections',
      '#v1&A=a&A.architecture.batchNorm=true&B=b&B.base=A&B.architecture.residual=true&C=c&C.architecture.residual=true',
    ],
  ])('give the accuracy that the training reports, for every run of %s', async (_, address) => {
    const parsed = parseAddress(address, registry);
    if (!parsed.ok) throw new Error(parsed.message);
    const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
    for (const [, { cells }] of createPlanner(registry)(parsed.sheet).runs) {
      const held = async (kind: string): Promise<unknown> => {
        const node = cells.get(kind)?.node;
        return node && (await scheduler.demand(node).outcome).result?.value;
      };
      const { x, y } = (await held('dataset')) as { x: { data: Float32Array }; y: Uint8Array };
      const { test: rows } = (await held('split')) as { test: Uint32Array };
      const trained = (await held('train')) as { layers: Layer[]; testAccuracy: Float64Array };
      const values = await probabilities(trained.layers, x.data, noTurn);
      const right = [...rows].filter((row) => (values[row] ?? 0) > 0.5 === (y[row] === 1)).length;
      expect(right / rows.length).toBe(trained.testAccuracy.at(-1));
    }
  });

  test('are none for no points', async () => {
    expect(await probabilities(network('relu', 1), new Float32Array(0), noTurn)).toEqual(new Float32Array(0));
  });

  test('let other work have its turn, and end with what it rejects with', async () => {
    const layers = network('tanh', 2, 1_000);
    let yields = 0;
    await probabilities(layers, somePoints(400), async () => void yields++);
    expect(yields).toBeGreaterThan(3);
    const reason = new Error('aborted');
    await expect(probabilities(layers, somePoints(200), () => Promise.reject(reason))).rejects.toBe(reason);
  });

  test('are refused for shapes that do not fit', async () => {
    const [first, second] = network('relu', 1) as [Layer, Layer];
    const point = new Float32Array(2);
    await expect(probabilities([], point, noTurn)).rejects.toThrow(RangeError);
    await expect(probabilities([first], point, noTurn)).rejects.toThrow(/one unit/);
    await expect(probabilities([second, first], point, noTurn)).rejects.toThrow(/does not fit/);
    await expect(probabilities([first, second], new Float32Array(3), noTurn)).rejects.toThrow(/coordinates/);
  });
});
