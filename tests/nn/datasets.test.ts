// The data sets against scikit-learn's, after the cast to float32.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Dataset, makeBlobs, makeCircles, makeMoons } from '../../src/nn/datasets';
import oracle from '../fixtures/numpy-sklearn.json';

const sha256 = (array: NodeJS.ArrayBufferView) => createHash('sha256').update(array).digest('hex');

const generators: Record<string, (nSamples: number, spread: number, randomState: number) => Dataset> = {
  moons: makeMoons,
  circles: makeCircles,
  blobs: makeBlobs,
};

describe.each(Object.entries(generators))('%s', (name, make) => {
  const rows = oracle.datasets.filter((row) => row.generator === name);

  test('there are at least fifty combinations of size, noise and seed to compare', () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  test.each(rows)('are those of scikit-learn: $nSamples samples, noise $noise, seed $randomState', (row) => {
    const { x, y } = make(row.nSamples, row.noise, row.randomState);
    expect(x.shape).toEqual([row.nSamples, 2]);
    expect([...x.data.subarray(0, 4)]).toEqual(row.head);
    expect(sha256(x.data)).toBe(row.x);
    expect(sha256(y)).toBe(row.y);
  });

  test.each([0, -2, 2.5, Number.NaN, Infinity])('refuse %s samples', (nSamples) => {
    expect(() => make(nSamples, 0, 0)).toThrow(/nSamples/);
    expect(() => make(nSamples, 0, 0)).toThrow(RangeError);
  });

  test.each([-0.1, Number.NaN, Infinity])('refuse a spread of %s', (spread) => {
    expect(() => make(10, spread, 0)).toThrow(/noise|clusterStd/);
    expect(() => make(10, spread, 0)).toThrow(RangeError);
  });

  test('refuse a seed that numpy would', () => {
    expect(() => make(10, 0, 4294967296)).toThrow(RangeError);
  });
});
