// The runs that a press on a chip, a header or a legend chooses.

import { describe, expect, test } from 'vitest';
import { MAX_SHOWN, shownRuns } from '../../../src/ui/session/demands';
import { hiddenAfter, pressOf, runsAfter } from '../../../src/ui/workspace/run-choice';

const ABC = ['A', 'B', 'C'];
const all = { shown: ABC, selected: ['A'], isChosen: false };

describe('a press on a run', () => {
  test('hides a shown run and shows a hidden one', () => {
    expect(runsAfter('toggle', 'B', all)).toEqual(['A', 'C']);
    expect(runsAfter('toggle', 'B', { ...all, shown: ['A', 'C'], isChosen: true })).toEqual(['A', 'C', 'B']);
  });

  test('with Ctrl adds the run to the selected ones first, then to the chosen ones', () => {
    expect(runsAfter('add', 'C', all)).toEqual(['A', 'C']);
    expect(runsAfter('add', 'B', { ...all, shown: ['A', 'C'], isChosen: true })).toEqual(['A', 'C', 'B']);
    expect(runsAfter('add', 'C', { ...all, shown: ['A', 'C'], isChosen: true })).toEqual(['A']);
  });

  test('with Alt shows the run alone, and once more all runs', () => {
    expect(runsAfter('only', 'B', all)).toEqual(['B']);
    expect(runsAfter('only', 'B', { ...all, shown: ['B'], isChosen: true })).toBeUndefined();
  });

  test('never leaves the figures without a run', () => {
    expect(runsAfter('toggle', 'A', { ...all, shown: ['A'], isChosen: true })).toBeUndefined();
    expect(runsAfter('add', 'A', all)).toBeUndefined();
  });

  test('drops the first run where there would be too many', () => {
    const shown = Array.from({ length: MAX_SHOWN }, (_, at) => `R${at}`);
    expect(runsAfter('toggle', 'B', { ...all, shown, isChosen: true })).toEqual([...shown.slice(1), 'B']);
  });

  test('is told by its keys', () => {
    const keys = { ctrlKey: false, metaKey: false, altKey: false };
    const press = (more: Partial<typeof keys>) => pressOf({ ...keys, ...more } as MouseEvent);
    expect([press({}), press({ ctrlKey: true }), press({ metaKey: true }), press({ altKey: true })]).toEqual([
      'toggle',
      'add',
      'add',
      'only',
    ]);
  });
});

describe('the runs that a press hides', () => {
  const wide = Array.from({ length: 20 }, (_, at) => String.fromCharCode(65 + at));
  const choice = { all: wide, selected: ['A'], active: 'A', hidden: undefined };
  const words = (hidden: ReadonlySet<string> | undefined): string => [...(hidden ?? [])].join('');

  test('are that run alone, so that runs without room follow', () => {
    const hidden = hiddenAfter('toggle', 'B', choice);
    expect(words(hidden)).toBe('B');
    expect(shownRuns(wide, ['A'], 'A', hidden).join('')).toBe('ACDEFGHIJKLM');
    expect(words(hiddenAfter('toggle', 'C', { ...choice, hidden: new Set('B') }))).toBe('BC');
    expect(words(hiddenAfter('toggle', 'B', { ...choice, hidden: new Set('BC') }))).toBe('C');
  });

  test('are all but the chosen ones where a run has no room beside the others, and for other presses', () => {
    const hidden = hiddenAfter('toggle', 'T', choice);
    expect(shownRuns(wide, ['A'], 'A', hidden).join('')).toBe('BCDEFGHIJKLT');
    expect(words(hiddenAfter('only', 'B', { ...choice, all: ABC }))).toBe('AC');
    expect(words(hiddenAfter('add', 'C', { ...choice, all: ABC }))).toBe('B');
  });

  test('include those that are not selected', () => {
    const [all, selected] = [[...'ABCD'], ['B', 'C']];
    expect(words(hiddenAfter('toggle', 'B', { ...choice, all, selected }))).toBe('ADB');
    expect(words(hiddenAfter('toggle', 'A', { ...choice, all, selected }))).toBe('D');
  });

  test('are none once the last shown run is pressed', () => {
    expect(hiddenAfter('toggle', 'A', { ...choice, all: ABC, hidden: new Set('BC') })).toBeUndefined();
  });
});

describe('the shown runs', () => {
  const wide = Array.from({ length: 20 }, (_, at) => String.fromCharCode(65 + at));
  const words = (runs: readonly string[]): string => runs.join('');

  test('are all that fit, whichever run is active', () => {
    expect(words(shownRuns(wide.slice(0, 8), ['H'], 'H'))).toBe('ABCDEFGH');
    expect(words(shownRuns(wide.slice(0, MAX_SHOWN), ['A'], 'A'))).toBe('ABCDEFGHIJKL');
  });

  test('of a wider sheet are the part with the active run, and stay while it moves within the part', () => {
    const at = (active: string): string => words(shownRuns(wide, [active], active));
    expect([at('A'), at('L')]).toEqual(['ABCDEFGHIJKL', 'ABCDEFGHIJKL']);
    expect([at('M'), at('T')]).toEqual(['IJKLMNOPQRST', 'IJKLMNOPQRST']);
    expect(words(shownRuns(wide, ['A'], 'A', new Set('A')))).toBe('BCDEFGHIJKLM');
  });

  test('are the selected ones if there are several, unless the person hid some', () => {
    expect(words(shownRuns(ABC, ['A', 'B'], 'A'))).toBe('AB');
    expect(words(shownRuns(ABC, ['A', 'B'], 'A', new Set(['B'])))).toBe('AC');
    expect(words(shownRuns(ABC, ['A'], 'A', new Set(ABC)))).toBe('ABC');
  });
});
