// Formulas in sheets: what they come to through bases, edits and cycles, held against an evaluator that follows every reference
// anew and knows neither order nor memory.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { blockedBy, type Problem } from '../../../src/core/kinds/problem';
import type { Reference, Referred } from '../../../src/core/plan/language';
import { type Read, seedsParam } from '../../../src/core/plan/param-values';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';
import { toyRegistry } from '../toy-registry';

const language = createLanguage(toyRegistry);
const planner = () => createPlanner(toyRegistry, () => language);
const first = edits.addRun({ runs: [], rows: [] }, { name: 'first' });
const second = edits.addRun(first, { name: 'second', base: 'A' });
const set = (sheet: edits.Sheet, run: string, path: string, text: string) =>
  edits.setOverride(sheet, run, path, text);

/** What a param of a run came to by the plan. */
function readIn(plan: Plan, run: string, path: string): Read | undefined {
  const planned = plan.runs.get(run);
  if (!planned) return undefined;
  if (planned.problem) return { problem: blockedBy(planned.problem) };
  if (path === 'seeds') {
    const { problem, count } = planned.seeds;
    return problem ? { problem } : { value: count };
  }
  const [kind = '', param = ''] = path.split('.');
  return (
    planned.settings.get(kind)?.reads.get(param) ?? {
      value: toyRegistry.get(kind)?.params[param]?.default ?? 0,
    }
  );
}

describe('a formula in a param', () => {
  test('is computed, checked by the bounds of its param, and decides the key', () => {
    const plan = planner();
    const sheet = set(set(first, 'A', 'source.size', '4'), 'A', 'part.every', '=source.size / 2');
    expect(readIn(plan(sheet), 'A', 'part.every')).toEqual({ value: 2 });
    const literal = set(sheet, 'A', 'part.every', '2');
    expect(plan(sheet).runs.get('A')?.cells.get('report')?.node).toBe(
      plan(literal).runs.get('A')?.cells.get('report')?.node,
    );
    const beyond = plan(set(sheet, 'A', 'source.size', '3'));
    expect(readIn(beyond, 'A', 'part.every')?.problem).toEqual({
      kind: 'bad-param',
      cell: 'A.part.every',
      message: '"1.5" is not a whole number from 1 to 9',
      code: '#VALUE!',
    });
    expect(beyond.runs.get('A')?.cells.get('part')?.problem?.code).toBe('#VALUE!');
    expect(beyond.runs.get('A')?.cells.get('fold')?.problem).toMatchObject({
      kind: 'blocked',
      cell: 'A.part.every',
    });
  });

  test('is inherited as a text, and evaluated anew where it is inherited', () => {
    const sheet = set(set(second, 'A', 'fold.steps', '=source.size * 2'), 'B', 'source.size', '5');
    const plan = planner()(sheet);
    expect(readIn(plan, 'A', 'fold.steps')).toEqual({ value: 6 });
    expect(readIn(plan, 'B', 'fold.steps')).toEqual({ value: 10 });
  });

  test('may yield a word, a list, true or false, and the number of members', () => {
    let sheet = set(first, 'A', 'shape.kind', '=if(shape.layers > 1, "fancy", "plain")');
    sheet = set(sheet, 'A', 'shape.units', '=[source.size, 2 * source.size]');
    sheet = set(sheet, 'A', 'shape.flair', '=source.size == 3');
    sheet = set(sheet, 'A', 'seeds', '=source.size');
    const plan = planner()(sheet);
    expect(plan.runs.get('A')?.settings.get('shape')?.params).toMatchObject({
      kind: 'fancy',
      units: [3, 6],
      flair: true,
    });
    expect(plan.runs.get('A')?.seeds.count).toBe(3);
  });

  test('blames the place that it reads, not itself, where that is not valid', () => {
    const sheet = set(set(second, 'A', 'source.size', 'many'), 'B', 'fold.steps', '=A.source.size + 1');
    expect(readIn(planner()(sheet), 'B', 'fold.steps')?.problem).toEqual({
      kind: 'blocked',
      cell: 'A.source.size',
      message: 'blocked by A.source.size: "many" is not a whole number from 1 to 9',
    });
  });

  test('that reads a run which is not there is #REF!', () => {
    expect(
      readIn(planner()(set(first, 'A', 'fold.steps', '=C.fold.steps')), 'A', 'fold.steps')?.problem,
    ).toMatchObject({
      kind: 'reference',
      cell: 'A.fold.steps',
      code: '#REF!',
      message: 'there is no run C',
    });
  });

  test('keeps its meaning however many others were read since', () => {
    const own = createLanguage(toyRegistry);
    const plan = createPlanner(toyRegistry, () => own);
    const sheet = set(second, 'B', 'fold.steps', '=A.fold.rate * 2');
    expect(readIn(plan(sheet), 'B', 'fold.steps')).toEqual({ value: 2 });
    for (let i = 0; i < 2_100; i++) own.parse(`=${i} + A.fold.rate`);
    for (let i = 0; i < 60; i++) own.parse('=1', { rows: [`r${i}`] });
    expect(readIn(plan(set(sheet, 'A', 'fold.rate', '3')), 'B', 'fold.steps')).toEqual({ value: 6 });
  });

  test('waits for the language to be loaded, and then is what it comes to', () => {
    let there = false;
    const plan = createPlanner(toyRegistry, () => (there ? language : undefined));
    const sheet = set(first, 'A', 'fold.steps', '=1+1');
    expect(readIn(plan(sheet), 'A', 'fold.steps')?.problem?.message).toContain('formulas are loading');
    there = true;
    expect(readIn(plan(sheet), 'A', 'fold.steps')).toEqual({ value: 2 });
  });

  test('of a thousand runs, each reading the one before, is no deeper than a loop', () => {
    let sheet: edits.Sheet = { runs: [], rows: [] };
    for (let i = 0; i < 1_000; i++) sheet = edits.addRun(sheet, { name: '' });
    const ids = sheet.runs.map(({ id }) => id);
    for (const [i, id] of ids.entries())
      sheet = set(sheet, id, 'fold.rate', i === 0 ? '2' : `=${ids[i - 1]}.fold.rate`);
    const plan = planner();
    const last = ids.at(-1) ?? '';
    expect(readIn(plan(sheet), last, 'fold.rate')).toEqual({ value: 2 });
    expect(readIn(plan(set(sheet, 'A', 'fold.rate', '3')), last, 'fold.rate')).toEqual({ value: 3 });
    const cycle = plan(set(sheet, 'A', 'fold.rate', `=${last}.fold.rate`));
    for (const { id } of sheet.runs) expect(readIn(cycle, id, 'fold.rate')?.problem?.code).toBe('#CYCLE!');
  });
});

