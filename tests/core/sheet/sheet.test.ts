import { describe, expect, test } from 'vitest';
import * as edits from '../../../src/core/sheet/sheet';

const sheet = edits.addRun(edits.addRun({ runs: [], rows: [] }, { name: 'a' }), { name: 'b', base: 'A' });
const ids = (of: edits.Sheet): string[] => of.runs.map(({ id }) => id);

describe('edits', () => {
  test('leave the sheet they start from as it was, and share the runs they do not touch', () => {
    const edited = edits.setOverride(sheet, 'B', 'train.epochs', '5');
    expect(sheet.runs[1]?.overrides.size).toBe(0);
    expect(edited.runs[0]).toBe(sheet.runs[0]);
    expect(edits.clearOverride(edited, 'B', 'train.epochs').runs[1]).toEqual(sheet.runs[1]);
  });

  test('an override that changes nothing gives the same sheet', () => {
    const edited = edits.setOverride(sheet, 'B', 'train.epochs', '5');
    expect(edits.setOverride(edited, 'B', 'train.epochs', '5')).toBe(edited);
    expect(edits.clearOverride(sheet, 'B', 'train.epochs')).toBe(sheet);
  });

  test('runs are added behind a run, renamed and based anew', () => {
    expect(ids(edits.addRun(sheet, { name: 'c', after: 'A' }))).toEqual(['A', 'C', 'B']);
    expect(edits.renameRun(sheet, 'A', 'x\n\u0000y \ud800').runs[0]?.name).toBe('x y \ufffd');
    expect(edits.setBase(sheet, 'B', undefined).runs[1]).toEqual({
      id: 'B',
      name: 'b',
      overrides: new Map(),
    });
  });

  test('ids go on after the last one: Z, AA, AB, and fill gaps only when letters run out', () => {
    const run = (id: string): edits.Run => ({ id, name: '', overrides: new Map() });
    expect(edits.nextId({ runs: [], rows: [] })).toBe('A');
    expect(edits.nextId({ runs: [run('Z'), run('B')], rows: [] })).toBe('AA');
    expect(edits.nextId({ runs: [run('AZ')], rows: [] })).toBe('BA');
    expect(edits.nextId({ runs: [run('ZZZ'), run('A')], rows: [] })).toBe('B');
  });

  test('an id that a formula still names is not given to another run', () => {
    const three = edits.addRun(sheet, { name: 'c' });
    const reading = edits.setOverride(three, 'A', 'train.epochs', '=min(C.train.epochs, 5)');
    expect(edits.nextId(edits.removeRun(three, 'C'))).toBe('C');
    expect(edits.nextId(edits.removeRun(reading, 'C'))).toBe('D');
    expect(edits.nextId({ ...sheet, rows: [{ name: 'gap', formula: '=loss - E.loss' }] })).toBe('F');
  });

  test('no run becomes its own ancestor', () => {
    expect(() => edits.setBase(sheet, 'A', 'B')).toThrow(
      'A cannot be based on B: A would be its own ancestor',
    );
    expect(() => edits.setBase(sheet, 'A', 'A')).toThrow(edits.SheetError);
  });

  test('runs that are based on a removed run keep their meaning', () => {
    const three = edits.addRun(edits.setOverride(sheet, 'B', 'train.epochs', '5'), { name: 'c', base: 'B' });
    const both = edits.setOverride(edits.setOverride(three, 'B', 'train.seed', '1'), 'C', 'train.seed', '2');
    const left = edits.removeRun(both, 'B');
    expect(left.runs[1]).toEqual({
      id: 'C',
      name: 'c',
      base: 'A',
      overrides: new Map([
        ['train.epochs', '5'],
        ['train.seed', '2'],
      ]),
    });
  });

  test('the last run stays, and a run that is not there is named', () => {
    const one = edits.removeRun(sheet, 'B');
    expect(() => edits.removeRun(one, 'A')).toThrow('at least one run');
    expect(() => edits.renameRun(one, 'Q', 'x')).toThrow('there is no run Q');
  });

  test('a run holds a thousand overrides and no more, however it gets them, and none of a longer name than a sheet keeps', () => {
    const set = (of: edits.Sheet, id: string, kind: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${kind}.p${index}`).reduce(
        (grown, path) => edits.setOverride(grown, id, path, '1'),
        of,
      );
    const full = set(sheet, 'A', 'known', edits.MAX_OVERRIDES);
    expect(() => edits.setOverride(full, 'A', 'one.more', '1')).toThrow('at most 1000 params');
    expect(edits.setOverride(full, 'A', 'known.p0', '2').runs[0]?.overrides.get('known.p0')).toBe('2');
    expect(() => edits.removeRun(set(full, 'B', 'other', 1), 'A')).toThrow('at most 1000 params');
    expect(() => edits.setOverride(sheet, 'A', `${'k'.repeat(150)}.${'p'.repeat(150)}`, '1')).toThrow('200');
  });

  test('a sheet holds a thousand runs and no more', () => {
    let full = sheet;
    while (full.runs.length < edits.MAX_RUNS) full = edits.addRun(full, { name: '' });
    expect(new Set(ids(full)).size).toBe(1_000);
    expect(() => edits.addRun(full, { name: '' })).toThrow('at most 1000 runs');
  });
});
