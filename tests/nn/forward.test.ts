// The forward pass for drawing: held to plain float64 mathematics, and to the accuracy that the training itself reports.

import { describe, expect, test } from 'vitest';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/engine';
import { createPlanner } from '../../src/core/plan';
import { createScheduler } from '../../src/core/scheduler';
import { memoryStore } from '../../src/core/store';
import { probabilities } from '../../src/nn/forward';
import { initialLayers } from '../../src/nn/initializers';
import type { Activation, Layer } from '../../src/nn/network';
import { RandomState } from '../../src/nn/random-state';
import { parseAddress } from '../../src/platform/address';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

const EXACT: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  linear: (z) => z,
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
  leakyRelu: (z) => (z > 0 ? z : 0.2 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  selu: (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
  swish: (z) => z / (1 + Math.exp(-z)),
};

function exactly(layers: readonly Layer[], point: readonly number[]): number {
  let values = point;
  for (const { units, activation, kernel, bias } of layers) {
    values = Array.from({ length: units }, (_, u) =>
      EXACT[activation](
        values.reduce((sum, value, i) => sum + value * (kernel.data[i * units + u] ?? 0), bias[u] ?? 0),
      ),
    );
  }
  return values[0] ?? Number.NaN;
}

const noTurn = async (): Promise<void> => {};

/** Points of the plane, some of them far outside. */
function somePoints(count: number): Float32Array {
  const random = new RandomState(1);
  return Float32Array.from({ length: 2 * count }, (_, i) => random.normal(0, i < count ? 1 : 20));
}

function network(activation: Activation, layers: number): Layer[] {
  const made = initialLayers({
    inputs: 2,
    units: Array(layers).fill(7),
    activations: Array(layers).fill(activation),
    kernelInitializer: 'glorotUniform',
    seed: 3,
  });
  return made.map((layer, l) => ({ ...layer, bias: layer.bias.map((_, u) => (u - l) / 5) }));
}

describe('the probabilities of a network', () => {
  test.each(Object.keys(EXACT) as Activation[])(
    'are those of plain mathematics for %s',
    async (activation) => {
      const points = somePoints(300);
      for (const depth of [0, 1, 3]) {
        const layers = network(activation, depth);
        const values = await probabilities(layers, points, noTurn);
        for (let i = 0; i < values.length; i++) {
          const exact = exactly(layers, [points[2 * i] ?? 0, points[2 * i + 1] ?? 0]);
          expect(Math.abs((values[i] ?? Number.NaN) - exact)).toBeLessThan(1e-6);
        }
      }
    },
  );

  test('give the accuracy that the training reports, for every run of the opening sheet', async () => {
    const parsed = parseAddress('#v1', registry);
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

  test('are the same however the points are cut, and other work gets its turn', async () => {
    const layers = initialLayers({
      inputs: 2,
      units: [1_000, 1_000],
      activations: ['tanh', 'tanh'],
      kernelInitializer: 'glorotUniform',
      seed: 0,
    });
    const points = somePoints(4);
    let turns = 0;
    const values = await probabilities(layers, points, async () => void turns++);
    expect(turns).toBe(4);
    expect(await probabilities(layers, points.subarray(6), noTurn)).toEqual(values.subarray(3));
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
