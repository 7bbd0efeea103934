// The trace of a cell: what it is made of, what is made of it, and that the two say the same.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import { createPrecedents, type Place } from '../../../src/ui/formula/precedents';
import { cases } from '../../cases';

const language = createLanguage(registry);

function traceOf(address: string) {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const plan = createPlanner(registry, () => language)(parsed.sheet);
  const trace = createPrecedents(registry, plan, language);
  const written = (places: readonly Place[]): string[] => places.map(({ run, row }) => `${run}.${row}`);
  return {
    plan,
    precedents: (run: string, row: string) => written(trace.precedents({ run, row })),
    dependents: (run: string, row: string) => written(trace.dependents({ run, row })),
  };
}

const SHEET =
  '#v1&A=a&A.optimizer.learningRate=0.01&A.train.batchSize=%3Dunits%20*%202' +
  '&B=b&B.base=A&B.optimizer.learningRate=%3DA.optimizer.learningRate%20*%2010' +
  '&C=c&C.base=B&C.architecture.units=20&D=d&D.base=A&D.seeds=3';

describe('a param', () => {
  const sheet = traceOf(SHEET);

  test('is made of what its formula reads, in the run in which that is evaluated', () => {
    expect(sheet.precedents('B', 'optimizer.learningRate')).toEqual(['A.optimizer.learningRate']);
    expect(sheet.precedents('A', 'train.batchSize')).toEqual(['A.architecture.units']);
    expect(sheet.precedents('C', 'train.batchSize')).toEqual(['C.architecture.units', 'A.train.batchSize']);
  });

  test('that is inherited is made of the text of the run that wrote it; a literal or a default of nothing', () => {
    expect(sheet.precedents('D', 'optimizer.learningRate')).toEqual(['A.optimizer.learningRate']);
    expect(sheet.precedents('A', 'optimizer.learningRate')).toEqual([]);
    expect(sheet.precedents('C', 'dataset.noise')).toEqual([]);
  });

  test('is read by formulas wherever they are evaluated, by runs that inherit it, by its kind', () => {
    expect(sheet.dependents('A', 'optimizer.learningRate')).toEqual([
      'B.optimizer.learningRate',
      'C.optimizer.learningRate',
      'D.optimizer.learningRate',
      'A.optimizer',
    ]);
    expect(sheet.dependents('C', 'architecture.units')).toEqual(['C.train.batchSize', 'C.architecture']);
    expect(sheet.dependents('C', 'optimizer.learningRate')).toEqual(['C.optimizer']);
  });

  test('that does not exist, or stands in no run, is made of nothing', () => {
    expect(sheet.precedents('Z', 'train.epochs')).toEqual([]);
    expect(sheet.dependents('Z', 'train.epochs')).toEqual([]);
    expect(sheet.precedents('A', 'name')).toEqual([]);
    expect(sheet.dependents('A', 'train.more')).toEqual([]);
    expect(traceOf('#v1&A=a&A.train.epochs=%3DZ.train.epochs').precedents('A', 'train.epochs')).toEqual([]);
  });
});

describe('a computed cell', () => {
  const sheet = traceOf(SHEET);

  test('is made of its params, those that are set first, and of the kinds that it takes', () => {
    const made = sheet.precedents('B', 'train');
    expect(made.slice(0, 5)).toEqual([
      'B.train.batchSize',
      'B.dataset',
      'B.split',
      'B.architecture',
      'B.optimizer',
    ]);
    expect(made.slice(5)).toContain('B.train.epochs');
  });

  test('is read by the kinds that take it and by its results', () => {
    expect(sheet.dependents('A', 'split')).toEqual(['A.train', 'A.diff']);
    expect(sheet.dependents('A', 'train')).toEqual(
      expect.arrayContaining(['A.diff', 'A.train.loss', 'A.diff.firstToLast']),
    );
    expect(sheet.precedents('A', 'diff.firstToLast')).toEqual(['A.train']);
  });

  test('of a run with seeds gives results that depend on how many they are', () => {
    expect(sheet.precedents('D', 'train.loss')).toEqual(['D.train', 'D.seeds']);
    expect(sheet.dependents('D', 'seeds')).toContain('D.train.loss');
    expect(sheet.dependents('A', 'seeds')).toEqual([]);
  });
});

test('a row of the person’s own is made of results, curves, params and other rows', () => {
  const sheet = traceOf(
    '#v1&A=a&B=b&row.gap=%3Dloss%20-%20A.loss&row.far=%3Dgap%20%2B%20min(train.testLoss)%20%2B%20units',
  );
  expect(sheet.precedents('B', 'row.gap')).toEqual(['B.train.loss', 'A.train.loss']);
  expect(sheet.precedents('A', 'row.far')).toEqual(['A.row.gap', 'A.train', 'A.architecture.units']);
  expect(sheet.dependents('A', 'train.loss')).toEqual(['A.row.gap', 'B.row.gap']);
  expect(sheet.dependents('B', 'row.gap')).toEqual(['B.row.far']);
});

