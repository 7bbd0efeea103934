// What a draft refers to, where a reference could be put, and what the draft comes to.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { createPlanner } from '../../../src/core/plan/plan';
import { addRun, type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { faultIn, readDraft } from '../../../src/ui/formula/draft-outcome';
import { hueOf, openPlace, piecesOf, referencesIn, referenceText } from '../../../src/ui/formula/references';

const language = createLanguage(registry);
const context = { registry, language, run: 'B', scope: {} };

const found = (text: string, scope = {}) =>
  referencesIn(text, { ...context, scope }).map(
    ({ from, to, place, number }) => `${text.slice(from, to)} → ${place.run} ${place.row} (${number})`,
  );

describe('the references of a draft', () => {
  test('are found with their cells, shorthands and the run’s own ones as well', () => {
    expect(found('=A.optimizer.learningRate * units + seeds')).toEqual([
      'A.optimizer.learningRate → A optimizer.learningRate (1)',
      'units → B architecture.units (2)',
      'seeds → B seeds (3)',
    ]);
  });

  test('are found in what is not finished, between functions, words and errors', () => {
    expect(found('  =max(A.units, ')).toEqual(['A.units → A architecture.units (1)']);
    expect(found('=if(units > , "units" nosuch true A.epochs')).toEqual([
      'units → B architecture.units (1)',
      'A.epochs → A train.epochs (2)',
    ]);
    expect(found('units')).toEqual([]);
    expect(found('="A.units"')).toEqual([]);
  });

  test('have one number a cell, however it is written, and five colours', () => {
    expect(found('=units + B.architecture.units - A.units')).toEqual([
      'units → B architecture.units (1)',
      'B.architecture.units → B architecture.units (1)',
      'A.units → A architecture.units (2)',
    ]);
    expect([1, 5, 6, 11].map(hueOf)).toEqual([1, 5, 1, 1]);
  });

  test('in a row of the person’s own are results, curves and other rows too', () => {
    expect(found('=loss - A.train.testLoss[0] + gap', { rows: ['gap'] })).toEqual([
      'loss → B train.loss (1)',
      'A.train.testLoss → A train (2)',
      'gap → B row.gap (3)',
    ]);
  });

  test('and faults cut the text into pieces that are together the text', () => {
    expect(
      piecesOf('=a+b', [{ from: 1, to: 2, place: { run: 'A', row: 'x' }, number: 1 }], { from: 2, to: 4 }),
    ).toEqual([{ text: '=' }, { text: 'a', number: 1 }, { text: '+b', isFault: true }]);
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.nat(30), fc.nat(30), (rest, a, b) => {
        const text = `=units+${rest}`;
        const fault = { from: Math.min(a, b), to: Math.max(a, b) };
        const pieces = piecesOf(text, referencesIn(text, context), fault);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        expect(pieces.every((piece) => piece.text !== '')).toBe(true);
      }),
    );
  });
});

