// The clipboard's two forms: what was typed gets through whatever stands beside it, and nothing is a live formula elsewhere.

import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/ui/fill/block';
import {
  OWN_TYPE,
  readClipboard,
  readPayload,
  writeClipboard,
  writePayload,
} from '../../../src/ui/fill/clipboard';

function clipboard() {
  const held = new Map<string, string>();
  return {
    setData: (type: string, text: string) => void held.set(type, text),
    getData: (type: string) => held.get(type) ?? '',
  };
}

describe('a block for Gradsheet', () => {
  const list = Array.from({ length: 600 }, (_, index) => String(Math.sqrt(index + 2))).join(', ');

  test('keeps its formulas beside a long list, which is kept as well', () => {
    const data = clipboard();
    expect(list.length).toBeGreaterThan(10_000);
    const block: Block = [
      [{ value: '0.5', raw: '=A.dataset.noise', inherited: true }],
      [{ value: list }],
      [{ value: list, raw: '=[1, 2]' }],
    ];
    writeClipboard(data, block);
    expect(readClipboard(data)).toEqual({
      ok: true,
      value: [
        [{ value: '=A.dataset.noise', raw: '=A.dataset.noise', inherited: true }],
        [{ value: list }],
        [{ value: '=[1, 2]', raw: '=[1, 2]' }],
      ],
    });
  });

  test('keeps a text that is too long for any cell, so that the paste can say where', () => {
    const long = 'x'.repeat(150_000);
    expect(readPayload(writePayload([[{ value: long, raw: long }]]))?.[0]?.[0]?.raw).toBe(long);
  });

  test('keeps its formulas however much is computed beside them', () => {
    const block: Block = [[{ value: '1', raw: '=units' }], Array(900).fill({ value: list.repeat(2) })];
    const read = readPayload(writePayload(block));
    expect(read?.[0]?.[0]?.raw).toBe('=units');
    expect(read?.[1]).toHaveLength(900);
  });
});

describe('a table for others', () => {
  const tableOf = (...texts: string[]): string => {
    const data = clipboard();
    writeClipboard(data, [texts.map((text) => ({ value: text, raw: text }))]);
    return data.getData('text/plain');
  };

  test.each(['=HYPERLINK("x")', '+a', '-a', '@SUM(1)', ' =1+1', '-1+cmd', '-'])(
    'has the name %s as a text, and Gradsheet the true one',
    (name) => {
      const data = clipboard();
      writeClipboard(data, [[{ value: name, raw: name }]]);
      expect(data.getData('text/plain').replaceAll('""', '"')).toContain(`'${name}`);
      expect(readPayload(data.getData(OWN_TYPE))?.[0]?.[0]?.raw).toBe(name);
    },
  );

  test('has numbers and lists of them as they stand, and any other text', () => {
    const texts = ['-0.5', '+1', '-1e-7', '-0.5, 0.25', '-Infinity', '10,5', 'a=b', '#CYCLE!', '', 'x@y'];
    expect(tableOf(...texts)).toBe(texts.join('\t'));
  });
});
