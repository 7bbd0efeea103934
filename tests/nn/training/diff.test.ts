import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/nn/network/network';
import { change } from '../../../src/nn/training/diff';

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { shape: [rows.length, rows[0]?.length ?? 0], data: Float32Array.from(rows.flat()) };
}

// As the notebook printed them: the first layer of a network before and after training, at a learning rate of 0.001.
const BEFORE = matrix([
  [
    0.18404245, 0.2700578, -0.1796683, 0.4289047, -0.49278128, -0.16220212, -0.5465988, 0.25976235,
    0.09992492, 0.28631818,
  ],
  [
    -0.49214402, 0.52247757, 0.10643345, 0.4220243, 0.01249403, -0.41913083, 0.400917, -0.03765839,
    0.11924303, 0.10320246,
  ],
]);
const AFTER = matrix([
  [
    0.86438775, -0.0137665, 0.13114873, 0.99085855, -1.0625818, 0.55363804, -1.087646, -0.33085737, 0.7060204,
    0.85486627,
  ],
  [
    -1.5958041, 1.1570424, -0.35600132, -0.53249055, 1.0978509, -1.4847246, 1.4831663, 0.8795547, -0.8496706,
    -0.8573823,
  ],
]);
const PRINTED_GRADIENT = [
  -680.3453, 283.82428, -310.81702, -561.9538, 569.8005, -715.84015, 541.0472, 590.6196, -606.09546,
  -568.54803, 1103.66, -634.56476, 462.43475, 954.51483, -1085.3569, 1065.5938, -1082.2494, -917.213,
  968.9136, 960.5847,
];
const PRINTED_PERCENT_CHANGE = [
  369.6676, 105.09761, 172.99492, 131.02068, 115.62949, 441.32602, 98.984344, 227.36925, 606.5509, 198.57213,
  224.25552, 121.453026, 434.48254, 226.17532, 8687.007, 254.23897, 269.9435, 2435.6138, 812.5537, 930.77704,
];

/** The largest relative difference, entry by entry. */
function distance(values: Float64Array, expected: readonly number[]): number {
  expect(values.length).toBe(expected.length);
  return Math.max(...expected.map((e, i) => Math.abs((values[i] as number) - e) / Math.abs(e)));
}

describe('change', () => {
  it('gives what the notebook printed as the gradient and as the percent change', () => {
    const { update, perLearningRate, percentChange } = change(BEFORE, AFTER, 0.001, 0);
    // Measured: 1.9e-7 and 3.8e-7. The notebook computed in float32 and printed eight digits.
    expect(distance(perLearningRate.data, PRINTED_GRADIENT)).toBeLessThan(1e-6);
    expect(distance(percentChange.data, PRINTED_PERCENT_CHANGE)).toBeLessThan(1e-6);
    expect(
      distance(
        update.data,
        PRINTED_GRADIENT.map((g) => -g / 1000),
      ),
    ).toBeLessThan(1e-6);
  });

  it('keeps the shape and computes in float64 from the float32 weights', () => {
    const before = matrix([[0.1], [0.2]]);
    const after = matrix([[0.3], [-0.7]]);
    const { update, perLearningRate, percentChange } = change(before, after, 0.1, 0);
    const [b, a] = [Math.fround(0.2), Math.fround(-0.7)];
    for (const { shape } of [update, perLearningRate, percentChange]) expect(shape).toEqual([2, 1]);
    expect(update.data[1]).toBe(a - b);
    expect(perLearningRate.data[1]).toBe((b - a) / 0.1);
    expect(percentChange.data[1]).toBe(Math.abs((100 * (b - a)) / b));
  });

  it('gives no percent change below the floor, nor where the weight was 0', () => {
    const before = matrix([[0.001, 0.0009, -0.0009, -0.5, 0]]);
    const after = matrix([[1, 1, 1, 1, 1]]);
    const withFloor = change(before, after, 1, Math.fround(0.001)).percentChange.data;
    expect([...withFloor].map(Number.isNaN)).toEqual([false, true, true, false, true]);
    const without = change(before, after, 1, 0).percentChange.data;
    expect([...without].map(Number.isNaN)).toEqual([false, false, false, false, true]);
  });

  it('is 0, and not −0, for weights that stayed', () => {
    const { update, perLearningRate, percentChange } = change(BEFORE, BEFORE, 0.001, 0);
    for (const { data } of [update, perLearningRate, percentChange]) {
      for (const value of data) expect(value).toBe(0);
    }
  });

  it('refuses kernels of different shapes', () => {
    expect(() => change(BEFORE, matrix([[1, 2]]), 0.001, 0)).toThrow(RangeError);
  });
});
