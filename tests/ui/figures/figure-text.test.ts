// The words and numbers of figures, without a browser: titles, text alternatives, tables, formats and files.

import { describe, expect, test } from 'vitest';
import { gradientFigure } from '../../../src/ui/figures/by-layer/gradient';
import { saturationFigure } from '../../../src/ui/figures/by-layer/saturation';
import { accuracyFigure, lossFigure, type Trained } from '../../../src/ui/figures/curves/curves';
import { datasetFigure } from '../../../src/ui/figures/data/dataset';
import { probabilityAt, shadePixels } from '../../../src/ui/figures/data/field';
import { splitFigure } from '../../../src/ui/figures/data/split';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { csvText, wrapped } from '../../../src/ui/figures/draw/figure-export';
import {
  fitText,
  formatNumber,
  formatRatio,
  formatShare,
  formatSigned,
  formatTimes,
  listed,
} from '../../../src/ui/figures/draw/format';
import { epochTicks, logExtent, logTicks, spread, thin, tickText } from '../../../src/ui/figures/draw/ticks';
import { figures } from '../../../src/ui/figures/index';
import { type DiffView, diffFigure, diffFigureOf, disagreement } from '../../../src/ui/figures/network/diff';
import { matrixShape } from '../../../src/ui/figures/network/matrix';
import { networkFigure } from '../../../src/ui/figures/network/network';
import type { Network } from '../../../src/ui/figures/network/network-summary';
import { type Optimizer, optimizerFigure, stepsAt } from '../../../src/ui/figures/network/optimizer';

const shown = <V>(id: string, value: V): Shown<V> => ({ id, name: `run ${id}`, color: '#000000', value });

const flow = (rows: readonly (readonly number[])[]): Trained['gradientRms'] => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float64Array.from(rows.flat()),
});

function training(loss: readonly number[], gradients: readonly (readonly number[])[]): Trained {
  const curve = Float64Array.from(loss);
  return {
    loss: curve,
    testLoss: curve.map((value) => value * 1.1),
    accuracy: curve.map((value) => 1 - value),
    testAccuracy: curve.map((value) => 1 - value),
    gradientRms: flow(gradients),
    updateRms: flow(gradients),
    saturated: flow(gradients.map((row) => row.slice(1).map(() => 0.25))),
    layers: [],
  };
}

const kernel = (inputs: number, units: number, value = 0.5) => ({
  shape: [inputs, units] as [number, number],
  data: new Float32Array(inputs * units).fill(value),
});

describe('numbers', () => {
  test('have the digits that mean something', () => {
    const written = [0.44481, 0.2200001, 0.06112, 125, 12.3456, 3.21e-5, 0.0009999999, 1.2345e6, 0, -0, -0.5];
    expect(written.map((value) => formatNumber(value))).toEqual([
      '0.4448',
      '0.2200',
      '0.0611',
      '125',
      '12.35',
      '3.2e−5',
      '0.0010',
      '1.2e6',
      '0',
      '0',
      '-0.5000',
    ]);
    expect([0.815, 0.88, 0.061123, 0.4448].map((value) => formatNumber(value, 3))).toEqual([
      '0.815',
      '0.880',
      '0.061',
      '0.445',
    ]);
    expect([0.0039, 0.03, 0.09996].map((value) => formatNumber(value, 2))).toEqual(['0.004', '0.03', '0.10']);
    expect(
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((v) => formatNumber(v)),
    ).toEqual(['–', '∞', '-∞']);
    expect(formatSigned(-3.21e-5)).toBe('−3.2e−5');
  });

  test('compare as ratios, multiples and shares', () => {
    expect(formatRatio(0.001, 0.125)).toBe('1\u00a0:\u00a0125');
    expect(formatRatio(1, 873_324)).toBe('1\u00a0:\u00a0873000');
    expect(formatRatio(1, 1.81e7)).toBe('1\u00a0:\u00a01.8e7');
    expect(formatRatio(1.5, 1)).toBe('1.5\u00a0:\u00a01');
    expect(formatRatio(2, 2)).toBe('1\u00a0:\u00a01');
    expect(formatRatio(0, 3)).toBe('0\u00a0:\u00a01');
    expect(formatRatio(3, 0)).toBe('1\u00a0:\u00a00');
    expect(formatRatio(0, 0)).toBe('–');
    expect(formatRatio(Number.NaN, 1)).toBe('–');
    expect(formatTimes(1, 125)).toBe('1/125 of');
    expect(formatTimes(1.5, 1)).toBe('1.5 times');
    expect(formatTimes(1, 1)).toBe('as much as');
    expect([0, 0.004, 0.4321, 1, Number.NaN].map(formatShare)).toEqual([
      '0\u00a0%',
      '0.4\u00a0%',
      '43\u00a0%',
      '100\u00a0%',
      '–',
    ]);
  });

  test('lists and long names are cut', () => {
    expect(listed([])).toBe('');
    expect(listed(['A', 'B', 'C'])).toBe('A, B and C');
    expect(listed([...'ABCDEFG'])).toBe('A, B, C and 4 more');
    expect(fitText('a long name', 36)).toBe('a lon…');
  });
});

