// The confusion against scikit-learn: matrix, scores by class, ROC curve and its area, over ties, missing classes and one row.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AskedOf } from '../../src/cells/questions';
import { questions } from '../../src/cells/questions';
import { confusion } from '../../src/cells/questions/confusion';
import { parseValue } from '../../src/core/kinds/value';

interface Case {
  readonly name: string;
  readonly z: readonly number[];
  readonly y: readonly number[];
  readonly matrix: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  readonly support: readonly number[];
  readonly roc: {
    readonly fpr: readonly number[];
    readonly tpr: readonly number[];
    /** Null where the threshold is infinity. */
    readonly z: readonly (number | null)[];
    readonly area: number;
  } | null;
}

const CASES = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/confusion.json'), 'utf8'),
) as Case[];

/** A network whose sum is its first input. */
const layers: AskedOf<'confusion'>['layers'] = [
  {
    units: 1,
    activation: 'sigmoid',
    kernel: { shape: [2, 1], data: Float32Array.of(1, 0) },
    bias: Float32Array.of(0),
  },
];

const inputOf = (
  z: readonly number[],
  y: readonly number[],
  chosen = Uint32Array.from(z, (_, row) => row),
): AskedOf<'confusion'> => ({
  layers,
  rows: {
    x: { shape: [z.length, 2], data: Float32Array.from(z.flatMap((value) => [value, 3])) },
    y: Uint8Array.from(y),
    chosen,
  },
});

const ask = async (input: AskedOf<'confusion'>) =>
  confusion.answer(input, {
    signal: new AbortController().signal,
    yieldThread: async () => {},
    progress() {},
  });

const close = (found: ArrayLike<number> | undefined, expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(found?.[index]).toBeCloseTo(value, 12);
};

describe('the confusion is that of scikit-learn', () => {
  test('over all that can be odd of scores and classes', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(12);
    expect(CASES.filter(({ roc }) => roc === null)).toHaveLength(3);
    expect(questions.get('confusion')).toBe(confusion);
  });

  test.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const found = await ask(inputOf(one.z, one.y));
    expect(parseValue(confusion.value, found).ok).toBe(true);
    expect(found.matrix.shape).toEqual([2, 2]);
    expect([...found.matrix.data]).toEqual(one.matrix);
    for (const score of ['precision', 'recall', 'f1', 'support'] as const)
      close(found.byClass[score], one[score]);
    if (!one.roc) {
      expect(found.roc).toBeUndefined();
      return;
    }
    close(found.roc?.fpr, one.roc.fpr);
    close(found.roc?.tpr, one.roc.tpr);
    expect(found.roc?.area).toBeCloseTo(one.roc.area, 12);
    const [first, ...rest] = one.roc.z;
    expect([first, found.roc?.thresholds[0]]).toEqual([null, Number.POSITIVE_INFINITY]);
    for (const [index, z] of rest.entries())
      expect(found.roc?.thresholds[index + 1]).toBeCloseTo(1 / (1 + Math.exp(-Number(z))), 6);
  });
});

describe('the rows of a confusion', () => {
  test('are those that are chosen, in any order', async () => {
    const [one] = CASES;
    if (!one) throw new Error('there is no case');
    const chosen = Uint32Array.of(7, 3, 11, 50);
    const some = await ask(inputOf(one.z, one.y, chosen));
    const own = await ask(
      inputOf(
        [...chosen].map((row) => one.z[row] ?? 0),
        [...chosen].map((row) => one.y[row] ?? 0),
      ),
    );
    expect(some).toEqual(own);
  });

  test('may be none, and then there is no curve', async () => {
    const found = await ask(inputOf([], []));
    expect([...found.matrix.data, ...found.byClass.f1]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(found.roc).toBeUndefined();
  });

  test('must be among those of the data set', async () => {
    await expect(ask(inputOf([1], [1], Uint32Array.of(1)))).rejects.toThrow('there is no row 1 among 1');
  });

  test('whose probability is no number have no confusion', async () => {
    await expect(ask(inputOf([Number.NaN, 1], [0, 1]))).rejects.toThrow('a probability is not a number');
  });
});
