// Removing runs that others read: what it says beforehand is what happens, and values that are kept stay what they were.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { removalOf, removeRuns } from '../../../src/core/formulas/removal';
import { addRow } from '../../../src/core/formulas/sheet-rows';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';
import { toyRegistry as registry } from '../toy-registry';

const language = createLanguage(registry);
const plan = (sheet: edits.Sheet): Plan => createPlanner(registry, () => language)(sheet);
const at = (sheet: edits.Sheet) => ({ registry, language, plan: plan(sheet) });
const nothing = () => undefined;
const set = edits.setOverride;

const three = ['b', 'c'].reduce(
  (sheet: edits.Sheet, name) => edits.addRun(sheet, { name, base: 'A' }),
  edits.addRun({ runs: [], rows: [] }, { name: 'a' }),
);

describe('a run that is read', () => {
  const sheet = addRow(
    set(set(three, 'A', 'fold.rate', '2'), 'C', 'fold.steps', '=A.fold.rate * 2 + B.source.size'),
    { name: 'double', formula: '=2 * A.fold.rate' },
    registry,
  );

  test('is told with what is based on it and what refers to it, and the value that would be kept', () => {
    expect(removalOf(at(sheet), new Set(['A']), nothing)).toEqual({
      based: ['B', 'C'],
      dangling: [
        { place: 'C.fold.steps', reads: 'A.fold.rate', kept: '2' },
        { place: 'row double', reads: 'A.fold.rate', kept: '2' },
      ],
    });
    expect(removalOf(at(sheet), new Set(['C']), nothing)).toEqual({ based: [], dangling: [] });
  });

  test('leaves the sheet its title and note, whether values are kept or not', () => {
    const titled = edits.setNote(edits.setTitle(sheet, 'mine'), 'look');
    for (const keep of [true, false])
      expect(removeRuns(at(titled), new Set(['A']), keep, nothing)).toMatchObject({
        title: 'mine',
        note: 'look',
      });
  });

  test('leaves its values behind where they are kept, else #REF!', () => {
    const kept = removeRuns(at(sheet), new Set(['A']), true, nothing);
    expect(kept.runs.map(({ id }) => id)).toEqual(['B', 'C']);
    expect(kept.runs[1]?.overrides.get('fold.steps')).toBe('=2 * 2 + B.source.size');
    expect(kept.rows[0]?.formula).toBe('=2 * 2');
    const broken = plan(removeRuns(at(sheet), new Set(['A']), false, nothing));
    expect(broken.runs.get('C')?.cells.get('fold')?.problem).toMatchObject({
      code: '#REF!',
      cell: 'C.fold.steps',
    });
  });

  test('may go with others at once, also with one that reads it', () => {
    const both = removeRuns(at(sheet), new Set(['A', 'B']), true, nothing);
    expect(both.runs[0]?.overrides.get('fold.steps')).toBe('=2 * 2 + 3');
    expect(removalOf(at(sheet), new Set(['A', 'C']), nothing).dangling.map(({ place }) => place)).toContain(
      'row double',
    );
  });

  test('keeps no one value for what differs from member to member', () => {
    const many = ['A', 'B'].reduce((grown: edits.Sheet, id) => set(grown, id, 'seeds', '3'), three);
    const rows = addRow(many, { name: 'apart', formula: '=fold.seed - A.fold.seed' }, registry);
    expect(removalOf(at(rows), new Set(['A']), nothing).dangling).toEqual([
      { place: 'row apart', reads: 'A.fold.seed' },
    ]);
    expect(removeRuns(at(rows), new Set(['A']), true, nothing).rows[0]?.formula).toBe(
      '=fold.seed - A.fold.seed',
    );
  });

  test('keeps nothing where the formula would be too long with it', () => {
    const short = edits.addRun(three, { name: 'd' });
    const words = set(short, 'D', 'shape.units', '9,9,9,9');
    // "D.shape.units" has 13 characters, its value 12; a word in a longer list would not fit.
    const reading = set(words, 'C', 'fold.steps', `=first(D.units)${' + first(D.units)'.repeat(110)}`);
    const { dangling } = removalOf(at(reading), new Set(['D']), nothing);
    expect(dangling).toHaveLength(111);
    expect(dangling[0]).toEqual({ place: 'C.fold.steps', reads: 'D.shape.units' });
    const kept = removeRuns(at(reading), new Set(['D']), true, nothing);
    expect(kept.runs[2]?.overrides.get('fold.steps')).toContain('first(D.units)');
  });

  test('does not name the formulas that go with it, unless somebody inherits them', () => {
    let sheet = edits.addRun(three, { name: 'alone' });
    sheet = set(sheet, 'D', 'fold.steps', '=A.fold.rate');
    expect(removalOf(at(sheet), new Set(['A', 'D']), nothing).dangling).toEqual([]);
    const inherited = set(sheet, 'A', 'fold.steps', '=A.fold.rate + 1');
    expect(removalOf(at(inherited), new Set(['A', 'D']), nothing).dangling).toEqual([
      { place: 'A.fold.steps', reads: 'A.fold.rate', kept: '1' },
    ]);
  });

  test('has nothing to keep where its value is a problem', () => {
    const bad = set(sheet, 'A', 'fold.rate', 'many');
    expect(removalOf(at(bad), new Set(['A']), nothing).dangling[0]).toEqual({
      place: 'C.fold.steps',
      reads: 'A.fold.rate',
    });
  });
});

