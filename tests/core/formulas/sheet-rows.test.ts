// Rows of a person's own: their edits, and what they come to over params, results, curves and members.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { evaluateRow, type RowSource } from '../../../src/core/formulas/row-values';
import {
  addRow,
  moveRow,
  refuseRowName,
  removeRow,
  renameRow,
  setRow,
} from '../../../src/core/formulas/sheet-rows';
import type { Problem } from '../../../src/core/kinds/problem';
import type { Plain } from '../../../src/core/kinds/value';
import { createPlanner } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';

const language = createLanguage(registry);
const first = edits.addRun({ runs: [], rows: [] }, { name: 'first' });
const second = edits.addRun(first, { name: 'second', base: 'A' });
const add = (sheet: edits.Sheet, name: string, formula: string) => addRow(sheet, { name, formula }, registry);

describe('a row', () => {
  test('is added, changed, renamed with what reads it, moved and removed', () => {
    let sheet = add(add(first, 'gap', 'loss - A.loss'), 'twice', '=2 * gap + A.gap + "gap"');
    expect(sheet.rows[0]).toEqual({ name: 'gap', formula: '=loss - A.loss' });
    sheet = renameRow(sheet, 'gap', 'excess', registry, language);
    expect(sheet.rows.map(({ name }) => name)).toEqual(['excess', 'twice']);
    expect(sheet.rows[1]?.formula).toBe('=2 * excess + A.excess + "gap"');
    sheet = moveRow(setRow(sheet, 'excess', '=1 +'), 'twice', 0);
    expect(sheet.rows).toEqual([
      { name: 'twice', formula: '=2 * excess + A.excess + "gap"' },
      { name: 'excess', formula: '=1 +' },
    ]);
    expect(setRow(sheet, 'excess', '=1 +')).toBe(sheet);
    expect(removeRow(sheet, 'twice').rows).toEqual([{ name: 'excess', formula: '=1 +' }]);
  });

  test('is refused where its name is taken, means something, or is none', () => {
    const sheet = add(first, 'gap', '=1');
    expect(() => add(sheet, 'gap', '=2')).toThrow('the row "gap" already exists');
    expect(() => add(sheet, 'testLoss', '=2')).toThrow('"testLoss" already has a meaning');
    expect(() => renameRow(add(sheet, 'other', '=2'), 'gap', 'other', registry, language)).toThrow('already');
    expect(() => removeRow(sheet, 'none')).toThrow('there is no row "none"');
    const reading = add(sheet, 'sum', `=${Array(900).fill('gap').join('+').slice(0, 1_999)}`);
    expect(() => renameRow(reading, 'gap', 'x'.repeat(200), registry, language)).toThrow(
      'the text for the row sum',
    );
    const many = Array.from({ length: 100 }).reduce(
      (grown: edits.Sheet, _, i) => add(grown, `r${i}`, '=1'),
      first,
    );
    expect(() => add(many, 'more', '=1')).toThrow('at most 100 rows');
  });

  test.each(['gap', 'minLoss', 'x2', 'min'])('can be called %s', (name) => {
    expect(refuseRowName(name, registry)).toBeUndefined();
  });

  test.each([
    '',
    'Gap',
    'A',
    '2x',
    'a b',
    'a.b',
    'é',
    'loss',
    'units',
    'seed',
    'train',
    'name',
    'true',
    'seeds',
    'x'.repeat(300),
  ])('cannot be called %j', (name) => {
    expect(refuseRowName(name, registry)).toBeTruthy();
  });
});

/** A training as rows read it. */
const trained = (loss: number): Plain => ({
  loss: Float64Array.of(2 * loss, loss),
  accuracy: Float64Array.of(0.5, 0.9),
  testLoss: Float64Array.of(loss, 1.5 * loss),
  testAccuracy: Float64Array.of(0.5, 0.8),
  gradientRms: { shape: [2, 2], data: Float64Array.of(0.01, 0.04, 0.02, 0.03) },
  updateRms: { shape: [2, 2], data: Float64Array.of(1, 1, 1, 1) },
  saturated: { shape: [2, 1], data: Float64Array.of(0, 0) },
  layers: [{ units: 1 }],
});

