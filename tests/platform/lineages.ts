// Lineages for the tests of storage: made of a number, so that equal numbers give equal lineages.

import type { Lineage } from '../../src/platform/storage/library/lineage';

/** The key of the training with that number. */
export const keyOf = (index: number): string => `train-${index.toString(16).padStart(40, '0')}`;

/** A lineage with all that the format requires. */
export function lineage(index: number, rest: Partial<Lineage> = {}): Lineage {
  return {
    key: keyOf(index),
    when: 1_000 + index,
    name: `run ${index}`,
    note: '',
    params: { dataset: { generator: 'moons', noise: '0.1' }, train: { epochs: String(index + 1) } },
    results: { loss: index / 8, accuracy: 0.5, testLoss: 0.5, testAccuracy: 0.25, firstToLast: Number.NaN },
    curves: { loss: new Float32Array([1, 0.5, index]), testLoss: new Float32Array([1, 0.75, 0.5]) },
    ...rest,
  };
}
