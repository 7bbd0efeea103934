import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSaturated } from '../../../src/nn/network/activations';
import type { Activation } from '../../../src/nn/network/network';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** f′(z) and the largest |f′|, as in the textbooks. */
const SLOPES: Readonly<Record<Activation, readonly [slope: (z: number) => number, largest: number]>> = {
  sigmoid: [(z) => sigmoid(z) * sigmoid(-z), 0.25],
  linear: [() => 1, 1],
  tanh: [(z) => 1 - Math.tanh(z) ** 2, 1],
  relu: [(z) => (z > 0 ? 1 : 0), 1],
  leakyRelu: [(z) => (z > 0 ? 1 : 0.2), 1],
  elu: [(z) => (z > 0 ? 1 : Math.exp(z)), 1],
  selu: [(z) => (z > 0 ? SELU_SCALE : SELU_SCALE * SELU_ALPHA * Math.exp(z)), SELU_SCALE * SELU_ALPHA],
  swish: [(z) => sigmoid(z) * (1 + z * sigmoid(-z)), 1.099839320128867],
};
const EACH = Object.entries(SLOPES) as [Activation, (typeof SLOPES)[Activation]][];

describe('countSaturated', () => {
  it.each(EACH)(
    'counts for %s where the slope is below a tenth of the largest',
    (activation, [slope, largest]) => {
      const isSaturated = (z: number) => Math.abs(slope(z)) < largest / 10;
      const near = [-3.6368929, -Math.LN10, -1.8184465, -0.88246933, 0, 1.8184465, 3.6368929];
      for (const z of [
        ...near,
        ...near.map((v) => v + 1e-6),
        ...near.map((v) => v - 1e-6),
        -1e30,
        1e30,
        1e-30,
        -1e-30,
      ]) {
        const value = Math.fround(z);
        expect([value, countSaturated(activation, Float32Array.of(value))]).toEqual([
          value,
          Number(isSaturated(value)),
        ]);
      }
      fc.assert(
        fc.property(fc.float32Array({ min: -10, max: 10, noNaN: true }), (z) => {
          expect(countSaturated(activation, z)).toBe([...z].filter(isSaturated).length);
        }),
      );
    },
  );

  it.each(EACH)('rests on the largest slope of %s', (_, [slope, largest]) => {
    let found = 0;
    for (let z = -6; z <= 6; z += 1 / 1024) found = Math.max(found, Math.abs(slope(z)));
    expect(found).toBeCloseTo(largest, 6);
  });

  it('counts no NaN', () => {
    for (const [activation] of EACH) expect(countSaturated(activation, Float32Array.of(Number.NaN))).toBe(0);
  });
});
