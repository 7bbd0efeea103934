// How near two trainings come to each other, figure by figure: for tests that hold one engine to the other.
// Invariant: what is no number is near to nothing.
import { expect } from 'vitest';
import { tfjsGradient } from '../../src/nn/tfjs/tfjs-gradient';
import { batchTrainer } from '../../src/nn/training/batch-training';
import { fusedTrainer } from '../../src/nn/training/fused-training';
import type { TrainingResult, TrainingSetup } from '../../src/nn/training/training';
import { flat, quiet } from './setups';

/** The outcomes of a setup by the fused kernel and by tfjs. */
export async function both(setup: TrainingSetup): Promise<[fused: TrainingResult, plain: TrainingResult]> {
  const tfjs = batchTrainer(await tfjsGradient());
  return [await fusedTrainer.train(setup, quiet), await tfjs.train(setup, quiet)];
}

/** How far two values may be apart: absolutely, and relatively. */
export interface Bound {
  readonly absolute: number;
  readonly relative: number;
}

/** The largest difference in terms of what the bound allows. */
export function excess(
  values: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute, relative }: Bound,
): number {
  expect(values.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const [value, other] = [values[i] as number, expected[i] as number];
    worst = Math.max(
      worst,
      value === other ? 0 : Math.abs(value - other) / (absolute + relative * Math.abs(other)),
    );
  }
  return worst;
}

/** A row of the test set or an output of a batch whose value is within a rounding of a bound may count otherwise. */
const ONE_ROW = 1;

/** Whether an excess is none. */
export const within = (value: number): boolean => value <= 1;

/** Holds all curves and the weights to each other. */
export function agree(
  [fused, plain]: [TrainingResult, TrainingResult],
  setup: TrainingSetup,
  bound: Bound,
): void {
  for (const name of ['loss', 'testLoss'] as const) {
    expect([name, excess(fused[name], plain[name], bound)]).toEqual([name, expect.toSatisfy(within)]);
  }
  for (const [name, rows] of [
    ['accuracy', setup.train.length],
    ['testAccuracy', setup.test.length],
  ] as const) {
    const allowed = { absolute: (ONE_ROW + 1e-6) / rows, relative: 0 };
    expect([name, excess(fused[name], plain[name], allowed)]).toEqual([name, expect.toSatisfy(within)]);
  }
  const weights = flat(plain.layers);
  // Steps are measured as weights rounded to float32 after and before.
  const rounding = 4 * 2 ** -24 * weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  for (const [name, absolute] of [
    ['gradientRms', 1e-30],
    ['updateRms', rounding],
  ] as const) {
    const found = excess(fused[name].data, plain[name].data, { absolute, relative: 100 * bound.relative });
    expect([name, found]).toEqual([name, expect.toSatisfy(within)]);
  }
  const hidden = setup.layers.length - 1;
  for (const [i, share] of fused.saturated.data.entries()) {
    const outputs = setup.train.length * (setup.layers[i % hidden]?.units ?? 0);
    expect(Math.abs(share - (plain.saturated.data[i] as number)) * outputs).toBeLessThan(ONE_ROW + 1e-6);
  }
  expect(excess(flat(fused.layers), weights, bound)).toSatisfy(within);
}
