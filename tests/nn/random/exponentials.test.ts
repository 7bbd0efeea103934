// exp and its kin against the engine's own, which V8 has from fdlibm: far out, near 0, and where one formula takes over.
import { describe, expect, it } from 'vitest';
import { exp, expm1, log1p, tanh } from '../../../src/nn/random/exponentials';

const RANDOM = Array.from({ length: 4_000 }, (_, i) => ((i * 7919.317) % 1500) - 750);
const SMALL = Array.from({ length: 2_000 }, (_, i) => ((i * 13.7371) % 4) - 2);
const TINY = [-1e-300, 1e-300, -1e-17, 1e-17, -1e-9, 1e-9, -1e-5, 1e-5, -0.34, 0.34, 0.3466, -0.3466];

/** How far apart, in units in the last place of what is expected; subnormal numbers are as far apart as they are small. */
const ulps = (value: number, expected: number): number =>
  Object.is(value, expected) || value === expected
    ? 0
    : Math.abs(value - expected) / Math.max(Math.abs(expected) * 2 ** -52, Number.MIN_VALUE);

describe('functions with the same bits everywhere', () => {
  it.each([
    ['exp', exp, Math.exp, [...RANDOM, ...SMALL, ...TINY]],
    ['expm1', expm1, Math.expm1, [...RANDOM.map((x) => x / 2), ...SMALL, ...TINY]],
    ['tanh', tanh, Math.tanh, [...RANDOM.map((x) => x / 20), ...SMALL, ...TINY]],
    ['log1p', log1p, Math.log1p, [...SMALL.map(Math.abs), ...TINY.map(Math.abs), 0]],
  ])('%s is the function within three units in the last place', (_, ours, theirs, points) => {
    for (const x of points) expect(ulps(ours(x), theirs(x)), String(x)).toBeLessThan(3);
  });

  it('ends where doubles end', () => {
    expect([exp(710), exp(-746), exp(0), exp(Number.NEGATIVE_INFINITY)]).toEqual([
      Number.POSITIVE_INFINITY,
      0,
      1,
      0,
    ]);
    expect([exp(Number.NaN), expm1(Number.NaN), tanh(Number.NaN)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([tanh(-40), tanh(40), expm1(-60)]).toEqual([-1, 1, -1]);
  });
});