/** What a formula comes to in a run, over trainings whose last loss is 0.4 in A and half of the one before in each run after. */
function outcome(sheet: edits.Sheet, formula: string, run: string, member = 0) {
  const plan = createPlanner(registry, () => language)(sheet);
  const source: RowSource = {
    registry,
    language,
    plan,
    value(node, at, index) {
      if (node.kind.name !== 'train') return { pending: true };
      if (plan.runs.get(at)?.run.name === 'diverging') {
        const problem: Problem = { kind: 'diverged', cell: `${at}.train`, message: 'at epoch 3' };
        return { problem };
      }
      return { value: trained(0.4 / (at.charCodeAt(0) - 64) + (index ?? 0) / 10) };
    },
  };
  const planned = plan.runs.get(run);
  if (!planned) throw new Error(run);
  const found = evaluateRow(source, { name: 'own', formula }, planned, member);
  if ('value' in found)
    return typeof found.value === 'number' ? Number(found.value.toPrecision(12)) : found.value;
  if ('error' in found) return found.error.code;
  return 'problem' in found ? `${found.problem.code ?? found.problem.kind} ${found.problem.cell}` : 'pending';
}

describe('what a row comes to', () => {
  test.each([
    ['=loss', 0.2],
    ['=loss - A.loss', -0.2],
    ['=loss / A.loss', 0.5],
    ['=min(train.testLoss)', 0.2],
    ['=argmin(train.testLoss)', 0],
    ['=train.gradientRms[0][0] / last(train.gradientRms[0])', 0.25],
    ['=firstToLast', 0.25],
    ['=max(train.testLoss - train.loss)', 0.1],
    ['=epochs * A.epochs', 10_000],
    ['=count(train.loss)', 2],
    ['=train.layers', '#VALUE!'],
    ['=Z.loss', '#REF!'],
    ['=loss[0]', '#VALUE!'],
    ['=count(dataset.x)', 'pending'],
    ['=C.loss', '#DIVERGED! C.train'],
    ['=if(units > 3, loss, C.loss)', 0.2],
    ['=D.loss', 'blocked D.train.epochs'],
    ['=D.epochs', 'blocked D.train.epochs'],
    ['=loss +', '#NAME?'],
  ])('%s is %j in B', (formula, expected) => {
    let sheet = edits.addRun(second, { name: 'diverging' });
    sheet = edits.setOverride(edits.addRun(sheet, { name: 'd' }), 'D', 'train.epochs', '-1');
    expect(outcome(sheet, formula, 'B')).toEqual(expected);
  });

  test('may read other rows; a cycle is #CYCLE! on its members, and what reads it is blocked by them', () => {
    let sheet = add(add(second, 'gap', '=loss - A.loss'), 'twice', '=gap * 2');
    expect(outcome(sheet, '=twice + 1', 'B')).toBe(0.6);
    sheet = add(add(sheet, 'cycle', '=back'), 'back', '=cycle + 1');
    expect(outcome(sheet, '=cycle', 'B')).toBe('blocked B.cycle');
    expect(outcome(sheet, '=own', 'B')).toBe('#NAME?');
    const self = add(second, 'own', '=A.own + 1');
    expect(outcome(self, '=A.own + 1', 'A')).toBe('#CYCLE!');
    expect(outcome(self, '=A.own + 1', 'B')).toBe('blocked A.own');
    expect(outcome(add(second, 'zero', '=1 / 0'), '=zero', 'B')).toBe('blocked B.zero');
  });

  test('compares member with member where two runs have as many, and any number with a run of one', () => {
    const both = edits.setOverride(second, 'A', 'seeds', '3');
    expect(outcome(both, '=loss - A.loss', 'B', 2)).toBe(-0.2);
    expect(outcome(both, '=loss', 'B', 2)).toBe(0.4);
    expect(outcome(both, '=architecture.seed + train.seed', 'B', 2)).toBe(4);
    const one = edits.setOverride(second, 'B', 'seeds', '3');
    expect(outcome(one, '=loss - A.loss', 'B', 2)).toBe(0);
    expect(outcome(one, '=A.loss - B.loss', 'A')).toBe('#VALUE!');
    expect(outcome(one, '=seeds + A.seeds', 'B', 1)).toBe(4);
  });
});

