// Series: how rows go on, values between two ends, typed lists; and what a param says to them.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choice, int, listOf, real } from '../../../src/core/kinds/param';
import {
  checkedTexts,
  linear,
  listedTexts,
  logarithmic,
  MAX_VALUES,
  seriesOf,
} from '../../../src/ui/fill/series';

const next = (texts: readonly string[], count: number): string[] => {
  const series = seriesOf(texts);
  return Array.from({ length: count }, (_, place) => series.at(place));
};

describe('a row goes on', () => {
  test.each<[string, string, string]>([
    ['0.05', '0.05 0.05 0.05', 'copies'],
    ['relu', 'relu relu relu', 'copies'],
    ['1 2', '3 4 5', 'arithmetic'],
    ['2 1', '0 -1 -2', 'arithmetic'],
    ['0.1 0.2', '0.3 0.4 0.5', 'arithmetic'],
    ['0.3 0.2', '0.1 0 -0.1', 'arithmetic'],
    ['1 1.5', '2 2.5 3', 'arithmetic'],
    ['5 5', '5 5 5', 'arithmetic'],
    ['0 10', '20 30 40', 'arithmetic'],
    ['1 10', '100 1000 10000', 'geometric'],
    ['0.1 0.01', '0.001 0.0001 0.00001', 'geometric'],
    ['1e-3 1e-2', '0.1 1 10', 'geometric'],
    ['0.001 0.1', '10 1000 100000', 'geometric'],
    ['-1 -10', '-100 -1000 -10000', 'geometric'],
    ['-1 10', '21 32 43', 'arithmetic'],
    ['2 4', '6 8 10', 'arithmetic'],
    ['2 4 8', '16 32 64', 'geometric'],
    ['0.1 0.3 0.9', '2.7 8.1 24.3', 'geometric'],
    ['32 16 8', '4 2 1', 'geometric'],
    ['1 10 19', '28 37 46', 'arithmetic'],
    ['1 3 10', '1 3 10', 'in turn'],
    ['relu tanh', 'relu tanh relu', 'in turn'],
    ['1 =units', '1 =units 1', 'in turn'],
    ['4294967290 4294967291', '4294967292 4294967293 4294967294', 'arithmetic'],
  ])('%s with %s: %s', (texts, more, kind) => {
    const number = (text: string): string => (/^-?[\d.]/.test(text) ? String(Number(text)) : text);
    expect(next(texts.split(' '), 3)).toEqual(more.split(' ').map(number));
    expect(seriesOf(texts.split(' ')).kind).toBe(kind);
  });

  test('in steps of decimals that never show noise, and whole numbers stay whole', () => {
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(cents, cents, fc.integer({ min: 1, max: 4 }), (first, step, places) => {
        fc.pre(first !== 0 && first + step !== 0);
        const text = (units: number): string => String(Number(`${units}e-${places}`));
        const three = [first, first + step, first + 2 * step].map(text);
        expect(next(three, 4)).toEqual([3, 4, 5, 6].map((at) => text(first + at * step)));
      }),
    );
  });

  test('backwards by the series of what stands there turned round', () => {
    expect(next(['3', '2'], 2)).toEqual(['1', '0']);
  });

  test('as far as anybody drags, without a hang', () => {
    expect(next(['1e300', '1e301'], 1_000).at(-1)).toBe('1e301');
    expect(next(['1e-9999', '2'], 3)).toEqual(['1e-9999', '2', '1e-9999']);
    expect(seriesOf(['', '1']).kind).toBe('in turn');
  });

  test('in turn where numbers end, and with those that are told from 0', () => {
    expect(next(['1e-400', '1'], 3)).toEqual(['1e-400', '1', '1e-400']);
    expect(next(['0e-400', '1'], 2)).toEqual(['2', '3']);
    expect(next(['1e307', '1e308'], 2)).toEqual(['1e307', '1e308']);
    expect(next(['9e307', '1.7e308'], 2)).toEqual(['9e307', '1.7e308']);
    expect(next(['1e-322', '1e-323'], 2)).toEqual(['1e-322', '1e-323']);
    expect(next(['1e-200', '1e-100', '1', '1e100', '1e200'], 2)).toEqual(['1e+300', '1e-100']);
    expect(next(['1e-300', '1e-200'], 6)).toEqual(['1e-100', '1', '1e+100', '1e+200', '1e+300', '1e-200']);
  });

  test('never with what is no number', () => {
    const text = fc
      .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -400, max: 320 }))
      .map(([units, power]) => `${units}e${power}`);
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (texts) => {
        const known = new Set(texts);
        for (const more of next(texts, 20))
          expect(known.has(more) || Number.isFinite(Number(more))).toBe(true);
      }),
    );
  });
});

