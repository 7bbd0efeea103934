// Statistics over members against numpy and against exact fractions (tests/fixtures/oracle/spread.py).

import { describe, expect, test } from 'vitest';
import { differenceOf, pairedDifference, percentile, summarize } from '../../../src/ui/text/spread';
import oracle from '../../fixtures/spread.json' with { type: 'json' };

/** Within a few units in the last place, relative to what was summed. */
const near = (actual: number, expected: number, scale = Math.abs(expected)): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-13 * Math.max(scale, Math.abs(expected)));
};

describe('summaries', () => {
  test.each(oracle.summaries)('of $name have numpy’s percentiles, mean and deviation', (sample) => {
    const { values, mean, deviation, percentiles, quantiles } = sample;
    const ascending = Float64Array.from(values).sort();
    const found = oracle.shares.map((share) => percentile(ascending, share));
    // numpy.quantile takes the share itself; numpy.percentile rounds a hundredth of a hundredfold first.
    expect(found).toEqual(quantiles);
    for (const [index, expected] of percentiles.entries()) near(found[index] ?? Number.NaN, expected);
    const summary = summarize(values);
    const largest = Math.max(...values.map(Math.abs));
    near(summary.mean, mean, largest);
    if (deviation === null) expect(summary.deviation).toBeNaN();
    else near(summary.deviation, deviation, largest);
  });

  test('equal figures have no spread, whatever their mean is rounded to', () => {
    const accuracy = 0.46000000834465027;
    expect(summarize([accuracy, accuracy, accuracy, accuracy, accuracy])).toEqual({
      n: 5,
      mean: accuracy,
      deviation: 0,
    });
    expect(summarize([accuracy]).deviation).toBeNaN();
  });

  test('nothing has no percentiles', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('differences', () => {
  test.each(oracle.differences)('of means $mean have Welch’s error and their own spread', (example) => {
    const found = differenceOf(summarize(example.own), summarize(example.other));
    near(found.mean, example.mean, 1);
    near(found.deviation, example.deviation, 1);
    near(found.error, example.error, 1);
    expect(found.isWithin).toBe(example.within);
    expect(found.pairs).toBeUndefined();
  });

  test.each(oracle.differences.filter(({ paired }) => paired))(
    'of pairs with a mean of $mean are those of their differences',
    ({ own, other, paired }) => {
      const found = pairedDifference(own, other);
      near(found.mean, paired?.mean ?? Number.NaN, 1);
      near(found.deviation, paired?.deviation ?? Number.NaN, 1);
      near(found.error, paired?.error ?? Number.NaN, 1);
      expect(found.isWithin).toBe(paired?.within);
      expect(found.pairs).toBe(own.length);
    },
  );

  test('pairing finds a small difference that the spread over seeds hides', () => {
    const other = [0.1, 0.4, 0.7, 1];
    const own = other.map((value, index) => value - 0.05 - index * 0.001);
    expect(differenceOf(summarize(own), summarize(other)).isWithin).toBe(true);
    expect(pairedDifference(own, other).isWithin).toBe(false);
  });

  test('one figure each has no spread to be within, and one against many the spread of the many', () => {
    const one = (value: number) => summarize([value]);
    expect(differenceOf(one(0.5), one(0.5))).toMatchObject({ mean: 0, isWithin: false });
    expect(differenceOf(one(0.5), one(0.4)).deviation).toBeNaN();
    const many = summarize([0.3, 0.5]);
    expect(differenceOf(one(0.5), many).isWithin).toBe(true);
    expect(differenceOf(one(0.6), many).isWithin).toBe(false);
    expect(differenceOf(one(0.6), many).error).toBeNaN();
  });
});
