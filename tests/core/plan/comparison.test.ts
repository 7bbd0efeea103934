// Why two runs differ, and bridges between them, over random sheets of the real kinds.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { bridgeRuns } from '../../../src/core/plan/bridge';
import { type Comparison, compareRuns, type ParamDifference } from '../../../src/core/plan/comparison';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import {
  addRun,
  MAX_RUNS,
  type RunId,
  type Sheet,
  SheetError,
  setOverride,
} from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';
import { sheetAt } from '../../sheet-at';

const language = createLanguage(registry);
const planOf = createPlanner(registry, () => language);

function compare(plan: Plan, a: RunId, b: RunId): Extract<Comparison, { type: 'compared' }> {
  const found = compareRuns(registry, plan, a, b);
  if (found?.type !== 'compared') throw new Error(JSON.stringify(found));
  return found;
}

const brief = ({ path, texts }: ParamDifference): string => `${path} ${texts.join(' → ')}`;

const why = (address: string, a = 'A', b = 'B') => {
  const { params, arising, following } = compare(planOf(sheetAt(address)), a, b);
  return { params: params.map(brief), arising, following };
};

describe('two runs', () => {
  test('differ where their keys part, and what follows is named as such', () => {
    expect(why('#v1', 'A', 'B')).toEqual({
      params: ['architecture.hiddenLayers 3 → 2', 'architecture.activation sigmoid → relu'],
      arising: ['architecture'],
      following: ['train', 'diff'],
    });
    expect(why('#v1&A=a&B=b&B.base=A&B.dataset.noise=0.3&B.train.epochs=5')).toEqual({
      params: ['dataset.noise 0.05 → 0.3', 'train.epochs 100 → 5'],
      arising: ['dataset', 'train'],
      following: ['split', 'diff'],
    });
  });

  test('with the same values differ in nothing, however these are written', () => {
    const nothing = { params: [], arising: [], following: [] };
    expect(why('#v1&A=a&B=b&B.train.epochs=100&B.optimizer.learningRate=0.001')).toEqual(nothing);
    expect(why('#v1&A=a&B=b&B.architecture.units=%3D5*2')).toEqual(nothing);
    // One engine by two names gives one key.
    expect(why('#v1&A=a&B=b&B.train.engine=fused')).toEqual(nothing);
  });

  test('by formulas differ in what these come to', () => {
    expect(why('#v1&A=a&B=b&B.optimizer.learningRate=%3DA.optimizer.learningRate*10').params).toEqual([
      'optimizer.learningRate 0.001 → 0.01',
    ]);
  });

  test('do not differ in what the second does not use', () => {
    expect(
      why('#v1&A=a&A.optimizer.beta1=0.5&B=b&B.optimizer.name=sgd&B.optimizer.momentum=0.9').params,
    ).toEqual(['optimizer.name adam → sgd', 'optimizer.momentum 0 → 0.9']);
    expect(why('#v1&A=a&A.optimizer.beta1=0.5&B=b&B.optimizer.name=sgd', 'B', 'A').params).toEqual([
      'optimizer.name sgd → adam',
      'optimizer.beta1 0.9 → 0.5',
    ]);
  });

  test('may differ in seeds alone, of which member 0 knows nothing', () => {
    expect(why('#v1&A=a&B=b&B.seeds=20')).toEqual({ params: ['seeds 1 → 20'], arising: [], following: [] });
  });

  test('with a problem say which', () => {
    const sheet = setOverride(sheetAt('#v1&A=a&B=b&B.base=A&C=c'), 'A', 'dataset.noise', '99');
    const found = compareRuns(registry, planOf(sheet), 'B', 'C');
    expect(found).toMatchObject({
      type: 'problem',
      problems: [{ run: 'B', problem: { cell: 'A.dataset.noise' } }],
    });
    expect(compareRuns(registry, planOf(sheet), 'A', 'Z')).toBeUndefined();
  });
});

function bridge(sheet: Sheet, a: RunId, b: RunId) {
  const plan = planOf(sheet);
  const { params } = compare(plan, a, b);
  const bridged = bridgeRuns(
    registry,
    plan,
    sheet,
    a,
    params,
    (done) => `${a} with ${done.map(brief).join(', ')}`,
  );
  return { ...bridged, params, plan: planOf(bridged.sheet) };
}

/** The params in which each of a bridge's runs differs from the one before, from end to end. */
const stepsOf = (plan: Plan, runs: readonly RunId[]): string[][] =>
  runs.slice(1).map((run, index) => compare(plan, runs[index] ?? '', run).params.map(({ path }) => path));