describe('axes', () => {
  test('logarithmic ticks are few and round, over any number of decades', () => {
    expect(logTicks(0.05, 0.75, 6)).toEqual([0.05, 0.1, 0.2, 0.5]);
    expect(logTicks(0.6, 0.8, 5)).toEqual([0.6, 0.65, 0.7, 0.75, 0.8]);
    expect(logTicks(1e-4, 1, 6)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(logTicks(1e-12, 1, 5).length).toBeLessThanOrEqual(5);
    expect([0.5, 0.05, 1e-4, 100, 20_000, -1.5, 0, 10].map(tickText)).toEqual([
      '0.5',
      '0.05',
      '1e−4',
      '100',
      '2e4',
      '−1.5',
      '0',
      '10',
    ]);
  });

  test('what is zero or no number does not stretch a logarithmic axis', () => {
    expect(logExtent([[0, 1e-3, Number.NaN, 2]])).toEqual([1e-3, 2]);
    expect(logExtent([[0]])).toEqual([0.1, 1]);
    expect(logExtent([[3]])).toEqual([1.5, 6]);
  });

  test('thinning keeps the first, the last and every extreme', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, index) =>
      index === 5_000 ? 99 : Math.sin(index),
    );
    const points = thin(values, 200);
    expect(points.length).toBeLessThan(210);
    expect(points.some(([epoch, value]) => epoch === 5_001 && value === 99)).toBe(true);
    expect([points[0]?.[0], points.at(-1)?.[0]]).toEqual([1, 10_000]);
    expect(thin(Float64Array.of(7), 200)).toEqual([[1, 7]]);
  });

  test('labels move apart as little as they must, or give up', () => {
    expect(spread([10, 11, 50], 12, 0, 100)).toEqual([10, 22, 50]);
    expect(spread([95, 99], 12, 0, 100)).toEqual([88, 100]);
    expect(spread([1, 2, 3], 60, 0, 100)).toBeUndefined();
    expect(epochTicks(1, 300)).toEqual([1]);
    expect(epochTicks(100, 470)).toEqual([1, 20, 40, 60, 80, 100]);
  });
});