describe('a reference can be put', () => {
  const at = (text: string, pointed?: { from: number; to: number }): unknown => {
    const from = text.indexOf('|');
    const plain = text.replaceAll('|', '');
    const to = text.lastIndexOf('|');
    return openPlace(plain, { from, to: to === from ? from : to - 1 }, pointed);
  };

  test.each([
    '=|',
    ' = |',
    '=1 + |',
    '=(|',
    '=max(|',
    '=max(1,|',
    '=-|',
    '=a * |)',
    '=[|, 1]',
    '=|* 2',
    '=a == |',
  ])('in %s', (text) => expect(at(text)).toEqual({ from: text.indexOf('|'), to: text.indexOf('|') }));

  test.each(['|', '5|', '=a|', '=a |', '=2|', '=|a', '=1 +| 2', '="a, |"', '="a,|', '=(1)|'])(
    'not in %s',
    (text) => expect(at(text)).toBeUndefined(),
  );

  test('in the place of what is selected, and of what was pointed at last', () => {
    expect(at('=1 + |units|')).toEqual({ from: 5, to: 10 });
    expect(at('=A.units|', { from: 1, to: 8 })).toEqual({ from: 1, to: 8 });
    expect(at('=A.units|')).toBeUndefined();
    expect(at('=A.un|its', { from: 1, to: 8 })).toBeUndefined();
  });

  test('as its run would write it, where formulas can refer to it', () => {
    expect(referenceText({ run: 'A', row: 'optimizer.learningRate' }, context)).toBe(
      'A.optimizer.learningRate',
    );
    expect(referenceText({ run: 'B', row: 'optimizer.learningRate' }, context)).toBe(
      'optimizer.learningRate',
    );
    expect(referenceText({ run: 'A', row: 'seeds' }, context)).toBe('A.seeds');
    for (const row of ['train', 'train.loss', 'train.more', 'name', 'row.gap'])
      expect(referenceText({ run: 'A', row }, context)).toBeUndefined();
    const rows = { ...context, scope: { rows: ['gap'] } };
    expect(referenceText({ run: 'A', row: 'diff.firstToLast' }, rows)).toBe('A.firstToLast');
    expect(referenceText({ run: 'A', row: 'row.gap' }, rows)).toBe('A.gap');
  });

  test('and means the cell that was pointed at', () => {
    const paths = registry.kinds.flatMap(({ name, params }) =>
      Object.keys(params).map((param) => `${name}.${param}`),
    );
    for (const row of [...paths, 'seeds'])
      for (const run of ['A', 'B']) {
        const text = `=${referenceText({ run, row }, context)}`;
        expect(referencesIn(text, context).map(({ place }) => place)).toEqual([{ run, row }]);
      }
  });
});

describe('a draft comes to', () => {
  const planOf = createPlanner(registry, () => language);
  let sheet: Sheet = addRun({ runs: [], rows: [] }, { name: 'a' });
  sheet = addRun(sheet, { name: 'b', base: 'A' });
  sheet = setOverride(sheet, 'A', 'architecture.units', '=train.batchSize / 4');
  const outcomeOf = (text: string, row = 'architecture.units', run = 'B') => {
    const [kind = '', param = ''] = row.split('.');
    return readDraft({ registry, language }, planOf, sheet, {
      run,
      row: { type: 'param', id: row, kind, param },
      text,
    });
  };

  test('what its cell will show', () => {
    expect(outcomeOf('=A.units * 2')).toEqual({ text: '=A.units * 2', shown: '16' });
    expect(outcomeOf('="relu"', 'architecture.activation').shown).toBe('relu');
    expect(outcomeOf('=[4, 8, 4]').shown).toBe('4,8,4');
  });

  test('an error with its place in the text, spaces before it counted', () => {
    const faulty = (text: string, row?: string): unknown => {
      const { error } = outcomeOf(text, row);
      return [error?.code, error?.span && text.slice(error.span.from, error.span.to)];
    };
    expect(faulty('=1 + unots')).toEqual(['#NAME?', 'unots']);
    expect(faulty('  =1 + unots')).toEqual(['#NAME?', 'unots']);
    expect(faulty('=A.units + 1 / 0')).toEqual(['#DIV/0!', '1 / 0']);
    expect(faulty('=Z.units')).toEqual(['#REF!', 'Z.units']);
    expect(faulty('=A.units / 3')).toEqual(['#VALUE!', undefined]);
  });

  test('a cycle, also by way of a run that inherits it', () => {
    expect(outcomeOf('=units').error?.code).toBe('#CYCLE!');
    expect(outcomeOf('=B.batchSize', 'train.batchSize', 'A').error?.message).toMatch(/B\.train\.batchSize/);
  });

  test('and leaves the sheet as it was', () => {
    const plan = planOf(sheet);
    outcomeOf('=1 / 0');
    expect(planOf(sheet).runs.get('B')?.settings.get('architecture')?.params?.['units']).toBe(8);
    expect(faultIn({ registry, language }, plan, 'B', '=units + 1')).toBeUndefined();
  });
});
