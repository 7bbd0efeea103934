// The pure part of the library: order, filter, summary and contrast never lose a lineage or a param.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createFilter } from '../../../src/ui/library/lineages/library-filter';
import {
  ancestry,
  type Column,
  contrast,
  differenceOf,
  firstOrder,
  type Lineage,
  RESULTS,
  settingsOf,
  sorted,
  summaryOf,
} from '../../../src/ui/library/lineages/library-model';
import { ago, fullDate, machineDate, resultText } from '../../../src/ui/library/lineages/library-text';
import {
  epochOfPoint,
  epochsOf,
  nearestStop,
  pointAt,
  pointsOf,
  stopsOf,
} from '../../../src/ui/library/lineages/lineage-curves';
import { rowWindow } from '../../../src/ui/library/row-window';

const { kinds } = registry;
const settings = settingsOf(kinds);
const filtered = createFilter(settings);

type Overrides = Readonly<Record<string, string>>;

let made = 0;
function lineage(overrides: Overrides = {}, rest: Partial<Lineage> = {}): Lineage {
  const params: Record<string, Record<string, string>> = {};
  for (const kind of ancestry(kinds)) {
    params[kind.name] = Object.fromEntries(
      Object.entries(kind.params).map(([name, param]) => [
        name,
        overrides[`${kind.name}.${name}`] ?? param.format(param.default),
      ]),
    );
  }
  made++;
  return {
    key: `train-${made}`,
    when: made,
    name: '',
    note: '',
    params,
    results: { loss: 0.4, accuracy: 0.8, testLoss: 0.5, testAccuracy: 0.7, firstToLast: 0.01 },
    curves: { loss: Float32Array.of(0.7, 0.4), testLoss: Float32Array.of(0.7, 0.5) },
    ...rest,
  };
}

const number = fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN));
const anyLineage = fc
  .record({
    name: fc.constantFrom('', 'sigmoid', 'relu twin', 'run 2', 'run 10'),
    note: fc.constantFrom('', 'the good one'),
    when: fc.nat(5),
    loss: number,
    activation: fc.constantFrom('sigmoid', 'relu', 'leakyRelu', 'relu,tanh,relu'),
    optimizer: fc.constantFrom('adam', 'sgd', 'rmsprop'),
    epochs: fc.constantFrom('1', '100', '300'),
    beta1: fc.constantFrom('0.9', '0.5'),
  })
  .map(({ name, note, when, loss, activation, optimizer, epochs, beta1 }) =>
    lineage(
      {
        'architecture.activation': activation,
        'optimizer.name': optimizer,
        'optimizer.beta1': beta1,
        'train.epochs': epochs,
      },
      {
        name,
        note,
        when,
        results: { loss, accuracy: loss, testLoss: 1, testAccuracy: 1, firstToLast: loss },
      },
    ),
  );
const columns: readonly Column[] = ['name', 'when', ...RESULTS.map(({ name }) => name)];
const keysOf = (lineages: readonly Lineage[]): string[] => lineages.map(({ key }) => key);

describe('sorting', () => {
  test('only reorders, and missing numbers come last in both directions', () => {
    fc.assert(
      fc.property(
        fc.array(anyLineage),
        fc.constantFrom(...columns),
        fc.boolean(),
        (lineages, column, descending) => {
          const result = sorted(lineages, { column, descending });
          expect(keysOf(result).toSorted()).toEqual(keysOf(lineages).toSorted());
          if (column === 'name' || column === 'when') return;
          const values = result.map(({ results }) => results[column]);
          const numbers = values.filter((value) => !Number.isNaN(value));
          expect(values.slice(0, numbers.length)).toEqual(numbers);
          expect(numbers).toEqual(numbers.toSorted((a, b) => (descending ? b - a : a - b)));
        },
      ),
    );
  });

  test('names are in human order, and lineages without one come last', () => {
    const lineages = ['run 10', '', 'run 2'].map((name) => lineage({}, { name }));
    for (const [descending, names] of [
      [false, ['run 2', 'run 10', '']],
      [true, ['run 10', 'run 2', '']],
    ] as const) {
      expect(sorted(lineages, { column: 'name', descending }).map(({ name }) => name)).toEqual(names);
    }
  });

  test('a column first shows the newest, or the best', () => {
    expect(
      ['when', 'loss', 'accuracy', 'name'].map((column) => firstOrder(column as Column).descending),
    ).toEqual([true, false, true, false]);
  });
});

