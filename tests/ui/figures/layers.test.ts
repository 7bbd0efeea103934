// What figures by layer read, say and draw: single runs, runs with members, deep networks, and where there is nothing.

import { scale } from '@observablehq/plot';
import { describe, expect, test } from 'vitest';
import { gradientFigure } from '../../../src/ui/figures/by-layer/gradient';
import { chosenLayers } from '../../../src/ui/figures/by-layer/layer-lines';
import { layerAt, layeredOf, ratioAt, TRAIN_BANDS } from '../../../src/ui/figures/by-layer/layers';
import { saturationFigure } from '../../../src/ui/figures/by-layer/saturation';
import { bandsOf } from '../../../src/ui/figures/curves/band-area';
import type { Trained } from '../../../src/ui/figures/curves/curve-text';
import { lossFigure } from '../../../src/ui/figures/curves/curves';
import type { Bands, Shown } from '../../../src/ui/figures/draw/figure';
import type { Mark } from '../../../src/ui/figures/draw/mark';
import { percentile } from '../../../src/ui/text/spread';
import { RAMP_COLORS } from '../../../src/ui/text/viridis';

/** A training of so many layers and epochs whose gradient shrinks by `factor` from layer to layer, back to the first. */
function training(layers: number, epochs: number, factor: number): Trained {
  const flow = (columns: number, value: (epoch: number, layer: number) => number) => ({
    shape: [epochs, columns] as [number, number],
    data: Float64Array.from({ length: epochs * columns }, (_, at) =>
      value(Math.floor(at / columns) + 1, at % columns),
    ),
  });
  const curve = Float64Array.from({ length: epochs }, (_, epoch) => 1 / (epoch + 2));
  const gradientRms = flow(layers, (epoch, layer) => (0.1 / epoch) * factor ** (layers - 1 - layer));
  return {
    loss: curve,
    testLoss: curve,
    accuracy: curve,
    testAccuracy: curve,
    gradientRms,
    updateRms: gradientRms,
    saturated: flow(layers - 1, (epoch, layer) => (epoch + layer) / (epochs + layers)),
    layers: [],
  };
}