describe('a bridge', () => {
  test('stands behind the first run, each of its runs based on the one before with one param more', () => {
    const { sheet, runs } = bridge(
      sheetAt('#v1&A=a&B=b&B.architecture.hiddenLayers=2&B.architecture.activation=relu&B.train.epochs=5'),
      'A',
      'B',
    );
    expect(runs).toEqual(['C', 'D']);
    expect(sheet.runs.map(({ id, base }) => [id, base])).toEqual([
      ['A', undefined],
      ['C', 'A'],
      ['D', 'C'],
      ['B', undefined],
    ]);
    expect(sheet.runs[1]?.name).toBe('A with architecture.hiddenLayers 3 → 2');
    expect([...(sheet.runs[2]?.overrides ?? [])]).toEqual([['architecture.activation', 'relu']]);
  });

  test('writes out what the first run has by formula, so that one param at a time changes', () => {
    const { plan, runs } = bridge(
      sheetAt(
        '#v1&A=a&A.architecture.units=%3Darchitecture.hiddenLayers*2&B=b&B.architecture.hiddenLayers=5&B.architecture.units=7&B.architecture.seed=1',
      ),
      'A',
      'B',
    );
    expect(stepsOf(plan, ['A', ...runs, 'B'])).toEqual([
      ['architecture.hiddenLayers'],
      ['architecture.units'],
      ['architecture.seed'],
    ]);
  });

  test('takes an order in which every run is valid where there is one, and says so where there is none', () => {
    const free = bridge(
      sheetAt(
        '#v1&A=a&A.architecture.units=4%2C5%2C6&B=b&B.architecture.hiddenLayers=2&B.architecture.units=8',
      ),
      'A',
      'B',
    );
    expect(free.refused).toEqual([]);
    expect(stepsOf(free.plan, ['A', ...free.runs, 'B'])).toEqual([
      ['architecture.units'],
      ['architecture.hiddenLayers'],
    ]);
    const none = bridge(
      sheetAt(
        '#v1&A=a&A.architecture.units=4%2C5%2C6&B=b&B.architecture.hiddenLayers=2&B.architecture.units=8%2C9&B.train.epochs=5',
      ),
      'A',
      'B',
    );
    expect(none.runs).toEqual(['C', 'D']);
    expect(none.refused).toEqual([{ run: 'C', reason: '3 values for 2 hidden layers' }]);
    expect(none.plan.runs.get('C')?.cells.get('architecture')?.problem?.message).toBe(
      none.refused[0]?.reason,
    );
    expect(none.plan.runs.get('D')?.cells.get('train')?.node).toBeDefined();
  });

  test('needs something to bridge, and room', () => {
    const one = sheetAt('#v1&A=a&B=b&B.train.epochs=5');
    expect(() => bridge(one, 'A', 'B')).toThrow(SheetError);
    let full = sheetAt('#v1&A=a&B=b&B.train.epochs=5&B.train.seed=1');
    while (full.runs.length < MAX_RUNS) full = addRun(full, { name: 'x' });
    expect(() => bridge(full, 'A', 'B')).toThrow(/at most 1000 runs/);
  });

  const texts: Readonly<Record<string, readonly string[]>> = {
    'dataset.noise': ['0.1', '=0.1 * 2'],
    'architecture.hiddenLayers': ['0', '1', '2', '5'],
    'architecture.units': ['4', '=architecture.hiddenLayers + 1'],
    'architecture.activation': ['relu', 'tanh'],
    'optimizer.name': ['sgd', 'rmsprop', '=if(train.epochs > 3, "sgd", "adam")'],
    'optimizer.beta1': ['0.5'],
    'optimizer.momentum': ['0.9'],
    'optimizer.nesterov': ['true'],
    'optimizer.rho': ['0.8'],
    'train.epochs': ['2', '5', '=architecture.hiddenLayers + 1'],
    'train.engine': ['fused', 'tfjs'],
    seeds: ['2', '=1 + 2'],
  };
  const overrides = fc
    .tuple(
      ...Object.entries(texts).map(([path, choices]) =>
        fc.option(fc.constantFrom(...choices)).map((text) => [path, text] as const),
      ),
    )
    .map((list) => list.flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));

  test('between any two runs has neighbours that differ in exactly one param each', () => {
    fc.assert(
      fc.property(overrides, overrides, fc.boolean(), (first, second, based) => {
        let sheet = addRun({ runs: [], rows: [] }, { name: 'a' });
        sheet = addRun(sheet, { name: 'b', ...(based && { base: 'A' }) });
        for (const [path, text] of first) sheet = setOverride(sheet, 'A', path, text);
        for (const [path, text] of second) sheet = setOverride(sheet, 'B', path, text);
        const plan = planOf(sheet);
        if (compareRuns(registry, plan, 'A', 'B')?.type !== 'compared') return;
        const { params } = compare(plan, 'A', 'B');
        const keysOf = (planned: Plan, id: RunId) =>
          [...(planned.runs.get(id)?.cells ?? [])].map(([, { node }]) => node?.key);
        const same = JSON.stringify(keysOf(plan, 'A')) === JSON.stringify(keysOf(plan, 'B'));
        expect(params.filter(({ kind }) => kind !== '').length === 0).toBe(same);
        if (params.length < 2) return;
        const { plan: bridged, runs, refused } = bridge(sheet, 'A', 'B');
        expect(refused).toEqual([]);
        expect(runs).toHaveLength(params.length - 1);
        const steps = stepsOf(bridged, ['A', ...runs, 'B']);
        expect(steps.map(({ length }) => length)).toEqual(params.map(() => 1));
        expect(steps.flat().sort()).toEqual(params.map(({ path }) => path).sort());
        expect(keysOf(bridged, 'B')).toEqual(keysOf(plan, 'B'));
      }),
      { numRuns: cases(300) },
    );
  });
});
