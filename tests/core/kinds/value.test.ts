import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { digest, digestAside } from '../../../src/core/kinds/digest';
import { type Plain, plain } from '../../../src/core/kinds/value';

const value: Plain = {
  text: 'é',
  list: [1, -0, Number.NaN, true, null],
  matrix: { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) },
};

describe('the digest', () => {
  test('is frozen: stored entries carry it', () => {
    expect(digest(value)).toBe('11ffe2ad6fdd1a8f55639b67b0a1b9615f834ff3436adc600043688bf65b14c6');
  });

  test('is the same however it is taken, of small values and of large ones', async () => {
    const large: Plain = { ...value, bytes: Uint8Array.from({ length: 300_000 }, (_, i) => i * i) };
    const all = [large, value, { ...large, text: 'other' }, large];
    // Side by side too: what one is made over is not what the next one writes.
    const aside = await Promise.all(all.map((value) => digestAside(value)));
    expect(aside).toEqual(all.map(digest));
    expect(new Set(aside).size).toBe(3);
    expect(await digestAside(large, 1_000)).toBe(digest(large));
  });

  test('is the same on a page that has no hash of the platform, and lets other work in between', async () => {
    vi.stubGlobal('crypto', undefined);
    const values = [1, 2].map((by): Plain => Uint8Array.from({ length: 300_000 }, (_, i) => i * by));
    let yields = 0;
    const count = setInterval(() => yields++);
    const aside = await Promise.all(values.map((value) => digestAside(value)));
    clearInterval(count);
    vi.unstubAllGlobals();
    expect(aside).toEqual(values.map(digest));
    expect(yields).toBeGreaterThan(0);
  });

  test('tells types, order and view from content', () => {
    const bytes = new Uint8Array([0, 1, 2]);
    expect(digest(bytes.subarray(1))).toBe(digest(new Uint8Array([1, 2])));
    expect(digest({ a: 1, b: 2 })).toBe(digest({ b: 2, a: 1 }));
    const others: Plain[] = [[1, 2], ['1', 2], new Float32Array([1, 2]), new Float64Array([1, 2]), [[1], 2]];
    expect(new Set(others.map(digest)).size).toBe(others.length);
  });
});

describe('a plain value', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);

  test.each([
    ['a date', new Date(0)],
    ['a map', { held: new Map() }],
    ['a function', [() => 1]],
    ['nothing', { held: undefined }],
    ['another typed array', new Int8Array(1)],
    ['itself', cycle],
  ])('holds no such thing as %s', (_, held) => {
    expect(v.is(plain, held)).toBe(false);
  });

  test('holds all that a value may be made of', () => {
    expect(v.is(plain, value)).toBe(true);
  });
});
