// The notebook and what it lacked: the opening sheet's figures, held to the independent float64 computation's digits.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/compute/engine';
import {
  createScheduler,
  type Outcome,
  type Scheduler,
  type SchedulerEvent,
} from '../../src/core/compute/scheduler';
import { memoryStore } from '../../src/core/compute/store';
import { jsonText } from '../../src/core/kinds/value';
import { createPlanner } from '../../src/core/plan/plan';
import { type Sheet, setOverride } from '../../src/core/sheet/sheet';
import { RandomState } from '../../src/nn/random/random-state';
import { parseAddress } from '../../src/platform/page/address';
import keras from '../fixtures/notebook.json';

const plan = createPlanner(registry);
const scheduler: Scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
const events: SchedulerEvent[] = [];
scheduler.subscribe((event) => events.push(event));

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

async function outcome(sheet: Sheet, run: string, kind: string): Promise<Outcome> {
  const cell = plan(sheet).runs.get(run)?.cells.get(kind);
  if (!cell?.node) throw new Error(cell?.problem?.message ?? 'no such cell');
  const demand = scheduler.demand(cell.node);
  const known = await demand.outcome;
  demand.release();
  return known;
}

interface Trained {
  readonly loss: Float64Array;
  readonly accuracy: Float64Array;
  readonly gradientRms: { readonly shape: readonly [number, number]; readonly data: Float64Array };
}

const opening = sheetOf('#v1');
/** The same on the other engine: B and C are based on A. */
const openingByTfjs = setOverride(opening, 'A', 'train.engine', 'tfjs');

async function trained(sheet: Sheet, run: string): Promise<Trained> {
  const { result } = await outcome(sheet, run, 'train');
  if (!result) throw new Error('it has no value');
  return result.value as unknown as Trained;
}

describe('the opening sheet', () => {
  beforeAll(async () => {
    for (const run of ['A', 'B', 'C']) await outcome(opening, run, 'diff');
    // The kernel is compiled on the way.
  }, 60_000);

  describe.each([
    ['fused', opening],
    ['tfjs', openingByTfjs],
  ])('by %s', (_, sheet) => {
    test.each([
      ['A', 0.4448, 0.815],
      ['B', 0.22, 0.88],
      ['C', 0.0611, 0.985],
    ])('%s ends at loss %d and accuracy %d', async (run, loss, accuracy) => {
      const value = await trained(sheet, run);
      expect(value.loss.at(-1)).toBeCloseTo(loss, 4);
      expect(value.accuracy.at(-1)).toBeCloseTo(accuracy, 9);
    });

    test('in the first epoch A’s first layer has 1/125 of the gradient of its last', async () => {
      const { gradientRms } = await trained(sheet, 'A');
      const layers = gradientRms.shape[1];
      expect((gradientRms.data[layers - 1] ?? 0) / (gradientRms.data[0] ?? 1)).toBeCloseTo(125, 0);
    });
  });

  test('what A, B and C share was computed once', () => {
    const keys = new Set(
      [...plan(opening).runs.values()].flatMap(({ cells }) =>
        [...cells.values()].map(({ node }) => node?.key),
      ),
    );
    const started = events.flatMap((event) =>
      event.type === 'started' && keys.has(event.node.key) ? [event.node.kind.name] : [],
    );
    const count = (kind: string): number => started.filter((name) => name === kind).length;
    expect(['dataset', 'split', 'architecture', 'optimizer', 'train', 'diff'].map(count)).toEqual([
      1, 1, 3, 1, 3, 3,
    ]);
  });

  test.each([
    ['A', 'dataset.noise', '0.06', ['dataset', 'diff', 'split', 'train']],
    ['A', 'split.testSize', '0.3', ['diff', 'split', 'train']],
    ['C', 'optimizer.learningRate', '0.002', ['diff', 'optimizer', 'train']],
    ['C', 'architecture.seed', '1', ['architecture', 'diff', 'train']],
    ['C', 'train.epochs', '101', ['diff', 'train']],
    ['B', 'diff.floor', '0.01', ['diff']],
    ['B', 'train.engine', 'tfjs', ['diff', 'train']],
    ['B', 'train.engine', 'fused', []],
    ['B', 'train.engine', 'auto', []],
  ])('changing %s.%s to %s recomputes what is downstream only', (run, path, text, kinds) => {
    const before = plan(opening).runs.get(run);
    const after = plan(setOverride(opening, run, path, text)).runs.get(run);
    const changed = registry.kinds.filter(
      ({ name }) => before?.cells.get(name)?.node?.key !== after?.cells.get(name)?.node?.key,
    );
    expect(changed.map(({ name }) => name).sort()).toEqual(kinds);
  });
});

