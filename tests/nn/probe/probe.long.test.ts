// A network probed over all rows: held to jax's automatic differentiation, to the diff of real trainings, and to the
// arithmetic that its ledger claims.
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { makeMoons } from '../../../src/nn/data/datasets';
import { takeRows } from '../../../src/nn/data/rows';
import type { Activation, Layer, Matrix } from '../../../src/nn/network/network';
import { type LayerProbe, type Probe, probeNetwork } from '../../../src/nn/probe/probe';
import type { Histogram } from '../../../src/nn/probe/probe-tally';
import { RandomState } from '../../../src/nn/random/random-state';
import { parseAddress } from '../../../src/platform/page/address';
import oracle from '../../fixtures/probe.json';
import { type Hidden, setupOf } from '../setups';

const noTurn = async (): Promise<void> => {};

type Case = (typeof oracle.cases)[number];

/** The network and the rows of a case, drawn as `oracle/probe.py` draws them. */
function problemOf({ hidden, rows, scale, batchNorm, residual, shift, seed }: Case) {
  const random = new RandomState(seed);
  const normal = (count: number, mean: number, deviation: number) =>
    Float32Array.from({ length: count }, () => random.normal(mean, deviation));
  const layers: Layer[] = [];
  let inputs = 2;
  for (const [name, size] of [...hidden, ['sigmoid', 1]]) {
    const [activation, units] = [name as Activation, Number(size)];
    const isHidden = layers.length < hidden.length;
    layers.push({
      units,
      activation,
      kernel: { shape: [inputs, units], data: normal(inputs * units, 0, scale) },
      bias: normal(units, isHidden ? shift : 0, 0.7),
      ...(batchNorm &&
        isHidden && {
          batchNorm: {
            gamma: Float32Array.from({ length: units }, () => random.uniform(0.5, 1.5)),
            beta: normal(units, 0, 0.7),
            movingMean: new Float32Array(units),
            movingVariance: new Float32Array(units).fill(1),
          },
        }),
      ...(residual && isHidden && layers.length > 0 && units === inputs && { residual: true as const }),
    });
    inputs = units;
  }
  const x: Matrix = { shape: [rows, 2], data: normal(rows * 2, 0, 1) };
  const y = Uint8Array.from({ length: rows }, () => Number(random.randomSample() < 0.5));
  return { layers, x, y };
}

