// Rows of a person's own as values arrive and the sheet is edited: what is remembered of them is what evaluating anew yields,
// and only what changed is evaluated again.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../../src/core/compute/scheduler';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import type { Held } from '../../../src/core/formulas/row-memory';
import { evaluateRow, type RowSource } from '../../../src/core/formulas/row-values';
import { setRow } from '../../../src/core/formulas/sheet-rows';
import type { Key } from '../../../src/core/plan/key';
import type { Language } from '../../../src/core/plan/language';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';
import { sheetOf } from '../random-sheets';
import { toyRegistry } from '../toy-registry';

const plain = createLanguage(toyRegistry);
let evaluations = 0;
/** The language, which counts how often the formula of a row is evaluated. */
const language: Language = {
  ...plain,
  parse(text, scope) {
    const { formula, error } = plain.parse(text, scope);
    if (!formula) return { error };
    const evaluate: typeof formula.evaluate = (read) => {
      evaluations++;
      return formula.evaluate(read);
    };
    return { formula: { ...formula, evaluate } };
  },
};

const planner = () => createPlanner(toyRegistry, () => plain);

/** What is known of a key: nothing, a value, or that it failed. */
type State = number | 'diverged' | 'failed';
type States = ReadonlyMap<Key, State>;

/** The same object each time, as a store's values are. */
const VALUES = Array.from({ length: 6 }, (_, at) => ({ sum: at, total: at }));

function sourceOf(plan: Plan, states: States): RowSource {
  const value: RowSource['value'] = (node, run, member): Held => {
    const state = states.get(node.key);
    if (state === undefined) return { pending: true };
    if (typeof state === 'number') return { value: VALUES[state] ?? null };
    return { problem: problemOf({ kind: state, message: state, node }, node.kind.name, run, member) };
  };
  return { registry: toyRegistry, language, plan, value };
}

/** Every row in every run and member. */
const everything = (source: RowSource) =>
  source.plan.sheet.rows.flatMap((row) =>
    [...source.plan.runs.values()].flatMap((run) =>
      Array.from({ length: run.seeds.count }, (_, member) => [
        `${run.run.id}[${member}].${row.name}`,
        evaluateRow(source, row, run, member),
      ]),
    ),
  );

const NAMES = ['a', 'b', 'c', 'd', 'e'];

const FORMULAS = [
  '=report.sum',
  '=shape.total + shape.seed',
  '=a + 1',
  '=b + a',
  '=c * 2 + A.report.sum',
  '=if(report.sum > 2, B.d, A.shape.total)',
  '=B.a - a',
  '=C.e + Z.e',
  '=fold.steps + B.report.sum',
  '=if(A.shape.total > 1, d, 1/0)',
  '=1 +',
];

type Sheet = edits.Sheet;
const pickOne = fc.constantFrom;
const there = (sheet: Sheet, run: string): boolean => sheet.runs.some(({ id }) => id === run);

const edit: fc.Arbitrary<(sheet: Sheet) => Sheet> = fc.oneof(
  fc.tuple(pickOne(...NAMES), pickOne(...FORMULAS)).map(
    ([name, formula]) =>
      (sheet: Sheet) =>
        setRow(sheet, name, formula),
  ),
  fc
    .tuple(
      pickOne('A', 'B', 'C'),
      pickOne('report.limit', 'shape.seed', 'fold.steps'),
      pickOne('1', '2', '=A.fold.rate', 'x'),
    )
    .map(
      ([run, path, text]) =>
        (sheet: Sheet) =>
          there(sheet, run) ? edits.setOverride(sheet, run, path, text) : sheet,
    ),
  fc.tuple(pickOne('A', 'B', 'C'), pickOne('1', '2', '3')).map(
    ([run, seeds]) =>
      (sheet: Sheet) =>
        there(sheet, run) ? edits.setOverride(sheet, run, 'seeds', seeds) : sheet,
  ),
  fc.constant((sheet: Sheet) => (there(sheet, 'C') ? edits.removeRun(sheet, 'C') : sheet)),
);

const step = fc.oneof(
  edit.map((change) => ({ change })),
  fc.record({
    which: fc.nat(30),
    state: pickOne(1, 2, 3, 'diverged' as const, 'failed' as const, undefined),
  }),
);

const start: Sheet = {
  ...edits.addRun(sheetOf('first', 'second'), { name: 'third', base: 'A' }),
  rows: NAMES.map((name, at) => ({ name, formula: FORMULAS[at] ?? '' })),
};

