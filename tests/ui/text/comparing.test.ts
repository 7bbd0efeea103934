// Runs compared, without a screen: results with their spread, differences to a baseline, bands, and why two runs differ.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import type { KeyState } from '../../../src/core/compute/scheduler';
import { bridgeRuns } from '../../../src/core/plan/bridge';
import { compareRuns } from '../../../src/core/plan/comparison';
import { createPlanner } from '../../../src/core/plan/plan';
import { setOverride } from '../../../src/core/sheet/sheet';
import { inSlices } from '../../../src/core/slices';
import { bandsOf, readingAt, sampledEpochs } from '../../../src/ui/figures/curves/band-area';
import { accuracyFigure, lossFigure, type Trained } from '../../../src/ui/figures/curves/curves';
import type { Bands, Shown } from '../../../src/ui/figures/draw/figure';
import {
  countTexts,
  differenceTexts,
  formatSpread,
  haveSameSeeds,
  type Tally,
} from '../../../src/ui/grid/result-spread';
import { waitingText } from '../../../src/ui/inspector/waiting-text';
import { bridgeName, comparisonText, refusalText } from '../../../src/ui/text/difference-text';
import { percentile } from '../../../src/ui/text/spread';
import { sheetAt } from '../../sheet-at';

const planOf = createPlanner(registry);

const loss = { format: 'loss' } as const;
const ratio = { format: 'ratio' } as const;
const tally = (figures: readonly (number | undefined)[], diverged = 0, failed = 0): Tally => ({
  figures,
  diverged,
  failed,
});

describe('a result over members', () => {
  test('is a mean with a spread in two digits, no finer than the row', () => {
    const spread = (values: number[]) => formatSpread(loss, values).text;
    expect(spread([0.43, 0.4596])).toBe('0.4448 ± 0.021');
    expect(spread([0.4448, 0.4449])).toBe('0.4448 ± 7.1e−5');
    expect(spread([0.444, 0.4447])).toBe('0.4444 ± 0.0005');
    expect(spread([0.4, 0.4])).toBe('0.4000 ± 0');
    expect(spread([3, 60])).toBe('31.5000 ± 40');
    expect(spread([1e28, 3e28])).toBe('2.0e28 ± 1.4e28');
    expect(formatSpread(ratio, [0.01, 0.04]).text).toBe('1 : 50 ×÷ 2.7');
    expect(formatSpread(ratio, [0.01, 0.0101]).text).toBe('1 : 100 ×÷ 1.01');
    expect(formatSpread(ratio, [0, 0.04]).text).toBe('0 : 1 ×÷ –');
  });

  test('says how many there are, and what became of the others', () => {
    expect(countTexts(tally([1, 2, undefined]))).toEqual({ short: 'n 2', words: '2 of 3 members' });
    const lost = tally([...Array.from({ length: 18 }, () => 1), undefined, undefined], 2);
    expect(countTexts(lost)).toEqual({ short: 'n 18/20', words: '18 of 20 members, 2 diverged' });
    expect(countTexts(tally([1, undefined], 0, 1)).words).toBe('1 of 2 members, 1 failed');
  });
});

