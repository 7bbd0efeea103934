import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Held, isLogSpaced, thin } from '../../../src/core/compute/checkpoints';
import { cases } from '../../cases';

const MB = 2 ** 20;

const keptOf = (added: readonly Held[]): Held[] =>
  added.reduce((kept: Held[], held) => thin(kept, held).kept, []);

describe('the checkpoints of a trace', () => {
  test('log-spaced places are 2^k and 1.5 · 2^k, and nothing between', () => {
    const places = Array.from({ length: 100 }, (_, i) => i / 2).filter(isLogSpaced);
    expect(places).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48]);
  });

  test('of many that are log-spaced 24 stay, spread over all of them, the first and the last included', () => {
    const all = Array.from({ length: 17 }, (_, k) => 2 ** k).flatMap((at) => [at, at * 1.5]);
    const kept = keptOf(all.filter(isLogSpaced).map((at) => ({ at, bytes: 1 }))).map(({ at }) => at);
    expect(kept).toHaveLength(24);
    expect([kept[0], kept.at(-1)]).toEqual([1, 98_304]);
    expect(Math.max(...kept.slice(1).map((at, i) => at / (kept[i] ?? 1)))).toBeLessThanOrEqual(3);
  });

  test('one that was saved for its time only is superseded by the next; the farthest and the latest stay', () => {
    const places = (ats: readonly number[]) =>
      keptOf(ats.map((at) => ({ at, bytes: 1 }))).map(({ at }) => at);
    expect(places([1, 2, 2.5, 2.75, 3, 3.25])).toEqual([1, 2, 3, 3.25]);
    expect(places([8, 100, 20, 10])).toEqual([8, 10, 100]);
  });

  test('whatever comes in whatever order, the budget is kept, the farthest is there, and nothing is both kept and dropped', () => {
    const held = fc.record({
      at: fc.oneof(fc.nat(200_000), fc.double({ min: 0, max: 1_000, noNaN: true })),
      bytes: fc.oneof(fc.nat(1_000), fc.nat(80 * MB)),
    });
    fc.assert(
      fc.property(fc.array(held, { maxLength: 80 }), (all) => {
        let kept: Held[] = [];
        for (const added of all) {
          const before = kept;
          const step = thin(before, added);
          kept = step.kept;
          const bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
          const farthest = Math.max(added.at, ...before.map(({ at }) => at));
          expect(kept.length).toBeLessThanOrEqual(24);
          expect(bytes <= 16 * MB || (kept.length === 1 && bytes <= 64 * MB)).toBe(true);
          if (added.bytes <= 64 * MB) expect(kept.at(-1)?.at).toBe(farthest);
          expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).sort((a, b) => a - b));
          expect(step.dropped.filter((one) => kept.includes(one))).toEqual([]);
          expect(new Set([...kept, ...step.dropped].map(({ at }) => at))).toEqual(
            new Set([...before, added].map(({ at }) => at)),
          );
        }
      }),
      { numRuns: cases(500) },
    );
  });

  test('one alone may be larger than the budget of all, up to its own bound', () => {
    const one = (bytes: number) => thin([{ at: 1, bytes: MB }], { at: 2, bytes }).kept.map(({ at }) => at);
    expect([one(15 * MB), one(40 * MB), one(65 * MB)]).toEqual([[1, 2], [2], [1]]);
  });
});
