// Blocks and fills: matrices of texts on the sheet, as pure edits; what the clipboard brings is hostile until it is parsed.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { paramAt } from '../../../src/core/plan/param-values';
import {
  addRun,
  MAX_RUNS,
  MAX_TEXT,
  type Sheet,
  SheetError,
  setOverride,
} from '../../../src/core/sheet/sheet';
import { type Area, type Block, type Lines, writeBlock } from '../../../src/ui/fill/block';
import {
  OWN_TYPE,
  readClipboard,
  readPayload,
  writeClipboard,
  writePayload,
} from '../../../src/ui/fill/clipboard';
import { addTwins, draftOf } from '../../../src/ui/fill/draft-sheet';
import { type Filling, fillDown, fillRight, fillSeries } from '../../../src/ui/fill/fill';
import { sheetAt } from '../../sheet-at';

/** A few rows as the grid has them: names, a kind, params, a result. */
const lines: Lines = {
  ids: [
    'name',
    'dataset',
    'dataset.generator',
    'dataset.noise',
    'architecture',
    'architecture.hiddenLayers',
    'architecture.units',
    'optimizer.nesterov',
    'optimizer.learningRate',
    'train.loss',
    'seeds',
  ],
  param: (row) => (row === 'train.loss' ? undefined : paramAt(registry, row)),
};

const SHEET = sheetAt('#v1&A=a&A.dataset.noise=0.2&B=b&B.base=A&B.architecture.units=5&C=c&C.base=A');

const textsOf = (sheet: Sheet): Record<string, Record<string, string>> =>
  Object.fromEntries(sheet.runs.map(({ id, overrides }) => [id, Object.fromEntries(overrides)]));

/** What a row says in a run, and whether it is inherited, as the grid reads it. */
function read(sheet: Sheet): (area: Area) => Block {
  const draft = draftOf(sheet);
  return ({ runs, rows }) =>
    rows.map((row) =>
      runs.map((id) => {
        const run = sheet.runs.find((candidate) => candidate.id === id);
        const param = lines.param(row);
        if (row === 'name') return { value: run?.name ?? '', raw: run?.name ?? '' };
        if (!param) return row === 'train.loss' ? { value: '0.5' } : undefined;
        const own = run?.overrides.get(row);
        const text = own ?? draft.inherited(id, row, param);
        return { value: text, raw: text, inherited: own === undefined };
      }),
    );
}

const block = (...rows: string[]): Block => rows.map((row) => row.split('|').map((value) => ({ value })));
const PASTE = { verbs: ['paste', 'pasted'] } as const;

function paste(sheet: Sheet, column: number, row: string, what: Block, size: [number, number] = [1, 1]) {
  const edit = writeBlock(sheet, lines, { column, row, lines: size[0], columns: size[1] }, what, PASTE);
  return { edit, made: edit.make(sheet), texts: textsOf(edit.make(sheet)) };
}

