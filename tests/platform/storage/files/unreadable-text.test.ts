// Whatever storage holds as a text: never a throw, and nothing left out in silence.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldText } from '../../../../src/platform/storage/files/unreadable-text';

const back = (held: unknown): unknown => JSON.parse(heldText(held));

describe('held data as text', () => {
  test.each<[string, unknown, unknown]>([
    [
      'numbers that JSON lacks',
      [Number.NaN, -Number.POSITIVE_INFINITY],
      [{ number: 'NaN' }, { number: '-Infinity' }],
    ],
    ['typed arrays', new Float32Array([0.5, Number.NaN]), { Float32Array: [0.5, { number: 'NaN' }] }],
    [
      'large whole numbers',
      [2n ** 64n, new BigInt64Array([1n])],
      [{ bigint: '18446744073709551616' }, { BigInt64Array: [{ bigint: '1' }] }],
    ],
    [
      'buffers',
      [new ArrayBuffer(2), new DataView(new ArrayBuffer(1))],
      [{ ArrayBuffer: [0, 0] }, { DataView: [0] }],
    ],
    ['dates', [new Date(0), new Date(Number.NaN)], [{ Date: '1970-01-01T00:00:00.000Z' }, { Date: null }]],
    ['maps and sets', [new Map([['a', 1]]), new Set([1])], [{ Map: [['a', 1]] }, { Set: [1] }]],
    ['what is nothing', [undefined, null], [{ undefined: true }, null]],
    ['patterns', /a/g, { RegExp: '/a/g' }],
  ])('names %s', (_, held, expected) => {
    expect(back(held)).toEqual(expected);
  });

  test('keeps names of the prototype', () => {
    expect(heldText(JSON.parse('{"__proto__": {"a": 1}}'))).toContain('__proto__');
  });

  test('ends where data holds itself, or is without end', () => {
    const ring: unknown[] = [1];
    ring.push({ ring });
    expect(back(ring)).toEqual([1, { ring: { repeated: 2 } }]);
    let deep: unknown = 1;
    for (let depth = 0; depth < 1_000; depth++) deep = [deep];
    expect(heldText(deep)).toContain('deeper');
  });

  test('never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withTypedArray: true, withBigInt: true, withDate: true }),
        (held) => {
          expect(typeof back(held)).not.toBe('undefined');
        },
      ),
    );
  });
});