describe('the filter', () => {
  const relu = lineage({ 'architecture.activation': 'relu', 'architecture.hiddenLayers': '2' });
  const leaky = lineage({ 'architecture.activation': 'leakyRelu', 'optimizer.learningRate': '0.01' });
  const named = lineage({ 'train.epochs': '300' }, { name: 'The reluctant one', note: 'noise was too low' });
  const sgd = lineage(
    { 'optimizer.name': 'sgd', 'optimizer.momentum': '0.9' },
    { results: { loss: 0.05, accuracy: 1, testLoss: 0.1, testAccuracy: 1, firstToLast: 1 } },
  );
  const all = [relu, leaky, named, sgd];

  test.each<[string, readonly Lineage[]]>([
    ['', all],
    ['   ', all],
    ['relu', [relu, named]],
    ['RELU', [relu, named]],
    ['leaky', [leaky]],
    ['2 hidden layers', [relu]],
    ['hidden layers 2', [relu]],
    ['too low', [named]],
    ['learningRate 0.01', [leaky]],
    ['learning rate 0.01', [leaky]],
    ['learning rate = 1e-2', [leaky]],
    ['optimizer.learningRate=0.01 leaky', [leaky]],
    ['leaky learning rate=0.01', [leaky]],
    ['train.epochs=100', [relu, leaky, sgd]],
    ['train.epochs=', all],
    ['epochs>100', [named]],
    ['loss < 0.1', [sgd]],
    ['test accuracy >= 0.8 sgd', [sgd]],
    ['beta1 0.9', [relu, leaky, named]],
    ['momentum=0.9', [sgd]],
    ['no such thing', []],
    ['nonsense=1', []],
  ])('%j finds what it says', (text, found) => {
    expect(keysOf(filtered(all, text))).toEqual(keysOf(found));
  });

  test('keeps the order, never adds, and is narrowed by each further word', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('relu', 'sgd', 'epochs=100', 'loss<0.5', 'learning rate 0.001', 'run', 'good one'),
    );
    fc.assert(
      fc.property(fc.array(anyLineage), text, (lineages, asked) => {
        const found = filtered(lineages, asked);
        expect(found).toEqual(lineages.filter((one) => found.includes(one)));
        const narrowed = filtered(lineages, `${asked} tanh`);
        if (!/[<>=\w]\s*$/.test(asked)) expect(narrowed.every((one) => found.includes(one))).toBe(true);
      }),
    );
  });
});

describe('the summary', () => {
  test('says what is not at its default, and nothing that does not apply', () => {
    const one = lineage({
      'dataset.nSamples': '500',
      'split.randomState': '7',
      'architecture.hiddenLayers': '1',
      'architecture.activation': 'relu',
      'architecture.units': '8',
      'optimizer.name': 'sgd',
      'optimizer.beta1': '0.5',
      'optimizer.nesterov': 'true',
      'optimizer.learningRate': '0.01',
    });
    expect(summaryOf(one, settings)).toEqual(
      [
        '500 samples',
        'split random state 7',
        '1 hidden layer',
        'units 8',
        'relu',
        'sgd',
        'learning rate 0.01',
        'nesterov',
      ].map((words) => (words === 'units 8' ? '8 units' : words)),
    );
    expect(summaryOf(lineage(), settings)).toEqual([]);
  });
});

describe('the comparison', () => {
  test('puts every param on exactly one side, and a difference on the right one', () => {
    fc.assert(
      fc.property(fc.array(anyLineage, { minLength: 2, maxLength: 6 }), (lineages) => {
        const { differing, identical } = contrast(lineages, settings);
        expect(new Set([...differing, ...identical])).toEqual(new Set(settings));
        expect(differing.length + identical.length).toBe(settings.length);
        for (const setting of identical) {
          const texts = lineages.filter((one) => setting.applies(one)).map((one) => setting.text(one));
          expect(new Set(texts).size).toBeLessThan(2);
        }
      }),
    );
  });

  test('a param that does not apply makes no difference, whatever its text', () => {
    const pair = ['0.1', '0.2'].map((rho) => lineage({ 'optimizer.rho': rho }));
    expect(contrast(pair, settings).differing).toEqual([]);
    const names = [lineage(), lineage({ 'optimizer.name': 'sgd' })];
    expect(contrast(names, settings).differing.map(({ name }) => name)).toEqual(['name']);
  });

  test('a lineage that is older than a param has its default', () => {
    const { epochs: _, ...older } = lineage().params['train'] ?? {};
    const one = lineage();
    const old = { ...one, params: { ...one.params, train: older } };
    expect(contrast([one, old], settings).differing).toEqual([]);
  });

  test('differences are signed and judged by what is better', () => {
    const base = lineage();
    const other = lineage(
      {},
      { results: { loss: 0.1, accuracy: 0.8, testLoss: Number.NaN, testAccuracy: 0.6, firstToLast: 0.1 } },
    );
    const difference = (name: (typeof RESULTS)[number]['name']) => differenceOf(name, other, base);
    expect(difference('loss').amount).toBeCloseTo(-0.3);
    expect(RESULTS.map(({ name }) => difference(name).judgement)).toEqual([
      'better',
      'the same',
      undefined,
      'worse',
      undefined,
    ]);
    expect(difference('firstToLast').amount).toBeCloseTo(10);
  });

  test('points of a curve stand for epochs from the first to the last, and never for the same one twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (epochs) => {
        const points = Math.min(64, epochs);
        const at = Array.from({ length: points }, (_, index) => epochOfPoint(index, points, epochs));
        expect(at.at(-1)).toBe(epochs);
        if (epochs > 1) expect(at[0]).toBe(1);
        expect(new Set(at).size).toBe(points);
      }),
    );
    expect(epochsOf(lineage({ 'train.epochs': '300' }), kinds)).toBe(300);
  });
});

