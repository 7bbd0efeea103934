// The examples: each computes, and every number and every comparison in its sentences is so in the values that it shows.

import { describe, expect, test } from 'vitest';
import { registry } from '../src/cells';
import { inlineEngine } from '../src/core/compute/engine';
import { createScheduler, type Outcome } from '../src/core/compute/scheduler';
import { memoryStore } from '../src/core/compute/store';
import { createPlanner } from '../src/core/plan/plan';
import { type Sheet, setOverride } from '../src/core/sheet/sheet';
import { parseAddress, writeAddress } from '../src/platform/page/address';
import { EXAMPLES, type Example, exampleAt, NOTEBOOK } from '../src/ui/examples/examples';
import { formatNumber, formatRatio, formatTimes } from '../src/ui/figures/draw/format';
import { formatSpread } from '../src/ui/grid/result-spread';
import { percentile } from '../src/ui/text/spread';
import { expectParts } from './markdown-parts';

const plan = createPlanner(registry);
const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });

interface Matrix {
  readonly shape: readonly [number, number];
  readonly data: Float64Array;
}

interface Trained {
  readonly loss: Float64Array;
  readonly testLoss: Float64Array;
  readonly accuracy: Float64Array;
  readonly gradientRms: Matrix;
  readonly saturated: Matrix;
}

interface Compared {
  readonly layers: readonly {
    readonly before: Matrix;
    readonly update: Matrix;
    readonly perLearningRate: Matrix;
    readonly gradientBefore: Matrix;
  }[];
}

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

/** What a cell comes to, of a run with seeds by member. */
async function outcomeOf(sheet: Sheet, id: string, kind: string, member = 0): Promise<Outcome> {
  const run = plan(sheet).runs.get(id);
  const cell = (member === 0 ? run?.cells : run?.member(member))?.get(kind);
  if (!cell?.node) throw new Error(cell?.problem?.message ?? `${id} has no ${kind}`);
  const demand = scheduler.demand(cell.node);
  const outcome = await demand.outcome;
  demand.release();
  return outcome;
}

const at = (values: ArrayLike<number>, index: number): number =>
  values[index < 0 ? values.length + index : index] ?? Number.NaN;

/** A matrix' number by row and column, counted from the end where negative. */
const entry = ({ shape, data }: Matrix, row: number, column: number): number => {
  const [rows, columns] = shape;
  return at(data, (row < 0 ? rows + row : row) * columns + (column < 0 ? columns + column : column));
};

const rms = ({ data }: Matrix): number =>
  Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);

const median = (values: readonly number[]): number => percentile(Float64Array.from(values).sort(), 0.5);

/** What the tests ask of an example's sheet, or of the sheet with one param changed. */
class ExampleValues {
  constructor(private readonly sheet: Sheet) {}

  but(id: string, path: string, text: string): ExampleValues {
    return new ExampleValues(setOverride(this.sheet, id, path, text));
  }

  get ids(): string[] {
    return this.sheet.runs.map(({ id }) => id);
  }

  async value<V>(id: string, kind: string, member = 0): Promise<V> {
    const { result, failure } = await outcomeOf(this.sheet, id, kind, member);
    if (!result) throw new Error(`${id}: ${failure?.message}`);
    return result.value as unknown as V;
  }

  trained = (id: string): Promise<Trained> => this.value<Trained>(id, 'train');
  compared = (id: string): Promise<Compared> => this.value<Compared>(id, 'diff');

  async failure(id: string): Promise<string> {
    return (await outcomeOf(this.sheet, id, 'train')).failure?.message ?? '';
  }

  /** A figure of each member's training. */
  async members(id: string, read: (trained: Trained) => number): Promise<number[]> {
    const count = plan(this.sheet).runs.get(id)?.seeds.count ?? 1;
    const all: number[] = [];
    for (let member = 0; member < count; member++)
      all.push(read(await this.value<Trained>(id, 'train', member)));
    return all;
  }
}

const lastLoss = ({ loss }: Trained): number => at(loss, -1);
const firstGradient = ({ gradientRms }: Trained): number => entry(gradientRms, 0, 0);
const firstToLast = ({ gradientRms }: Trained): number =>
  entry(gradientRms, 0, 0) / entry(gradientRms, 0, -1);
