// Random sheets and lineages for the tests of files, and the ways to make files of them.
// Invariant: what is made here is what the page could hold: it passes the schemas of storage.

import fc from 'fast-check';
import type { Run, Sheet } from '../../src/core/sheet/sheet';
import { type ArchiveContent, writeArchive } from '../../src/platform/storage/files/archive';
import type { Lineage } from '../../src/platform/storage/library/lineage';

/** Any text, halves of surrogate pairs and control characters included. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ maxLength }),
    fc.string({ unit: 'binary', maxLength: Math.floor(maxLength / 2) }),
    fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((codes) => String.fromCharCode(...codes)),
  );

const wellFormed = (maxLength: number): fc.Arbitrary<string> =>
  anyText(maxLength).map((text) =>
    text
      .toWellFormed()
      .replace(/\p{Cc}+/gu, ' ')
      .slice(0, maxLength)
      .toWellFormed(),
  );

const runOf = (id: string, bases: readonly string[]): fc.Arbitrary<Run> =>
  fc
    .record({
      name: anyText(12),
      base: fc.option(fc.constantFrom(...bases, 'A'), { nil: undefined }),
      overrides: fc.array(fc.tuple(anyText(12), anyText(20)), { maxLength: 4 }),
    })
    .map(({ name, base, overrides }) => ({
      id,
      name,
      ...(base !== undefined && bases.includes(base) && { base }),
      overrides: new Map(overrides),
    }));

/** Sheets as a person may have them, with texts that mean nothing. */
export const anySheet: fc.Arbitrary<Sheet> = fc.record({
  runs: fc
    .integer({ min: 1, max: 5 })
    .chain((count) =>
      fc.tuple(
        ...Array.from({ length: count }, (_, index) =>
          runOf('ABCDE'.charAt(index), [...'ABCDE'.slice(0, index)]),
        ),
      ),
    ),
  rows: fc
    .uniqueArray(fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/), { maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => anyText(20).map((formula) => ({ name, formula }))))),
});

export const anyFiledSheet = fc.record({ id: fc.string(), title: wellFormed(30), sheet: anySheet });

const anyFigure = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY));
const anyCurve = fc.float32Array({ maxLength: 64 });
const anyTexts = fc.dictionary(
  fc.oneof(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom('$number', '$$', '$float32')),
  fc.string(),
  { maxKeys: 4 },
);

/** Lineages with every kind of number in them; the key ends with the index. */
export const anyLineage = (index: number): fc.Arbitrary<Lineage> =>
  fc
    .record(
      {
        when: fc.integer({ min: 0, max: 4e12 }),
        name: wellFormed(20),
        note: wellFormed(40),
        params: fc.dictionary(fc.constantFrom('train', 'dataset', '$kind'), anyTexts),
        results: fc.record({
          loss: anyFigure,
          accuracy: anyFigure,
          testLoss: anyFigure,
          testAccuracy: anyFigure,
          firstToLast: anyFigure,
        }),
        curves: fc.record({ loss: anyCurve, testLoss: anyCurve }),
        imported: fc.boolean(),
      },
      { requiredKeys: ['when', 'name', 'note', 'params', 'results', 'curves'] },
    )
    .map((lineage) => ({ key: `train-${index.toString(16).padStart(40, '0')}`, ...lineage }));

/** A few sheets and lineages. */
export const anyContent: fc.Arbitrary<ArchiveContent> = fc.record({
  sheets: fc.array(anyFiledSheet, { maxLength: 3 }),
  lineages: fc
    .nat({ max: 4 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyLineage(index)))),
});

export const MADE = new Date(Date.UTC(2026, 10, 30, 12));

/** The bytes of an export. */
export async function fileOf(content: ArchiveContent): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await writeArchive(content, { made: MADE, addressOf: () => undefined });
  return new Uint8Array(await blob.arrayBuffer());
}
