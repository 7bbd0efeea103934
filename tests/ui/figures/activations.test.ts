// Activations by layer: what the figure draws and says is what the network does, for networks that the real cells make
// and for such as no training makes.

import { describe, expect, test } from 'vitest';
import type { Activation, Layer } from '../../../src/nn/network/network';
import { probeNetwork } from '../../../src/nn/probe/probe';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { areaPath, curvePath, reachOf, valueRange } from '../../../src/ui/figures/probe/activation-parts';
import { type ActivationsView, activationsFigure } from '../../../src/ui/figures/probe/activations';
import { ledgerFigure } from '../../../src/ui/figures/probe/ledger';
import { probeRun } from './probing';

type Run = Shown<ActivationsView>;

const shown = (id: string, value: ActivationsView): Run => ({
  id,
  name: `run ${id}`,
  color: '#000000',
  value,
});
const run = async (address: string, id = 'A'): Promise<Run> =>
  shown(id, { epoch: 0, ledger: await probeRun(address, id, 'architecture') });

/** One hidden layer of units with these weights and biases, over x = −1 and 1. */
async function small(
  activation: Activation,
  units: readonly (readonly [weight: number, bias: number])[],
): Promise<Run> {
  const layer = (
    of: Pick<Layer, 'units' | 'activation'>,
    inputs: number,
    kernel: number[],
    bias: number[],
  ) => ({
    ...of,
    kernel: { shape: [inputs, of.units] as const, data: Float32Array.from(kernel) },
    bias: Float32Array.from(bias),
  });
  const layers = [
    layer(
      { units: units.length, activation },
      1,
      units.map(([weight]) => weight),
      units.map(([, bias]) => bias),
    ),
    layer({ units: 1, activation: 'sigmoid' }, units.length, Array(units.length).fill(1), [0]),
  ];
  const x = { shape: [2, 1] as const, data: Float32Array.of(-1, 1) };
  return shown('A', { epoch: 7, ledger: await probeNetwork(layers, x, Uint8Array.of(0, 1), async () => {}) });
}

const DEEP = '#v1&A=a&A.architecture.hiddenLayers=50&A.architecture.activation=relu';

describe('activations', () => {
  test('of the opening sheet: the sigmoid is nowhere saturated, of relu two fifths are, and dead units have names', async () => {
    const runs = await Promise.all(['A', 'B', 'C'].map((id) => run('#v1', id)));
    expect(activationsFigure.title(runs)).toBe(
      'Before training, saturated hidden outputs: 40\u00a0% in B, 40\u00a0% in C and 0\u00a0% in A; unit 6 of layer 2 in B is dead and 2 units in C are dead',
    );
    expect(activationsFigure.note?.(runs)).toBe(
      'Dead in B: unit 6 of layer 2. Dead in C: unit 6 of layer 2 and unit 3 of layer 3. A dead unit is saturated for every training point.',
    );
    expect(activationsFigure.describe(runs)).toContain(
      'A (run A), before training, over all training rows: layer 1 (10 units, sigmoid): z from ',
    );
  });

  test('say which epoch each run stands at, where they differ', async () => {
    const [a, b] = [await run('#v1', 'A'), await run('#v1', 'B')];
    const at = (one: Run, epoch: number): Run => ({ ...one, value: { ...one.value, epoch } });
    expect(activationsFigure.title([at(a, 80), at(b, 50)])).toMatch(/^After epoch 80 \(B 50\), saturated/);
  });

  test('of more than four runs name two, and say of how many', async () => {
    const one = await run('#v1', 'A');
    const runs = [...'ABCDE'].map((id) => ({ ...one, id }));
    expect(activationsFigure.title(runs)).toMatch(/ in A and 0\u00a0% in E, of 5 runs$/);
    expect(activationsFigure.title(runs.slice(1))).not.toContain(' runs');
  });

  test('the table counts every output of every row, and the share that is saturated is that of its z', async () => {
    const one = await run('#v1', 'C');
    const [head = [], ...rows] = activationsFigure.table([one]);
    const at = (name: string): number => head.indexOf(name);
    for (const layer of [1, 2, 3]) {
      const own = rows.filter((row) => row[at('layer')] === layer);
      const total = (of: string, holds: (from: number) => boolean = () => true): number =>
        own
          .filter((row) => row[at('of')] === of && holds(Number(row[at('from')])))
          .reduce((sum, row) => sum + Number(row[at('outputs')]), 0);
      expect(total('z')).toBe(200 * 10);
      expect(total('f(z)')).toBe(200 * 10);
      expect(total('z', (from) => from < 0) / 2000).toBeCloseTo(Number(own[0]?.[at('saturated')]), 12);
    }
  });

  test('units that answer no row are dead, by number from 1, and no others', async () => {
    const some = await small('relu', [
      [1, 0],
      [1, -3],
      [-2, 0],
      [1, -5],
    ]);
    expect(activationsFigure.title([some])).toBe(
      'After epoch 7, saturated hidden outputs: 75\u00a0% in A; units 2 and 4 of layer 1 in A are dead',
    );
    const all = await small('relu', [[1, -9]]);
    expect(activationsFigure.note?.([all])).toBe(
      'Dead in A: the only unit of layer 1. In layer 1 of A, z reaches −10: values beyond ±8 are counted at the edge. A dead unit is saturated for every training point.',
    );
  });

  test('where all is the same, nothing to see or too large to tell, a sentence says so', async () => {
    const zeros = await run('#v1&A=a&A.architecture.kernelInitializer=zeros');
    expect(activationsFigure.note?.([zeros])).toBe(
      'In all 3 hidden layers of A, z is the same for every row and unit, and has no distribution.',
    );
    const flat = await run('#v1&A=a&A.architecture.hiddenLayers=0');
    expect(activationsFigure.title([flat])).toBe('Without a hidden layer, there is only the output');
    expect(activationsFigure.note?.([flat])).toBe('A has no hidden layer: only its output is drawn.');
    const lost = shown('B', { epoch: 3, trouble: 'the sums of layer 2 are too large for a number' });
    expect(activationsFigure.title([lost])).toBe(
      'B has no activations: the sums of layer 2 are too large for a number',
    );
    expect(activationsFigure.title([])).toBe('No activations yet');
    for (const runs of [[zeros], [flat], [lost], [lost, zeros], []]) {
      const drawing = activationsFigure.draw(runs, { width: 358, epoch: 1 });
      for (const mark of drawing.all()) {
        for (const value of mark.attributes.values()) expect(value).not.toMatch(/NaN|Infinity|undefined/);
        for (const child of mark.children) expect(String(child)).not.toMatch(/NaN|undefined/);
      }
    }
  });

  test('fifty layers are a ridge each, with the curve once above them', async () => {
    const drawing = activationsFigure.draw([await run(DEEP)], { width: 358, epoch: 1 });
    const classes = [...drawing.all()].map(({ attributes }) => attributes.get('class'));
    expect(classes.filter((name) => name === 'activation-curve')).toHaveLength(1);
    // Under the curve, the hidden layers and the output.
    expect(classes.filter((name) => name === 'saturated-ground')).toHaveLength(3);
    expect([...drawing.all()].filter(({ attributes }) => attributes.get('fill') === '#000000')).toHaveLength(
      1 + 51,
    );
  });

  test('a run with seeds is said to be its member 0, in title, words and header, here and in the ledger', async () => {
    const ledger = await probeRun('#v1', 'A', 'architecture');
    const runs = [{ ...shown('A', { epoch: 0, ledger }), value: { epoch: 0, ledger }, standsFor: 20 }];
    for (const figure of [activationsFigure, ledgerFigure]) {
      expect(figure.title(runs)).toMatch(/; member 0 of 20 in A$/);
      expect(figure.describe(runs)).toContain('A (run A, member 0 of 20), before training');
      const texts = [...figure.draw(runs, { width: 358, epoch: 1 }).all()].flatMap(
        ({ children }) => children,
      );
      expect(texts).toContain('run A · member 0 of 20');
    }
  });
});