const loss4 = (value: number): string => value.toFixed(4);

/** The lines of an example, each with what its sentence says in digits, as the values say it. */
type Claims = (
  values: ExampleValues,
) => Promise<readonly [readonly string[], readonly string[], readonly string[]]>;

/** What guessing one half for every point costs: ln 2. */
const COIN = Math.LN2;

/** First : last in epoch 1. */
const ratioOf = (trained: Trained): string => formatRatio(firstToLast(trained), 1);

/** That two runs begin with the same kernels. */
async function expectSameStart(values: ExampleValues, a: string, b: string): Promise<void> {
  const [kernels, others] = await Promise.all(
    [a, b].map(async (id) => {
      const { layers } = await values.value<{ layers: { kernel: Matrix }[] }>(id, 'architecture');
      return layers.map(({ kernel }) => kernel);
    }),
  );
  expect(kernels).toEqual(others);
}

const CLAIMS: Readonly<Record<string, Claims>> = {
  async notebook(values) {
    const [a, b] = [await values.trained('A'), await values.trained('B')];
    const [first, other] = [await values.compared('A'), await values.compared('B')].map(
      ({ layers: [layer] }) => layer,
    );
    if (!first || !other) throw new Error('there is no first layer');
    const { sigmoid, relu } = NOTEBOOK;
    expect(Math.abs(lastLoss(a) - sigmoid.loss)).toBeLessThan(0.03);
    expect(Math.abs(at(a.accuracy, -1) - sigmoid.accuracy)).toBeLessThan(0.01);
    expect(at(b.loss, relu.epoch - 1)).toBeGreaterThan(40 * relu.loss);
    const times = rms(first.perLearningRate) / rms(other.perLearningRate);
    return [
      [loss4(lastLoss(a)), loss4(lastLoss(b))],
      [
        String(sigmoid.loss),
        String(sigmoid.accuracy),
        loss4(at(b.loss, relu.epoch - 1)),
        String(relu.epoch),
        String(relu.loss),
      ],
      [`${times.toFixed(1)} times`, formatTimes(rms(first.gradientBefore), rms(other.gradientBefore))],
    ];
  },

  async 'fair-twin'(values) {
    const [a, b] = [await values.trained('A'), await values.trained('B')];
    const [mine, other] = [await values.compared('A'), await values.compared('B')];
    expect(mine.layers.map(({ before }) => before)).toEqual(other.layers.map(({ before }) => before));
    const [first, twin] = [mine.layers[0], other.layers[0]];
    if (!first || !twin) throw new Error('there is no first layer');
    const flow = ({ gradientRms }: Trained): string =>
      formatTimes(entry(gradientRms, 0, 0), entry(gradientRms, 0, -1));
    return [
      [],
      [flow(a), flow(b), loss4(lastLoss(a)), loss4(lastLoss(b))],
      [
        formatTimes(rms(first.update), rms(twin.update)),
        formatTimes(rms(first.gradientBefore), rms(twin.gradientBefore)),
      ],
    ];
  },

  async depth(values) {
    // As the row of the sheet sums members up.
    const rows: string[] = [];
    const ratios: number[] = [];
    const ends: number[] = [];
    for (const id of values.ids) {
      const members = await values.members(id, firstToLast);
      rows.push(formatSpread({ format: 'ratio' }, members).center);
      ratios.push(median(members));
      ends.push(median(await values.members(id, lastLoss)));
    }
    expect(ratios).toEqual([...ratios].sort((one, two) => two - one));
    const ten = await values.members('J', lastLoss);
    for (const end of ten) expect(end).toBeCloseTo(COIN, 3);
    const [three, five] = [lastLoss(await values.trained('C')), lastLoss(await values.trained('E'))];
    expect(five).toBeLessThan(three);
    return [
      ['5', rows[0] ?? '', rows.at(-1) ?? ''],
      [loss4(Math.max(...ends.slice(0, 6))), COIN.toFixed(3)],
      ['0', loss4(five), loss4(three)],
    ];
  },

  async adam(values) {
    const [a, b, c] = [await values.compared('A'), await values.compared('B'), await values.compared('C')];
    const ends = (compared: Compared, of: 'update' | 'gradientBefore'): [number, number] => {
      const [first, last] = [compared.layers[0], compared.layers.at(-1)];
      if (!first || !last) throw new Error('there is no layer');
      return [rms(first[of]), rms(last[of])];
    };
    for (const other of [b, c])
      expect(other.layers.map(({ gradientBefore }) => gradientBefore)).toEqual(
        a.layers.map(({ gradientBefore }) => gradientBefore),
      );
    const loss = async (id: string): Promise<string> => loss4(lastLoss(await values.trained(id)));
    return [
      [formatTimes(...ends(a, 'gradientBefore'))],
      [formatTimes(...ends(b, 'update')).replace(/ of$/, ''), formatTimes(...ends(a, 'update'))],
      [await loss('A'), await loss('B'), '1', await loss('C')],
    ];
  },

  async he(values) {
    const [small, glorot, he] = ['A', 'B', 'C'];
    const gradient = async (id = ''): Promise<string> =>
      formatNumber(median(await values.members(id, firstGradient)), 4);
    for (const end of await values.members(small ?? '', lastLoss)) expect(end).toBeCloseTo(COIN, 3);
    const shallow = values.but('A', 'architecture.hiddenLayers', '10');
    const [b, c] = [await shallow.members('B', lastLoss), await shallow.members('C', lastLoss)].map(median);
    return [
      ['5', await gradient(small), await gradient(glorot), await gradient(he)],
      [
        COIN.toFixed(3),
        median(await values.members('B', lastLoss)).toFixed(3),
        Math.max(...(await values.members('C', lastLoss))).toFixed(2),
      ],
      ['10', '30', loss4(b ?? Number.NaN), loss4(c ?? Number.NaN)],
    ];
  },

  async 'batch-norm'(values) {
    await expectSameStart(values, 'A', 'B');
    const [a, b] = [await values.trained('A'), await values.trained('B')];
    expect(lastLoss(a)).toBeCloseTo(COIN, 3);
    const rises = b.testLoss.filter((value, epoch) => epoch > 0 && value > at(b.testLoss, epoch - 1));
    return [
      ['0', '1', '1', ratioOf(a), ratioOf(b)],
      [COIN.toFixed(3), loss4(lastLoss(b))],
      [String(rises.length), String(b.testLoss.length - 1), loss4(at(b.testLoss, -1))],
    ];
  },

  async residual(values) {
    await expectSameStart(values, 'A', 'B');
    const [a, b, c, d] = await Promise.all(['A', 'B', 'C', 'D'].map(values.trained));
    if (!a || !b || !c || !d) throw new Error('a run is missing');
    expect(lastLoss(a)).toBeCloseTo(COIN, 3);
    const other = values.but('A', 'architecture.seed', '5').but('A', 'train.seed', '5');
    const [otherC, otherD] = [await other.trained('C'), await other.trained('D')];
    return [
      ['1', ratioOf(a), ratioOf(b)],
      [COIN.toFixed(3), loss4(lastLoss(b))],
      [loss4(lastLoss(c)), loss4(lastLoss(d)), '5', loss4(lastLoss(otherC)), loss4(lastLoss(otherD))],
    ];
  },

  async exploding(values) {
    const [b, c, d] = [await values.trained('B'), await values.trained('C'), await values.trained('D')];
    const epoch = /NaN in epoch (\d+)$/.exec(await values.failure('A'))?.[1] ?? '';
    const weights = async (id: string): Promise<unknown> => values.value(id, 'architecture');
    expect(JSON.stringify(await weights('D')).replaceAll('relu', 'linear')).toBe(
      JSON.stringify(await weights('A')),
    );
    expect(Math.abs(at(c.loss, 49) - lastLoss(c))).toBeLessThan(0.01);
    return [
      ['20', epoch],
      [at(b.loss, 0).toFixed(1), at(b.loss, -1).toFixed(3), (firstGradient(b) / firstGradient(c)).toFixed(0)],
      [loss4(lastLoss(d)), loss4(lastLoss(c))],
    ];
  },

  async 'dead-relu'(values) {
    const [a, b, c] = [await values.trained('A'), await values.trained('B'), await values.trained('C')];
    const epochs = b.loss.length;
    const isDead = (epoch: number): boolean => entry(b.saturated, epoch, 2) === 1;
    let dead = epochs;
    while (dead > 0 && isDead(dead - 1)) dead--;
    for (let epoch = dead; epoch < epochs; epoch++)
      for (const layer of [0, 1, 2, 3]) expect(entry(b.gradientRms, epoch, layer)).toBe(0);
    expect(lastLoss(b)).toBeGreaterThan(COIN);
    expect(Math.max(...b.loss.slice(dead - 2, dead))).toBeGreaterThan(1);
    const [low, high] = [Math.min(...a.saturated.data), Math.max(...a.saturated.data)];
    return [
      ['20', loss4(Math.min(...b.loss)), String(dead + 1)],
      ['0', loss4(lastLoss(b)), COIN.toFixed(3)],
      [loss4(lastLoss(c)), (100 * low).toFixed(0), (100 * high).toFixed(0), loss4(lastLoss(a))],
    ];
  },

  async 'two-relu-layers'(values) {
    const { loss, epoch } = NOTEBOOK.relu;
    const then = (id: string): Promise<number[]> =>
      values.members(id, (trained) => at(trained.loss, epoch - 1));
    const [two, three, four, five, six, seven] = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map(then));
    if (!two || !three || !four || !five || !six || !seven) throw new Error('a depth is missing');
    const reached = (members: readonly number[]): string =>
      String(members.filter((value) => value <= loss).length);
    const perfect = async (id: string): Promise<string> =>
      String(
        (await values.members(id, ({ accuracy }) => at(accuracy, epoch - 1))).filter((value) => value === 1)
          .length,
      );
    return [
      [String(epoch), '20', loss4(Math.min(...two)), loss4(Math.max(...two)), loss4(Math.min(...three))],
      [
        reached(four),
        '20',
        String(loss),
        reached(five),
        reached(six),
        loss4(median(six)),
        loss4(median(seven)),
      ],
      ['1', await perfect('C'), await perfect('B')],
    ];
  },
};

