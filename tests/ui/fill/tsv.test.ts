// Tables on the clipboard: what spreadsheets write is read, and what is written is read back as it was.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTsv, writeTsv } from '../../../src/ui/fill/tsv';
import { cases } from '../../cases';

const read = (text: string) => {
  const parsed = parseTsv(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};
const reason = (text: string) => {
  const parsed = parseTsv(text);
  return parsed.ok ? undefined : parsed.reason;
};

describe('a table as text', () => {
  test('is read as Excel writes it: CR LF, and a line end behind the last line', () => {
    expect(read('a\tb\r\n1\t2\r\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  test('is read as Google Sheets writes it: LF, and none at the end', () => {
    expect(read('a\tb\n1\t2')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  test('keeps empty fields and lines, and lines of unequal length', () => {
    expect(read('a\t\tb\n\nc\n')).toEqual([['a', '', 'b'], [''], ['c']]);
    expect(read('\t')).toEqual([['', '']]);
    expect(read('\n')).toEqual([['']]);
    expect(read('')).toEqual([]);
  });

  test('keeps tabs, line ends and quotes that stand in quotes', () => {
    expect(read('"a\tb"\t"say ""hi"""\r\n"two\r\nlines"\tx\r\n')).toEqual([
      ['a\tb', 'say "hi"'],
      ['two\r\nlines', 'x'],
    ]);
    expect(read('""\t""""')).toEqual([['', '"']]);
  });

  test('takes a quote as a sign like any other where it quotes nothing', () => {
    expect(read('say "hi"\tx')).toEqual([['say "hi"', 'x']]);
    expect(read('"a" b\tx\ny')).toEqual([['"a" b', 'x'], ['y']]);
    expect(read('"open\tx\ny')).toEqual([['"open', 'x'], ['y']]);
    expect(read('5"\t6"')).toEqual([['5"', '6"']]);
  });

  test('may end its lines with CR alone', () => {
    expect(read('a\rb')).toEqual([['a'], ['b']]);
  });

  test('keeps Unicode', () => {
    expect(read('Δ loss\t学習率\n👩‍🔬\té')).toEqual([
      ['Δ loss', '学習率'],
      ['👩‍🔬', 'é'],
    ]);
  });

  test('is refused beyond a thousand lines or fields, with words that say which', () => {
    expect(read('x\n'.repeat(1_000))).toHaveLength(1_000);
    expect(reason('x\n'.repeat(1_001))).toBe('the table has more than 1,000 lines');
    expect(read('\t'.repeat(999))[0]).toHaveLength(1_000);
    expect(reason(`a\n${'\t'.repeat(1_000)}`)).toBe('line 2 has more than 1,000 fields');
    expect(reason('x'.repeat(9e6))).toBe('the table has more than 8,388,608 characters');
  });

  test('is written with quotes only where they are needed, and ends without a line end', () => {
    expect(
      writeTsv([
        ['a', '0.05'],
        ['b\tc', 'say "hi"'],
      ]),
    ).toBe('a\t0.05\n"b\tc"\t"say ""hi"""');
  });

  test('is read back as it was written, whatever is in it', () => {
    const sign = fc.oneof(
      fc.constantFrom('\t', '\n', '\r', '"', '""', '\r\n', ' ', 'a', '=', ','),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    const field = fc.array(sign, { maxLength: 6 }).map((signs) => signs.join(''));
    const table = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(table, (lines) => {
        expect(read(writeTsv(lines))).toEqual(lines);
        expect(read(writeTsv(lines).replaceAll(/(?<!")\n$/g, '\n'))).toEqual(lines);
      }),
      { numRuns: cases(2_000) },
    );
  });

  test('never fails, whatever text comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', '\t', '\n', '\r', 'a'), { maxLength: 40 }), (signs) => {
        const text = signs.join('');
        const lost = read(text).flat().join('').replaceAll('"', '');
        expect(lost.replaceAll(/[\t\r\n]/g, '')).toBe(text.replaceAll(/["\t\r\n]/g, ''));
      }),
      { numRuns: cases(2_000) },
    );
  });
});