describe('values between two ends', () => {
  const values = (parsed: ReturnType<typeof linear>) => (parsed.ok ? parsed.value : parsed.reason);

  test('are in equal steps with few digits', () => {
    expect(values(linear(1, 10, 4))).toEqual([1, 4, 7, 10]);
    expect(values(linear(0, 1, 4))).toEqual([0, 0.333, 0.667, 1]);
    expect(values(linear(0, 0.5, 6))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(values(linear(0.5, 0, 6))).toEqual([0.5, 0.4, 0.3, 0.2, 0.1, 0]);
    expect(values(linear(0.001, 0.1, 5))).toEqual([0.001, 0.02575, 0.0505, 0.07525, 0.1]);
    expect(values(linear(7, 7, 1))).toEqual([7]);
  });

  test('are by equal factors with few digits', () => {
    expect(values(logarithmic(0.001, 1, 4))).toEqual([0.001, 0.01, 0.1, 1]);
    expect(values(logarithmic(0.001, 0.1, 5))).toEqual([0.001, 0.00316, 0.01, 0.0316, 0.1]);
    expect(values(logarithmic(0.1, 0.001, 3))).toEqual([0.1, 0.01, 0.001]);
    expect(values(logarithmic(-1, -100, 3))).toEqual([-1, -10, -100]);
  });

  test('are whole where only whole numbers are taken', () => {
    expect(values(linear(1, 10, 3, { whole: true }))).toEqual([1, 6, 10]);
    expect(values(logarithmic(10, 1000, 4, { whole: true }))).toEqual([10, 46, 215, 1000]);
    expect(values(linear(1, 3, 5, { whole: true }))).toMatch(
      /^there are no 5 different whole numbers from 1/,
    );
  });

  test('are refused in words', () => {
    expect(values(linear(Number.NaN, 1, 3))).toBe('the first value is not a number');
    expect(values(linear(1, Number.POSITIVE_INFINITY, 3))).toBe('the last value is not a number');
    expect(values(linear(1, 2, 0))).toBe('the number of values must be a whole number from 1');
    expect(values(linear(1, 2, MAX_VALUES + 1))).toBe('a series has at most 1,000 values');
    expect(values(linear(1, 2, 1))).toBe('a series of one value has equal first and last values');
    expect(values(linear(1, 1, 2))).toBe('the last value is the same as the first');
    expect(values(logarithmic(0, 1, 3))).toBe('logarithmic steps cannot start or end at 0');
    expect(values(logarithmic(-1, 1, 3))).toBe('logarithmic steps cannot cross 0');
  });

  test('are numbers, however far apart the ends are', () => {
    expect(values(linear(-1e308, 1e308, 3))).toEqual([-1e308, 0, 1e308]);
    expect(values(linear(-1.7e308, 1.7e308, 5))).toEqual([-1.7e308, -8.5e307, 0, 8.5e307, 1.7e308]);
    expect(values(logarithmic(1e-300, 1e300, 3))).toEqual([1e-300, 1, 1e300]);
    expect(values(logarithmic(-1e300, -1e-300, 3))).toEqual([-1e300, -1, -1e-300]);
    const end = fc.double({ noNaN: true, noDefaultInfinity: true, min: 5e-324 });
    fc.assert(
      fc.property(end, end, fc.integer({ min: 2, max: 50 }), fc.boolean(), (from, to, count, isUp) => {
        fc.pre(from !== to);
        for (const made of [linear(isUp ? -from : from, to, count), logarithmic(from, to, count)])
          expect(made.ok && made.value.every(Number.isFinite)).toBe(true);
      }),
      { examples: [[1.7976931348623143e308, Number.MAX_VALUE, 10, false]] },
    );
  });

  test('meet both ends exactly, go one way, and differ', () => {
    const end = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(end, end, fc.integer({ min: 2, max: 200 }), fc.boolean(), (from, to, count, log) => {
        fc.pre(Math.abs(from / to - 1) > 1e-3);
        const series = values((log ? logarithmic : linear)(from, to, count));
        if (typeof series === 'string') throw new Error(series);
        expect(series).toHaveLength(count);
        expect([series[0], series.at(-1)]).toEqual([from, to]);
        for (const [index, value] of series.slice(1).entries())
          expect(Math.sign(value - (series[index] ?? 0))).toBe(Math.sign(to - from));
      }),
    );
  });
});

describe('a typed list', () => {
  test('is split at commas, or at semicolons and lines where there are any', () => {
    expect(listedTexts('1, 2, 5')).toEqual(['1', '2', '5']);
    expect(listedTexts(' relu,tanh , ')).toEqual(['relu', 'tanh']);
    expect(listedTexts('10,5; 20,10\n30')).toEqual(['10,5', '20,10', '30']);
    expect(listedTexts('')).toEqual([]);
  });

  test('keeps a formula in one piece', () => {
    expect(listedTexts('=if(a > 1, min(2, (3)), "x,y"), 2, =[1, 2][0]')).toEqual([
      '=if(a > 1, min(2, (3)), "x,y")',
      '2',
      '=[1, 2][0]',
    ]);
  });

  test('is checked by the param, and the first value that it refuses is named by its place', () => {
    const noise = real({ about: 'noise', default: 0.05, min: 0, max: 10 });
    expect(checkedTexts(noise, ['1e-1', '=A.dataset.noise', '.5'])).toEqual({
      ok: true,
      value: ['0.1', '=A.dataset.noise', '0.5'],
    });
    expect(checkedTexts(noise, ['1', '2', '-1', 'x'])).toEqual({
      ok: false,
      reason: 'value 3: "-1" is not a number from 0 to 10',
    });
    expect(checkedTexts(choice(['relu', 'tanh'], { about: 'activation' }), ['relu', 'Relus'])).toMatchObject({
      ok: false,
    });
    expect(
      checkedTexts(listOf(int({ about: 'units', default: 10, min: 1, max: 99 }), 50), ['10, 5']),
    ).toEqual({
      ok: true,
      value: ['10,5'],
    });
  });
});
