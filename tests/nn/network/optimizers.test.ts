import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyGradient, initialState, type Optimizer } from '../../../src/nn/network/optimizers';
import keras from '../../fixtures/keras-training.json' with { type: 'json' };

const { initial, gradients, runs } = keras.optimizers;

const ADAM: Optimizer = {
  name: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  globalClipNorm: 0,
};
const SGD: Optimizer = { name: 'sgd', learningRate: 0.5, momentum: 0, nesterov: false, globalClipNorm: 0 };
const RMSPROP: Optimizer = {
  name: 'rmsprop',
  learningRate: 0.01,
  rho: 0.9,
  epsilon: 1e-7,
  momentum: 0,
  globalClipNorm: 0,
};
const ALL: readonly Optimizer[] = [
  ADAM,
  SGD,
  { ...SGD, momentum: 0.9 },
  { ...SGD, momentum: 0.9, nesterov: true },
  RMSPROP,
  { ...RMSPROP, momentum: 0.5 },
];

/** The weights after a single step from 0. */
function firstStep(optimizer: Optimizer, gradient: readonly number[]): Float32Array {
  const weights = new Float32Array(gradient.length);
  applyGradient(optimizer, initialState(optimizer, gradient.length), weights, Float32Array.from(gradient));
  return weights;
}

describe('applyGradient', () => {
  it.each(runs.map((run) => [JSON.stringify(run.optimizer), run] as const))(
    'equals Keras in every bit over 40 steps: %s',
    (_, { optimizer, weights }) => {
      const state = initialState(optimizer as Optimizer, initial.length);
      const current = Float32Array.from(initial);
      for (const [i, gradient] of gradients.entries()) {
        applyGradient(optimizer as Optimizer, state, current, Float32Array.from(gradient));
        expect(current).toEqual(Float32Array.from(weights[i] as number[]));
      }
      expect(state.step).toBe(gradients.length);
    },
  );

  it('goes on from a clone of its state as if it had never stopped', () => {
    const vector = fc.array(fc.float({ noNaN: true, min: -10, max: 10 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        fc.constantFrom(0, 0.5),
        fc.array(vector, { minLength: 1, maxLength: 12 }),
        fc.nat(12),
        (base, globalClipNorm, steps, cut) => {
          const optimizer = { ...base, globalClipNorm };
          const straight = new Float32Array(3);
          const interrupted = new Float32Array(3);
          const state = initialState(optimizer, 3);
          let resumed = initialState(optimizer, 3);
          for (const [i, step] of steps.entries()) {
            const gradient = Float32Array.from(step);
            applyGradient(optimizer, state, straight, gradient);
            if (i === cut) resumed = structuredClone(resumed);
            applyGradient(optimizer, resumed, interrupted, gradient);
            expect(gradient).toEqual(Float32Array.from(step));
          }
          expect(interrupted).toEqual(straight);
          expect(resumed).toEqual(state);
        },
      ),
    );
  });

  it('clips the gradient of all weights together, and leaves a shorter one alone', () => {
    const clipped = firstStep({ ...SGD, learningRate: 1, globalClipNorm: 1 }, [3, -4]);
    expect(Math.hypot(...clipped)).toBeCloseTo(1, 6);
    expect(clipped[0]).toBeCloseTo(-0.6, 6);
    const short = firstStep({ ...SGD, learningRate: 1, globalClipNorm: 8 }, [3, -4]);
    expect([...short]).toEqual([-3, 4]);
  });

  it('takes a gradient of zeros, clipped or not, without moving or dividing by zero', () => {
    for (const optimizer of ALL) {
      for (const globalClipNorm of [0, 1]) {
        const weights = Float32Array.of(1, -2);
        applyGradient(
          { ...optimizer, globalClipNorm },
          initialState(optimizer, 2),
          weights,
          new Float32Array(2),
        );
        expect([...weights]).toEqual([1, -2]);
      }
    }
  });

  it('turns every weight into NaN where a gradient to be clipped is not finite, as Keras does', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const optimizer of ALL) {
        const weights = firstStep({ ...optimizer, globalClipNorm: 1 }, [bad, 1]);
        expect([...weights]).toEqual([Number.NaN, Number.NaN]);
      }
    }
  });

  it("makes Adam's first step one learning rate long, whatever the gradient's size", () => {
    for (const g of [0.1, 1, 1e3]) {
      expect(firstStep(ADAM, [g])[0]).toBeCloseTo(-0.001, 6);
    }
  });

  it('forgets the bias correction of Adam after very many steps', () => {
    const weights = new Float32Array(1);
    const state = { step: 10_000_000, slots: [Float32Array.of(1), Float32Array.of(1)] };
    applyGradient(ADAM, state, weights, Float32Array.of(1));
    expect(weights[0]).toBe(Math.fround(-Math.fround(0.001) / Math.fround(1 + Math.fround(1e-7))));
  });

  it('refuses a state that another optimizer or another network left', () => {
    const weights = new Float32Array(2);
    const gradient = new Float32Array(2);
    expect(() => applyGradient(ADAM, initialState(SGD, 2), weights, gradient)).toThrow(RangeError);
    expect(() => applyGradient(RMSPROP, initialState(RMSPROP, 3), weights, gradient)).toThrow(RangeError);
    expect(() => applyGradient({ ...SGD, momentum: 0.9 }, initialState(SGD, 2), weights, gradient)).toThrow(
      RangeError,
    );
  });
});