describe('titles state what is seen', () => {
  const A = shown(
    'A',
    training(
      [0.7, 0.4448],
      [
        [0.001, 0.01, 0.125],
        [0.01, 0.01, 0.02],
      ],
    ),
  );
  const C = shown(
    'C',
    training(
      [0.7, 0.0611],
      [
        [0.15, 0.1, 0.1],
        [0.1, 0.1, 0.1],
      ],
    ),
  );

  test('of curves, best first, with the epochs where they differ', () => {
    expect(lossFigure.title([A, C])).toBe('Loss falls to 0.061 in C, to 0.445 in A');
    expect(accuracyFigure.title([A, C])).toBe('Accuracy ends at 0.939 in C, 0.555 in A');
    const short = shown('B', training([0.6], [[1, 1, 1]]));
    expect(lossFigure.title([A, short])).toBe('Loss falls to 0.445 in A; after one epoch: 0.600 in B');
    const worse = shown('D', training([0.5, 0.9], [[1, 1, 1]]));
    expect(lossFigure.title([A, worse])).toBe('Loss falls to 0.445 in A; it rises to 0.900 in D');
    const many = [...'ABCDE'].map((id, index) => shown(id, training([1, 0.1 * (index + 1)], [[1, 1]])));
    expect(lossFigure.title(many)).toBe('Loss falls to 0.100 in A, best of 5 runs, to 0.500 in E, the worst');
    const ends = (losses: readonly number[]): string =>
      lossFigure.title(
        losses.map((loss, index) => shown('ABCDE'[index] ?? '', training([1, loss], [[1, 1]]))),
      );
    expect(ends([0.5, 0.5, 0.5, 0.5, 0.5])).toBe('Loss falls to 0.500 in all 5 runs');
    expect(ends([0.1, 0.1, 0.2, 0.5, 0.5])).toBe(
      'Loss falls to 0.100 in A, among the best of 5 runs, to 0.500 in E, among the worst',
    );
  });

  test('of gradients and saturation', () => {
    expect(gradientFigure.title([C, A])).toBe(
      'In epoch 1, A’s first layer has 1/125 of the gradient of its last; C’s 1.5 times',
    );
    expect(saturationFigure.title([A])).toBe('Saturated hidden outputs at the end: 25\u00a0% in A');
    expect(gradientFigure.describe([A])).toContain('(1\u00a0:\u00a0125) in epoch 1');
  });

  test('of data, split, network and optimizer', () => {
    const points = {
      x: { shape: [4, 2] as [number, number], data: new Float32Array(8) },
      y: Uint8Array.of(0, 1, 1, 0),
    };
    expect(datasetFigure.title([shown('A', points), shown('B', points)])).toBe(
      'A and B share 4 points, 2 of each class',
    );
    const split = { dataset: points, split: { train: Uint32Array.of(0, 1, 2), test: Uint32Array.of(3) } };
    expect(splitFigure.title([shown('A', split)])).toBe('3 training points, 1 test point');
    const network: Network = {
      layers: [
        { units: 3, activation: 'relu', kernel: kernel(2, 3), bias: new Float32Array(3) },
        { units: 1, activation: 'sigmoid', kernel: kernel(3, 1), bias: new Float32Array(1) },
      ],
    };
    expect(networkFigure.title([shown('A', network)])).toBe('A has 13 parameters in 2 layers');
    expect(optimizerFigure.title([shown('A', adam), shown('B', adam)])).toBe(
      'In A and B, adam steps about 0.001 at any size of the gradient',
    );
  });

  test('of nothing at all, in words', () => {
    for (const list of Object.values(figures)) {
      for (const figure of list) {
        expect(figure.title([])).toMatch(/^(No|There)/);
        expect(figure.describe([]).length).toBeGreaterThan(10);
        expect(figure.table([]).length).toBe(1);
      }
    }
    const empty = shown('A', training([], []));
    for (const figure of figures.train) {
      expect(figure.title([empty])).toMatch(/^No/);
      expect(figure.describe([empty])).not.toContain('NaN');
    }
  });

  test('names of figures are unique', () => {
    const names = Object.values(figures).flatMap((list) => list.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

const adam: Optimizer = {
  name: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  globalClipNorm: 0,
};

describe('steps of a constant gradient follow Keras', () => {
  /** Keras' update steps, taken one by one. */
  function taken(value: Optimizer, g: number, steps: number): number {
    let [m, v, step] = [0, 0, 0];
    for (let t = 1; t <= steps; t++) {
      if (value.name === 'adam') {
        m += (g - m) * (1 - value.beta1);
        v += (g * g - v) * (1 - value.beta2);
        const alpha = (value.learningRate * Math.sqrt(1 - value.beta2 ** t)) / (1 - value.beta1 ** t);
        step = (alpha * m) / (Math.sqrt(v) + value.epsilon);
      } else if (value.name === 'sgd') {
        m = value.momentum * m + value.learningRate * g;
        step = value.nesterov ? value.momentum * m + value.learningRate * g : m;
      } else {
        v = value.rho * v + (1 - value.rho) * g * g;
        m = value.momentum * m + (value.learningRate * g) / Math.sqrt(v + value.epsilon);
        step = m;
      }
    }
    return step;
  }

  const common = { learningRate: 0.01, globalClipNorm: 0 };
  test.each<Optimizer>([
    adam,
    { name: 'sgd', ...common, momentum: 0, nesterov: false },
    { name: 'sgd', ...common, momentum: 0.9, nesterov: false },
    { name: 'sgd', ...common, momentum: 0.9, nesterov: true },
    { name: 'rmsprop', ...common, rho: 0.9, epsilon: 1e-7, momentum: 0 },
    { name: 'rmsprop', ...common, rho: 0.9, epsilon: 1e-7, momentum: 0.5 },
  ])('first and in the long run, %o', (value) => {
    for (const g of [1e-6, 0.01, 3]) {
      const { first, lasting } = stepsAt(value, g);
      expect(Math.abs(first / taken(value, g, 1) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(lasting / taken(value, g, 30_000) - 1)).toBeLessThan(1e-6);
    }
  });

  test('momentum 1 has no long run, and clipping bounds the step', () => {
    const sgd: Optimizer = {
      name: 'sgd',
      learningRate: 0.1,
      globalClipNorm: 1,
      momentum: 1,
      nesterov: false,
    };
    expect(stepsAt(sgd, 5)).toEqual({ first: 0.1, lasting: Number.POSITIVE_INFINITY });
    expect(optimizerFigure.title([shown('A', sgd)])).toBe(
      'Sgd with momentum 1 takes ever larger steps, clipped at 1',
    );
  });
});

describe('diff', () => {
  const matrix = (value: number) => ({
    shape: [1, 2] as [number, number],
    data: Float64Array.of(value, -value),
  });
  const view = (gradient: number, update: number): DiffView => ({
    optimizer: adam,
    diff: {
      layers: [
        {
          before: kernel(1, 2),
          after: kernel(1, 2),
          update: matrix(update),
          perLearningRate: matrix(-update / 0.001),
          percentChange: { shape: [1, 2], data: Float64Array.of(Number.NaN, 3) },
          gradientBefore: matrix(gradient),
          gradientAfter: matrix(gradient),
        },
      ],
    },
  });

  test('says so where the smaller gradient moved farther, and why', () => {
    const runs = [shown('A', view(0.001, 0.6)), shown('C', view(0.02, 0.4))];
    expect(disagreement(runs)).toBe(
      'A’s first layer starts with 1/20 of the gradient of C’s, but moved 1.5 times as far: Adam divides each step by the gradient’s own size.',
    );
    expect(diffFigure.title(runs)).toBe(
      'A’s first layer moved 1.5 times as far as C’s, with 1/20 of its gradient',
    );
    expect(disagreement([shown('A', view(0.001, 0.1)), shown('C', view(0.02, 0.4))])).toBeUndefined();
  });

  test('names both optimizers where they differ, and not what one of them does', () => {
    const byAdam = shown('A', view(0.02, 0.4));
    const bySgd = shown<DiffView>('B', {
      ...view(0.001, 0.6),
      optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, globalClipNorm: 0 },
    });
    expect(disagreement([byAdam, bySgd])).toMatch(
      /times as far: B is trained by sgd with learning rate 0\.1, A by adam with 0\.001\.$/,
    );
  });

  test('lays nothing to the optimizer where one is trained for longer or in smaller batches', () => {
    const sentence = (a: Partial<DiffView>, b: Partial<DiffView>): string | undefined =>
      disagreement([
        shown('A', { ...view(0.001, 0.6), epochs: 100, batchSize: 32, ...a }),
        shown('B', { ...view(0.02, 0.4), epochs: 100, batchSize: 32, ...b }),
      ]);
    expect(sentence({}, {})).toMatch(/times as far: Adam divides each step/);
    expect(sentence({ epochs: 300 }, { batchSize: 1 })).toMatch(
      /times as far: A is trained for 300 epochs, B for 100\.$/,
    );
    expect(sentence({ batchSize: 8 }, {})).toMatch(
      /times as far: A takes a step for every 8 points, B for every 32\.$/,
    );
  });

  test('says so of every pair in which it is plain, and with the note who lacks the layer', () => {
    const runs = [
      shown('A', view(0.001, 0.6)),
      shown('B', view(0.005, 0.5)),
      shown('C', view(0.02, 0.4)),
      shown('D', view(0.03, 0.9)),
    ];
    expect(disagreement(runs)).toMatch(
      /^A’s first layer starts with 1\/20 .* own size\. The same holds for B beside C\.$/,
    );
    const deep = shown('E', {
      ...view(1, 1),
      diff: { layers: [...'123'].flatMap(() => view(1, 1).diff.layers) },
    });
    expect(diffFigureOf(1).note?.([shown('A', view(1, 1)), deep])).toBe('A has no hidden layer 2.');
    expect(diffFigureOf(1).title([shown('A', view(1, 1)), deep])).toBe(
      'Layer 2’s weights moved by 1 in E (root mean square)',
    );
  });

  test('is had of every hidden layer and of each run’s output layer', () => {
    const deep = shown('E', {
      ...view(1, 1),
      diff: { layers: [...'123'].flatMap(() => view(1, 1).diff.layers) },
    });
    const runs = [shown('A', view(1, 1)), deep];
    const forms = diffFigure.forms?.of(runs) ?? [];
    expect(forms.map(({ word }) => word)).toEqual(['layer 1', 'layer 2', 'output']);
    expect(forms.map(({ figure }) => figure)).toEqual(diffFigure.forms?.of(runs).map(({ figure }) => figure));
    const rows = forms.at(-1)?.figure.table(runs).slice(1) ?? [];
    expect(rows.map(([run, layer]) => `${run}${layer}`)).toEqual(['A1', 'A1', 'E3', 'E3']);
  });

  test('a large kernel is painted whole, or as many of its entries as there are pixels, and that is said', () => {
    const of = (inputs: number, units: number) => ({
      shape: [inputs, units] as const,
      data: new Float64Array(inputs * units),
    });
    expect(matrixShape(of(2, 10), 100)).toMatchObject({
      isPainted: false,
      words: 'units down, inputs across',
    });
    const middle = matrixShape(of(40, 30), 100);
    expect(middle).toMatchObject({ isPainted: true, rows: 40, columns: 30 });
    expect(middle.words).toBe('inputs down, units across, 40 × 30');
    const large = matrixShape(of(1_024, 1_024), 100);
    expect([large.rows, large.columns, large.height]).toEqual([144, 100, 144]);
    expect(large.words).toBe(
      'units down, inputs across, 1024 × 1024, 144 × 100 of them drawn, evenly sampled',
    );
  });

  test('an entry without a percent change is an empty field', () => {
    const csv = csvText(diffFigure.table([shown('A', view(0.001, 0.6))]));
    expect(csv.split('\r\n')[1]).toBe('A,1,1,1,0.5,0.5,0.001,0.001,0.6,-600,');
  });
});

describe('files', () => {
  test('CSV quotes as RFC 4180 has it and rounds nothing', () => {
    expect(
      csvText([
        ['run', 'a "b"', 'x,y'],
        ['two\nlines', 0.1 + 0.2, Number.NaN],
      ]),
    ).toBe('run,"a ""b""","x,y"\r\n"two\nlines",0.30000000000000004,\r\n');
  });

  test('titles break at spaces', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapped('unbreakable', 4)).toEqual(['unbreakable']);
  });
});

test('boundaries say which epoch each run stands at, where they differ', () => {
  const view = (epoch: number, epochs: number) => ({
    dataset: { x: { shape: [2, 2] as [number, number], data: new Float32Array(4) }, y: Uint8Array.of(0, 1) },
    split: { train: Uint32Array.of(0), test: Uint32Array.of(1) },
    grid: { probabilities: Float32Array.of(0), columns: 1, rows: 1, extent: [-1, 1, -1, 1] as const },
    epoch,
    epochs,
  });
  const [boundary] = figures.boundary;
  const titleOf = (b: ReturnType<typeof view>): string =>
    boundary.title([shown('A', view(80, 100)), shown('B', b)]);
  expect(titleOf(view(80, 100))).toMatch(/^At epoch 80, A has 1 of 2 points/);
  expect(titleOf(view(50, 50))).toMatch(/^At epoch 80 \(B 50\), A has/);
  expect(boundary.title([shown('A', view(100, 100)), shown('B', view(50, 50))])).toMatch(/^A has/);
});

describe('a field of probabilities', () => {
  const grid = {
    probabilities: Float32Array.of(0, 1, 0, 1),
    columns: 2,
    rows: 2,
    extent: [0, 2, 0, 2] as const,
  };

  test('is interpolated between the middles of cells and constant beyond them', () => {
    expect(probabilityAt(grid, 0.5, 0.5)).toBe(0);
    expect(probabilityAt(grid, 1, 1.3)).toBe(0.5);
    expect(probabilityAt(grid, 1.25, 1)).toBe(0.75);
    expect(probabilityAt(grid, -9, 9)).toBe(0);
  });

  test('is shaded, pixel by pixel, by the tenth that it has there', () => {
    const shades = Uint32Array.from({ length: 10 }, (_, tenth) => tenth + 1);
    const fieldOf = (columns: number, rows: number, value: (x: number, y: number) => number) => ({
      probabilities: Float32Array.from({ length: columns * rows }, (_, at) =>
        value((at % columns) / columns, Math.floor(at / columns) / rows),
      ),
      columns,
      rows,
      extent: [-1, 2, 0, 1.5] as const,
    });
    const fields = [
      fieldOf(32, 24, (x, y) => 1 / (1 + Math.exp(-20 * (x - y * y - 0.2)))),
      fieldOf(7, 3, (x, y) => (Math.sin(9 * x) * Math.cos(7 * y) + 1) / 2),
      fieldOf(1, 5, (_, y) => y),
      fieldOf(5, 1, (x) => x),
      fieldOf(1, 1, () => 0.95),
    ];
    // The whole plane, a part of it, and more than it.
    for (const extent of [
      [-1, 2, 0, 1.5] as const,
      [-0.3, 1.1, 0.2, 0.7] as const,
      [-2, 3, -1, 2] as const,
    ]) {
      for (const field of fields) {
        const [width, height] = [61, 47];
        const pixels = shadePixels(field, { width, height, extent }, shades);
        const wrong = [...pixels].flatMap((shade, at) => {
          const x = extent[0] + (((at % width) + 0.5) / width) * (extent[1] - extent[0]);
          const y = extent[3] - ((Math.floor(at / width) + 0.5) / height) * (extent[3] - extent[2]);
          const tenths = probabilityAt(field, x, y) * 10;
          // Where a tenth begins, rounding decides.
          const isEdge = Math.abs(tenths - Math.round(tenths)) < 1e-9;
          return isEdge || shade === Math.min(9, Math.floor(tenths)) + 1 ? [] : [at];
        });
        expect(wrong).toEqual([]);
      }
    }
  });
});
