import { expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { HIDDEN_PLACE, hideResults } from '../../../src/core/plan/hidden-plan';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import { sheetAt } from '../../sheet-at';

const planner = createPlanner(registry);
const cellsOf = (plan: Plan) =>
  [...plan.runs.values()].flatMap((run) =>
    Array.from({ length: run.seeds.count }, (_, index) => [...run.member(index).values()]).flat(),
  );

test('a hidden plan has no key in any cell of any member, and all params', () => {
  const plan = planner(sheetAt('#v1&A=a&A.seeds=3&B=b&B.base=A&B.train.epochs=20'));
  const hidden = hideResults(plan);
  expect(cellsOf(plan).every(({ node }) => node !== undefined)).toBe(true);
  expect(cellsOf(hidden)).toHaveLength(cellsOf(plan).length);
  for (const cell of cellsOf(hidden)) {
    expect(cell.node).toBeUndefined();
    expect(cell.problem?.cell).toBe(HIDDEN_PLACE);
  }
  expect(hidden.sheet).toBe(plan.sheet);
  expect(hidden.runs.get('B')?.settings).toBe(plan.runs.get('B')?.settings);
});

test('a problem that the sheet has stays, and an unchanged run is the same object', () => {
  const plan = planner({
    runs: [
      { id: 'A', name: 'a', overrides: new Map([['train.epochs', 'many']]) },
      { id: 'B', name: 'b', overrides: new Map() },
    ],
    rows: [],
  });
  const hidden = hideResults(plan);
  expect(hidden.runs.get('A')?.cells.get('train')?.problem).toBe(
    plan.runs.get('A')?.cells.get('train')?.problem,
  );
  expect(hideResults({ ...plan }).runs.get('B')).toBe(hidden.runs.get('B'));
});
