// Sweeps: runs by value, one param or two crossed; and what an edit would cost, told before it is made.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import type { SetEstimate } from '../../../src/core/compute/estimate';
import type { Node } from '../../../src/core/plan/node';
import { paramAt } from '../../../src/core/plan/param-values';
import { createPlanner } from '../../../src/core/plan/plan';
import { addRun, MAX_RUNS, type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { hasSteps, suggestedForm, sweepRuns, textsOf, type ValuesForm } from '../../../src/ui/fill/sweep';
import { costsOf, costsText } from '../../../src/ui/text/cost-line';
import { sheetAt } from '../../sheet-at';

const SHEET = sheetAt('#v1&A=a&B=b&B.base=A&B.architecture.activation=relu&C=c');

const form = (change: Partial<ValuesForm>): ValuesForm => ({
  how: 'list',
  first: '',
  last: '',
  count: '',
  list: '',
  chosen: [],
  ...change,
});

function values(path: string, change: Partial<ValuesForm>) {
  const param = paramAt(registry, path);
  if (!param) throw new Error(`no ${path}`);
  const texts = textsOf(param, form(change));
  return texts.ok ? texts.value : texts.reason;
}

function made(sheet: Sheet, base: string, ...axes: [string, ...string[]][]) {
  const sweep = sweepRuns(
    sheet,
    base,
    axes.map(([path, ...texts]) => ({ path, texts })),
  );
  if (!sweep.ok) throw new Error(sweep.reason);
  return { ...sweep.value, sheet: sweep.value.make(sheet) };
}

describe('the values of a sweep', () => {
  test('are steps, a list or choices, checked by the param', () => {
    expect(values('dataset.noise', { how: 'linear', first: '0', last: '0.4', count: '3' })).toEqual([
      '0',
      '0.2',
      '0.4',
    ]);
    expect(values('train.epochs', { how: 'logarithmic', first: '10', last: '1000', count: '4' })).toEqual([
      '10',
      '46',
      '215',
      '1000',
    ]);
    expect(values('architecture.units', { list: '10, 5; 20' })).toEqual(['10,5', '20']);
    expect(values('architecture.activation', { how: 'choices', chosen: ['tanh', 'sigmoid', 'x'] })).toEqual([
      'sigmoid',
      'tanh',
    ]);
    expect(values('seeds', { list: '1, 5' })).toEqual(['1', '5']);
  });

  test('are refused in words, the first of them by its place', () => {
    expect(values('dataset.noise', { list: '0.1, 11' })).toBe('value 2: "11" is not a number from 0 to 10');
    expect(values('dataset.noise', { list: ' , ' })).toBe('the list is empty');
    expect(values('dataset.noise', { how: 'linear', first: '0', last: '20', count: '3' })).toMatch(
      /^value 3: "20"/,
    );
    expect(values('dataset.noise', { how: 'linear', first: '', last: '2', count: '3' })).toBe(
      'the first value is not a number',
    );
    expect(values('dataset.noise', { how: 'linear', first: '1', last: '2', count: '2.5' })).toMatch(
      /whole number/,
    );
    expect(values('architecture.activation', { how: 'choices' })).toBe('no value is chosen');
  });

  test('are suggested for every param there is, and are valid', () => {
    for (const kind of registry.kinds) {
      for (const [name, param] of Object.entries(kind.params)) {
        const texts = textsOf(param, suggestedForm(param, param.format(param.default)));
        expect(texts.ok && texts.value.length > 0, `${kind.name}.${name}`).toBe(true);
        expect(texts.ok && new Set(texts.value).size).toBe(texts.ok && texts.value.length);
        if (!hasSteps(param) || param.choices) continue;
        const steps = textsOf(param, { ...suggestedForm(param, param.format(param.default)), how: 'linear' });
        expect(steps, `${kind.name}.${name}`).toMatchObject({ ok: true });
      }
    }
    expect(paramAt(registry, 'dataset.constructor')).toBeUndefined();
  });
});

describe('a sweep', () => {
  test('adds a twin for each value behind its base, named by it', () => {
    const { sheet, label } = made(SHEET, 'A', ['dataset.noise', '0.1', '0.05']);
    expect(sheet.runs.map(({ id, name, base }) => `${id} ${name} ${base ?? ''}`.trim())).toEqual([
      'A a',
      'D noise 0.1 A',
      'E noise 0.05 A',
      'B b A',
      'C c',
    ]);
    // What is swept stays what it is where the base changes, the value that the base has now as well.
    expect([...(sheet.runs[2]?.overrides ?? [])]).toEqual([['dataset.noise', '0.05']]);
    expect(label).toBe('sweep noise over 0.1, 0.05, 2 runs based on A');
  });

  test('crosses two params, the first varying slowest', () => {
    const { names, sheet } = made(
      SHEET,
      'B',
      ['dataset.noise', '0.1', '0.2'],
      ['architecture.units', '5', '10'],
    );
    expect(names).toEqual([
      'noise 0.1, units 5',
      'noise 0.1, units 10',
      'noise 0.2, units 5',
      'noise 0.2, units 10',
    ]);
    const plan = createPlanner(registry)(sheet);
    expect(
      names.map((_, index) => plan.runs.get('DEFG'.charAt(index))?.settings.get('architecture')?.params),
    ).toEqual(
      ['5', '10', '5', '10'].map((units) =>
        expect.objectContaining({ activation: 'relu', units: Number(units) }),
      ),
    );
  });

  test('never makes more runs than a sheet holds, and no param is crossed with itself', () => {
    const texts = Array.from({ length: 100 }, (_, index) => String(index + 1));
    const axes = ['train.epochs', 'train.batchSize'].map((path) => ({ path, texts }));
    expect(sweepRuns(SHEET, 'A', axes)).toEqual({
      ok: false,
      reason: '10,000 runs are too many: a sheet holds at most 1,000, and 997 can be added',
    });
    expect(made(SHEET, 'A', ['train.epochs', ...texts]).sheet.runs).toHaveLength(103);
    expect(sweepRuns(SHEET, 'A', [{ path: 'seeds', texts: [] }])).toMatchObject({ ok: false });
    const twice = ['1', '2'].map((text) => ({ path: 'train.epochs', texts: [text] }));
    expect(sweepRuns(SHEET, 'A', twice)).toMatchObject({ reason: 'epochs cannot be crossed with itself' });
  });
});

describe('what an edit would cost', () => {
  const estimate = (nodes: Iterable<Node>, there?: ReadonlySet<string>): SetEstimate => {
    const missing = [...nodes].filter(({ kind, key }) => kind.name === 'train' && !there?.has(key));
    return { count: missing.length, ms: missing.length * 400, bytes: 0 };
  };
  const forecast = (known: ReadonlySet<string> = new Set()) => ({
    plan: createPlanner(registry),
    scheduler: {
      estimate,
      cached: async (nodes: Iterable<Node>) =>
        new Set([...nodes].map(({ key }) => key).filter((key) => known.has(key))),
    },
  });
  const always = async (): Promise<boolean> => true;
  const trainOf = (sheet: Sheet, run: string): string =>
    createPlanner(registry)(sheet).runs.get(run)?.cells.get('train')?.node?.key ?? '';

  test('counts new runs and those that an edit changes, and which of them are there', async () => {
    const { sheet } = made(SHEET, 'A', ['dataset.noise', '0.1', '0.05', '0.2']);
    const known = new Set([trainOf(SHEET, 'A'), trainOf(sheet, 'F')]);
    expect(await costsOf(forecast(known), SHEET, sheet, always)).toEqual({
      runs: 3,
      invalid: 0,
      trainings: 3,
      cached: 2,
      ms: 400,
    });
    const changed = setOverride(SHEET, 'A', 'dataset.noise', '0.9');
    // B inherits it, C does not.
    expect(await costsOf(forecast(), SHEET, changed, always)).toMatchObject({ runs: 2, cached: 0, ms: 800 });
    expect(await costsOf(forecast(), SHEET, SHEET, always)).toMatchObject({ runs: 0, trainings: 0 });
    const bad = setOverride(SHEET, 'C', 'dataset.noise', 'x');
    expect(await costsOf(forecast(), SHEET, bad, always)).toMatchObject({
      runs: 1,
      invalid: 1,
      trainings: 0,
    });
  });

  test('counts members, and takes very many of them to be like the first', async () => {
    const members = setOverride(SHEET, 'C', 'seeds', '20');
    expect(
      await costsOf(forecast(), SHEET, setOverride(members, 'C', 'train.epochs', '7'), always),
    ).toMatchObject({
      runs: 1,
      trainings: 20,
      ms: 8_000,
    });
    const many = ['1000', '1000', '1000'].reduce(
      (sheet, count, index) =>
        setOverride(
          setOverride(sheet, 'ABC'.charAt(index), 'seeds', count),
          'ABC'.charAt(index),
          'train.epochs',
          '7',
        ),
      SHEET,
    );
    expect(await costsOf(forecast(), SHEET, many, always)).toMatchObject({
      trainings: 3_000,
      ms: 1_200_000,
    });
  });

  test('is looked at in slices, and given up once it is superseded', async () => {
    const names = Array.from({ length: MAX_RUNS - 3 }, (_, index) => index);
    const wide = names.reduce(
      (sheet, index) =>
        setOverride(
          addRun(sheet, { name: 'x', base: 'A' }),
          sheet.runs.at(-1)?.id ?? '',
          'train.seed',
          String(index),
        ),
      SHEET,
    );
    let yields = 0;
    const costs = await costsOf(forecast(), SHEET, wide, async () => {
      await new Promise((resolve) => setTimeout(resolve));
      yields++;
      return true;
    });
    expect(costs?.runs).toBe(MAX_RUNS - 3);
    expect(yields).toBeGreaterThan(10);
    let left = 3;
    expect(await costsOf(forecast(), SHEET, wide, async () => --left > 0)).toBeUndefined();
    expect(left).toBe(0);
  });

  test('is said in words', () => {
    const costs = { runs: 12, invalid: 0, trainings: 12, cached: 7, ms: 1_200 };
    expect(costsText(costs)).toBe('12 runs, 7 cached, about 1 s');
    expect(costsText({ ...costs, runs: 1, trainings: 1, cached: 1 })).toBe('1 run, all cached');
    expect(costsText({ ...costs, cached: 12 })).toBe('12 runs, all cached');
    expect(costsText({ ...costs, cached: 0, ms: 20 })).toBe('12 runs, 0 cached, under 1 s');
    expect(costsText({ ...costs, trainings: 240, ms: 600_000 })).toBe(
      '12 runs, 7 of 240 trainings cached, about 10 min',
    );
    expect(costsText({ ...costs, trainings: 11, invalid: 1 })).toBe(
      '12 runs, 7 cached, 1 not valid, about 1 s',
    );
    expect(costsText({ ...costs, runs: 2, invalid: 2, trainings: 0 })).toBe('2 runs, 2 not valid');
    expect(costsText({ ...costs, runs: 0, trainings: 0 })).toBe('nothing to compute');
  });
});