describe('the cursor', () => {
  const track = (epochs: string, losses: readonly number[]) => {
    const curve = Float32Array.from(losses);
    const one = lineage({ 'train.epochs': epochs }, { curves: { loss: curve, testLoss: curve } });
    const length = epochsOf(one, kinds);
    return { key: one.key, number: 1, title: '', color: '', epochs: length, points: pointsOf(one, length) };
  };

  test('stands on kept epochs, and a value says the epoch that it belongs to', () => {
    const [short, long] = [track('3', [3, 2, 1]), track('9', [9, 5, 1])];
    expect(stopsOf([short, long])).toEqual([1, 2, 3, 5, 9]);
    expect([0, 1, 4, 8, 20, Number.POSITIVE_INFINITY].map((at) => nearestStop([1, 2, 3, 5, 9], at))).toEqual([
      0, 0, 2, 4, 4, 4,
    ]);
    expect(pointAt(long, 3)).toEqual({ epoch: 1, loss: 9, testLoss: 9 });
    expect(pointAt(long, 5)).toEqual({ epoch: 5, loss: 5, testLoss: 5 });
    expect(pointAt(short, 5)).toBeUndefined();
  });
});

describe('the window of rows', () => {
  test('gaps and rows add up to the whole table, with what is in view and the row of the focus in it', () => {
    const scrolled = fc.record({
      count: fc.nat(2_000),
      top: fc.nat(60_000),
      height: fc.integer({ min: 1, max: 2_000 }),
      kept: fc.option(fc.nat(2_000), { nil: undefined }),
      tall: fc.option(fc.record({ index: fc.nat(2_000), extra: fc.nat(200) }), { nil: undefined }),
    });
    fc.assert(
      fc.property(scrolled, (given) => {
        const rowHeight = 56;
        const { rows, after } = rowWindow({ ...given, rowHeight });
        const extraOf = (index: number): number => (given.tall?.index === index ? given.tall.extra : 0);
        const tallInside = given.tall && given.tall.index < given.count ? given.tall.extra : 0;
        const inRows = rows.reduce((sum, { index, gap }) => sum + gap + rowHeight + extraOf(index), 0);
        expect(inRows + after).toBe(given.count * rowHeight + tallInside);
        const indices = rows.map(({ index }) => index);
        expect(indices).toEqual([...new Set(indices)].toSorted((a, b) => a - b));
        expect(rows.every(({ gap }) => gap >= 0)).toBe(true);
        expect(rows.length).toBeLessThanOrEqual(given.height / rowHeight + 24);
        if (given.kept !== undefined && given.kept < given.count) expect(indices).toContain(given.kept);
        let start = 0;
        for (let index = 0; index < given.count; index++) {
          const end = start + rowHeight + extraOf(index);
          if (end > given.top && start < given.top + given.height) expect(indices).toContain(index);
          start = end;
        }
      }),
    );
  });
});

describe('words', () => {
  test('times are told as people do', () => {
    const now = 1_800_000_000_000;
    expect([5, 90, 7_200, 86_400, 8 * 86_400].map((seconds) => ago(now - seconds * 1_000, now))).toEqual([
      'just now',
      '1 minute ago',
      '2 hours ago',
      '1 day ago',
      '1 week ago',
    ]);
  });
});

describe('hostile figures and dates', () => {
  const strange = [0, -1, 0.5, 1e16, -1e16, 8.64e15, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY];

  test('are words or a dash, and never throw', () => {
    for (const when of strange) {
      expect(ago(when, 1_000)).toMatch(/./);
      expect(fullDate(when)).toMatch(/./);
      expect(machineDate(when) ?? 'none').toMatch(/./);
    }
    expect([fullDate(1e16), ago(Number.NaN, 0), machineDate(1e16)]).toEqual(['–', '–', undefined]);
    for (const value of [...strange, -0, 5e-324, -Number.MAX_VALUE])
      for (const { name } of RESULTS) expect(resultText(name, value)).toMatch(/./);
  });
});