function bands(members: readonly Trained[], first: Trained, of = members.length): Bands {
  const work = bandsOf(members, TRAIN_BANDS.lines(first), TRAIN_BANDS.epochs(first), { of, lost: 0 });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const shown = (id: string, value: Trained, members?: Bands): Shown<Trained> => ({
  id,
  name: `run ${id}`,
  color: '#0072b2',
  value,
  ...(members && { members }),
});

const FRAME = { width: 560, epoch: 3 };
const texts = (drawing: Mark): string[] =>
  [...drawing.all()].filter(({ name }) => name === 'text').map(({ children }) => children.join(''));
const linesForm = () => {
  const lines = gradientFigure.forms?.of([])[1]?.figure;
  if (!lines) throw new Error('there are no lines');
  return lines;
};

describe('over members', () => {
  const members = Array.from({ length: 21 }, (_, index) => training(4, 5, 0.1 + 0.03 * index));
  const [first = training(4, 5, 0.1)] = members;
  const run = shown('A', first, bands(members, first, 24));

  test('every layer has the percentiles of its own values', () => {
    const layered = layeredOf(run, 'gradientRms');
    for (let layer = 0; layer < 4; layer++) {
      const values = members
        .map(({ gradientRms }) => gradientRms.data[2 * 4 + layer] ?? 0)
        .sort((a, b) => a - b);
      expect(layerAt(layered, 3, layer)).toEqual({
        value: percentile(values, 0.5),
        range: [percentile(values, 0.05), percentile(values, 0.95)],
      });
    }
    expect(layeredOf(run, 'gradientRms')).toBe(layered);
  });

  test('first : last is the median of the members’ ratios, with its percentiles', () => {
    const ratios = members
      .map(({ gradientRms: { data } }) => (data[0] ?? 0) / (data[3] ?? 0))
      .sort((a, b) => a - b);
    const { first: a, last: b, range } = ratioAt(run, 1);
    expect(a / b).toBe(percentile(ratios, 0.5));
    expect(range).toEqual([percentile(ratios, 0.05), percentile(ratios, 0.95)]);
  });

  test('n is said in titles, panels, text alternatives and tables', () => {
    for (const figure of [gradientFigure, saturationFigure, linesForm()]) {
      expect(figure.title([run])).toMatch(/; median of 21$/);
      expect(texts(figure.draw([run], FRAME))).toContain('n 21');
      expect(figure.describe([run])).toContain('medians of 21 of 24 members');
      const [head, row] = figure.table([run]);
      expect(head?.slice(4)).toHaveLength(4);
      expect(row?.[4]).toBe(21);
    }
    expect(texts(linesForm().draw([run], FRAME)).join()).toMatch(
      /epoch 3 · 1\u00a0:\u00a0\d+ \(1\u00a0:\u00a0\d+ to 1\u00a0:\u00a0[\d.]+\)/,
    );
  });

  test('of a thousand members of a deep network no more numbers are sorted than a page can', () => {
    const deep = training(51, 300, 0.9);
    const thousand = Array.from({ length: 1_000 }, () => deep);
    const lines = TRAIN_BANDS.lines(deep);
    let steps = 0;
    for (const _ of bandsOf(thousand, lines, 300, { of: 1_000, lost: 0 })) steps++;
    expect(steps * 1_000).toBeLessThanOrEqual(8e6);
    expect(steps / lines.length).toBeGreaterThanOrEqual(50);
  });

  test('some members without any gradient do not count for the ratio, and n is of those that have one', () => {
    const well = [0.5, 0.25, 0.1].map((factor) => training(3, 2, factor));
    const still = training(3, 2, 0.5);
    const none = {
      ...still,
      gradientRms: { ...still.gradientRms, data: still.gradientRms.data.map(() => 0) },
    };
    const all = [none, ...well, ...Array.from({ length: 16 }, () => none)];
    const some = shown('A', none, bands(all, none));
    const { first: a, last: b, range, of } = ratioAt(some, 1);
    const ratios = [0.01, 0.0625, 0.25];
    expect(a / b).toBeCloseTo(0.0625, 12);
    expect(range?.[0]).toBeCloseTo(percentile(ratios, 0.05), 12);
    expect(range?.[1]).toBeCloseTo(percentile(ratios, 0.95), 12);
    expect(of).toBe(3);
    const title = gradientFigure.title([some, shown('B', still, bands([still, still], still))]);
    expect(title).toMatch(/1\/16 of the gradient of its last; B’s 1\/4; medians of 3 of 20 in A and 2 in B$/);
    expect(gradientFigure.describe([some])).toContain('of the 3 that have a ratio');
    expect(texts(gradientFigure.draw([some], FRAME)).join()).toMatch(
      /epoch 2 · 1\u00a0:\u00a016 \(.* to .*, of 3\)/,
    );
  });

  test('members without any gradient have no ratio, and that is said', () => {
    const still = training(3, 2, 0);
    const none = {
      ...still,
      gradientRms: { ...still.gradientRms, data: still.gradientRms.data.map(() => 0) },
    };
    const both = [none, none];
    expect(ratioAt(shown('A', none, bands(both, none)), 1)).toEqual({ first: 0, last: 0 });
    expect(gradientFigure.title([shown('A', none)])).toBe(
      'In epoch 1, no gradient reaches A’s first or last layer',
    );
    const well = training(3, 2, 0.5);
    const all = [shown('A', none), shown('B', well), shown('C', none), shown('D', well)];
    expect(gradientFigure.title(all)).toBe(
      'In epoch 1, B’s first layer has 1/4 of the gradient of its last; D’s 1/4; none reaches A’s and C’s first or last layer',
    );
    const six = [...'ABCDEF'].map((id, index) => shown(id, training(3, 2, (index + 1) / 10)));
    expect(gradientFigure.title(six)).toBe(
      'In epoch 1, A’s first layer has 1/100 of the gradient of its last; B’s 1/25 and F’s 1/2.8, of 6 runs',
    );
    expect(gradientFigure.title([shown('A', still)])).toBe(
      'In epoch 1, A’s first layer has nothing of the gradient of its last',
    );
  });
});

describe('saturated shares in words', () => {
  test('those of layers that follow one another alike are said once, so that fifty layers are a sentence', () => {
    const deep = training(51, 2, 1);
    const data = deep.saturated.data.map((_, index) => [0.25, 0.5, 0.5][index % 50] ?? 1);
    const run = shown('A', { ...deep, saturated: { ...deep.saturated, data } });
    expect(saturationFigure.describe([run])).toContain(
      '25\u00a0%, 50\u00a0%, 50\u00a0%, 100\u00a0% in 47 layers.',
    );
  });
});

describe('heat maps', () => {
  test('have the colours of viridis as Observable Plot has them', () => {
    const viridis = scale({ color: { type: 'linear', scheme: 'viridis', domain: [0, 1] } });
    expect(RAMP_COLORS).toHaveLength(40);
    expect(RAMP_COLORS).toEqual(RAMP_COLORS.map((_, step) => viridis.apply(step / 39)));
  });

  test('say what lies down and across, on a phone too, and never more than fits', () => {
    const run = shown('A', training(3, 4, 0.5));
    const still = {
      ...run,
      value: {
        ...run.value,
        gradientRms: {
          ...run.value.gradientRms,
          data: run.value.gradientRms.data.map((value, at) => (at === 0 ? 0 : value)),
        },
      },
    };
    for (const [figure, runs] of [
      [gradientFigure, [run]],
      [gradientFigure, [still]],
      [saturationFigure, [run]],
    ] as const) {
      const legendAt = (width: number): string => {
        const found = texts(figure.draw(runs, { ...FRAME, width })).filter((text) =>
          /^(\|∂L|RMS|saturated s)/.test(text),
        );
        expect(found).toHaveLength(1);
        return found[0] ?? '';
      };
      expect(legendAt(560)).toContain('; layers down, epochs across');
      expect(legendAt(356)).toContain('; layers down, epochs across');
      for (const width of [356, 240, 120]) expect(legendAt(width).length * 5.5).toBeLessThanOrEqual(width);
    }
  });
});

describe('lines by layer', () => {
  test('of fifty hidden layers are a dozen, evenly chosen, and that is said', () => {
    expect(chosenLayers(4)).toEqual([0, 1, 2, 3]);
    const chosen = chosenLayers(51);
    expect([chosen.length, chosen[0], chosen.at(-1)]).toEqual([12, 0, 50]);
    const drawing = linesForm().draw([shown('A', training(51, 20, 0.8))], FRAME);
    expect(texts(drawing)).toContain('12 of 51 layers drawn, evenly sampled; the heat map shows all.');
    expect(
      [...drawing.all()].filter(({ attributes }) => attributes.get('class') === 'layer-line'),
    ).toHaveLength(12);
  });

  test('draw nothing that is no number, and leave gaps out', () => {
    const value = training(3, 4, 0.5);
    value.gradientRms.data[0] = Number.NaN;
    value.gradientRms.data[4] = Number.POSITIVE_INFINITY;
    value.gradientRms.data[7] = 0;
    for (const figure of [gradientFigure, linesForm()]) {
      for (const { attributes } of figure.draw([shown('A', value)], FRAME).all())
        for (const [name, text] of attributes) expect(`${name}=${text}`).not.toMatch(/NaN|Infinity/);
    }
  });
});

describe('where there is nothing', () => {
  const flat = shown('E', training(1, 4, 1));

  test('a network without hidden layers is said to have none', () => {
    expect(saturationFigure.title([flat])).toBe('No hidden layer in E: nothing can saturate');
    expect(saturationFigure.draw([flat], FRAME).children).toEqual([
      'No hidden layer in E: nothing can saturate.',
    ]);
    expect(saturationFigure.note?.([flat, shown('A', training(3, 4, 1))])).toBe(
      'No hidden layer in E: nothing can saturate.',
    );
    expect(saturationFigure.note?.([flat])).toBeUndefined();
    expect(gradientFigure.title([flat])).toBe('With one layer, the gradient cannot vanish');
    expect(texts(gradientFigure.draw([flat], FRAME)).join()).toContain('1\u00a0:\u00a01');
  });
});

describe('the colours of the gradient map', () => {
  /** The steps of the ramp that a training of two layers and one epoch is painted in, the first layer first. */
  function stepsOf(value: Trained): number[] {
    const fills: string[] = [];
    const context = {
      fillStyle: '',
      fillRect() {
        fills.push(this.fillStyle);
      },
    };
    for (const { canvas } of gradientFigure.draw([shown('A', value)], FRAME).all())
      for (const part of canvas?.parts ?? [])
        part.paint(context as unknown as CanvasRenderingContext2D, (name) => name, 1);
    return fills.map((fill) => RAMP_COLORS.indexOf(fill));
  }

  test('tell 1 : 2 from 1 : 125: a scale spans two decades or more', () => {
    const [first = 0, last = 0] = stepsOf(training(2, 1, 1 / 2));
    expect(last).toBe(RAMP_COLORS.length - 1);
    expect(last - first).toBeLessThan(RAMP_COLORS.length / 5);
    expect(stepsOf(training(2, 1, 1 / 125))).toEqual([0, RAMP_COLORS.length - 1]);
  });
});

describe('the legend of many runs', () => {
  const shades = (texts: readonly string[]): Shown<Trained>[] =>
    texts.map((text, at) => ({
      ...shown(String.fromCharCode(65 + at), training(2, 4, 0.5)),
      color: RAMP_COLORS[at] ?? '',
      shade: { param: 'hidden layers', text, value: Number(text) },
    }));

  test('has a patch for each run, by value, and the values below', () => {
    const drawing = lossFigure.draw(shades(['3', '1', '2']), FRAME);
    expect(texts(drawing).slice(-4)).toEqual(['hidden layers', '1', '2', '3']);
    const patches = [...drawing.all()].filter(({ name }) => name === 'rect').slice(-3);
    expect(patches.map(({ attributes }) => attributes.get('fill'))).toEqual(
      [1, 2, 0].map((at) => RAMP_COLORS[at]),
    );
  });

  test('is missing where a run has no value, and leaves out values that do not fit', () => {
    const [first, ...rest] = shades(['1', '2']);
    const plain = first && shown('A', first.value);
    expect(texts(lossFigure.draw([...(plain ? [plain] : []), ...rest], FRAME))).not.toContain(
      'hidden layers',
    );
    const long = shades(Array.from({ length: 10 }, (_, at) => `0.000${at}`));
    expect(texts(lossFigure.draw(long, FRAME)).filter((text) => text.startsWith('0.000'))).toHaveLength(4);
  });
});