describe('a difference to the baseline', () => {
  const of = (own: number[], other: number[], paired = false, row: { format: 'loss' | 'ratio' } = loss) =>
    differenceTexts(row, tally(own), tally(other), 'A', paired);

  test('of single figures is a number with its sign, or a factor', () => {
    expect(of([0.0611], [0.4448])).toEqual({
      short: '−0.3837',
      words: '0.3837 lower than A; A 0.4448',
      within: false,
    });
    expect(of([0.5], [0.4448])?.short).toBe('+0.0552');
    expect(of([0.4448], [0.4448])).toMatchObject({ short: '=', words: 'the same as A; A 0.4448' });
    expect(of([1.5], [0.008], false, ratio)).toMatchObject({
      short: '× 188',
      words: '188 times A’s; A 1 : 125',
    });
    expect(of([0.008], [1.5], false, ratio)).toMatchObject({
      short: '÷ 188',
      words: '1/188 of A’s; A 1.5 : 1',
    });
    expect(of([0], [1.5], false, ratio)).toMatchObject({
      short: '–',
      words: 'not comparable with A; A 1.5 : 1',
    });
    expect(of([], [1])).toBeUndefined();
  });

  test('within the spread over seeds is shown and said to be that', () => {
    const found = of([0.4, 0.5, 0.6], [0.45, 0.55, 0.62, 0.7]);
    expect(found).toMatchObject({ short: '≈ −0.0800', within: true });
    expect(found?.words).toBe(
      'within the spread over seeds: 0.0800 lower than A; spread 0.15, the root of the sum of both variances; standard error 0.078; A 0.5800 ± 0.11, n 4',
    );
  });

  test('of members with the same seeds is paired, and leaves out those that lack their opposite', () => {
    const other = [0.1, 0.4, 0.7, 1];
    const own = other.map((value, index) => value - 0.05 - index * 0.001);
    expect(of(own, other)).toMatchObject({ within: true });
    expect(of(own, other, true)).toMatchObject({ short: '−0.0515', within: false });
    const words = differenceTexts(
      loss,
      tally([...own, 9]),
      tally([...other, undefined], 1),
      'A',
      true,
    )?.words;
    expect(words).toMatch(
      /^0\.0515 lower than A; mean of 4 pairs of members with the same seeds; standard deviation of the differences 0\.0013; standard error 0\.0006; A .*, n 4$/,
    );
    // A single pair has no spread: the means are compared.
    expect(differenceTexts(loss, tally([1, 2]), tally([1, undefined]), 'A', true)?.words).not.toContain(
      'pairs',
    );
  });

  test('is paired only where members have the same seeds one by one', () => {
    const { runs } = planOf(
      sheetAt(
        '#v1&A=a&A.seeds=5&B=b&B.seeds=5&B.optimizer.name=sgd&C=c&C.seeds=6&D=d&D.seeds=5&D.train.seed=7&E=e',
      ),
    );
    const same = (a: string, b: string): boolean => {
      const [own, other] = [runs.get(a), runs.get(b)];
      if (!own || !other) throw new Error('no such run');
      return haveSameSeeds({ registry }, own, other);
    };
    expect([same('A', 'B'), same('A', 'C'), same('A', 'D'), same('E', 'E')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

const curvesOf = (loss: Float64Array): Trained => {
  const flow = { shape: [loss.length, 1] as [number, number], data: loss };
  return {
    loss,
    testLoss: loss.map((value) => value * 2),
    accuracy: loss.map((value) => 1 - value),
    testAccuracy: loss.map((value) => 1 - value),
    gradientRms: flow,
    updateRms: flow,
    saturated: flow,
    layers: [],
  };
};

const LINES = (['loss', 'testLoss', 'accuracy', 'testAccuracy'] as const).map((name) => ({
  name,
  at: (member: Trained, epoch: number) => member[name][epoch - 1] ?? Number.NaN,
}));

function made(members: readonly Trained[], of = members.length, lost = 0): Bands {
  const work = bandsOf(members, LINES, members[0]?.loss.length ?? 0, { of, lost });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

describe('bands', () => {
  const members = Array.from({ length: 21 }, (_, member) =>
    curvesOf(Float64Array.from({ length: 30 }, (_, epoch) => ((member * 7 + epoch * 13) % 31) / 31)),
  );

  test('are percentiles over members at every epoch, where there are no more than can be drawn', () => {
    const bands = made(members);
    expect([...bands.epochs]).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    for (const [index, epoch] of bands.epochs.entries()) {
      const ascending = members.map(({ testLoss }) => testLoss[epoch - 1] ?? 0).sort((a, b) => a - b);
      expect(bands.curves['testLoss']?.low[index]).toBe(percentile(ascending, 0.05));
      expect(bands.curves['testLoss']?.middle[index]).toBe(ascending[10]);
      expect(bands.curves['testLoss']?.high[index]).toBe(percentile(ascending, 0.95));
    }
  });

  test('of many epochs are thinned before anything is sorted, the first and the last epoch included', () => {
    expect([...sampledEpochs(1)]).toEqual([1]);
    expect([...sampledEpochs(5, 3)]).toEqual([1, 3, 5]);
    const epochs = sampledEpochs(100_000);
    expect(epochs.length).toBe(400);
    expect([epochs[0], epochs.at(-1)]).toEqual([1, 100_000]);
    expect(new Set(epochs).size).toBe(400);
  });

  test('of a thousand members over 100,000 epochs are made in steps that leave every frame its time', async () => {
    // Ten trainings a hundred times over: what is read is as much, what is held is not.
    const ten = Array.from({ length: 10 }, (_, member) =>
      curvesOf(Float64Array.from({ length: 100_000 }, (_, epoch) => 1 / (epoch + 1 + member))),
    );
    const thousand = Array.from({ length: 100 }, () => ten).flat();
    const work = bandsOf(thousand, LINES, 100_000, { of: 1_000, lost: 0 });
    let steps = 0;
    const counted = (function* () {
      for (let step = work.next(); ; step = work.next()) {
        if (step.done) return step.value;
        steps++;
        yield;
      }
    })();
    let yields = 0;
    const stop = setInterval(() => yields++);
    const made = await inSlices(counted, () => true);
    clearInterval(stop);
    expect(made?.value.there).toBe(1_000);
    expect(steps).toBeGreaterThan(100);
    expect(yields).toBeGreaterThan(0);
  });

  test('that nobody wants any more are left off', async () => {
    const work = bandsOf(
      Array.from({ length: 1_000 }, () => members[0] ?? curvesOf(new Float64Array(30))),
      LINES,
      30,
      { of: 1_000, lost: 0 },
    );
    const slow = (function* () {
      for (;;) {
        const until = performance.now() + 4;
        while (performance.now() < until);
        const step = work.next();
        if (step.done) return step.value;
        yield;
      }
    })();
    expect(await inSlices(slow, () => false)).toBeUndefined();
  });

  const [first] = members;
  const run = (id: string, members?: Bands): Shown<Trained> => ({
    id,
    name: `run ${id}`,
    color: '#000000',
    value: first ?? curvesOf(new Float64Array(1)),
    ...(members && { members }),
  });

  test('are read at an epoch as median and range, a single run as its value', () => {
    const bands = made(members);
    const reading = readingAt(run('A', bands), 'loss', 30);
    expect(reading).toEqual({
      epoch: 30,
      value: bands.curves['loss']?.middle[29],
      range: [bands.curves['loss']?.low[29], bands.curves['loss']?.high[29]],
    });
    expect(readingAt(run('A'), 'loss', 99)).toEqual({ epoch: 30, value: first?.loss[29] });
    const long = made([
      curvesOf(new Float64Array(5_000).map((_, i) => i + 1)),
      curvesOf(new Float64Array(5_000)),
    ]);
    for (const epoch of [1, 7, 2_500, 4_999, 5_000]) {
      const near = readingAt({ value: curvesOf(new Float64Array(5_000)), members: long }, 'loss', epoch);
      expect(Math.abs(near.epoch - epoch)).toBeLessThanOrEqual(7);
      expect(near.value).toBeCloseTo(near.epoch / 2);
    }
  });

  test('are said in title, text alternative and table with the n that they are over', () => {
    const runs = [run('A', made(members, 24, 3)), run('B')];
    expect(lossFigure.title(runs)).toMatch(/; median of 21 in A$/);
    expect(accuracyFigure.title(runs.slice(0, 1))).toMatch(/; median of 21$/);
    const words = lossFigure.describe(runs);
    expect(words).toContain('A (run A, median of 21 of 24 members, 3 without a result): from');
    expect(words).toMatch(/\(5th to 95th percentile [\d.]+ to [\d.]+\) in training/);
    const [head, row] = lossFigure.table(runs);
    expect(head).toEqual([
      'run',
      'epoch',
      'loss',
      'testLoss',
      'members',
      'loss 5 %',
      'loss median',
      'loss 95 %',
      'testLoss 5 %',
      'testLoss median',
      'testLoss 95 %',
    ]);
    expect(row?.[4]).toBe(21);
    expect(lossFigure.table(runs).at(-1)?.slice(4)).toEqual(['', '', '', '', '', '', '']);
    expect(lossFigure.table([run('B')])[0]).toEqual(['run', 'epoch', 'loss', 'testLoss']);
  });
});

describe('why two runs differ', () => {
  const text = (address: string, a = 'A', b = 'B'): string => {
    const found = compareRuns(registry, planOf(sheetAt(address)), a, b);
    return found ? comparisonText(found, a, b) : '';
  };

  test('is one sentence', () => {
    expect(text('#v1')).toBe(
      'B differs from A in architecture: hidden layers 3 → 2, activation sigmoid → relu; train and diff follow.',
    );
    expect(text('#v1&A=a&B=b&B.train.epochs=5')).toBe(
      'B differs from A in train: epochs 100 → 5; diff follows.',
    );
    expect(text('#v1&A=a&B=b&B.dataset.noise=0.3&B.optimizer.learningRate=0.01')).toBe(
      'B differs from A in dataset: noise 0.05 → 0.3; optimizer: learning rate 0.001 → 0.01; split, train and diff follow.',
    );
    expect(text('#v1&A=a&B=b&B.seeds=20')).toBe(
      'B differs from A in seeds 1 → 20; the cells of member 0 are shared.',
    );
    expect(text('#v1&A=a&B=b')).toBe('Nothing differs between A and B: every cell is shared.');
    const bad = planOf(setOverride(sheetAt('#v1&A=a&B=b'), 'A', 'dataset.noise', '99'));
    const found = compareRuns(registry, bad, 'A', 'B');
    expect(found && comparisonText(found, 'A', 'B')).toBe(
      'A cannot be compared, A.dataset.noise: "99" is not a number from 0 to 10.',
    );
  });

  test('bridges are called by what they change, and say what cannot be', () => {
    const sheet = sheetAt(
      '#v1&A=a&A.architecture.units=4%2C5%2C6&B=b&B.architecture.hiddenLayers=2&B.architecture.units=8%2C9',
    );
    const plan = planOf(sheet);
    const found = compareRuns(registry, plan, 'A', 'B');
    if (found?.type !== 'compared') throw new Error('not compared');
    const bridged = bridgeRuns(registry, plan, sheet, 'A', found.params, (done) => bridgeName('A', done));
    expect(bridged.sheet.runs[1]?.name).toBe('A with hidden layers 2');
    expect(refusalText(bridged)).toBe(
      'The bridge has a run that cannot be computed in any order: C (3 values for 2 hidden layers).',
    );
    expect(refusalText({ ...bridged, refused: [] })).toBeUndefined();
  });
});

describe('where there is nothing to draw', () => {
  const plan = planOf(sheetAt('#v1'));
  const words = (states: Readonly<Record<string, Partial<KeyState>>>, stopped = '', of = plan): string => {
    const kindOf = (key: string): string => key.split('-')[0] ?? '';
    return waitingText(['A', 'B', 'C'], ['dataset', 'split', 'train'], {
      plan: of,
      state: (key) => ({ activity: 'idle', ...states[kindOf(key)] }),
      isStopped: (key) => kindOf(key) === stopped,
    });
  };
  const there = { outcome: { result: { key: 'k', value: null, from: 'memory', ms: 0 } } } as const;

  test('it says whether values are computed, queued, stopped or wait for consent', () => {
    expect(words({ dataset: there, split: there, train: { activity: 'running', progress: 0.627 } })).toBe(
      'Nothing to draw yet. A, B and C: train is being computed, 62 %.',
    );
    expect(words({})).toBe('Nothing to draw yet. A, B and C: dataset is queued.');
    expect(words({ dataset: there, split: there }, 'train')).toContain(
      'train was stopped; “resume” in its cell',
    );
    const estimate = { ms: 40_000, bytes: 0, flops: 1 };
    expect(words({ dataset: there, split: there, train: { activity: 'asking', estimate } })).toContain(
      'train waits for your permission (about 40 s); “compute” in its cell starts the computation',
    );
  });

  test('it says which problem is in the way, and where', () => {
    const bad = planOf(setOverride(plan.sheet, 'C', 'optimizer.learningRate', '-1'));
    expect(words({ dataset: there, split: there }, '', bad)).toMatch(
      /^Nothing to draw yet\. A and B: train is queued; C: blocked by C\.optimizer\.learningRate: "-1" is not .*\.$/,
    );
    const node = plan.runs.get('B')?.cells.get('train')?.node;
    if (!node) throw new Error('no node');
    const failure = { kind: 'diverged', message: 'the loss became NaN in epoch 7', node } as const;
    expect(words({ dataset: there, split: there, train: { outcome: { failure } } })).toBe(
      'Nothing to draw. A, B and C: the loss became NaN in epoch 7.',
    );
    const members = planOf(setOverride(plan.sheet, 'C', 'seeds', '3'));
    expect(words({ dataset: there, split: there, train: { outcome: { failure } } }, '', members)).toBe(
      'Nothing to draw. A and B: the loss became NaN in epoch 7; C: member 0: the loss became NaN in epoch 7.',
    );
  });
});