function near(value: number, expected: number, what: string, relative = 1e-9): void {
  expect(Math.abs(value - expected), `${what}: ${value}, not ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected) + 1e-15,
  );
}

const countsOf = ({ counts }: Histogram): Record<string, number> =>
  Object.fromEntries([...counts.entries()].filter(([, count]) => count > 0));

const product = ({ passage }: LayerProbe): number =>
  passage ? passage.weights * passage.skip * passage.slope * passage.batchNorm : Number.NaN;

/** What the ledger claims: its factors multiply, layer by layer and from the last layer to the first. */
function expectLedger({ layers }: Probe): void {
  let across = 1;
  const last = layers.at(-1) as LayerProbe;
  for (let l = layers.length - 2; l >= 0; l--) {
    const [own, next] = [layers[l] as LayerProbe, layers[l + 1] as LayerProbe];
    near(product(own), next.delta === 0 ? 0 : own.delta / next.delta, `passage to layer ${l}`, 1e-12);
    near(own.delta * own.input * own.agreement, own.gradient, `gradient of layer ${l}`, 1e-12);
    expect(own.agreement).toBeLessThanOrEqual(1 + 1e-12);
    across *= product(own);
    const ratio = (across * own.input * own.agreement) / (last.input * last.agreement);
    if (last.gradient > 0) near(own.gradient / last.gradient, ratio, `layer ${l} : last`, 1e-12);
  }
}

describe('a probed network', () => {
  test.each(oracle.cases)('is what jax says: $name', async (given) => {
    const { layers, x, y } = problemOf(given);
    const probe = await probeNetwork(layers, x, y, noTurn);
    expect([probe.rows, probe.of]).toEqual([given.rows, given.rows]);
    near(probe.loss, given.loss, 'loss');
    expect(probe.accuracy).toBe(given.accuracy);
    for (const [l, expected] of given.layers.entries()) {
      const layer = probe.layers[l] as LayerProbe;
      near(layer.delta, expected.delta, `delta ${l}`);
      near(layer.input, expected.input, `input ${l}`);
      near(layer.gradient, expected.gradient, `gradient ${l}`);
      near(layer.saturated, expected.saturated, `saturated ${l}`);
      expect(layer.dead).toEqual(expected.dead);
      for (const part of ['z', 'output'] as const) {
        expect(countsOf(layer[part])).toEqual(expected[part].counts);
        for (const figure of ['min', 'max', 'mean'] as const)
          near(layer[part][figure], expected[part][figure], `${figure} of ${part} ${l}`);
      }
      const { passage } = layer;
      const next = given.layers[l + 1]?.delta;
      if (!expected.stages || next === undefined) {
        expect(passage).toBeUndefined();
        continue;
      }
      const steps = [next, ...expected.stages, expected.delta];
      for (const [step, factor] of (['weights', 'skip', 'slope', 'batchNorm'] as const).entries()) {
        const [before = 0, after = 0] = steps.slice(step);
        // Of nothing comes nothing.
        near(passage?.[factor] ?? Number.NaN, before === 0 ? 0 : after / before, `${factor} ${l}`);
      }
    }
    expectLedger(probe);
  });

  test('has the gradients that diff shows, before and after training, for every run of the opening sheet', async () => {
    const parsed = parseAddress('#v1', registry);
    if (!parsed.ok) throw new Error(parsed.message);
    const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
    for (const [id, { cells }] of createPlanner(registry)(parsed.sheet).runs) {
      const held = async <V>(kind: string): Promise<V> => {
        const node = cells.get(kind)?.node;
        return (node && (await scheduler.demand(node).outcome).result?.value) as unknown as V;
      };
      const { x, y } = await held<{ x: Matrix; y: Uint8Array }>('dataset');
      const { train } = await held<{ train: Uint32Array }>('split');
      const rows = takeRows(x, y, train);
      const diff = await held<{ layers: Record<string, Matrix<Float64Array>>[] }>('diff');
      for (const [kind, gradients] of [
        ['architecture', 'gradientBefore'],
        ['train', 'gradientAfter'],
      ] as const) {
        const { layers } = await held<{ layers: Layer[] }>(kind);
        const probe = await probeNetwork(layers, rows.x, rows.y, noTurn);
        for (const [l, { gradient }] of probe.layers.entries()) {
          const data = diff.layers[l]?.[gradients]?.data ?? new Float64Array(0);
          const rms = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length);
          near(gradient, rms, `${id}'s ${gradients} ${l}`, 2e-5);
        }
      }
    }
  });

  test('is the same in chunks of rows as held at once', async () => {
    const hidden: Hidden = [
      ['tanh', 40],
      ['relu', 40],
    ];
    const { x, y } = makeMoons(20_000, 0.2, 1);
    const { layers } = setupOf(hidden);
    // 81 outputs a row: four chunks. The same rows by halves are one chunk each, and their sums add up.
    const whole = await probeNetwork(layers, x, y, noTurn);
    const halves = await Promise.all(
      [0, 1].map((half) => {
        const rows = takeRows(
          x,
          y,
          Uint32Array.from({ length: 5_000 }, (_, i) => 4 * i + 2 * half),
        );
        const others = takeRows(
          x,
          y,
          Uint32Array.from({ length: 5_000 }, (_, i) => 4 * i + 2 * half + 1),
        );
        return Promise.all([rows, others].map((part) => probeNetwork(layers, part.x, part.y, noTurn)));
      }),
    ).then((all) => all.flat());
    const mean = (read: (probe: Probe) => number) => halves.reduce((sum, part) => sum + read(part) / 4, 0);
    near(
      whole.loss,
      mean(({ loss }) => loss),
      'loss',
    );
    near(
      whole.accuracy,
      mean(({ accuracy }) => accuracy),
      'accuracy',
    );
    for (const [l, layer] of whole.layers.entries()) {
      const at = (probe: Probe) => probe.layers[l] as LayerProbe;
      near(
        layer.delta ** 2,
        mean((probe) => at(probe).delta ** 2),
        `delta ${l}`,
      );
      near(
        layer.input ** 2,
        mean((probe) => at(probe).input ** 2),
        `input ${l}`,
      );
      near(
        layer.saturated,
        mean((probe) => at(probe).saturated),
        `saturated ${l}`,
      );
    }
    expectLedger(whole);
  });

  test('takes evenly spaced rows where all would take too long, and says of how many', async () => {
    const { layers } = setupOf([
      ['sigmoid', 300],
      ['sigmoid', 300],
    ]);
    const { x, y } = makeMoons(20_000, 0.2, 1);
    const probe = await probeNetwork(layers, x, y, noTurn);
    expect(probe.of).toBe(20_000);
    expect(probe.rows).toBe(Math.floor(2.5e8 / (2 * 300 + 300 * 300 + 300)));
    expectLedger(probe);
  });

  test('lets other work have its turn, and ends with what that rejects with', async () => {
    const { layers } = setupOf([
      ['relu', 256],
      ['relu', 256],
    ]);
    const { x, y } = makeMoons(1_000, 0.2, 1);
    let yields = 0;
    await probeNetwork(layers, x, y, async () => void yields++);
    expect(yields).toBeGreaterThan(20);
    const reason = new Error('aborted');
    await expect(probeNetwork(layers, x, y, () => Promise.reject(reason))).rejects.toBe(reason);
  });

  test('says nothing that is no number where no signal arrives', async () => {
    const { x, y } = makeMoons(50, 0.1, 1);
    const { layers } = setupOf([
      ['relu', 5],
      ['relu', 5],
    ]);
    const empty = layers.map((layer) => ({
      ...layer,
      kernel: { ...layer.kernel, data: new Float32Array(layer.kernel.data.length) },
    }));
    const probe = await probeNetwork(empty, x, y, noTurn);
    const [first, second, output] = probe.layers as [LayerProbe, LayerProbe, LayerProbe];
    expect(probe.loss).toBeCloseTo(Math.LN2, 12);
    expect(output.delta).toBeCloseTo(0.5, 12);
    expect(first.passage).toEqual({ weights: 0, skip: 0, slope: 0, batchNorm: 0 });
    expect([first.delta, first.gradient, first.agreement]).toEqual([0, 0, 0]);
    expect([second.input, output.agreement]).toEqual([0, 0]);
    expect(second.dead).toEqual([0, 1, 2, 3, 4]);
  });

  test('names the residual connection where it alone carries the signal', async () => {
    const { x, y } = makeMoons(50, 0.1, 1);
    const [first, second, output] = setupOf([
      ['tanh', 5],
      ['tanh', 5],
    ]).layers as [Layer, Layer, Layer];
    const kernel = { ...second.kernel, data: new Float32Array(25) };
    const probe = await probeNetwork([first, { ...second, kernel, residual: true }, output], x, y, noTurn);
    expect(probe.layers[0]?.passage).toMatchObject({ weights: 0, skip: Number.POSITIVE_INFINITY });
    expect(probe.layers[0]?.delta).toBeGreaterThan(0);
  });

  test('says which layer has numbers that are too large, and refuses what does not fit', async () => {
    const { x, y } = makeMoons(50, 0.1, 1);
    const { layers } = setupOf(Array.from({ length: 8 }, () => ['linear', 4] as const));
    const huge = layers.map((layer) => ({
      ...layer,
      kernel: { ...layer.kernel, data: layer.kernel.data.map((weight) => weight * 1e38) },
    }));
    await expect(probeNetwork(huge, x, y, noTurn)).rejects.toThrow(/the sums of layer 9 are too large/);
    await expect(probeNetwork([], x, y, noTurn)).rejects.toThrow(RangeError);
    const none = { shape: [0, 2] as const, data: new Float32Array(0) };
    await expect(probeNetwork(layers, none, new Uint8Array(0), noTurn)).rejects.toThrow(/at least one row/);
  });
});