test('a cell is a precedent of another exactly where that is its dependent, in any sheet', () => {
  const paths = ['train.epochs', 'train.batchSize', 'architecture.units', 'seeds', 'optimizer.learningRate'];
  const ids = ['A', 'B', 'C', 'D'];
  const reference = fc
    .tuple(fc.constantFrom('', ...ids.map((id) => `${id}.`)), fc.constantFrom(...paths))
    .map(([run, path]) => run + path);
  const text = fc.oneof(
    fc.nat(20).map(String),
    fc.array(reference, { minLength: 1, maxLength: 3 }).map((names) => `=${names.join(' + ')}`),
    fc.constant('=('),
  );
  const overrides = fc.dictionary(fc.constantFrom(...paths), text, { maxKeys: 3 });
  const run = fc.record({ base: fc.option(fc.constantFrom(...ids), { nil: undefined }), overrides });
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 4 }), (runs) => {
      const sheet = {
        rows: [{ name: 'gap', formula: '=loss - A.loss + units' }],
        runs: runs.map(({ base, overrides: own }, index) => ({
          id: ids[index] ?? '',
          name: '',
          ...(base !== undefined && { base }),
          overrides: new Map(Object.entries(own)),
        })),
      };
      const plan = createPlanner(registry, () => language)(sheet);
      const trace = createPrecedents(registry, plan, language);
      const rows = [
        ...registry.kinds.flatMap(({ name, params }) => [
          name,
          ...Object.keys(params).map((param) => `${name}.${param}`),
        ]),
        ...registry.results.map(({ group, name }) => `${group}.${name}`),
        'seeds',
        'row.gap',
      ];
      const places = sheet.runs.flatMap(({ id }) => rows.map((row) => ({ run: id, row })));
      const link = (from: Place, to: Place): string => `${from.run}.${from.row} → ${to.run}.${to.row}`;
      const back = places.flatMap((place) => trace.precedents(place).map((other) => link(other, place)));
      const forth = places.flatMap((place) => trace.dependents(place).map((other) => link(place, other)));
      expect(forth.toSorted()).toEqual(back.toSorted());
    }),
    { numRuns: cases(60) },
  );
});

test('200 runs that inherit and refer are all found', () => {
  const runs = Array.from({ length: 200 }, (_, index) => {
    const id =
      index < 26
        ? String.fromCharCode(65 + index)
        : `A${String.fromCharCode(65 + Math.floor(index / 26))}${String.fromCharCode(65 + (index % 26))}`;
    const overrides = new Map([
      ['optimizer.learningRate', index === 0 ? '0.01' : `=A.optimizer.learningRate * ${index}`],
    ]);
    return { id, name: '', ...(index > 0 && { base: 'A' }), overrides };
  });
  const plan = createPlanner(registry, () => language)({ runs, rows: [] });
  const found = createPrecedents(registry, plan, language).dependents({
    run: 'A',
    row: 'optimizer.learningRate',
  });
  expect(found.length).toBe(200);
});

test('1,000 runs with 100 rows of the person’s own are each read once, and not once for each run', () => {
  const ids = [
    'A',
    ...Array.from(
      { length: 26 * 26 * 2 },
      (_, index) =>
        `${'AB'[index % 2]}${String.fromCharCode(65 + (Math.floor(index / 2) % 26))}${String.fromCharCode(65 + Math.floor(index / 52))}`,
    ),
  ].slice(0, 1000);
  const runs = ids.map((id, index) => ({
    id,
    name: '',
    ...(index > 0 && { base: 'A' }),
    overrides: new Map([['train.epochs', String(index + 1)]]),
  }));
  const rows = Array.from({ length: 100 }, (_, index) => ({
    name: `row${index}`,
    formula: `=loss - A.loss + min(train.testLoss) * ${index}`,
  }));
  const plan = createPlanner(registry, () => language)({ runs, rows });
  // What the cells of the rows have parsed before.
  for (const { formula } of rows) language.parse(formula, { rows: rows.map(({ name }) => name) });
  let parsed = 0;
  const counting = {
    ...language,
    parse(...args: Parameters<typeof language.parse>) {
      parsed++;
      return language.parse(...args);
    },
  };
  const trace = createPrecedents(registry, plan, counting);
  expect(trace.dependents({ run: 'AAA', row: 'train.loss' })).toHaveLength(100);
  // Each row once, and not once for each run.
  expect(parsed).toBeLessThan(1_000);
  const all = trace.dependents({ run: 'A', row: 'train.loss' });
  expect(all).toHaveLength(100_000);
  expect(new Set(all.map(({ run, row }) => `${run}.${row}`)).size).toBe(100_000);
});