const formulas = fc.constantFrom(
  '=A.source.size',
  '=B.fold.rate + 1',
  '=if(C.shape.layers > 1, D.fold.rate, 2)',
  '=fold.rate',
  '3',
  '=A.fold.rate',
);
const paths = fc.constantFrom('source.size', 'fold.rate', 'fold.steps', 'shape.layers');
const ids = fc.constantFrom('A', 'B', 'C', 'D');

test('over random sheets, keeping values keeps every key of the runs that stay', () => {
  let danglingCount = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(ids, paths, formulas), { maxLength: 10 }),
      fc.array(fc.tuple(ids, fc.option(ids, { nil: undefined })), { maxLength: 4 }),
      fc.uniqueArray(ids, { minLength: 1, maxLength: 3 }),
      (texts, bases, removed) => {
        let sheet = edits.addRun(three, { name: 'd' });
        for (const [id, base] of bases) {
          try {
            sheet = edits.setBase(sheet, id, base);
          } catch (error) {
            if (!(error instanceof edits.SheetError)) throw error;
          }
        }
        for (const [id, path, text] of texts) sheet = set(sheet, id, path, text);
        const before = plan(sheet);
        const gone = new Set<string>(removed);
        const removal = removalOf(at(sheet), gone, nothing);
        danglingCount += removal.dangling.length;
        const after = plan(removeRuns(at(sheet), gone, true, nothing));
        const unkept = removal.dangling.some(({ kept }) => kept === undefined);
        for (const [id, run] of after.runs) {
          expect(gone.has(id)).toBe(false);
          for (const [kind, cell] of run.cells) {
            const was = before.runs.get(id)?.cells.get(kind);
            // What could not be kept was told; all else means what it meant.
            if (was?.node) expect(cell.node?.key ?? (unkept ? was.node.key : undefined)).toBe(was.node.key);
          }
        }
        const bare = plan(removeRuns(at(sheet), gone, false, nothing));
        if (removal.dangling.length === 0)
          for (const [id, run] of bare.runs)
            expect([...run.cells.values()].map(({ node }) => node?.key)).toEqual(
              [...(before.runs.get(id)?.cells.values() ?? [])].map(({ node }) => node?.key),
            );
      },
    ),
    { numRuns: cases(300) },
  );
  expect(danglingCount).toBeGreaterThan(100);
});