describe('rows that read rows', () => {
  /** Evaluates every row in A over one source; no cell's value is asked for. */
  function outcomes(sheet: edits.Sheet) {
    const plan = createPlanner(registry, () => language)(sheet);
    const source: RowSource = { registry, language, plan, value: () => ({ pending: true }) };
    const run = plan.runs.get('A');
    if (!run) throw new Error('no A');
    return sheet.rows.map((row) => evaluateRow(source, row, run, 0));
  }

  test('are each evaluated once, however many read them: a row that doubles another ends as soon as any', () => {
    let sheet = add(first, 'r0', '=train.epochs');
    for (let i = 1; i < 100; i++) sheet = add(sheet, `r${i}`, `=(r${i - 1} + r${i - 1}) / 2`);
    expect(outcomes(sheet).at(-1)).toEqual({ value: 100 });
    const cycle = setRow(sheet, 'r0', '=r99');
    for (const outcome of outcomes(cycle)) expect(outcome).toMatchObject({ error: { code: '#CYCLE!' } });
  });

  type Term = {
    readonly text: string;
    readonly reads: readonly number[];
    compute(at: (row: number) => number): number;
  };
  const ROWS = 5;
  const leaf = fc.oneof(
    fc.nat({ max: 9 }).map((value): Term => ({ text: String(value), reads: [], compute: () => value })),
    fc
      .nat({ max: ROWS - 1 })
      .map((row): Term => ({ text: `r${row}`, reads: [row], compute: (at) => at(row) })),
  );
  const both = (a: Term, b: Term): readonly number[] => [...a.reads, ...b.reads];
  const terms = fc.letrec<{ term: Term }>((tie) => ({
    term: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(tie('term'), tie('term')).map(
        ([a, b]): Term => ({
          text: `(${a.text} + ${b.text})`,
          reads: both(a, b),
          compute: (at) => a.compute(at) + b.compute(at),
        }),
      ),
      fc.tuple(tie('term'), tie('term')).map(
        ([a, b]): Term => ({
          text: `(${a.text} - 2 * ${b.text})`,
          reads: both(a, b),
          compute: (at) => a.compute(at) - 2 * b.compute(at),
        }),
      ),
      fc.tuple(tie('term'), tie('term'), tie('term')).map(
        ([a, b, c]): Term => ({
          text: `if(${a.text} > 4, ${b.text}, ${c.text})`,
          reads: [...both(a, b), ...c.reads],
          compute: (at) => (a.compute(at) > 4 ? b.compute(at) : c.compute(at)),
        }),
      ),
    ),
  })).term;

  test('come to what is computed without any language, and cycles are found', () => {
    let cycles = 0;
    fc.assert(
      fc.property(fc.array(terms, { minLength: ROWS, maxLength: ROWS }), (rows) => {
        const reaches = (from: number, to: number, seen = new Set<number>()): boolean =>
          (rows[from]?.reads ?? []).some(
            (row) => row === to || (!seen.has(row) && reaches(row, to, seen.add(row))),
          );
        const inCycle = rows.map((_, row) => reaches(row, row));
        class Blocked extends Error {}
        const at = (row: number): number => {
          if (inCycle[row]) throw new Blocked();
          return rows[row]?.compute(at) ?? 0;
        };
        const sheet = rows.reduce(
          (grown: edits.Sheet, { text }, row) => add(grown, `r${row}`, `=${text}`),
          first,
        );
        for (const [row, found] of outcomes(sheet).entries()) {
          if (inCycle[row]) {
            cycles++;
            expect(found).toMatchObject({ error: { code: '#CYCLE!' } });
            continue;
          }
          try {
            expect(found).toEqual({ value: rows[row]?.compute(at) });
          } catch (error) {
            if (!(error instanceof Blocked)) throw error;
            expect(found).toMatchObject({ problem: { kind: 'blocked' } });
          }
        }
      }),
      { numRuns: cases(500) },
    );
    expect(cycles).toBeGreaterThan(50);
  });
});
