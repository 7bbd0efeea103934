import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_RUNS,
  renameRun,
  type Sheet,
  setNote,
  setOverride,
  setTitle,
} from '../../../src/core/sheet/sheet';
import { applyPatch, patchBetween, sameSheet } from '../../../src/core/sheet/sheet-patch';
import { parsePatch, patchData } from '../../../src/platform/storage/sheets/patch-data';
import { parseSheet, sheetData } from '../../../src/platform/storage/sheets/sheet-data';
import { cases } from '../../cases';
import { anyEdit, anySheet, sheetOf } from '../random-sheets';

/** Two sheets of one origin, so that they have much in common. */
const relatives = fc
  .tuple(anySheet, fc.array(anyEdit, { maxLength: 6 }), fc.array(anyEdit, { maxLength: 6 }))
  .map(([origin, one, other]): [Sheet, Sheet] => [
    one.reduce((sheet, edit) => edit(sheet), origin),
    other.reduce((sheet, edit) => edit(sheet), origin),
  ]);

describe('a patch', () => {
  test('leads from any sheet to any other, and back, also by way of plain data', () => {
    fc.assert(
      fc.property(fc.oneof(relatives, fc.tuple(anySheet, anySheet)), ([from, to]) => {
        const patch = patchBetween(from, to);
        expect(applyPatch(from, patch)).toEqual(to);
        const read = parsePatch(structuredClone(patchData(patch)));
        expect(read && applyPatch(from, read)).toEqual(to);
        expect(applyPatch(to, patchBetween(to, from))).toEqual(from);
      }),
      { numRuns: cases(500) },
    );
  });

  test('shares the runs that are the same, in sheets made of other objects too', () => {
    fc.assert(
      fc.property(relatives, ([from, to]) => {
        const read = parseSheet(structuredClone(sheetData(to)));
        const patched = read && applyPatch(from, patchBetween(from, read));
        expect(patched).toEqual(to);
        for (const run of patched?.runs ?? []) {
          const before = from.runs.find(({ id }) => id === run.id);
          if (
            before &&
            JSON.stringify(sheetData({ runs: [before], rows: [] })) ===
              JSON.stringify(sheetData({ runs: [run], rows: [] }))
          )
            expect(run).toBe(before);
        }
      }),
    );
  });

  test('is empty exactly between sheets that say the same', () => {
    fc.assert(
      fc.property(relatives, ([from, to]) => {
        const same = JSON.stringify(sheetData(from)) === JSON.stringify(sheetData(to));
        expect(sameSheet(from, to)).toBe(same);
        expect(sameSheet(from, parseSheet(sheetData(from)) ?? from)).toBe(true);
      }),
    );
  });

  test('of one override in 1,000 runs holds one run', () => {
    const all = Array.from({ length: MAX_RUNS }, (_, index) => `run ${index}`);
    const sheet = sheetOf(...all);
    const patch = patchBetween(sheet, setOverride(sheet, 'B', 'train.epochs', '5'));
    expect(Object.keys(patch)).toEqual(['runs']);
    expect(patch.runs?.map(({ id }) => id)).toEqual(['B']);
  });

  test('takes a title away', () => {
    const titled = setTitle(sheetOf('a'), 'mine');
    expect(patchBetween(titled, setTitle(titled, ''))).toEqual({ title: '' });
    expect(applyPatch(titled, { title: '' })).toEqual(sheetOf('a'));
  });

  test('takes a note away, and leaves the title', () => {
    const titled = setTitle(sheetOf('a'), 'mine');
    const noted = setNote(titled, '  Look\nat A ');
    expect(noted).toEqual({ ...titled, note: 'Look at A' });
    expect(setNote(noted, 'n'.repeat(600)).note).toHaveLength(500);
    expect(setNote(noted, 'Look at A')).toBe(noted);
    expect(patchBetween(noted, titled)).toEqual({ note: '' });
    expect(applyPatch(noted, { note: '' })).toEqual(titled);
  });

  test.each([
    ['names a run that the sheet lacks', { order: ['A', 'Z'] }],
    ['leaves no run', { order: [] }],
    ['names a run twice', { order: ['A', 'A', 'B'] }],
    ['bases a run on none that there is', { runs: [{ id: 'A', name: '', base: 'Z', overrides: [] }] }],
    ['bases a run on itself', { runs: [{ id: 'A', name: '', base: 'A', overrides: [] }] }],
    ['takes a run away on which another is based', { order: ['C'] }],
  ])('that %s leads nowhere', (_, data) => {
    const sheet = sheetOf('a', 'b', 'c');
    const based = { ...sheet, runs: sheet.runs.map((run) => (run.id === 'C' ? { ...run, base: 'B' } : run)) };
    const patch = parsePatch(data);
    expect(patch && applyPatch(based, patch)).toBeUndefined();
  });

  test('that is hostile never throws, and what comes of it is a whole sheet', () => {
    const hostile = fc.record(
      {
        order: fc.oneof(fc.array(fc.constantFrom('A', 'B', 'C', 'AAAA', '')), fc.anything()),
        runs: fc.oneof(
          fc.array(
            fc.record(
              {
                id: fc.constantFrom('A', 'B', 'C', 'a'),
                name: fc.oneof(fc.string(), fc.anything()),
                base: fc.constantFrom('A', 'B', 'C'),
                overrides: fc.oneof(fc.array(fc.tuple(fc.string(), fc.string())), fc.anything()),
              },
              { requiredKeys: ['id'] },
            ),
          ),
          fc.anything(),
        ),
        rows: fc.anything(),
        title: fc.oneof(fc.string(), fc.anything()),
        note: fc.oneof(fc.string(), fc.anything()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.anything()), anySheet, (data, sheet) => {
        const patch = parsePatch(data);
        const patched = patch && applyPatch(sheet, patch);
        if (patched) expect(parseSheet(sheetData(patched))).toEqual(patched);
      }),
      { numRuns: cases(1_000) },
    );
  });
});

test('a sheet is whole on disk whatever edits made it', () => {
  fc.assert(
    fc.property(anySheet, (sheet) => {
      expect(parseSheet(structuredClone(sheetData(sheet)))).toEqual(sheet);
    }),
    { numRuns: cases(500) },
  );
  expect(sameSheet(renameRun(sheetOf('a'), 'A', 'b'), sheetOf('b'))).toBe(true);
});