describe('what activations are drawn of', () => {
  test('the ground of saturation begins and ends where the slope is a tenth of its largest', async () => {
    const stretches = async (activation: Activation) =>
      (await small(activation, [[1, 0]])).value.ledger?.shapes[activation]?.saturated;
    expect(await stretches('relu')).toEqual([[-8, 0]]);
    expect(await stretches('linear')).toEqual([]);
    // ln(19 + 6√10), and half of that.
    expect(await stretches('sigmoid')).toEqual([
      [-8, -3.6368929184641337],
      [3.6368929184641337, 8],
    ]);
    expect((await stretches('selu'))?.[0]?.[1]).toBeCloseTo(-Math.log(10), 12);
  });

  test('z has an axis of round ends that holds all of it, at most from −8 to 8', () => {
    const of = (min: number, max: number) => ({
      low: -8,
      high: 8,
      counts: new Float64Array(128),
      min,
      max,
      mean: 0,
    });
    expect(
      [
        [-0.1, 0.2],
        [-3, 1],
        [0, 5],
        [-7, 6],
        [-300, 2],
      ].map(([a = 0, b = 0]) => reachOf([of(a, b)])),
    ).toEqual([2, 4, 6, 8, 8]);
  });

  test('a histogram has steps as high as its bins’ shares of the fullest, and a gap is no line', () => {
    const histogram = { low: 0, high: 4, counts: Float64Array.of(1, 0, 4, 2), min: 0, max: 4, mean: 2 };
    expect(
      areaPath(
        histogram,
        (value) => value * 10,
        8,
        (along, up) => [along, -up],
      ),
    ).toBe('M0 0L0 -2L10 -2L10 0M20 0L20 -8L30 -8L30 -4L40 -4L40 0Z');
    expect(areaPath({ ...histogram, counts: new Float64Array(4) }, Number, 8, (a, b) => [a, b])).toBe('M0 0');
  });

  test('a slope that jumps stands upright, a curve does not', () => {
    const place = { x: (z: number) => z, y: (value: number) => value };
    const step = Float64Array.of(0, 0, 1);
    expect(curvePath(step, 8, place, true)).toBe('M-8 0L0 0V1L8 1');
    expect(curvePath(step, 8, place)).toBe('M-8 0L0 0L8 1');
    expect(valueRange({ value: Float64Array.of(-0.96, 0, 0.96), slope: step, saturated: [] }, 8)).toEqual([
      -1, 1,
    ]);
  });
});
