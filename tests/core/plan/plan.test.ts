import { describe, expect, test } from 'vitest';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { toyRegistry } from '../toy-registry';

const plan = createPlanner(toyRegistry);
const first = edits.addRun({ runs: [], rows: [] }, { name: 'first' });
const withTwin = edits.addRun(first, { name: 'twin', base: 'A' });

const keyOf = (planned: Plan, run: string, kind: string, member = 0): string | undefined =>
  planned.runs.get(run)?.member(member).get(kind)?.node?.key;
const problemAt = (
  planned: Plan,
  run: string,
  kind: string,
): { kind: string; cell: string; message: string } | undefined =>
  planned.runs.get(run)?.cells.get(kind)?.problem;
const changedKinds = (before: Plan, after: Plan, run: string): string[] =>
  toyRegistry.kinds
    .map(({ name }) => name)
    .filter((kind) => keyOf(before, run, kind) !== keyOf(after, run, kind));

describe('keys', () => {
  test('a twin has the keys of its base, and its overrides are all that differs', () => {
    const planned = plan(withTwin);
    for (const { name } of toyRegistry.kinds)
      expect(keyOf(planned, 'B', name)).toBe(keyOf(planned, 'A', name));
    const changed = plan(edits.setOverride(withTwin, 'B', 'fold.rate', '2'));
    expect(
      toyRegistry.kinds
        .filter(({ name }) => keyOf(changed, 'B', name) !== keyOf(changed, 'A', name))
        .map(({ name }) => name),
    ).toEqual(['fold', 'report']);
  });

  test('an edit changes the keys downstream of it, in the run and in those that inherit from it', () => {
    const before = plan(withTwin);
    const after = plan(edits.setOverride(withTwin, 'A', 'part.every', '2'));
    expect(changedKinds(before, after, 'A')).toEqual(['part', 'fold', 'report']);
    expect(changedKinds(before, after, 'B')).toEqual(['part', 'fold', 'report']);
  });

  test('spelling, an override that equals the default, and a param that does not apply leave the keys alone', () => {
    const before = plan(first);
    for (const [path, text] of [
      ['source.scale', '5e-1'],
      ['source.size', '3'],
      ['shape.flair', 'true'],
      ['fold.engine', 'exact'],
    ] as const) {
      expect(changedKinds(before, plan(edits.setOverride(first, 'A', path, text)), 'A')).toEqual([]);
    }
    const fancy = edits.setOverride(first, 'A', 'shape.kind', 'fancy');
    expect(
      changedKinds(plan(fancy), plan(edits.setOverride(fancy, 'A', 'shape.flair', 'true')), 'A'),
    ).toContain('shape');
  });

  test('a recipe names kind, version, params, inputs and engine; a trace leaves the extent out', () => {
    const node = plan(edits.setOverride(first, 'A', 'fold.steps', '9'))
      .runs.get('A')
      ?.cells.get('fold')?.node;
    expect(node?.recipe).toMatch(
      /^fold@1 steps=9 \| part=part-[0-9a-f]{40} shape=shape-[0-9a-f]{40} \| exact 1\.0$/,
    );
    expect(node?.trace).toBe(node?.recipe.replace(' steps=9', ''));
  });

  test('the plan does not depend on what was planned before', () => {
    const sheet = edits.setOverride(
      edits.setOverride(withTwin, 'A', 'source.size', '5'),
      'B',
      'fold.steps',
      '7',
    );
    const warm = plan(sheet);
    const cold = createPlanner(toyRegistry)(sheet);
    for (const run of ['A', 'B']) expect(changedKinds(warm, cold, run)).toEqual([]);
  });

  test('what an edit does not touch is the very same object as before', () => {
    const before = plan(withTwin);
    const after = plan(edits.setOverride(withTwin, 'B', 'fold.rate', '3'));
    expect(after.runs.get('A')).toBe(before.runs.get('A'));
    expect(after.runs.get('B')?.cells.get('shape')).toBe(before.runs.get('B')?.cells.get('shape'));
  });
});

describe('members', () => {
  test('each has its seeds raised by its number and everything else the same', () => {
    const planned = plan(edits.setOverride(first, 'A', 'seeds', '3'));
    expect(planned.runs.get('A')?.seeds.count).toBe(3);
    expect(keyOf(planned, 'A', 'part', 2)).toBe(keyOf(planned, 'A', 'part', 0));
    const seeded = plan(
      edits.setOverride(edits.setOverride(first, 'A', 'shape.seed', '2'), 'A', 'fold.seed', '2'),
    );
    for (const kind of ['shape', 'fold', 'report']) {
      expect(keyOf(planned, 'A', kind, 2)).toBe(keyOf(seeded, 'A', kind));
      expect(keyOf(planned, 'A', kind, 2)).not.toBe(keyOf(planned, 'A', kind, 1));
    }
  });

  test('seeds wrap at 2³²', () => {
    const last = edits.setOverride(first, 'A', 'shape.seed', '4294967295');
    expect(keyOf(plan(last), 'A', 'shape', 1)).toBe(keyOf(plan(first), 'A', 'shape', 0));
  });

  test('a twin of a run with seeds has as many', () => {
    expect(plan(edits.setOverride(withTwin, 'A', 'seeds', '3')).runs.get('B')?.seeds).toEqual({
      count: 3,
      text: '3',
      from: 'A',
    });
  });
});