describe('a cycle of formulas', () => {
  const codes = (sheet: edits.Sheet, ...places: (readonly [string, string])[]) =>
    places.map(([run, path]) => {
      const { problem } = readIn(planner()(sheet), run, path) ?? {};
      return problem?.code ?? problem?.kind;
    });

  test('is #CYCLE! on every member and nowhere else', () => {
    let sheet = edits.addRun(first, { name: 'b' });
    sheet = edits.addRun(sheet, { name: 'c' });
    sheet = set(sheet, 'A', 'fold.steps', '=B.fold.rate');
    sheet = set(sheet, 'B', 'fold.rate', '=A.fold.steps');
    sheet = set(sheet, 'C', 'fold.steps', '=A.fold.steps + 1');
    sheet = set(sheet, 'C', 'fold.rate', '=source.size');
    expect(
      codes(
        sheet,
        ['A', 'fold.steps'],
        ['B', 'fold.rate'],
        ['C', 'fold.steps'],
        ['C', 'fold.rate'],
        ['B', 'fold.steps'],
      ),
    ).toEqual(['#CYCLE!', '#CYCLE!', 'blocked', undefined, undefined]);
  });

  test('goes through bases: a text that is harmless in its own run may read itself in the one that inherits it', () => {
    const sheet = set(second, 'A', 'fold.steps', '=B.fold.steps');
    expect(codes(sheet, ['A', 'fold.steps'], ['B', 'fold.steps'])).toEqual(['blocked', '#CYCLE!']);
  });

  test('of one is one', () => {
    expect(codes(set(first, 'A', 'fold.steps', '=fold.steps + 1'), ['A', 'fold.steps'])).toEqual(['#CYCLE!']);
    expect(codes(set(first, 'A', 'fold.steps', '=if(false, fold.steps, 2)'), ['A', 'fold.steps'])).toEqual([
      '#CYCLE!',
    ]);
  });
});

const PATHS = ['source.size', 'part.every', 'shape.layers', 'fold.steps', 'fold.rate', 'seeds'];
const IDS = ['A', 'B', 'C', 'D'];

const place = fc.oneof(
  fc.constantFrom(...PATHS),
  fc.tuple(fc.constantFrom(...IDS, 'E'), fc.constantFrom(...PATHS)).map(([run, path]) => `${run}.${path}`),
);
const formulas = fc.oneof(
  { weight: 3, arbitrary: place.map((name) => `=${name}`) },
  { weight: 2, arbitrary: fc.tuple(place, place).map(([a, b]) => `=${a} + ${b}`) },
  { weight: 2, arbitrary: fc.tuple(place, place, place).map(([a, b, c]) => `=if(${a} > 3, ${b}, ${c})`) },
  { weight: 1, arbitrary: fc.tuple(place, place).map(([a, b]) => `=round(${a} / (${b} - 3))`) },
  { weight: 2, arbitrary: fc.constantFrom('2', '3', '5', '=1+1', '=', 'many', '=[2]', '="3"') },
);
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        run: fc.constantFrom(...IDS),
        path: fc.constantFrom(...PATHS),
        text: formulas,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('clear' as const),
        run: fc.constantFrom(...IDS),
        path: fc.constantFrom(...PATHS),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('base' as const),
        run: fc.constantFrom(...IDS),
        other: fc.constantFrom(...IDS, ''),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), run: fc.constantFrom(...IDS) }) },
  ),
  { minLength: 4, maxLength: 24 },
);

