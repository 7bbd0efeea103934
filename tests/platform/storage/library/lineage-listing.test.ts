// The listing against a plain map: whatever comes in whatever order, it holds what was read or written last, newest first.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createListing } from '../../../../src/platform/storage/library/lineage-listing';
import { keyOf, lineage } from '../../lineages';

const known = (index: number, when: number) => ({
  lineage: lineage(index, { when }),
  checksum: `${index} ${when}`,
});

test('what began to be read before a change does not undo the change', () => {
  const listing = createListing();
  const early = listing.moment();
  expect(listing.apply(listing.moment(), [[keyOf(1), known(1, 5)]])).toBe(true);
  expect(listing.apply(early, [[keyOf(1), known(1, 4)]])).toBe(false);
  expect(listing.keepOnly(early, new Set())).toBe(false);
  expect(listing.get(keyOf(1))?.lineage.when).toBe(5);
  expect(listing.keepOnly(listing.moment(), new Set())).toBe(true);
  expect(listing.apply(early, [[keyOf(1), known(1, 4)]])).toBe(false);
  expect(listing.all()).toEqual([]);
});

test('the same array stays until something changes', () => {
  const listing = createListing();
  listing.apply(listing.moment(), [[keyOf(1), known(1, 5)]]);
  const all = listing.all();
  expect(listing.apply(listing.moment(), [[keyOf(1), known(1, 5)]])).toBe(false);
  expect(listing.all()).toBe(all);
  listing.apply(listing.moment(), [[keyOf(2), known(2, 5)]]);
  expect(listing.all()).not.toBe(all);
});

test('after any changes all are there, the newest first, whenever it is asked', () => {
  const change = fc.record({
    index: fc.integer({ min: 0, max: 9 }),
    when: fc.integer({ min: 0, max: 5 }),
    removed: fc.boolean(),
    looks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const listing = createListing();
      const expected = new Map<string, number>();
      for (const { index, when, removed, looks } of changes) {
        const key = keyOf(index);
        if (removed) expected.delete(key);
        else expected.set(key, when);
        listing.apply(listing.moment(), [[key, removed ? undefined : known(index, when)]]);
        if (looks) listing.all();
      }
      const order = [...expected].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      expect(listing.all().map(({ key, when }) => [key, when])).toEqual(order);
    }),
  );
});