const nodesOf = (plan: Plan) =>
  [...plan.runs.values()].flatMap((run) =>
    Array.from({ length: run.seeds.count }, (_, member) =>
      ['report', 'shape'].flatMap((kind) => run.member(member).get(kind)?.node ?? []),
    ).flat(),
  );

describe('rows', () => {
  test('over values that come and go and sheets that are edited are what they are evaluated at once', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const plan = planner();
        const states = new Map<Key, State>();
        let sheet = start;
        everything(sourceOf(plan(sheet), states));
        for (const next of steps) {
          if ('change' in next) sheet = next.change(sheet);
          else {
            const nodes = nodesOf(plan(sheet));
            const { key } = nodes[next.which % Math.max(1, nodes.length)] ?? {};
            if (key !== undefined && next.state !== undefined) states.set(key, next.state);
            else if (key !== undefined) states.delete(key);
          }
          const remembered = everything(sourceOf(plan(sheet), states));
          // Runs that were planned anew are other objects, of which nothing is remembered.
          expect(remembered).toEqual(everything(sourceOf(planner()(sheet), states)));
        }
      }),
      { numRuns: cases(300) },
    );
  });

  const COUNT = 100;
  const chain: Sheet = {
    ...sheetOf('first', 'second'),
    rows: Array.from({ length: COUNT }, (_, at) => ({
      name: `r${at}`,
      formula: at === COUNT - 1 ? '=report.sum' : `=r${at + 1} + r${at + 1}`,
    })),
  };
  const counted = (source: RowSource): number => {
    evaluations = 0;
    // Each by itself, as cells on a screen ask.
    for (const row of source.plan.sheet.rows)
      for (const run of source.plan.runs.values()) evaluateRow({ ...source }, row, run, 0);
    return evaluations;
  };

  test('that read one another are evaluated once each, and only in the run whose value arrived', () => {
    const plan = planner()(edits.setOverride(chain, 'B', 'fold.steps', '7'));
    const keyIn = (run: string): Key => plan.runs.get(run)?.cells.get('report')?.node?.key ?? '';
    const states = new Map<Key, number>();
    expect(counted(sourceOf(plan, states))).toBe(2 * COUNT);
    expect(counted(sourceOf(plan, states))).toBe(0);
    states.set(keyIn('A'), 1);
    expect(counted(sourceOf(plan, states))).toBe(COUNT);
    states.set(keyIn('B'), 1);
    expect(counted(sourceOf(plan, states))).toBe(COUNT);
    expect(counted(sourceOf(plan, states))).toBe(0);
  });

  test('are not evaluated again for an edit of another run', () => {
    const plan = planner();
    counted(sourceOf(plan(chain), new Map()));
    expect(counted(sourceOf(plan(edits.setOverride(chain, 'B', 'fold.steps', '7')), new Map()))).toBe(COUNT);
  });

  test('that read more than is remembered are what they are', () => {
    const many = sheetOf(...Array.from({ length: 300 }, (_, at) => `run ${at}`));
    const parts = many.runs.map(({ id }) => `${id}.report.sum`);
    const third = (at: number): string => parts.slice(at * 100, (at + 1) * 100).join(' + ');
    const sheet: Sheet = {
      ...many,
      rows: [
        { name: 'a', formula: `=${third(0)}` },
        { name: 'b', formula: `=a + ${third(1)}` },
        { name: 'c', formula: `=b + a + ${third(2)}` },
        { name: 'd', formula: '=c + 1' },
      ],
    };
    const plan = planner()(
      many.runs.reduce((made, { id }, at) => edits.setOverride(made, id, 'shape.seed', String(at)), sheet),
    );
    const states = new Map<Key, State>(nodesOf(plan).map(({ key }) => [key, 1]));
    const at = (row: string) => Object.fromEntries(everything(sourceOf(plan, states)))[`A[0].${row}`];
    expect(['a', 'b', 'c', 'd'].map(at)).toEqual([100, 200, 400, 401].map((value) => ({ value })));
    const last = plan.runs.get(many.runs.at(-1)?.id ?? '')?.cells.get('report')?.node?.key ?? '';
    states.set(last, 5);
    expect(['a', 'b', 'c', 'd'].map(at)).toEqual([100, 200, 404, 405].map((value) => ({ value })));
  });
});