describe('a block that is pasted', () => {
  test('sets params in canonical form and names, and says how many cells and where', () => {
    const { edit, made, texts } = paste(SHEET, 1, 'name', block('one|two', '|', 'circles|', '1e-1|'));
    expect(made.runs.map(({ name }) => name)).toEqual(['a', 'one', 'two']);
    expect(texts['B']).toEqual({
      'architecture.units': '5',
      'dataset.generator': 'circles',
      'dataset.noise': '0.1',
    });
    expect(edit.label).toBe('paste 6 cells to B.name, leaving out 2 computed cells');
    expect(edit.done).toMatch(/^pasted 6 cells/);
  });

  test('keeps what a param does not take as it was typed, and formulas', () => {
    const { texts } = paste(SHEET, 1, 'dataset.noise', [
      [{ value: ' minus one ' }, { value: '=A.dataset.noise' }],
    ]);
    expect([texts['B']?.['dataset.noise'], texts['C']?.['dataset.noise']]).toEqual([
      'minus one',
      '=A.dataset.noise',
    ]);
  });

  test('reads what spreadsheets make of words', () => {
    expect(paste(SHEET, 0, 'optimizer.nesterov', block('TRUE')).texts['A']?.['optimizer.nesterov']).toBe(
      'true',
    );
    expect(paste(SHEET, 0, 'dataset.generator', block('Circles')).texts['A']?.['dataset.generator']).toBe(
      'circles',
    );
    expect(paste(SHEET, 0, 'dataset.noise', block('2.00E-01')).texts['A']?.['dataset.noise']).toBe('0.2');
  });

  test('clears where a cell of it is empty, and leaves alone where it has none', () => {
    const ragged = [[{ value: '' }, { value: '0.3' }], [{ value: '4' }]];
    const { texts } = paste(setOverride(SHEET, 'B', 'architecture.hiddenLayers', '9'), 0, 'dataset.noise', [
      ragged[0] ?? [],
      [],
      ragged[1] ?? [],
    ]);
    expect(texts['A']).toEqual({ 'architecture.hiddenLayers': '4' });
    expect(texts['B']).toEqual({
      'architecture.hiddenLayers': '9',
      'architecture.units': '5',
      'dataset.noise': '0.3',
    });
  });

  test('sets an override where it came from outside, even where it equals what is inherited', () => {
    expect(paste(SHEET, 1, 'dataset.noise', block('0.2')).texts['B']?.['dataset.noise']).toBe('0.2');
  });

  test('skips what is computed, and lines below the last row, and counts them', () => {
    const { edit, texts } = paste(SHEET, 0, 'train.loss', block('1', '3', '7'));
    expect(texts['A']).toEqual({ 'dataset.noise': '0.2', seeds: '3' });
    expect(edit.label).toBe(
      'paste 1 cell to A.loss, leaving out 1 computed cell, leaving out 1 line below the last row',
    );
    expect(paste(SHEET, 0, 'train.loss', block('1')).edit.count).toBe(0);
  });

  test('of one value fills the selection, and one that goes into it without rest is repeated', () => {
    const one = paste(SHEET, 0, 'architecture.hiddenLayers', block('2'), [2, 3]);
    expect(one.edit.count).toBe(6);
    expect(one.texts['C']).toEqual({ 'architecture.hiddenLayers': '2', 'architecture.units': '2' });
    const row = paste(SHEET, 0, 'architecture.hiddenLayers', block('1|2|3'), [2, 3]);
    expect(row.texts['B']?.['architecture.units']).toBe('2');
    const column = paste(SHEET, 0, 'architecture.hiddenLayers', block('1', '2'), [1, 3]);
    expect([column.texts['C']?.['architecture.hiddenLayers'], column.edit.count]).toEqual(['1', 6]);
    expect(paste(SHEET, 0, 'architecture.hiddenLayers', block('1|2'), [2, 3]).edit.count).toBe(2);
  });

  test('adds twins of the last run where it is wider than the sheet, never more than a sheet holds', () => {
    const { edit, made } = paste(SHEET, 2, 'dataset.noise', block('0.1|0.2|0.3'));
    expect(made.runs.map(({ id, name, base }) => [id, name, base]).slice(3)).toEqual([
      ['D', 'twin of C', 'C'],
      ['E', 'twin of C', 'C'],
    ]);
    expect(textsOf(made)['E']).toEqual({ 'dataset.noise': '0.3' });
    expect(edit.label).toBe('paste 3 cells to C.noise, adding 2 runs');
    expect(edit.corners(made)).toEqual({
      from: { run: 'C', row: 'dataset.noise' },
      to: { run: 'E', row: 'dataset.noise' },
    });
    const wide = addTwins(SHEET, Array(MAX_RUNS - 3).fill('x'), { base: 'A' });
    expect(() => paste(wide, MAX_RUNS - 1, 'dataset.noise', block('0.1|0.2'))).toThrow(
      'a sheet holds at most 1,000 runs: 1,000 exist, and this would add 1',
    );
    expect(paste(SHEET, 2, 'train.loss', block('0.1|0.2')).made).toBe(SHEET);
  });

  test('is refused where a text is longer than a sheet keeps, by its place, and nothing is changed', () => {
    const long = 'x'.repeat(150_000);
    const refusal = 'the text for noise of B has 150,000 characters; the limit is 2,000';
    const before = textsOf(SHEET);
    expect(() => paste(SHEET, 0, 'dataset.noise', block(`0.1|${long}`))).toThrow(new SheetError(refusal));
    const inherited: Block = [[{ value: '0.1' }, { value: long, raw: long, inherited: true }]];
    expect(() => paste(SHEET, 0, 'dataset.noise', inherited)).toThrow(new SheetError(refusal));
    expect(() => paste(SHEET, 1, 'architecture.hiddenLayers', block(long))).toThrow('hidden layers of B');
    expect(textsOf(SHEET)).toEqual(before);
    const most = 'x'.repeat(MAX_TEXT);
    expect(paste(SHEET, 1, 'dataset.noise', block(` ${most} `)).texts['B']?.['dataset.noise']).toBe(most);
  });

  test('leaves a text in place that was too long before', () => {
    const long = 'x'.repeat(3_000);
    const old: Sheet = {
      ...SHEET,
      runs: SHEET.runs.map((run) =>
        run.id === 'A' ? { ...run, overrides: new Map([['dataset.noise', long]]) } : run,
      ),
    };
    const copied = read(old)({ runs: ['A', 'B', 'C'], rows: ['dataset.noise'] });
    expect(paste(old, 0, 'dataset.noise', copied).made).toBe(old);
  });

  test('touches only the runs that it changes', () => {
    const { made } = paste(SHEET, 1, 'dataset.noise', block('0.7'));
    expect(made.runs.map((run, index) => run === SHEET.runs[index])).toEqual([true, false, true]);
  });
});

