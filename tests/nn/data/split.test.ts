// The split against scikit-learn's train_test_split.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { trainTestSplit } from '../../../src/nn/data/split';
import oracle from '../../fixtures/numpy-sklearn.json';

const sha256 = (array: Uint32Array) => createHash('sha256').update(array).digest('hex');

const raising = oracle.splits.filter((row) => row.raises !== undefined);
const splitting = oracle.splits.filter((row) => row.raises === undefined);

test('there are both sorts to compare', () => {
  expect(splitting.length).toBeGreaterThan(50);
  expect(raising.length).toBeGreaterThan(20);
});

describe('the indices are those of scikit-learn, in its order', () => {
  test.each(splitting)('$nSamples samples, testSize $testSize, seed $randomState', (row) => {
    const { train, test: kept } = trainTestSplit(row.nSamples, row.testSize, row.randomState);
    expect([train.length, kept.length]).toEqual(row.sizes);
    expect([train[0], kept[0]]).toEqual(row.head);
    expect(sha256(train)).toBe(row.train);
    expect(sha256(kept)).toBe(row.test);
  });
});

describe('what scikit-learn refuses is refused for the same reason', () => {
  test.each(raising)('$nSamples samples, testSize $testSize: $raises', (row) => {
    const split = () => trainTestSplit(row.nSamples, row.testSize, row.randomState);
    expect(split).toThrow(RangeError);
    expect(split).toThrow(
      row.raises === 'empty train set'
        ? `with nSamples=${row.nSamples} and testSize=${row.testSize} the training set would be empty`
        : 'testSize must be above 0 and below 1',
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('a count of %s', (nSamples) => {
    expect(() => trainTestSplit(nSamples, 0.2, 0)).toThrow(/nSamples/);
  });

  test('a testSize that is no number, and a bad seed', () => {
    expect(() => trainTestSplit(10, Number.NaN, 0)).toThrow(RangeError);
    expect(() => trainTestSplit(10, 0.2, -1)).toThrow(RangeError);
  });
});
