// The words for runs that the figures leave out.

import { expect, test } from 'vitest';
import { leftOutText } from '../../../src/ui/inspector/left-out-text';

const all = [...'ABCDEFGH'];

test('all runs that are not shown are named with the reason, neighbours as a stretch', () => {
  expect(leftOutText(all, all, undefined, ['A'])).toBe('');
  expect(leftOutText(all, [...'ACDEFGH'], new Set('B'), ['A'])).toBe('hidden: B');
  expect(leftOutText(all, ['A', 'C'], new Set('BDEFGH'), ['A', 'B'])).toBe('hidden: B and D to H');
  expect(leftOutText(all, [...'CDEFGH'], new Set('AB'), ['C'])).toBe('hidden: A and B');
  expect(leftOutText(all, ['B', 'C'], undefined, ['B', 'C'])).toBe('not selected: A and D to H');
  expect(leftOutText(all, [...'ABCDE'], undefined, ['A'])).toBe('no room: F to H');
  expect(leftOutText(all, [...'BCDE'], new Set('A'), ['A'])).toBe('hidden: A; no room: F to H');
});
