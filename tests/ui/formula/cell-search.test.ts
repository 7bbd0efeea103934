// Going to a cell by its name: every row by every name that it has, hidden or not.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { words } from '../../../src/core/text-formatting';
import { findCells } from '../../../src/ui/formula/cell-search';
import { sheetAt } from '../../sheet-at';

const sheet = sheetAt('#v1&A=sigmoid&B=relu&B.base=A&C=noise%20study&C.base=A&row.gap==loss - A.loss');
const found = (text: string) => findCells(text, { registry, sheet, active: 'B' });
const first = (text: string): string | undefined => {
  const [cell] = found(text);
  return cell && `${cell.run} ${cell.row}`;
};

const PARAMS = registry.kinds.flatMap(({ name: kind, params }) =>
  Object.entries(params).map(([name, param]) => [`${kind}.${name}`, name, param] as const),
);

describe('a row', () => {
  test.each(PARAMS)('%s is found by its path, its words, and its names elsewhere', (path, name, param) => {
    expect(first(path)).toBe(`B ${path}`);
    expect(first(`C.${path}`)).toBe(`C ${path}`);
    expect(found(words(name)).map(({ row }) => row)).toContain(path);
    const elsewhere = [param.keras, param.tfjs, param.sklearn].flatMap((text) => text ?? []);
    for (const text of elsewhere)
      expect(
        found(text).map(({ row }) => row),
        text,
      ).toContain(path);
  });

  test('is found by the usual spellings, the exact name before longer ones', () => {
    expect(first('learning_rate')).toBe('B optimizer.learningRate');
    expect(first('Learning Rate')).toBe('B optimizer.learningRate');
    expect(first('test loss')).toBe('B train.testLoss');
    expect(first('loss')).toBe('B train.loss');
    expect(first('seeds')).toBe('B seeds');
    expect(first('dataset')).toBe('B dataset');
    expect(first('gap')).toBe('B row.gap');
    expect(first('use_bias')).not.toBe('B name');
  });
});

describe('a run', () => {
  test('is found by its letter and its name, before rows that contain it', () => {
    expect(first('c')).toBe('C name');
    expect(first('relu')).toBe('B name');
    expect(first('noise s')).toBe('C name');
    expect(first('noise')).toBe('B dataset.noise');
  });

  test('that is named before a point has the cell', () => {
    expect(first('a.noise')).toBe('A dataset.noise');
    expect(first('A!epochs')).toBe('A train.epochs');
    expect(first('c.name')).toBe('C name');
    // A run that the sheet does not have names nothing.
    expect(first('Z.noise')).toBeUndefined();
  });
});

test('what matches nothing finds nothing, and no text finds the first rows', () => {
  expect(found('zzz')).toEqual([]);
  expect(found('').length).toBeGreaterThan(5);
  expect(found('e').length).toBeLessThanOrEqual(12);
});