describe('problems', () => {
  test('a bad param is the problem of its cell and blocks what is downstream, naming the place', () => {
    const planned = plan(edits.setOverride(withTwin, 'A', 'part.every', '99'));
    const message = '"99" is not a whole number from 1 to 9';
    expect(problemAt(planned, 'A', 'part')).toEqual({ kind: 'bad-param', cell: 'A.part.every', message });
    const blocked = { kind: 'blocked', cell: 'A.part.every', message: `blocked by A.part.every: ${message}` };
    expect(problemAt(planned, 'A', 'report')).toEqual(blocked);
    expect(problemAt(planned, 'B', 'fold')).toEqual(blocked);
    expect(problemAt(planned, 'A', 'shape')).toBeUndefined();
  });

  test('a formula is a problem at its place while there is no language to read it', () => {
    expect(problemAt(plan(edits.setOverride(first, 'A', 'part.every', ' =1')), 'A', 'part')).toEqual({
      kind: 'bad-param',
      cell: 'A.part.every',
      message: 'formulas are loading',
    });
  });

  test('a rule across params blames the place where the text was written', () => {
    const planned = plan(
      edits.setOverride(edits.setOverride(withTwin, 'A', 'shape.units', '1,2'), 'B', 'shape.layers', '3'),
    );
    expect(problemAt(planned, 'A', 'shape')).toBeUndefined();
    expect(problemAt(planned, 'B', 'shape')).toMatchObject({ kind: 'bad-param', cell: 'A.shape.units' });
  });

  test('bad seeds block every cell of the run and of those that inherit them', () => {
    const planned = plan(edits.setOverride(withTwin, 'A', 'seeds', '0'));
    for (const run of ['A', 'B'])
      expect(problemAt(planned, run, 'source')).toMatchObject({ kind: 'blocked', cell: 'A.seeds' });
    const mended = plan(edits.setOverride(edits.setOverride(withTwin, 'A', 'seeds', '0'), 'B', 'seeds', '2'));
    expect(problemAt(mended, 'B', 'source')).toBeUndefined();
  });

  test('bases that form a cycle are a cycle on every member of it and nowhere else; the rest is blocked by it', () => {
    const cycle = (id: string, base?: string): edits.Run => ({
      id,
      name: '',
      ...(base && { base }),
      overrides: new Map(),
    });
    const planned = plan({ runs: [cycle('A', 'B'), cycle('B', 'A'), cycle('C', 'A'), cycle('D')], rows: [] });
    expect(problemAt(planned, 'A', 'source')).toMatchObject({ kind: 'cycle', cell: 'A.base' });
    expect(problemAt(planned, 'B', 'fold')).toMatchObject({ kind: 'cycle', cell: 'B.base' });
    expect(problemAt(planned, 'C', 'source')).toMatchObject({ kind: 'blocked', cell: 'A.base' });
    expect(problemAt(planned, 'D', 'source')).toBeUndefined();
  });

  test('a base, a kind or a param that is not there is a reference problem, whatever its name', () => {
    const lost = plan({ runs: [{ id: 'A', name: '', base: 'Z', overrides: new Map() }], rows: [] });
    expect(problemAt(lost, 'A', 'source')).toMatchObject({ kind: 'reference', cell: 'A.base' });
    for (const path of [
      'nothing.size',
      '__proto__.size',
      'constructor',
      'source.constructor',
      'source.__proto__',
    ]) {
      const problem = problemAt(plan(edits.setOverride(first, 'A', path, '1')), 'A', 'source');
      expect(problem).toMatchObject({ kind: 'reference', cell: `A.${path}` });
    }
  });

  test('a chain of a thousand bases is planned', () => {
    const runs: edits.Run[] = Array.from({ length: 1_000 }, (_, i) => ({
      id: `R${i}`,
      name: '',
      ...(i < 999 && { base: `R${i + 1}` }),
      overrides: new Map([['fold.rate', String((i % 9) + 1)]]),
    }));
    expect(keyOf(plan({ runs, rows: [] }), 'R0', 'report')).toMatch(/^report-/);
  });
});