describe('a block of Gradsheet’s own', () => {
  const whole: Area = { runs: ['A', 'B', 'C'], rows: lines.ids };

  test('pasted back where it was copied changes nothing, whatever is inherited', () => {
    const text = fc.constantFrom('0.1', '0.2', '=A.dataset.noise', 'bad');
    const run = fc.record({
      base: fc.constantFrom('', 'A', 'B', 'C'),
      noise: fc.option(text),
      units: fc.option(fc.constantFrom('5', '10')),
    });
    fc.assert(
      fc.property(fc.array(run, { minLength: 3, maxLength: 3 }), (runs) => {
        const sheet: Sheet = {
          rows: [],
          runs: runs.map(({ base, noise, units }, index) => ({
            id: 'ABC'.charAt(index),
            name: 'x',
            // Rings are possible in an address, too.
            ...(base !== '' && { base }),
            overrides: new Map([
              ...(noise === null ? [] : ([['dataset.noise', noise]] as const)),
              ...(units === null ? [] : ([['architecture.units', units]] as const)),
            ]),
          })),
        };
        const copied = readPayload(writePayload(read(sheet)(whole)));
        if (!copied) throw new Error('it is not read back');
        expect(writeBlock(sheet, lines, { column: 0, row: 'name' }, copied, PASTE).make(sheet)).toBe(sheet);
      }),
    );
  });

  test('brings what a cell inherits to where that is not inherited, and nothing where it is', () => {
    const copied = read(SHEET)({ runs: ['C'], rows: ['dataset.noise'] });
    const other = setOverride(SHEET, 'B', 'dataset.noise', '0.9');
    expect(paste(other, 1, 'dataset.noise', copied).texts['B']).toEqual({ 'architecture.units': '5' });
    const apart = addRun(SHEET, { name: 'd' });
    expect(paste(apart, 3, 'dataset.noise', copied).texts['D']).toEqual({ 'dataset.noise': '0.2' });
  });

  test('is read into what is written in the same paste: a base before what is based on it, in any order', () => {
    const turned = sheetAt('#v1&B=b&B.base=A&A=a&A.dataset.noise=0.2');
    const copied: Block = [
      [
        { value: '0.7', raw: '0.7', inherited: true },
        { value: '0.7', raw: '0.7' },
      ],
    ];
    expect(paste(turned, 0, 'dataset.noise', copied).texts).toEqual({ B: {}, A: { 'dataset.noise': '0.7' } });
    const chain = sheetAt('#v1&C=c&C.base=B&B=b&B.base=A&A=a&A.dataset.noise=0.2');
    const both: Block = [Array(2).fill({ value: '0.7', raw: '0.7', inherited: true })];
    expect(paste(chain, 0, 'dataset.noise', both).texts).toEqual({
      C: {},
      B: { 'dataset.noise': '0.7' },
      A: { 'dataset.noise': '0.2' },
    });
  });

  test('goes with a table of values for others, and formulas for itself', () => {
    const held = new Map<string, string>();
    const data = {
      setData: (type: string, text: string) => void held.set(type, text),
      getData: (type: string) => held.get(type) ?? '',
    };
    const copied: Block = [
      [{ value: '0.5', raw: '=A.dataset.noise' }, undefined],
      [{ value: 'a\tb' }, { value: '' }],
    ];
    writeClipboard(data, copied);
    expect(held.get('text/plain')).toBe('0.5\t\n"a\tb"\t');
    expect(readClipboard(data)).toMatchObject({
      ok: true,
      value: [
        [{ raw: '=A.dataset.noise' }, undefined],
        [{ value: 'a\tb' }, { value: '' }],
      ],
    });
    held.set(OWN_TYPE, '{"gradsheet":1}');
    expect(readClipboard(data)).toMatchObject({
      ok: true,
      value: [
        [{ value: '0.5' }, { value: '' }],
        [{}, {}],
      ],
    });
    held.clear();
    expect(readClipboard(data)).toEqual({ ok: false, reason: 'there is no text on the clipboard' });
  });

  test('is refused where it is none of ours', () => {
    const cell = { value: '1' };
    for (const hostile of [
      '',
      'null',
      '{',
      '[]',
      '{"gradsheet":2,"lines":[[null]]}',
      '{"gradsheet":1,"lines":[]}',
      '{"gradsheet":1,"lines":[[]]}',
      '{"gradsheet":1,"lines":[[{"value":1}]]}',
      '{"gradsheet":1,"lines":[[{"value":"1","more":true}]]}',
      '{"gradsheet":1,"lines":[[{"value":"1","__proto__":{"raw":"=x"}}]]}',
      '{"gradsheet":1,"lines":[[{}]]}',
      JSON.stringify({ gradsheet: 1, lines: [[{ value: 'x'.repeat(16 * 2 ** 20) }]] }),
      JSON.stringify({ gradsheet: 1, lines: [Array(1_001).fill(cell)] }),
      JSON.stringify({ gradsheet: 1, lines: Array(1_001).fill([cell]) }),
    ])
      expect(readPayload(hostile), hostile.slice(0, 60)).toBeUndefined();
  });
});

