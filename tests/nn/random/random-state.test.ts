// The random stream against numpy's legacy RandomState.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomState } from '../../../src/nn/random/random-state';
import oracle from '../../fixtures/numpy-sklearn.json';

const sha256 = (array: NodeJS.ArrayBufferView) => createHash('sha256').update(array).digest('hex');

const view = new DataView(new ArrayBuffer(8));

function bitsOf(x: number): string {
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

const draw = (n: number, next: () => number) => Float64Array.from({ length: n }, next);
const head = (values: Float64Array, n: number) => Array.from(values.subarray(0, n), bitsOf);

describe.each(oracle.streams)('seed $seed gives the numbers of numpy', (expected) => {
  const fresh = () => new RandomState(expected.seed);

  test('from randomSample', () => {
    const random = fresh();
    const values = draw(5000, () => random.randomSample());
    expect(head(values, 4)).toEqual(expected.randomSample.head);
    expect(sha256(values)).toBe(expected.randomSample.sha256);
  });

  test('from uniform', () => {
    const random = fresh();
    const values = draw(2000, () => random.uniform(-3.5, 0.1));
    expect(head(values, 4)).toEqual(expected.uniform.head);
    expect(sha256(values)).toBe(expected.uniform.sha256);
  });

  test('from standardNormal and normal, in the first doubles and in every float32', () => {
    for (const [key, loc, scale] of [
      ['standardNormal', 0, 1],
      ['normal', 1.5, 2],
    ] as const) {
      const random = fresh();
      const values = draw(5001, () => random.normal(loc, scale));
      expect(head(values, 5)).toEqual(expected[key].head);
      expect(sha256(Float32Array.from(values))).toBe(expected[key].float32);
    }
  });

  test('from shuffle', () => {
    const array = Uint32Array.from({ length: 1000 }, (_, i) => 3 * i + 5);
    fresh().shuffle(array);
    expect(sha256(array)).toBe(expected.shuffle);
  });

  test('from permutation, whether of one or of seventy thousand', () => {
    for (const [n, hash] of Object.entries(expected.permutation)) {
      expect(sha256(fresh().permutation(Number(n)))).toBe(hash);
    }
  });

  test('from three permutations in a row, as epochs draw them', () => {
    const random = fresh();
    expect([200, 200, 200].map((n) => sha256(random.permutation(n)))).toEqual(expected.threePermutations);
  });

  test('from interval, which leaves the cached normal number alone', () => {
    const random = fresh();
    const ends = [
      0, 1, 2, 5, 255, 256, 999, 65535, 65536, 1000000, 2147483647, 2147483648, 4294967294, 4294967295,
    ];
    const values = ends.flatMap((end) => [random.interval(end), bitsOf(random.standardNormal())]);
    expect(values).toEqual(expected.intervalsBetweenNormals);
  });

  test('and the state of numpy', () => {
    const random = fresh();
    for (let i = 0; i < 1001; i++) random.standardNormal();
    const { key, pos, hasGauss, gauss } = random.getState();
    expect({ key: sha256(key), pos, hasGauss, gauss: bitsOf(gauss) }).toEqual(expected.stateAfter1001Normals);
  });
});

const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** One draw of each sort, by number. */
const draws: ReadonlyArray<(random: RandomState) => unknown> = [
  (random) => random.randomSample(),
  (random) => random.uniform(-1, 1),
  (random) => random.standardNormal(),
  (random) => random.interval(1000),
  (random) => [...random.permutation(9)],
];
const calls = (maxLength: number) => fc.array(fc.nat({ max: draws.length - 1 }), { maxLength });
const play = (random: RandomState, which: readonly number[]) => which.map((i) => draws[i]?.(random));

test('a permutation holds every integer once', () => {
  fc.assert(
    fc.property(seeds, fc.nat({ max: 500 }), (seed, n) => {
      const sorted = new RandomState(seed).permutation(n).sort();
      expect([...sorted]).toEqual(Array.from({ length: n }, (_, i) => i));
    }),
  );
});

test('a stream restored from a snapshot goes on as if it had never been cut', () => {
  fc.assert(
    fc.property(seeds, fc.nat({ max: 1300 }), calls(40), calls(300), (seed, skipped, before, after) => {
      const random = new RandomState(seed);
      for (let i = 0; i < skipped; i++) random.interval(0xffffffff);
      play(random, before);
      const snapshot = random.getState();
      const kept = structuredClone(snapshot);
      const expected = play(random, after);
      expect(snapshot).toEqual(kept);
      const restored = RandomState.fromState(kept);
      expect(play(restored, after)).toEqual(expected);
      expect(restored.getState()).toEqual(random.getState());
      expect(kept).toEqual(snapshot);
    }),
  );
});

describe('what is out of range is refused', () => {
  test.each([-1, 0.5, 4294967296, Number.NaN, Infinity])('seed %s', (seed) => {
    expect(() => new RandomState(seed)).toThrow(RangeError);
  });

  test.each([-1, 1.5, 4294967296, Number.NaN])('interval(%s) and permutation(%s)', (n) => {
    expect(() => new RandomState(0).interval(n)).toThrow(RangeError);
    expect(() => new RandomState(0).permutation(n)).toThrow(RangeError);
  });

  test('a negative standard deviation and a range without end', () => {
    expect(() => new RandomState(0).normal(0, -1)).toThrow(RangeError);
    expect(() => new RandomState(0).uniform(0, Infinity)).toThrow(RangeError);
  });

  test('a snapshot that no stream can have', () => {
    const good = new RandomState(0).getState();
    for (const bad of [{ key: new Uint32Array(623) }, { pos: 625 }, { pos: 0.5 }, { gauss: Number.NaN }]) {
      expect(() => RandomState.fromState({ ...good, ...bad })).toThrow(RangeError);
    }
  });
});
