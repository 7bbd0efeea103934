// Sheets as former versions stored them, kept for good: a fixture is never changed, a new format gets another one.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stepsOf, undo } from '../../../../src/core/sheet/history';
import { openSheetList } from '../../../../src/platform/storage/sheets/sheet-list';
import { openSheets } from '../../../../src/platform/storage/sheets/sheets';
import { freshIdb, held, hold } from '../../fresh-idb';

const NAME = 'gradsheet-sheet';
freshIdb();

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/storage/${name}.json`, import.meta.url), 'utf8'));

describe('a stored sheet of', () => {
  test('version 1, the only one of its browser, is one of the sheets', async () => {
    const records = fixture('sheet-version-1');
    await hold(NAME, records);
    const store = openSheets();
    const id = await store.last(() => 'new', 1_800_000_000_000);
    expect(id).toBe('new');
    expect(await store.read('new', true)).toMatchObject({
      ...{ id: 'new', revision: 1, edited: 1_780_000_000_000, kept: true },
      history: {
        ...{ first: 0, past: [], future: [] },
        present: {
          runs: [
            {
              id: 'A',
              name: 'sigmoid',
              overrides: new Map([
                ['dataset.nSamples', '20'],
                ['train.epochs', '2'],
              ]),
            },
            {
              ...{ id: 'B', name: 'relu', base: 'A' },
              overrides: new Map([
                ['architecture.activation', 'relu'],
                ['optimizer.learningRate', '-1'],
                ['train.epochs', '=A.train.epochs + 1'],
              ]),
            },
          ],
          rows: [{ name: 'gap', formula: '=loss - A.loss' }],
        },
      },
    });
    expect((await held(NAME)).get('own')).toEqual(records['own']);
  });

  test('format 2 is read with all its steps, and written on', async () => {
    const id = '0123456789abcdef0123';
    await hold(NAME, fixture('sheet-format-2'));
    const store = openSheets();
    expect(await store.last(() => 'new', 0)).toBe(id);
    expect(await store.find('a print')).toBe(id);
    expect(await openSheetList(store).heads()).toMatchObject([
      { id, title: 'Vanishing “gradients”', names: ['sigmoid', 'relu', 'twin of B'], runs: 3, kept: true },
    ]);
    const read = await store.read(id, true);
    if (!read || 'unreadable' in read) return expect.unreachable('the formula cannot be read');
    expect(stepsOf(read.history).map(({ label }) => label)).toEqual([
      'rename the sheet',
      'set noise of A to 0.21',
      'add a run',
      'rename C',
    ]);
    expect(read.history.future[0]?.sheet.runs[2]?.name).toBe('third\u2028');
    expect(undo(read.history).present.runs.map(({ name }) => name)).toEqual(['sigmoid', 'relu']);
    expect(undo(undo(undo(read.history))).present).not.toHaveProperty('title');
    const change = { id, before: read, history: undo(read.history), kept: true, edited: 1, by: [] };
    expect(await store.write(change)).toMatchObject({ revision: 2 });
    expect(await openSheets().read(id, true)).toMatchObject({ history: undo(read.history) });
  });
});