/** The text of a param in a run, by walking its bases; bases have no cycles here. */
function textOf(sheet: edits.Sheet, id: string, path: string): { text: string; from: string } | undefined {
  const run = sheet.runs.find((other) => other.id === id);
  const text = run?.overrides.get(path);
  if (text !== undefined) return { text, from: id };
  return run?.base === undefined ? undefined : textOf(sheet, run.base, path);
}

const paramAt = (path: string) =>
  path === 'seeds' ? seedsParam : toyRegistry.get(path.split('.')[0] ?? '')?.params[path.split('.')[1] ?? ''];

const targets = (sheet: edits.Sheet, id: string, path: string): string[][] => {
  const found = textOf(sheet, id, path);
  if (!found?.text.startsWith('=')) return [];
  const references = language.parse(found.text).formula?.references ?? [];
  return references.map(({ run, name }) => [run ?? id, name]);
};

/** Whether a cell reads itself by some way: every way is gone. */
function readsItself(sheet: edits.Sheet, id: string, path: string): boolean {
  const seen = new Set<string>();
  const waiting = targets(sheet, id, path);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [run = '', name = ''] = next;
    if (run === id && name === path) return true;
    if (seen.has(`${run}.${name}`)) continue;
    seen.add(`${run}.${name}`);
    waiting.push(...targets(sheet, run, name));
  }
  return false;
}

/** What a cell comes to, found by following its references each time; no cycle is entered. */
function naively(
  sheet: edits.Sheet,
  id: string,
  path: string,
): { value: unknown } | { code?: string | undefined; cell: string } {
  const found = textOf(sheet, id, path);
  const param = paramAt(path);
  if (!param) throw new Error(path);
  if (!found) return { value: param.default };
  if (!found.text.startsWith('=')) {
    const parsed = param.parse(found.text);
    return parsed.ok ? { value: parsed.value } : { cell: `${found.from}.${path}` };
  }
  const cell = `${id}.${path}`;
  if (readsItself(sheet, id, path)) return { code: '#CYCLE!', cell };
  const { formula, error } = language.parse(found.text);
  if (!formula) return { code: error.code, cell };
  const outcome = formula.evaluate(({ run, name }: Reference): Referred => {
    if (run !== undefined && !sheet.runs.some((other) => other.id === run))
      return { error: { code: '#REF!', message: `there is no run ${run}` } };
    const read = naively(sheet, run ?? id, name);
    if ('value' in read) return { value: read.value as number };
    const problem: Problem = { kind: 'blocked', cell: read.cell, message: '' };
    return { problem };
  });
  if ('problem' in outcome) return { cell: outcome.problem.cell };
  if ('error' in outcome) return { code: outcome.error.code, cell };
  if (!('value' in outcome)) throw new Error('it waits');
  const { value } = outcome;
  const parsed = param.parse(Array.isArray(value) ? value.join(',') : String(value));
  return parsed.ok ? { value: parsed.value } : { code: '#VALUE!', cell };
}

test('over random sheets and edits every formula is what the naive evaluator finds, and every cycle is found', () => {
  let cycles = 0;
  fc.assert(
    fc.property(steps, (script) => {
      const plan = planner();
      let sheet = IDS.reduce(
        (grown, name) => edits.addRun(grown, { name, ...(name !== 'A' && { base: 'A' }) }),
        {
          runs: [],
          rows: [],
        } as edits.Sheet,
      );
      for (const step of script) {
        try {
          if (step.do === 'set') sheet = edits.setOverride(sheet, step.run, step.path, step.text);
          else if (step.do === 'clear') sheet = edits.clearOverride(sheet, step.run, step.path);
          else if (step.do === 'base') sheet = edits.setBase(sheet, step.run, step.other || undefined);
          else sheet = edits.removeRun(sheet, step.run);
        } catch (error) {
          if (!(error instanceof edits.SheetError)) throw error;
        }
        const warm = plan(sheet);
        const cold = planner()(sheet);
        for (const { id } of sheet.runs) {
          for (const path of PATHS) {
            const expected = naively(sheet, id, path);
            const found = readIn(warm, id, path);
            expect(found).toEqual(readIn(cold, id, path));
            if ('value' in expected) {
              expect(found, `${id}.${path}`).toEqual(expected);
              continue;
            }
            if (expected.code === '#CYCLE!') cycles++;
            expect({ code: found?.problem?.code, cell: found?.problem?.cell }, `${id}.${path}`).toEqual({
              code: expected.code,
              cell: expected.cell,
            });
          }
          for (const [kind, cell] of warm.runs.get(id)?.cells ?? [])
            expect(cell.node?.key).toBe(cold.runs.get(id)?.cells.get(kind)?.node?.key);
        }
      }
    }),
    { numRuns: cases(200) },
  );
  expect(cycles).toBeGreaterThan(100);
});
