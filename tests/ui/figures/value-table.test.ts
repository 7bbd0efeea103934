// The table of a value that has no figure: every plain value is readable, and no drawing grows with the value.

import { describe, expect, test } from 'vitest';
import type { Plain } from '../../../src/core/kinds/value';
import { figures, figuresOf } from '../../../src/ui/figures';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import type { Mark } from '../../../src/ui/figures/draw/mark';
import { fieldsOf, samePlain } from '../../../src/ui/figures/value/value-fields';
import { valueTable } from '../../../src/ui/figures/value/value-table';

const shown = (id: string, value: Plain): Shown<Plain> => ({ id, name: id, color: '#000000', value });
const shapes = (value: Plain): [string, ...number[]][] =>
  [...fieldsOf(value)].map(({ path, shape }) => [path, ...shape]);
const frame = { width: 560, epoch: 1 };
const table = valueTable('tally');

const wordsOf = (mark: Mark): string[] =>
  mark.children.flatMap((child) => (typeof child === 'string' ? [child] : wordsOf(child)));
const drawn = (...values: Plain[]): string[] =>
  wordsOf(
    table.draw(
      values.map((value, index) => shown('ABCDEFGHIJKLMNOPQRST'[index] ?? 'Z', value)),
      frame,
    ),
  );

describe('the fields of a value', () => {
  test('are scalars, lists and matrices under their paths, in the order of the value', () => {
    expect(
      shapes({
        rate: 0.1,
        name: 'adam',
        isOn: true,
        none: null,
        curve: Float64Array.of(1, 2),
        words: ['a', 'b', 'c'],
        kernel: { shape: [2, 3], data: new Float32Array(6) },
        nested: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        layers: [{ units: 3 }, { units: 4, bias: [0] }],
      }),
    ).toEqual([
      ['rate'],
      ['name'],
      ['isOn'],
      ['none'],
      ['curve', 2],
      ['words', 3],
      ['kernel', 2, 3],
      ['nested', 3, 2],
      ['layers 1 · units'],
      ['layers 2 · units'],
      ['layers 2 · bias', 1],
    ]);
  });

  test('of a value without a name are the value itself', () => {
    expect(shapes(7)).toEqual([['value']]);
    expect(shapes([])).toEqual([['value', 0]]);
    expect(shapes({})).toEqual([['value', 0]]);
    expect(shapes(Uint8Array.of(1))).toEqual([['value', 1]]);
    expect(shapes([[1], [2, 3]])).toEqual([
      ['value 1', 1],
      ['value 2', 2],
    ]);
  });

  test('hold what a shape and its data hold where these do not match', () => {
    expect(shapes({ shape: [2, 2], data: new Float32Array(3) })).toEqual([
      ['shape', 2],
      ['data', 3],
    ]);
  });

  test('values are the same by what they hold, not by which object holds it', () => {
    const value = { a: [1, Number.NaN], b: Float64Array.of(0), c: { d: null } };
    expect(samePlain(value, structuredClone(value))).toBe(true);
    for (const other of [
      { ...value, a: [1, 2] },
      { ...value, b: Float32Array.of(0) },
      { ...value, b: Float64Array.of(0, 0) },
      { ...value, c: { e: null } },
      { ...value, more: 1 },
      null,
    ])
      expect(samePlain(value, other)).toBe(false);
  });
});

describe('the table of a value', () => {
  test('shows scalars and words, the beginning of a list, and a matrix with its shape', () => {
    const words = drawn({
      rate: 0.25,
      name: 'adam',
      curve: [1, 2, 3],
      kernel: [
        [1, 2],
        [3, -4],
      ],
    });
    for (const text of ['rate', '0.2500', 'adam', '1, 2, 3 (3 entries)', '2 × 2', '−4'])
      expect(words).toContain(text);
    expect(words).toContain('kernel in A, 2 × 2');
  });

  test('puts different values side by side and equal ones into one column', () => {
    const runs = [shown('A', { a: 1 }), shown('B', { a: 2 }), shown('C', { a: 1 })];
    expect(table.title(runs)).toBe('The 2 different values of tally in A, B and C');
    expect(table.title(runs.slice(0, 1))).toBe('The value of tally in A');
    expect(table.title([shown('A', 1), shown('B', 1)])).toBe('The same value of tally in A and B');
    expect(wordsOf(table.draw(runs, frame))).toEqual(['field', 'A and C', 'B', 'a', '1', '2']);
    const kernel = { shape: [1, 2], data: Float32Array.of(7, 8) };
    const other = { shape: [2, 1], data: Float32Array.of(7, 8) };
    const captions = drawn({ kernel, a: 1 }, { kernel, a: 2 }, { kernel: other, a: 1 }).filter((text) =>
      text.startsWith('kernel in'),
    );
    expect(captions).toEqual(['kernel in A and B, 1 × 2', 'kernel in C, 2 × 1']);
  });

  test('is bounded, says so, and its CSV holds what the drawing cuts', () => {
    const large = {
      long: new Float64Array(5_000),
      wide: { shape: [300, 300], data: new Float32Array(90_000) },
      text: 'word '.repeat(1_000),
      many: Array.from({ length: 2_000 }, (_, at) => ({ at })),
    };
    const words = drawn(large);
    expect(words.length).toBeLessThan(500);
    expect(words.join('').length).toBeLessThan(5_000);
    expect(table.note?.([shown('A', large)])).toMatch(/^The table shows the beginning/);
    expect(table.note?.([shown('A', { a: 1, b: [1, 2] })])).toBeUndefined();
    expect(table.table([shown('A', large)])).toHaveLength(1 + 5_000 + 90_000 + 1 + 2_000);
    const huge = table.table([shown('A', new Float64Array(1_000_000))]);
    expect(huge.length).toBeLessThan(100_010);
    expect(huge.at(-1)).toEqual(['A', 'value', '', '', 'the rest is left out']);
    const many = Array.from({ length: 20 }, (_, value) => value);
    expect(drawn(...many)).toHaveLength(1 + 12 + 1 + 12);
  });

  test('of nothing is a sentence', () => {
    expect(table.title([])).toBe('No value of tally to show');
    expect(wordsOf(table.draw([], frame))).toEqual(['No value of tally to show yet.']);
  });

  test('stands for every kind without figures, whatever the kind is called, and for no other kind', () => {
    for (const kind of ['tally', 'constructor', 'boundary', 'batchMeans']) {
      const { needs, figures: list } = figuresOf(kind);
      expect(needs).toEqual([kind]);
      expect(list.map(({ isTable }) => isTable)).toEqual([true]);
    }
    expect(figuresOf('batchMeans').figures[0]?.name).toBe('value-of-batch-means');
    expect(figuresOf('split')).toMatchObject({ needs: ['dataset', 'split'], figures: figures.split });
  });
});
