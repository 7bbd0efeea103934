// The one sheet of an embedded page: edits, undo and redo in memory, and no other sheet.

import { expect, test } from 'vitest';
import { addRun } from '../../../src/core/sheet/sheet';
import { memorySheets } from '../../../src/page/sheets/memory-sheets';
import { startSheet } from '../../../src/page/sheets/start-sheet';

test('edits, undo and redo change the sheet in memory, and nothing is ever to be saved', () => {
  const first = startSheet();
  const sheets = memorySheets(first);
  let told = 0;
  const stop = sheets.subscribe(() => told++);
  sheets.edit('add a run', (sheet) => addRun(sheet, { name: 'twin', base: 'A' }));
  expect(sheets.state().history.present.runs).toHaveLength(first.runs.length + 1);
  sheets.undo();
  expect(sheets.state().history.present).toBe(first);
  sheets.redo();
  expect(sheets.state()).toMatchObject({ id: 'embedded', linked: false, saving: { state: 'unwritten' } });
  expect(told).toBe(3);
  stop();
  sheets.undo();
  expect(told).toBe(3);
});

test('another sheet takes the place of the first, as another opening and without steps to undo', () => {
  const sheets = memorySheets(startSheet());
  sheets.edit('add a run', (sheet) => addRun(sheet, { name: 'twin', base: 'A' }));
  const before = sheets.state().opened;
  const other = startSheet();
  sheets.show(other);
  expect(sheets.state().history).toMatchObject({ present: other, past: [], future: [] });
  expect(sheets.state().opened).not.toBe(before);
});

test('actions on other sheets are refused', async () => {
  const sheets = memorySheets(startSheet());
  await expect(sheets.heads()).rejects.toThrow();
  await expect(sheets.keepCopy()).rejects.toThrow();
});
