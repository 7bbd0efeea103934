// log, sin and cos against the exact values, rounded once, that mpmath gives.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cos, log, sin } from '../../../src/nn/random/elementary';
import { RandomState } from '../../../src/nn/random/random-state';
import oracle from '../../fixtures/numpy-sklearn.json';

const bits = new DataView(new ArrayBuffer(8));

function fromBits(hex: string): number {
  bits.setBigUint64(0, BigInt('0x' + hex));
  return bits.getFloat64(0);
}

const sha256 = (array: Float64Array) => createHash('sha256').update(array).digest('hex');

describe.each([
  ['log', log, oracle.elementary.log],
  ['sin', sin, oracle.elementary.sin],
  ['cos', cos, oracle.elementary.cos],
] as const)('%s', (_, evaluate, pairs) => {
  test('is the exact value rounded once, at every point of the fixture', () => {
    const wrong: string[] = [];
    for (const pair of pairs) {
      const [x = Number.NaN, expected] = pair.split(' ').map(fromBits);
      const value = evaluate(x);
      if (!Object.is(value, expected)) wrong.push(`${x}: ${value}, not ${expected}`);
    }
    expect(wrong).toEqual([]);
    expect(pairs.length).toBeGreaterThan(1000);
  });
});

describe('over a dense grid', () => {
  test('log is exact for ten thousand random samples', () => {
    const random = new RandomState(5);
    const values = Float64Array.from({ length: 10000 }, () => log(random.randomSample()));
    expect(sha256(values)).toBe(oracle.elementary.dense.logOfRandomSamplesOfSeed5);
  });

  test('sin and cos are exact all round the circle', () => {
    const angles = Float64Array.from({ length: 2047 }, (_, k) => (k + 1) * (Math.PI / 1024));
    expect(sha256(angles.map(sin))).toBe(oracle.elementary.dense.sinOfMultiplesOfPiOver1024);
    expect(sha256(angles.map(cos))).toBe(oracle.elementary.dense.cosOfMultiplesOfPiOver1024);
  });
});

describe('at the values that people know', () => {
  test('log(1) is zero, and log turns powers of two into multiples of log 2', () => {
    expect(log(1)).toBe(0);
    expect(log(2)).toBe(Math.LN2);
    expect(log(0.5)).toBe(-Math.LN2);
    expect(log(4)).toBe(2 * Math.LN2);
  });

  test('sin of the double next to π is its distance from π', () => {
    expect(sin(Math.PI)).toBe(1.2246467991473532e-16);
    expect(sin(2 * Math.PI)).toBe(-2.4492935982947064e-16);
    expect(cos(Math.PI / 2)).toBe(6.123233995736766e-17);
    expect(cos(Math.PI)).toBe(-1);
  });

  test('sin is odd down to the sign of zero, and cos is even', () => {
    expect(sin(0)).toBe(0);
    expect(sin(-0)).toBe(-0);
    expect(cos(-0)).toBe(1);
    for (const x of [1e-9, 0.3, 1, 2, 3, 5, 1000.25]) {
      expect(sin(-x)).toBe(-sin(x));
      expect(cos(-x)).toBe(cos(x));
    }
  });
});

test('of the two hardest logarithms known, 2^-61 of a unit from halfway, one is rounded the wrong way', () => {
  // Lefèvre and Muller's worst cases: closer than pairs of doubles can tell, and so a guard of every last bit.
  expect(log(fromBits('27f9476e304cd7c7'))).toBe(fromBits('c0709b60caf47b36'));
  const [rounded, ours] = [-23.93822644263874, -23.938226442638744];
  expect(log(fromBits('3dc613955dc802f8'))).toBe(ours);
  expect(ours).not.toBe(rounded);
});

describe('outside the domain', () => {
  test.each([0, -0, -1, Number.NaN, Infinity, -Infinity])('log refuses %s', (x) => {
    expect(() => log(x)).toThrow(RangeError);
  });

  test.each([Number.NaN, Infinity, -Infinity, 1024.0000000000002, -1e6])('sin and cos refuse %s', (x) => {
    expect(() => sin(x)).toThrow(RangeError);
    expect(() => cos(x)).toThrow(RangeError);
  });
});

test.each([
  'random/elementary',
  'random/random-state',
  'data/datasets',
  'data/split',
  'network/initializers',
])('%s calls nothing of Math that engines may round differently, and raises to no power', (file) => {
  const source = readFileSync(new URL(`../../../src/nn/${file}.ts`, import.meta.url), 'utf8');
  const code = source.replace(/\/\*\*?[\s\S]*?\*\/|\/\/.*/g, '');
  const exact = /^Math\.(PI|LN2|SQRT2|abs|ceil|clz32|floor|imul|max|sqrt)$/;
  expect((code.match(/Math\.\w+/g) ?? []).filter((name) => !exact.test(name))).toEqual([]);
  expect(code).not.toContain('**');
});
