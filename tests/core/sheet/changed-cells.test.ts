// The cells in which two sheets differ, over edits of all kinds and their undoing.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { changedCells } from '../../../src/core/sheet/changed-cells';
import { newRuns } from '../../../src/core/sheet/sheet';
import { sheetAt } from '../../sheet-at';

const between = (before: string, after: string, active?: string) =>
  changedCells(registry, sheetAt(before), sheetAt(after), active);

const ABC = '#v1&A=a&B=b&B.base=A&C=c&C.base=A';

describe('cells that changed', () => {
  test('are a param, a name, seeds or nothing', () => {
    expect(between(ABC, `${ABC}&B.train.epochs=5`)).toEqual({ run: 'B', row: 'train.epochs' });
    expect(between(`${ABC}&C.seeds=2`, ABC)).toEqual({ run: 'C', row: 'seeds' });
    expect(between(ABC, ABC.replace('B=b', 'B=other'))).toEqual({ run: 'B', row: 'name' });
    expect(between(ABC, ABC)).toBeUndefined();
  });

  test('fill a rectangle, or have no last cell', () => {
    const two = `${ABC}&A.dataset.noise=0.2&A.train.epochs=5&C.dataset.noise=0.3&C.train.epochs=6`;
    expect(between(ABC, two)).toEqual({
      run: 'A',
      row: 'dataset.noise',
      last: { run: 'C', row: 'train.epochs' },
    });
    expect(between(ABC, `${ABC}&B.train.epochs=5&C.dataset.noise=0.3`)).toEqual({
      run: 'B',
      row: 'train.epochs',
    });
  });

  test('are a whole run that came or moved; a run that went leaves nothing', () => {
    expect(between('#v1&A=a&C=c', '#v1&A=a&B=b&C=c')).toEqual({ run: 'B' });
    expect(between('#v1&A=a&B=b&C=c', '#v1&B=b&C=c&A=a')).toEqual({ run: 'A' });
    expect(between('#v1&A=a&B=b&C=c', '#v1&C=c&A=a&B=b')).toEqual({ run: 'C' });
    expect(between('#v1&A=a&B=b', '#v1&A=a')).toBeUndefined();
    expect(newRuns(sheetAt('#v1&A=a'), sheetAt('#v1&A=a&B=b&C=c'))).toEqual(['B', 'C']);
  });

  test('are a row of formulas that came or changed', () => {
    expect(between(`${ABC}&row.gap==loss`, `${ABC}&row.gap==2*loss`)).toEqual({ run: 'A', row: 'row.gap' });
    expect(between(`${ABC}&row.gap==loss`, `${ABC}&row.gap==2*loss`, 'C')).toEqual({
      run: 'C',
      row: 'row.gap',
    });
    expect(between(`${ABC}&row.gap==loss`, `${ABC}&row.gap==2*loss`, 'Z')?.run).toBe('A');
    expect(between(`${ABC}&row.gap==loss`, ABC)).toBeUndefined();
  });
});
