// The pure part of the library's scatter: every training is a point or is counted, on a scale that holds all of them.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { type Lineage, settingsOf } from '../../../src/ui/library/lineages/library-model';
import {
  type Axis,
  axisOf,
  bandOf,
  bandWord,
  type Quantity,
  quantityOfSetting,
  ticksOf,
} from '../../../src/ui/library/scatter/scatter-axis';
import {
  describeScatter,
  MAX_DRAWN,
  MAX_SHADES,
  paramsOf,
  pointText,
  RESULT_QUANTITIES,
  remarksOn,
  type Scatter,
  scatterOf,
  scatterTable,
  titleOfScatter,
} from '../../../src/ui/library/scatter/scatter-model';
import { nearestPoint, placesAcross, ticksAcross } from '../../../src/ui/library/scatter/scatter-places';
import { hostileLineages, madeUpLineages } from '../../browser/support/library-lineages';

const { kinds } = registry;
const settings = settingsOf(kinds);

function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function quantity(id: string): Quantity {
  const found = [...settings.map(quantityOfSetting), ...RESULT_QUANTITIES].find((one) => one.id === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
}

const scatter = (lineages: readonly Lineage[], x: string, y: string, color?: string): Scatter =>
  finished(
    scatterOf(lineages, { x: quantity(x), y: quantity(y), color: color ? quantity(color) : undefined }),
  );

const made = (count: number): Lineage[] => madeUpLineages(kinds, count, 1e12);

/** A training with one param and one result set. */
function lineage(param: string, text: string, testLoss = 0.5): Lineage {
  const [plain] = made(1);
  const [kind = '', name = ''] = param.split('.');
  if (!plain) throw new Error('there is none');
  return {
    ...plain,
    key: `train-${text}-${testLoss}`,
    params: { ...plain.params, [kind]: { ...plain.params[kind], [name]: text } },
    results: { ...plain.results, testLoss },
  };
}

const rates = (...texts: string[]): Lineage[] => texts.map((text) => lineage('optimizer.learningRate', text));

function holds(axis: Axis, value: number | string): boolean {
  if (axis.type === 'band') return axis.domain.includes(bandWord(axis, value));
  return Number(value) >= axis.domain[0] && Number(value) <= axis.domain[1];
}

describe('scales', () => {
  test('decades are logarithmic, less is linear, and words are bands in the order of their choice', () => {
    const across = (of: Lineage[], id = 'optimizer.learningRate') => scatter(of, id, 'testLoss').across;
    expect(across(rates('0.001', '0.01', '0.1')).type).toBe('log');
    expect(across(rates('0.001', '0.005')).type).toBe('linear');
    const words = ['tanh', 'relu', 'sigmoid', 'relu'].map((text) => lineage('architecture.activation', text));
    expect(across(words, 'architecture.activation')).toEqual({
      type: 'band',
      domain: ['sigmoid', 'tanh', 'relu'],
      others: 0,
    });
    const sgd = ['true', 'false'].map((text) => lineage('optimizer.nesterov', text));
    for (const one of sgd) Object.assign(one.params['optimizer'] ?? {}, { name: 'sgd' });
    expect(across(sgd, 'optimizer.nesterov')).toMatchObject({ domain: ['false', 'true'] });
  });

  test('zero beside decades becomes bands of numbers by size', () => {
    const clipped = ['0', '10', '0.001', '1', '0'].map((text) => lineage('optimizer.globalClipNorm', text));
    expect(scatter(clipped, 'optimizer.globalClipNorm', 'testLoss').across).toEqual({
      type: 'band',
      domain: ['0', '0.001', '1', '10'],
      others: 0,
    });
    const seeds = Array.from({ length: 12 }, (_, seed) => lineage('architecture.seed', String(seed)));
    expect(scatter(seeds, 'architecture.seed', 'testLoss').across.type).toBe('linear');
  });

  test('a share is never logarithmic, and a ratio is wherever it can be', () => {
    expect(axisOf([0.01, 0.9], quantity('accuracy')).type).toBe('linear');
    expect(axisOf([0.5, 0.6], quantity('firstToLast')).type).toBe('log');
    expect(axisOf([0, 0.6], quantity('firstToLast')).type).toBe('linear');
  });

  test('equal values, one value and none have a scale with room on both sides', () => {
    for (const values of [[0.5, 0.5], [0], [-3], [1e-90], []]) {
      for (const id of ['testLoss', 'firstToLast', 'accuracy']) {
        const axis = axisOf(values, quantity(id));
        if (axis.type === 'band') throw new Error('numbers became words');
        const [low, high] = axis.domain;
        expect(low).toBeLessThan(high);
        for (const value of values) expect(value > low && value < high).toBe(true);
      }
    }
  });

  test('the rarer of many words share the last band', () => {
    const words = Array.from({ length: 40 }, (_, index) =>
      Array.from({ length: 41 - index }, () => `w${index}`),
    ).flat();
    const band = bandOf(words, quantity('architecture.activation'));
    expect(band.domain).toHaveLength(12);
    expect(band.domain.at(-1)).toBe('29 others');
    expect(band.domain[0]).toBe('w0');
    expect(bandWord(band, 'w39')).toBe('29 others');
    expect(bandWord(band, 'w3')).toBe('w3');
  });

  test('ticks are round, whole where all values are, and ratios are of a round number to 1', () => {
    const ticks = (values: number[], id: string): readonly number[] => {
      const axis = axisOf(values, quantity(id));
      if (axis.type === 'band') throw new Error('numbers became words');
      return ticksOf(axis, 6);
    };
    expect(ticks([2, 4], 'architecture.hiddenLayers')).toEqual([2, 3, 4]);
    expect(ticks([0.009, 0.7], 'testLoss')).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
    const ratio = quantity('firstToLast');
    expect(ticks([1 / 200, 2.5], 'firstToLast').map(ratio.tick)).toEqual([
      '1 : 100',
      '1 : 30',
      '1 : 10',
      '1 : 3',
      '1 : 1',
      '3 : 1',
    ]);
    expect(ticks([1e-30, 1e30], 'firstToLast').length).toBeLessThanOrEqual(7);
  });
});

describe('points', () => {
  test('every training is a point or is counted', () => {
    const some = [
      lineage('optimizer.momentum', '0.9', Number.NaN),
      lineage('optimizer.momentum', '0.9', Number.POSITIVE_INFINITY),
      // Adam has no momentum.
      lineage('optimizer.momentum', '0.9', 0.3),
    ];
    const sgd = lineage('optimizer.name', 'sgd', 0.2);
    const found = scatter([...some, sgd], 'optimizer.momentum', 'testLoss', 'optimizer.beta1');
    expect(found.points.map(({ y }) => y)).toEqual([0.2]);
    expect(found.without).toEqual({ x: 1, y: 2, color: 1 });
    expect(remarksOn(found)).toEqual([
      '2 have no test loss.',
      '1 has no momentum.',
      '1 has no beta1, and is drawn hollow.',
    ]);
    expect(titleOfScatter(found)).toBe('Momentum against test loss by beta1, 1 training');
  });

  test('without a point it says so', () => {
    const none = scatter(
      [lineage('optimizer.learningRate', '0.1', Number.NaN)],
      'optimizer.learningRate',
      'testLoss',
    );
    expect(none.drawn).toEqual([]);
    expect(titleOfScatter(none)).toBe('Learning rate against test loss, 0 trainings');
    expect(describeScatter(none, settings)).toBe('No training has both learning rate and test loss.');
    expect(scatterTable(none, settings)).toHaveLength(1);
  });

  test('one point is described, and its numbers are in the table', () => {
    const one = scatter(
      [lineage('optimizer.learningRate', '0.01', 0.25)],
      'optimizer.learningRate',
      'testLoss',
    );
    expect(describeScatter(one, settings)).toBe(
      'Each point is one training: test loss by learning rate of 1 training. The least test loss is 0.2500 of sigmoid, ' +
        'learning rate 0.01; the greatest is 0.2500 of sigmoid, learning rate 0.01. ' +
        'Median test loss by learning rate: 0.01: 0.2500 (n 1).',
    );
    expect(scatterTable(one, settings)).toEqual([
      ['training', 'key', 'learning rate', 'test loss'],
      ['sigmoid', 'train-0.01-0.25', 0.01, 0.25],
    ]);
    const [point] = one.points;
    expect(point && pointText(one, point)).toBe('learning rate 0.01 · test loss 0.2500');
  });

  test('of ten thousand an even choice is drawn, the least and the greatest result included', () => {
    const some = made(250);
    const all = Array.from({ length: 10_000 }, (_, index) => {
      const one = some[index % some.length];
      if (!one) throw new Error('there is none');
      return { ...one, key: `train-${index}`, results: { ...one.results, testLoss: Math.sin(index) + 2 } };
    });
    const many = scatter(all, 'optimizer.learningRate', 'testLoss', 'architecture.activation');
    expect(many.points).toHaveLength(10_000);
    expect(many.drawn).toHaveLength(MAX_DRAWN);
    expect(new Set(many.drawn).size).toBe(MAX_DRAWN);
    expect(many.drawn).toContain(many.points[0]);
    expect(many.drawn).toContain(many.points.at(-1));
    expect(remarksOn(many)).toContain('500 of 10,000 are drawn, evenly chosen by test loss.');
    expect(many.groups.reduce((sum, { n }) => sum + n, 0)).toBe(10_000);
    expect(many.shade?.domain.length).toBeLessThanOrEqual(MAX_SHADES);
  });

  test('a logarithmic scale of colours spans two decades or more', () => {
    const spread = Array.from({ length: 40 }, (_, index) =>
      lineage('optimizer.learningRate', String(0.01 * 1.08 ** index), index + 1),
    );
    const { shade } = scatter(spread, 'train.epochs', 'testLoss', 'optimizer.learningRate');
    expect(shade?.type).toBe('log');
    const [low, high] = (shade?.domain ?? []).map(Number);
    expect((high ?? 0) / (low ?? 1)).toBeCloseTo(100);
  });

  test('many values are summed up in stretches that hold every point once', () => {
    const spread = Array.from({ length: 500 }, (_, index) =>
      lineage('optimizer.learningRate', String((index + 1) / 1_000), index),
    );
    const { groups } = scatter(spread, 'optimizer.learningRate', 'testLoss');
    expect(groups.length).toBeGreaterThan(3);
    expect(groups.length).toBeLessThanOrEqual(6);
    expect(groups.reduce((sum, { n }) => sum + n, 0)).toBe(500);
    expect(groups[0]).toMatchObject({ words: '0.001 to 0.084', least: 0, greatest: 83, median: 41.5 });
  });

  test('whatever is stored, every point has a place on both scales and every word is short work', () => {
    const lineages = [...hostileLineages(kinds), ...made(40)];
    for (const setting of settings) {
      const x = `${setting.kind}.${setting.name}`;
      for (const { id } of RESULT_QUANTITIES) {
        const found = scatter(lineages, x, id, x);
        const { points, without, across, up } = found;
        expect(points.length + without.x + without.y, `${x} ${id}`).toBe(lineages.length);
        for (const { x: value, y } of points)
          expect(holds(across, value) && holds(up, y), `${x} ${id}`).toBe(true);
        const ends = [across, up].flatMap((axis) => (axis.type === 'band' ? [] : axis.domain));
        expect(ends.every(Number.isFinite), `${x} ${id}`).toBe(true);
        expect(ticksOf(up, 6).length).toBeLessThan(20);
        expect(describeScatter(found, settings)).not.toMatch(/NaN|undefined/);
      }
    }
  });
});

describe('places', () => {
  /** A scale of 1,000 pixels. */
  const pixel =
    (axis: Axis) =>
    (value: number | string): number => {
      if (axis.type === 'band')
        return ((axis.domain.indexOf(String(value)) + 0.5) / axis.domain.length) * 1_000;
      const [low, high] = axis.domain.map((end) => (axis.type === 'log' ? Math.log(end) : end));
      const at = axis.type === 'log' ? Math.log(Number(value)) : Number(value);
      return ((at - (low ?? 0)) / ((high ?? 1) - (low ?? 0))) * 1_000;
    };

  test('points of one value lie side by side, near their value and within the frame', () => {
    for (const id of ['architecture.activation', 'architecture.hiddenLayers', 'optimizer.learningRate']) {
      const { drawn, across } = scatter(made(300), id, 'testLoss');
      const places = placesAcross(drawn, across, pixel(across), 1_000);
      expect(new Set(places).size).toBeGreaterThan(250);
      for (const [at, place] of places.entries()) {
        const value = drawn[at]?.x ?? '';
        expect(Math.abs(place - pixel(across)(value)), id).toBeLessThanOrEqual(48);
        expect(place >= 0 && place <= 1_000, id).toBe(true);
      }
    }
  });

  test('a point alone with its value, and points of many values, lie exactly there', () => {
    const few = scatter(rates('0.001', '0.01', '0.1'), 'optimizer.learningRate', 'testLoss');
    const many = scatter(
      rates(...Array.from({ length: 40 }, (_, at) => String((at + 1) / 1_000))),
      'optimizer.learningRate',
      'testLoss',
    );
    for (const { drawn, across } of [few, many])
      expect(placesAcross(drawn, across, pixel(across), 1_000)).toEqual(
        drawn.map(({ x }) => pixel(across)(x)),
      );
    expect(remarksOn(few)).toEqual([]);
  });

  test('few values are the ticks where their texts have room', () => {
    const { across } = scatter(rates('0.0003', '0.001', '0.1'), 'optimizer.learningRate', 'testLoss');
    if (across.type === 'band') throw new Error('numbers became words');
    const rate = quantity('optimizer.learningRate');
    expect(ticksAcross(across, rate, 1_000)).toEqual([0.0003, 0.001, 0.1]);
    expect(ticksAcross(across, rate, 100)).not.toContain(0.0003);
  });

  test('the nearest point within reach is pointed at', () => {
    const places = [
      [10, 10],
      [20, 10],
      [500, 500],
    ] as const;
    expect(nearestPoint(places, [14, 10])).toBe(0);
    expect(nearestPoint(places, [16, 10])).toBe(1);
    expect(nearestPoint(places, [200, 200])).toBeUndefined();
    expect(nearestPoint([], [0, 0])).toBeUndefined();
  });
});

test('params that differ come apart from those that do not, and a number with many values is first', () => {
  const params = finished(paramsOf(made(200), settings));
  expect(params.differing.length + params.identical.length).toBe(settings.length);
  expect(params.differing.map(({ id }) => id)).toContain('optimizer.learningRate');
  expect(params.identical.map(({ id }) => id)).toContain('optimizer.beta1');
  expect(params.first?.id).toBe('architecture.hiddenLayers');
  expect(finished(paramsOf([], settings)).first?.id).toBe(settings.map(quantityOfSetting)[0]?.id);
});
