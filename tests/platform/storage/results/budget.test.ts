// The budget: a policy without storage. What is needed stays, the least used goes first, and no more than has to.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERAL, shareBudget } from '../../../../src/platform/storage/results/budget';
import type { StoredItem } from '../../../../src/platform/storage/results/usage';

const item = (id: string, bytes: number, used = 0): StoredItem => ({ what: 'entry', id, bytes, used });
const ids = (items: readonly StoredItem[]): string => items.map(({ id }) => id).join('');

describe('of stored items', () => {
  test('none leaves within the budget', () => {
    const share = shareBudget([item('a', 60), item('b', 40)], new Map(), 100);
    expect(share).toMatchObject({ bytes: 100, needed: 0, leaving: [], full: false });
    expect(ids(share.free)).toBe('ab');
  });

  test('the least used that nothing refers to leave, until a tenth of the budget is spare', () => {
    const items = [item('a', 30, 4), item('b', 30, 1), item('c', 30, 3), item('d', 30, 2)];
    const share = shareBudget(items, new Map([['b', 0]]), 100);
    expect(ids(share.leaving)).toBe('d');
    expect(ids(shareBudget(items, new Map([['b', 0]]), 65).leaving)).toBe('dca');
    expect(share.full).toBe(false);
  });

  test('none that is needed leaves, even if they alone exceed the budget: then it is full', () => {
    const ownerOf = new Map([
      ['a', 0],
      ['b', SEVERAL],
      ['c', 1],
    ]);
    const share = shareBudget([item('a', 50), item('b', 50), item('c', 7), item('d', 1)], ownerOf, 100);
    expect(share).toMatchObject({ needed: 107, full: true });
    expect(ids(share.leaving)).toBe('d');
    expect([...share.own]).toEqual([
      [0, 50],
      [1, 7],
    ]);
  });

  test('whatever there is, what leaves is free, in order of use, and enough or all', () => {
    const anyItem = fc.record({
      bytes: fc.integer({ min: 0, max: 100 }),
      used: fc.integer({ min: 0, max: 9 }),
      held: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyItem), fc.integer({ min: 0, max: 1_000 }), (made, budget) => {
        const items = made.map(({ bytes, used }, at) => item(`${at}`, bytes, used));
        const ownerOf = new Map<string, number>(
          made.flatMap(({ held }, at) => (held ? [[`${at}`, 0] as const] : [])),
        );
        const share = shareBudget(items, ownerOf, budget);
        expect(share.leaving.filter(({ id }) => ownerOf.has(id))).toEqual([]);
        const left = share.bytes - share.leaving.reduce((sum, { bytes }) => sum + bytes, 0);
        expect(left <= budget || share.leaving.length === share.free.length).toBe(true);
        expect(share.full).toBe(left > budget);
        if (share.bytes <= budget) expect(share.leaving).toEqual([]);
        const uses = share.leaving.map(({ used }) => used);
        expect(uses).toEqual(uses.toSorted((a, b) => a - b));
      }),
    );
  });
});
