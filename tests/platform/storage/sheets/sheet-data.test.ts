import { describe, expect, test } from 'vitest';
import { parseSheet, sheetData } from '../../../../src/platform/storage/sheets/sheet-data';

const run = (id: string, base?: string) => ({ id, name: id, ...(base && { base }), overrides: [] });
const sheet = (...runs: unknown[]) => ({ version: 1, runs });

describe('a stored sheet', () => {
  test('comes back as it was, texts that mean nothing included', () => {
    const own = {
      runs: [
        { id: 'B', name: '', base: 'AA', overrides: new Map([['nothing.such', ' =((']]) },
        { id: 'AA', name: 'twin', overrides: new Map([['train.epochs', '-1']]) },
      ],
      rows: [{ name: 'gap', formula: '=loss - ' }],
    };
    expect(parseSheet(structuredClone(sheetData(own)))).toEqual(own);
  });

  test('has no rows where it was kept before there were any', () => {
    expect(parseSheet(sheet(run('A')))?.rows).toEqual([]);
  });

  test.each([
    ['nothing', undefined],
    ['no sheet', 'A=sigmoid'],
    ['another version', { ...sheet(run('A')), version: 2 }],
    ['no run', sheet()],
    ['an id that is none', sheet(run('a'))],
    ['an id given twice', sheet(run('A'), run('A'))],
    ['a base that there is not', sheet(run('A', 'B'))],
    ['a run based on itself', sheet(run('A', 'A'))],
    ['a ring of bases', sheet(run('A', 'B'), run('B', 'C'), run('C', 'A'), run('D'))],
    ['a name that is too long', sheet({ ...run('A'), name: 'x'.repeat(201) })],
    ['a text that is none', sheet({ ...run('A'), overrides: [['train.epochs', 5]] })],
    ['a text that is too long', sheet({ ...run('A'), overrides: [['train.epochs', 'x'.repeat(100_001)]] })],
    ['a member too many', sheet({ ...run('A'), html: '<b>' })],
    ['a row without a formula', { ...sheet(run('A')), rows: [{ name: 'gap' }] }],
    [
      'a row name given twice',
      { ...sheet(run('A')), rows: [1, 2].map(() => ({ name: 'gap', formula: '=1' })) },
    ],
    ['too many runs', sheet(...Array.from({ length: 1_001 }, () => run('A')))],
  ])('is refused as a whole where it holds %s', (_, data) => {
    expect(parseSheet(data)).toBeUndefined();
  });
});
