import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../../src/cells';
import { createPlanner } from '../../../../src/core/plan/plan';
import { parseAddress } from '../../../../src/platform/page/address';
import {
  type Lineage,
  lineageOf,
  lineageSchema,
  overridesOf,
} from '../../../../src/platform/storage/library/lineage';

const plan = createPlanner(registry);

function cellsOf(address: string) {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const [run] = plan(parsed.sheet).runs.values();
  if (!run) throw new Error('there is no run');
  return run.cells;
}

function training(epochs: number) {
  const curve = (scale: number) => Float64Array.from({ length: epochs }, (_, i) => scale * (epochs - i));
  const matrix = { shape: [epochs, 2] as const, data: new Float64Array(2 * epochs).fill(1) };
  matrix.data.set([3, 12], 2 * (epochs - 1));
  return {
    loss: curve(1),
    accuracy: curve(2),
    testLoss: curve(3),
    testAccuracy: curve(4),
    gradientRms: matrix,
  };
}

const ADDRESS =
  '#v1&A=one&A.dataset.noise=0.1&A.architecture.units=4%2C5%2C6&A.optimizer.name=sgd&A.train.epochs=100';

function lineage(): Lineage {
  const made = lineageOf(cellsOf(ADDRESS), training(100), 1_000, 'one\n');
  if (!made) throw new Error('there is no lineage');
  return made;
}

describe('the lineage of a training', () => {
  test('holds what led to it, kind by kind, and only what counted', () => {
    const { params, key, when, name } = lineage();
    expect(Object.keys(params).sort()).toEqual(['architecture', 'dataset', 'optimizer', 'split', 'train']);
    expect(params['dataset']).toEqual({
      generator: 'moons',
      nSamples: '250',
      noise: '0.1',
      randomState: '42',
    });
    expect(params['optimizer']).toEqual({
      name: 'sgd',
      learningRate: '0.001',
      momentum: '0',
      nesterov: 'false',
      globalClipNorm: '0',
    });
    expect({ key, when, name }).toEqual({
      key: cellsOf(ADDRESS).get('train')?.node?.key,
      when: 1_000,
      name: 'one ',
    });
  });

  test('holds the last epoch, the first one’s gradient flow and curves of at most 64 points, both ends included', () => {
    const { results, curves } = lineage();
    expect(results).toEqual({ loss: 1, accuracy: 2, testLoss: 3, testAccuracy: 4, firstToLast: 1 });
    expect(curves.loss).toHaveLength(64);
    expect([curves.loss[0], curves.loss[63], curves.testLoss[63]]).toEqual([100, 1, 3]);
    const short = lineageOf(cellsOf(ADDRESS), training(1), 0);
    expect(short?.curves.loss).toEqual(new Float32Array([1]));
  });

  test('gives a run with the same key', () => {
    const overrides = overridesOf(lineage(), registry);
    expect([...overrides.keys()].sort()).toEqual(['architecture.units', 'dataset.noise', 'optimizer.name']);
    const sheet = { runs: [{ id: 'A', name: 'again', overrides }], rows: [] };
    expect(plan(sheet).runs.get('A')?.cells.get('train')?.node?.key).toBe(lineage().key);
  });

  test('names in the sheet what is not known here, instead of leaving it out', () => {
    const foreign = {
      ...lineage(),
      params: { train: { epochs: '100', shuffle: 'never' }, moon: { phase: 'new' } },
    };
    expect(Object.fromEntries(overridesOf(foreign, registry))).toEqual({
      'train.shuffle': 'never',
      'moon.phase': 'new',
    });
  });

  test('is none where there is no training', () => {
    expect(lineageOf(cellsOf('#v1&A=a&A.optimizer.learningRate=1'), null, 0)).toBeUndefined();
    expect(lineageOf(new Map(), training(3), 0)).toBeUndefined();
  });
});

describe('a stored lineage', () => {
  test('is parsed into itself, a ratio that is none included', () => {
    const stored = { ...lineage(), results: { ...lineage().results, firstToLast: Number.NaN } };
    expect(v.parse(lineageSchema, structuredClone(stored))).toEqual(stored);
  });

  test.each([
    ['a key of another kind', { key: 'diff-0' }],
    ['a time that is none', { when: Number.POSITIVE_INFINITY }],
    ['a note that is too long', { note: 'x'.repeat(2_001) }],
    ['a param that is no text', { params: { train: { epochs: 5 } } }],
    ['curves that are too long', { curves: { loss: new Float32Array(65), testLoss: new Float32Array(1) } }],
    ['more than it should', { script: 'x' }],
  ])('is refused where it holds %s', (_, part) => {
    expect(v.safeParse(lineageSchema, { ...lineage(), ...part }).success).toBe(false);
  });
});
