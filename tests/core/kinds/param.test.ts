import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bool, choice, int, listOf, type Param, real, seed } from '../../../src/core/kinds/param';

const refusalOf = (param: Param, text: string): string => {
  const parsed = param.parse(text);
  return parsed.ok ? `accepted as ${JSON.stringify(parsed.value)}` : parsed.reason;
};

describe('numbers', () => {
  const noise = real({ about: 'noise', default: 0.05, min: 0, max: 10 });
  const samples = int({ about: 'samples', default: 250, min: 2, max: 100_000 });
  const testSize = real({ about: 'testSize', default: 0.2, min: 0, max: 1, open: 'both' });

  test.each([
    ['1e-3', 0.001],
    [' 2.50 ', 2.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['-0', 0],
  ])('a real reads %j', (text, value) => {
    expect(noise.parse(text)).toEqual({ ok: true, value });
  });

  test.each([
    '',
    ' ',
    'ten',
    '0x10',
    '1,5',
    '1_000',
    'NaN',
    'Infinity',
    '1e999',
    '--1',
    '1e',
    '.',
    'constructor',
  ])('a real refuses %j', (text) => {
    expect(noise.parse(text).ok).toBe(false);
  });

  test('bounds are kept, and the message says which they are', () => {
    expect(refusalOf(noise, '10.01')).toBe('"10.01" is not a number from 0 to 10');
    expect(refusalOf(samples, '1')).toBe('"1" is not a whole number from 2 to 100,000');
    expect(refusalOf(samples, '2.5')).toBe('"2.5" is not a whole number from 2 to 100,000');
    expect(refusalOf(samples, '')).toBe('the text is empty; write a whole number from 2 to 100,000');
    expect(refusalOf(testSize, '0')).toBe('"0" is not a number above 0 and below 1');
    expect(refusalOf(testSize, '1')).toBe('"1" is not a number above 0 and below 1');
    expect(samples.parse('100000')).toEqual({ ok: true, value: 100_000 });
    expect(noise.parse('10')).toEqual({ ok: true, value: 10 });
  });

  test('nothing that a screen would obey gets into a message', () => {
    expect(refusalOf(noise, 'a\u202eb\u0007')).toBe('"a\\u202eb\\u0007" is not a number from 0 to 10');
  });

  test('a long text is cut in the message', () => {
    expect(refusalOf(noise, 'x'.repeat(1_000_000)).length).toBeLessThan(100);
  });

  test('every double in bounds comes back from its text', () => {
    const wide = real({ about: 'wide', default: 1, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (value) => {
        expect(wide.parse(wide.format(value))).toEqual({ ok: true, value: value === 0 ? 0 : value });
      }),
    );
  });

  test('seeds are 32-bit', () => {
    expect(seed({ about: 'seed', default: 0 }).parse('4294967295').ok).toBe(true);
    expect(seed({ about: 'seed', default: 0 }).parse('4294967296').ok).toBe(false);
  });
});

describe('words and lists', () => {
  const activation = choice(['sigmoid', 'relu'], { about: 'activation' });
  const units = listOf(int({ about: 'units', default: 10, min: 1, max: 1_024 }), 50);

  test('a choice takes its words only, not the names that every object has', () => {
    expect(activation.parse(' relu ')).toEqual({ ok: true, value: 'relu' });
    // In any letter case, and always the same value.
    expect(activation.parse('ReLU')).toEqual({ ok: true, value: 'relu' });
    for (const word of ['re lu', '__proto__', 'constructor', 'toString', ''])
      expect(activation.parse(word).ok).toBe(false);
    expect(refusalOf(activation, 'gelu')).toBe('"gelu" is not one of sigmoid, relu');
  });

  test('a yes-or-no is written true or false', () => {
    expect(bool({ about: 'bool', default: false }).parse('true')).toEqual({ ok: true, value: true });
    expect(bool({ about: 'bool', default: false }).parse('TRUE')).toEqual({ ok: true, value: true });
    expect(bool({ about: 'bool', default: false }).parse('1').ok).toBe(false);
  });

  test('a list has one canonical text, and a list of one is its item', () => {
    expect(units.parse('10, 5,3')).toEqual({ ok: true, value: [10, 5, 3] });
    expect(units.format([10, 5, 3])).toBe('10,5,3');
    expect(units.parse('7')).toEqual({ ok: true, value: 7 });
    expect(refusalOf(units, '10,,3')).toBe(
      'value 2 of the list: the text is empty; write a whole number from 1 to 1,024',
    );
    expect(refusalOf(units, '10,0')).toBe('value 2 of the list: "0" is not a whole number from 1 to 1,024');
    expect(units.parse(Array(51).fill('1').join(',')).ok).toBe(false);
  });
});