describe('the lines of Python that the page of src/nn shows', () => {
  const script = readFileSync(new URL('../fixtures/oracle/notebook.py', import.meta.url), 'utf8');

  async function json<T>(kind: string): Promise<T> {
    const { result } = await outcome(opening, 'A', kind);
    if (!result) throw new Error('it has no value');
    return JSON.parse([...jsonText(result.value)].join('')) as T;
  }

  test('are the script whose output is kept', () => {
    const page = readFileSync(new URL('../../src/nn/README.md', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`python\n${script.trim()}\n\`\`\``);
  });

  test('give the same data, split, weights and order', async () => {
    const { x, y } = await json<{ x: number[][]; y: number[] }>('dataset');
    const { train, test: tested } = await json<{ train: number[]; test: number[] }>('split');
    const { layers } = await json<{ layers: { kernel: number[][] }[] }>('architecture');
    expect({ x: x.slice(0, 3), y: y.slice(0, 10) }).toEqual({ x: keras.x, y: keras.y });
    expect({ train: train.slice(0, 5), test: tested.slice(0, 5) }).toEqual({
      train: keras.train,
      test: keras.test,
    });
    expect(layers[0]?.kernel).toEqual(keras.kernel);
    expect([...new RandomState(0).permutation(200).slice(0, 5)]).toEqual(keras.order);
  });

  test('give the same curves over all epochs', async () => {
    const curves = await json<Record<'loss' | 'accuracy' | 'testLoss' | 'testAccuracy', number[]>>('train');
    expect(curves.loss).toHaveLength(keras.curves.length);
    for (const [epoch, [loss = 0, accuracy = 0, testLoss = 0, testAccuracy = 0]] of keras.curves.entries()) {
      expect(Math.abs((curves.loss[epoch] ?? 0) - loss)).toBeLessThan(1e-6);
      expect(Math.abs((curves.testLoss[epoch] ?? 0) - testLoss)).toBeLessThan(1e-6);
      // Keras gives accuracies in float32.
      expect(Math.fround(curves.accuracy[epoch] ?? 0)).toBeCloseTo(accuracy, 6);
      expect(Math.fround(curves.testAccuracy[epoch] ?? 0)).toBeCloseTo(testAccuracy, 6);
    }
  });
});

describe('problems of the mathematics', () => {
  test('a split that scikit-learn refuses is the split’s problem, with the reason', async () => {
    const { failure } = await outcome(
      sheetOf('#v1&A=a&A.dataset.nSamples=2&A.split.testSize=0.9'),
      'A',
      'train',
    );
    expect(failure).toMatchObject({ kind: 'failed', node: { kind: { name: 'split' } } });
    expect(failure?.message).toMatch(/training set would be empty/);
  });

  test.each(['auto', 'fused', 'tfjs'])('a training that diverges names its epoch, by %s', async (engine) => {
    const wild = `#v1&A=a&A.optimizer.name=sgd&A.architecture.activation=linear&A.train.epochs=30&A.train.engine=${engine}`;
    const at = async (learningRate: string): Promise<number> => {
      const { failure } = await outcome(
        sheetOf(`${wild}&A.optimizer.learningRate=${learningRate}`),
        'A',
        'diff',
      );
      expect(failure).toMatchObject({ kind: 'diverged', node: { kind: { name: 'train' } } });
      return Number(/in epoch (\d+)$/.exec(failure?.message ?? '')?.[1]);
    };
    expect(await at('1e30')).toBe(1);
    expect(await at('3')).toBeGreaterThan(1);
  });
});

describe('engines', () => {
  const nodeOf = (engine: string, kind: string) => {
    const cell = plan(setOverride(opening, 'A', 'train.engine', engine))
      .runs.get('A')
      ?.cells.get(kind);
    if (!cell?.node) throw new Error('no such cell');
    return cell.node;
  };

  test('auto and fused share keys, tfjs has its own', () => {
    for (const kind of ['train', 'diff']) {
      expect(nodeOf('fused', kind).key).toBe(nodeOf('auto', kind).key);
      expect(nodeOf('tfjs', kind).key).not.toBe(nodeOf('auto', kind).key);
    }
  });

  test('recipes name the version that computes, and it is the one that does', async () => {
    const { FUSED_VERSION } = await import('../../src/nn/training/fused-kernel');
    const { TFJS_VERSION } = await import('../../src/nn/tfjs/tfjs-gradient');
    for (const [engine, version] of [
      ['auto', FUSED_VERSION],
      ['fused', FUSED_VERSION],
      ['tfjs', `tfjs ${TFJS_VERSION}`],
    ] as const) {
      expect(nodeOf(engine, 'train').recipe).toContain(version);
    }
    expect([FUSED_VERSION, TFJS_VERSION]).toEqual(['fused 1', '4.22.0']);
    // They round differently, so each shows itself in its last digits.
    const [fused, tfjs] = await Promise.all([trained(opening, 'C'), trained(openingByTfjs, 'C')]);
    expect(fused.loss).not.toEqual(tfjs.loss);
    // The true gradient is one mathematics for all, so that comparisons of both can be compared.
    for (const engine of ['auto', 'tfjs']) expect(nodeOf(engine, 'diff').recipe).toContain('fused 1');
  });
});