describe('filling', () => {
  const make = (sheet: Sheet, filling: Filling) => {
    if (!filling.edit) throw new Error(filling.reason);
    return {
      label: filling.edit.label,
      made: filling.edit.make(sheet),
      texts: textsOf(filling.edit.make(sheet)),
    };
  };
  const area = (runs: string, ...rows: string[]): Area => ({ runs: [...runs], rows });

  test('right copies the first selected column to the others, and params alone', () => {
    const { label, texts } = make(
      SHEET,
      fillRight(
        SHEET,
        lines,
        area('BC', 'architecture.units', 'optimizer.nesterov', 'train.loss'),
        read(SHEET),
      ),
    );
    expect(texts['C']).toEqual({ 'architecture.units': '5' });
    expect(label).toBe('fill 2 rows of C from B');
  });

  test('right of a single column takes from the one left of it', () => {
    expect(
      make(SHEET, fillRight(SHEET, lines, area('C', 'architecture.units'), read(SHEET))).texts['C'],
    ).toEqual({
      'architecture.units': '5',
    });
    expect(fillRight(SHEET, lines, area('A', 'architecture.units'), read(SHEET)).reason).toBe(
      'there is no column left of A to fill from',
    );
    expect(fillRight(SHEET, lines, area('AB', 'train.loss'), read(SHEET)).reason).toMatch(/only params/);
  });

  test('down copies the first selected row to those below; of a single one, the param above', () => {
    const rows = ['architecture.hiddenLayers', 'architecture.units'];
    const { texts } = make(SHEET, fillDown(SHEET, lines, area('BC', ...rows), read(SHEET)));
    expect([texts['B'], texts['C']]).toEqual([{ 'architecture.units': '3' }, { 'architecture.units': '3' }]);
    const single = make(SHEET, fillDown(SHEET, lines, area('A', 'architecture.hiddenLayers'), read(SHEET)));
    expect(single.texts['A']?.['architecture.hiddenLayers']).toBe('0.2');
    expect(fillDown(SHEET, lines, area('A', 'dataset.generator'), read(SHEET)).reason).toBe(
      'there is no param above generator to fill from',
    );
  });

  test('to the right goes on with a series, and behind the last run makes twins of the last selected one', () => {
    const rising = setOverride(SHEET, 'B', 'dataset.noise', '0.3');
    const pull = { direction: 'right', count: 3 } as const;
    const { label, made, texts } = make(
      rising,
      fillSeries(rising, lines, area('AB', 'dataset.noise'), read(rising), pull),
    );
    expect(made.runs.map(({ id, name, base }) => `${id} ${name} ${base}`).slice(2)).toEqual([
      'C c A',
      'D noise 0.5 B',
      'E noise 0.6 B',
    ]);
    expect(texts['C']?.['dataset.noise']).toBe('0.4');
    expect(label).toBe('fill noise from C on with 0.4, 0.5, 0.6, adding 2 runs');
  });

  test('goes on by ratio where values span decades, and ends before a value that the param refuses', () => {
    const pull = { direction: 'right', count: 3 } as const;
    const withTexts = (row: string, a: string, b: string): Sheet =>
      setOverride(setOverride(SHEET, 'A', row, a), 'B', row, b);
    const rates = withTexts('optimizer.learningRate', '0.002', '0.001');
    const halved = fillSeries(rates, lines, area('AB', 'optimizer.learningRate'), read(rates), pull);
    expect([halved.values, halved.ends]).toEqual([['0.0005', '0.00025', '0.000125'], undefined]);
    const noises = withTexts('dataset.noise', '0.2', '0.1');
    const falling = fillSeries(noises, lines, area('AB', 'dataset.noise'), read(noises), pull);
    expect(falling.values).toEqual(['0']);
    expect(falling.ends).toMatch(/^noise cannot be -0\.1: /);
    expect(falling.edit?.make(noises).runs.map(({ id }) => id)).toEqual(['A', 'B', 'C']);
    const last = withTexts('dataset.noise', '0.1', '0');
    const none = fillSeries(last, lines, area('AB', 'dataset.noise'), read(last), pull);
    expect([none.edit, none.reason]).toEqual([undefined, expect.stringMatching(/^noise cannot be -0\.1: /)]);
  });

  test('to the right copies a single value, which its twins inherit', () => {
    const pull = { direction: 'right', count: 3 } as const;
    const { texts, made } = make(
      SHEET,
      fillSeries(SHEET, lines, area('B', 'architecture.units'), read(SHEET), pull),
    );
    expect(texts['C']).toEqual({ 'architecture.units': '5' });
    expect(made.runs.slice(3).map(({ base, overrides }) => [base, overrides.size])).toEqual([
      ['B', 0],
      ['B', 0],
    ]);
  });

  test('to the left goes back in the series, as far as there are columns', () => {
    const sheet = ['1', '2', '3'].reduce(
      (made, text, index) => setOverride(made, 'ABC'.charAt(index), 'architecture.hiddenLayers', text),
      SHEET,
    );
    const back = setOverride(sheet, 'A', 'architecture.hiddenLayers', '9');
    const filled = make(
      back,
      fillSeries(back, lines, area('BC', 'architecture.hiddenLayers'), read(back), {
        direction: 'left',
        count: 5,
      }),
    );
    expect(filled.texts['A']?.['architecture.hiddenLayers']).toBe('1');
    expect(filled.label).toBe('fill hidden layers of A with 1');
  });

  test('down copies to the params below', () => {
    const filled = make(
      SHEET,
      fillSeries(SHEET, lines, area('B', 'architecture.hiddenLayers'), read(SHEET), {
        direction: 'down',
        count: 1,
      }),
    );
    expect(filled.texts['B']).toEqual({ 'architecture.units': '3' });
  });

  test('takes words in turn, each as its own or inherited as it was', () => {
    const sheet = setOverride(SHEET, 'B', 'dataset.generator', 'blobs');
    const filled = make(
      sheet,
      fillSeries(sheet, lines, area('AB', 'dataset.generator'), read(sheet), {
        direction: 'right',
        count: 3,
      }),
    );
    expect(
      filled.made.runs.map(({ id, base }) => [id, base, filled.texts[id]?.['dataset.generator']]),
    ).toEqual([
      ['A', undefined, undefined],
      ['B', 'A', 'blobs'],
      ['C', 'A', undefined],
      ['D', 'B', undefined],
      ['E', 'B', 'moons'],
    ]);
  });
});

describe('twins', () => {
  test('by the hundred have ids that nobody has, and stand behind the run that they are to follow', () => {
    const made = addTwins(SHEET, Array(900).fill('x'), { base: 'B', after: 'B' });
    expect(new Set(made.runs.map(({ id }) => id)).size).toBe(903);
    expect(made.runs.map(({ id }) => id).slice(0, 4)).toEqual(['A', 'B', 'D', 'E']);
    expect(made.runs.at(-1)?.id).toBe('C');
    const last: Sheet = {
      rows: [],
      runs: ['A', 'ZZY'].map((id) => ({ id, name: '', overrides: new Map() })),
    };
    expect(addTwins(last, ['x', 'y', 'z'], { base: 'ZZY' }).runs.map(({ id }) => id)).toEqual([
      'A',
      'ZZY',
      'ZZZ',
      'B',
      'C',
    ]);
  });
});
