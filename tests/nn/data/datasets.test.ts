// The data sets against scikit-learn's, and ours against the numpy that documents them, after the cast to float32.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Dataset,
  makeBlobs,
  makeCircles,
  makeMoons,
  makeSpirals,
  makeXor,
} from '../../../src/nn/data/datasets';
import oracle from '../../fixtures/numpy-sklearn.json';
import own from '../../fixtures/own-datasets.json';

const sha256 = (array: NodeJS.ArrayBufferView) => createHash('sha256').update(array).digest('hex');

const generators: Record<string, (nSamples: number, spread: number, randomState: number) => Dataset> = {
  moons: makeMoons,
  circles: makeCircles,
  blobs: makeBlobs,
  xor: makeXor,
  spirals: makeSpirals,
};
const known = [...oracle.datasets, ...own.datasets];

describe.each(Object.entries(generators))('%s', (name, make) => {
  const rows = known.filter((row) => row.generator === name);

  test('there are at least fifty combinations of size, noise and seed to compare', () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  test.each(rows)('are those of the oracle: $nSamples samples, noise $noise, seed $randomState', (row) => {
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

describe.each(Object.entries({ xor: makeXor, spirals: makeSpirals }))('our own %s', (name, make) => {
  const script = readFileSync(new URL('../../fixtures/oracle/own_datasets.py', import.meta.url), 'utf8');
  const lines = new RegExp(`^def ${name}\\(.*\n((?: {4}.*\n)+)`, 'm').exec(script)?.[0] ?? '';

  test('are documented, on the page of src/nn and in the code, by the very lines that the oracle ran', () => {
    expect(lines.trim().split('\n')).toHaveLength(6);
    const page = readFileSync(new URL('../../../src/nn/README.md', import.meta.url), 'utf8');
    expect(page).toContain(lines.trim());
    const code = readFileSync(new URL('../../../src/nn/data/datasets.ts', import.meta.url), 'utf8');
    expect(code.replace(/^ \* {5}/gm, '    ')).toContain(lines.slice(lines.indexOf('\n') + 1));
  });

  test.each([2, 3, 4, 5, 250, 251])('have both classes, as many of each within one: %s samples', (n) => {
    const { y } = make(n, 0.05, 42);
    const ones = y.reduce((sum, kind) => sum + kind, 0);
    expect(ones).toBe(Math.floor(n / 2));
  });

  test('part the classes by a gap where there is no noise', () => {
    const { x, y } = make(400, 0, 7);
    let nearest = Number.POSITIVE_INFINITY;
    for (const [i, kind] of y.entries())
      for (const [j, other] of y.entries())
        if (kind !== other) {
          const [dx, dy] = [0, 1].map((axis) => (x.data[2 * i + axis] ?? 0) - (x.data[2 * j + axis] ?? 0));
          nearest = Math.min(nearest, Math.hypot(dx ?? 0, dy ?? 0));
        }
    expect(nearest).toBeGreaterThan(0.2 - 1e-6);
  });
});
