// The texts under a scale of colours: apart from each other, at whatever values they stand.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readableTicks } from '../../../src/ui/figures/draw/color-ramp';
import { cases } from '../../cases';

test('stand apart, the lowest and the highest first', () => {
  const texts = (...ticks: [number, string][]): string[] => readableTicks(ticks).map(([, text]) => text);
  expect(texts([0.05, '0.001'], [0.28, '0.003'], [0.6, '0.01'], [0.95, '0.03'])).toEqual([
    '0.001',
    '0.01',
    '0.03',
  ]);
  expect(texts([0, '0 %'], [0.5, '50 %'], [0.75, '75 %'], [1, '100 %'])).toEqual(['0 %', '50 %', '100 %']);
  expect(texts()).toEqual([]);
  expect(texts([0.4, '1'])).toEqual(['1']);
});

test('never overlap, and the highest is always there', () => {
  const tick = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom('1', '0.01', '0.001', '100 %'),
  );
  fc.assert(
    fc.property(fc.array(tick, { minLength: 1, maxLength: 9 }), (ticks) => {
      const kept = readableTicks(ticks);
      const shares = kept.map(([share]) => share);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect(shares.at(-1)).toBe(Math.max(...ticks.map(([share]) => share)));
      for (const [index, [share, text]] of kept.entries()) {
        const next = kept[index + 1];
        // At the least, a text and the next one share no middle.
        if (next)
          expect((next[0] - share) * 160).toBeGreaterThanOrEqual(Math.min(text.length, next[1].length) * 3.1);
      }
    }),
    { numRuns: cases(300) },
  );
});