/** What is left of a sentence's digits once the claims, in their order, are taken out of it. */
function unclaimed(sentence: string, claims: readonly string[]): string {
  let rest = sentence;
  let left = '';
  for (const claim of claims) {
    // No line breaks a ratio.
    const place = rest.indexOf(claim.replace(/(\d) : (?=\d)/g, '$1\u00a0:\u00a0'));
    if (place < 0) return `it does not say ${claim} in: ${rest}`;
    left += rest.slice(0, place);
    rest = rest.slice(place + claim.length);
  }
  return (left + rest).match(/\d+(?:\.\d+)*/g)?.join(', ') ?? '';
}

describe.each(EXAMPLES.map((example): [string, Example] => [example.name, example]))(
  '%s',
  (name, example) => {
    test('is an address as the page writes it, by which it is found', () => {
      expect(writeAddress(sheetOf(example.address), registry)).toBe(example.address);
      expect(exampleAt(example.address)).toBe(example);
    });

    test('says in three sentences what is so', async () => {
      const claims = await CLAIMS[name]?.(new ExampleValues(sheetOf(example.address)));
      expect(example.sentences.map((sentence, index) => unclaimed(sentence, claims?.[index] ?? []))).toEqual([
        '',
        '',
        '',
      ]);
    }, 60_000);
  },
);

test('the page lists them as the menu does', async () => {
  const lines = EXAMPLES.map(
    ({ title, lesson, address }) => `- [${title}](http://localhost:7465/${address}): ${lesson}`,
  );
  await expectParts('src/ui/examples/README.md', [['## In the order of the menu', lines]]);
});

test('a claim that is not so is found', () => {
  expect(unclaimed('A ends at 0.2, B at 0.3.', ['0.2', '0.3'])).toBe('');
  expect(unclaimed('A ends at 0.2, B at 0.3.', ['0.2'])).toBe('0.3');
  expect(unclaimed('A ends at 0.2, B at 0.3.', ['0.3', '0.2'])).toContain('does not say 0.2');
});
