// Which columns of a wide sheet are drawn, whatever is in view: nothing moves, nothing in view is missing.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GAPS, gapWidth, offsetsOf, piecesOf, windowOf } from '../../../src/ui/grid/column-window';

const widths = fc.array(fc.constantFrom(88, 128), { minLength: 1, maxLength: 300 });
const views = fc.record({
  widths,
  left: fc.nat(40_000),
  width: fc.nat(2_000),
  beside: fc.nat(6),
  kept: fc.nat(299),
});

type View = typeof views extends fc.Arbitrary<infer V> ? V : never;

function check({ widths: given, left, width, beside, kept }: View) {
  const offsets = offsetsOf(given);
  const at = Math.min(kept, given.length - 1);
  const window = windowOf(offsets, { left, right: left + width, beside, kept: at });
  return { offsets, at, window, pieces: piecesOf(offsets, window) };
}

describe('the window of columns', () => {
  test('puts each column at its own place, and is as wide as all columns', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { offsets, window, pieces } = check(view);
        let x = 0;
        for (const piece of pieces) {
          if (typeof piece === 'string') x += gapWidth(offsets, window, piece);
          else {
            expect(x).toBe(offsets[piece]);
            x += view.widths[piece] ?? 0;
          }
        }
        expect(x).toBe(offsets.at(-1));
      }),
    );
  });

  test('has every column in view, and the one that has the focus', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { offsets, at, pieces } = check(view);
        expect(pieces).toContain(at);
        for (const [index, width] of view.widths.entries()) {
          const begin = offsets[index] ?? 0;
          const inView = begin < view.left + view.width && begin + width > view.left;
          if (inView) expect(pieces).toContain(index);
        }
      }),
    );
  });

  test('draws no more than fills the view with some beside it, in order and each once', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { pieces } = check(view);
        const columns = pieces.filter((piece) => typeof piece === 'number');
        expect(columns).toEqual([...new Set(columns)].sort((a, b) => a - b));
        expect(columns.length).toBeLessThanOrEqual(Math.ceil(view.width / 88) + 2 + 2 * view.beside + 1);
        const gaps = pieces.filter((piece) => typeof piece === 'string');
        expect(gaps).toEqual(GAPS.filter((gap) => gaps.includes(gap)));
      }),
    );
  });

  test('scrolled by one column it draws one more and one less', () => {
    const offsets = offsetsOf(Array.from({ length: 200 }, () => 128));
    const at = (left: number) =>
      new Set(piecesOf(offsets, windowOf(offsets, { left, right: left + 600, beside: 4, kept: 0 })));
    const [before, after] = [at(128 * 50), at(128 * 51)];
    expect([...after].filter((piece) => !before.has(piece))).toHaveLength(1);
    expect([...before].filter((piece) => !after.has(piece))).toHaveLength(1);
  });

  test('of no columns is empty', () => {
    expect(piecesOf([0], windowOf([0], { left: 0, right: 500, beside: 4, kept: 0 }))).toEqual([]);
  });
});
