// The chain rule as a ledger: what it shows multiplies to what it states, for networks that the real cells make.

import { describe, expect, test } from 'vitest';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { type LedgerView, ledgerFigure } from '../../../src/ui/figures/probe/ledger';
import {
  endsOf,
  formulas,
  type Ledger,
  productOf,
  ruleText,
  shorterSteps,
  signalText,
  stepOf,
} from '../../../src/ui/figures/probe/ledger-text';
import { probeRun } from './probing';

const shown = (id: string, value: LedgerView): Shown<LedgerView> => ({
  id,
  name: `run ${id}`,
  color: '#000000',
  value,
});

const view = async (address: string, run = 'A'): Promise<LedgerView> => ({
  epoch: 0,
  ledger: await probeRun(address, run, 'architecture'),
});

const DEEP = '#v1&A=a&A.architecture.hiddenLayers=50';
const BATCH_NORM = '&A.architecture.batchNorm=true';
const RESIDUAL = '&A.architecture.residual=true';

const NETWORKS = [
  ['#v1', 'A', 'architecture'],
  ['#v1', 'A', 'train'],
  ['#v1', 'C', 'train'],
  ['#v1&A=a&A.architecture.hiddenLayers=12&A.architecture.activation=tanh', 'A', 'train'],
  ['#v1&A=a&A.architecture.units=1&A.train.epochs=3', 'A', 'train'],
  [DEEP, 'A', 'architecture'],
  [`#v1&A=a${BATCH_NORM}`, 'A', 'architecture'],
  [`#v1&A=a${RESIDUAL}&A.architecture.hiddenLayers=10&A.train.epochs=5`, 'A', 'train'],
  [`#v1&A=a${BATCH_NORM}${RESIDUAL}&A.architecture.activation=relu&A.train.epochs=5`, 'A', 'train'],
] as const;

/** The numbers of a formula's last two equals signs: the factors that are written, and what they come to. */
function written(line: string): { factors: number[]; result: number } {
  const [, product = '', result = ''] = line.replaceAll('−', '-').split(' = ').slice(-3);
  return { factors: product.split(' × ').map(Number), result: Number(result) };
}

describe('the ledger', () => {
  test.each(NETWORKS)(
    'of %s %s %s: the factors multiply to the ratio of first and last signal',
    async (...of) => {
      const ledger = await probeRun(...of);
      const { first, last } = endsOf(ledger);
      const steps = ledger.layers.reduce((all, { passage }) => all * (passage ? stepOf(passage) : 1), 1);
      const factors = (['weights', 'skip', 'slope', 'batchNorm'] as const).reduce(
        (all, name) => all * productOf(ledger, name),
        1,
      );
      expect(steps / (first / last)).toBeCloseTo(1, 10);
      expect(factors / (first / last)).toBeCloseTo(1, 10);
    },
  );

  test.each(NETWORKS)(
    'of %s %s %s: with inputs and agreement they multiply to the ratio of the gradients',
    async (...of) => {
      const { layers } = await probeRun(...of);
      const [first, last] = [layers[0], layers.at(-1)];
      if (!first || !last) throw new Error('there is no layer');
      const steps = layers.reduce((all, { passage }) => all * (passage ? stepOf(passage) : 1), 1);
      const kernel = (steps * first.input * first.agreement) / (last.input * last.agreement);
      expect(kernel / (first.gradient / last.gradient)).toBeCloseTo(1, 10);
    },
  );

  test.each(NETWORKS)(
    'of %s %s %s: what its formulas write multiplies to what they write, to their digits',
    async (...of) => {
      const lines = formulas(await probeRun(...of));
      for (const [place, { signal, gradient }] of lines.entries()) {
        for (const line of place === 0 ? [gradient] : [signal, gradient]) {
          const { factors, result } = written(line);
          if (result === 0) continue;
          expect(factors.reduce((all, factor) => all * factor, 1) / result, line).toBeGreaterThan(0.9);
          expect(factors.reduce((all, factor) => all * factor, 1) / result, line).toBeLessThan(1.1);
        }
      }
    },
  );

  test('of the opening sheet states what the sigmoid’s slope takes', async () => {
    const runs = [shown('A', await view('#v1')), shown('C', await view('#v1', 'C'))];
    const title = ledgerFigure.title(runs);
    expect(title).toMatch(
      /^Before training, the signal at A’s first layer is 1\/200 of that at its output \(f′ ×0\.01\d · weights ×0\.3\d\); C’s 1\/6\.4$/,
    );
    expect(ledgerFigure.describe(runs)).toContain(
      'over all training rows, from the loss back: the output 0.555;',
    );
    expect(ledgerFigure.table(runs)).toHaveLength(1 + 4 + 4);
    expect(ledgerFigure.table(runs)[1]?.slice(0, 4)).toEqual(['A', 0, 1, 10]);
  });

  test('leads with the largest change, growth too', async () => {
    const exploding = '&A.architecture.activation=linear&A.architecture.kernelInitializer=heNormal';
    const deep = `#v1&A=a&A.architecture.hiddenLayers=20&A.architecture.units=32${exploding}`;
    const runs = [shown('A', await view('#v1', 'C')), shown('B', await view(deep))];
    expect(ledgerFigure.title(runs)).toMatch(
      /^Before training, the signal at B’s first layer is \d+ times that at its output .*; A’s 1\/6\.4$/,
    );
  });

  test('leads with a run whose signal changes, and not with one that has no signal at all', async () => {
    const shrinking = await view('#v1');
    const { ledger } = shrinking;
    if (!ledger) throw new Error('no ledger');
    const layers = ledger.layers.map((layer) => ({ ...layer, delta: 0 }));
    const silent = { ...shrinking, ledger: { ...ledger, layers } };
    for (const order of [
      [shown('A', silent), shown('B', shrinking), shown('C', silent)],
      [shown('B', shrinking), shown('A', silent), shown('C', silent)],
    ])
      expect(ledgerFigure.title(order)).toMatch(/^Before training, the signal at B’s first layer is 1\/200 /);
  });

  test('has ever shorter words for a step, which keep its numbers', () => {
    const [full, ...shorter] = shorterSteps('×0.42 = f′ ×0.21 · weights ×0.39 · batch norm ×5.16');
    expect(full).toContain('batch norm');
    expect(shorter).toEqual([
      '×0.42 = f′ ×0.21 · W ×0.39 · norm ×5.16',
      '×0.42 = f′ 0.21 · W 0.39 · norm 5.16',
      'f′ 0.21 · W 0.39 · norm 5.16',
    ]);
    expect(new Set(shorterSteps('at the output, from the loss')).size).toBe(1);
  });

  test('names what batch normalization and residual connections do, and only where there are such', async () => {
    const titleOf = async (extra: string): Promise<string> =>
      ledgerFigure.title([shown('A', await view(`#v1&A=a${extra}`))]);
    expect(await titleOf(BATCH_NORM + RESIDUAL)).toMatch(
      /\(f′ ×[\d.]+ · weights ×[\d.]+ · skip ×[\d.]+ · batch norm ×[\d.]+\)$/,
    );
    expect(await titleOf(RESIDUAL)).not.toContain('batch norm');
    expect(await titleOf(BATCH_NORM)).not.toContain('skip');
    expect(await titleOf('')).not.toMatch(/batch norm|skip/);
  });

  test('says by what the signal is taken, and by which rule, for networks with such layers too', async () => {
    const ledgerOf = async (extra: string): Promise<Ledger> => {
      const { ledger } = await view(`#v1&A=a${extra}`);
      if (!ledger) throw new Error('no ledger');
      return ledger;
    };
    const [plain, normalised, both] = await Promise.all(
      ['', BATCH_NORM, BATCH_NORM + RESIDUAL].map(ledgerOf),
    );
    if (!plain || !normalised || !both) throw new Error('no ledgers');
    expect(signalText([plain])).toBe('∂ℓ/∂z');
    expect(signalText([plain, normalised])).toBe('∂ℓ/∂s before batch norm');
    expect(ruleText(plain)).toContain('= (δ(l+1) · W(l+1)ᵀ) ⊙ f′(z(l)). ∂L/∂W(l)');
    expect(ruleText(normalised)).toContain(
      '⊙ f′(z(l)); batch norm passes the signal back through the normalisation. ',
    );
    expect(ruleText(both)).toContain(
      '; a residual connection adds ∂ℓ/∂output of the layer after; batch norm',
    );
  });

  test('of more than four runs names three, and says of how many', async () => {
    const runs = await Promise.all(
      [...'ABCDEF'].map(async (id, index) =>
        shown(id, await view(`#v1&A=a&A.architecture.hiddenLayers=${index + 1}`)),
      ),
    );
    expect(ledgerFigure.title(runs)).toMatch(
      /^Before training, the signal at F’s .*; E’s 1\/\d+ and A’s [^,]*, of 6 runs$/,
    );
    expect(ledgerFigure.title(runs.slice(0, 4))).not.toContain(' runs');
  });

  test('says which epoch each run stands at, where they differ', async () => {
    const [a, c] = [await view('#v1'), await view('#v1', 'C')];
    const titleAt = (epochs: readonly [number, number]): string =>
      ledgerFigure.title([shown('A', { ...a, epoch: epochs[0] }), shown('C', { ...c, epoch: epochs[1] })]);
    expect(titleAt([80, 80])).toMatch(/^After epoch 80, the signal/);
    expect(titleAt([80, 50])).toMatch(/^After epoch 80 \(C 50\), the signal at A’s/);
    expect(titleAt([50, 80])).toMatch(/^After epoch 80 \(A 50\), the signal at A’s/);
  });

  test('says what is wrong where there is nothing to follow', async () => {
    const none = shown('B', { epoch: 3, trouble: 'the loss is too large for a number' });
    expect(ledgerFigure.title([none])).toBe('B has no signal: the loss is too large for a number');
    expect(ledgerFigure.describe([none])).toContain('B (run B): the loss is too large for a number.');
    expect(ledgerFigure.title([])).toBe('No signal values yet');
    const flat = shown('A', await view('#v1&A=a&A.architecture.hiddenLayers=0'));
    expect(ledgerFigure.title([flat])).toBe('With one layer, no signal can be lost');
  });

  test('of kernels of zeros has factors of nothing, and no number that is none', async () => {
    const zeros = await view('#v1&A=a&A.architecture.kernelInitializer=zeros');
    const runs = [shown('A', zeros)];
    expect(ledgerFigure.title(runs)).toBe(
      'Before training, the signal at A’s first layer is nothing of that at its output (lost on the way from the output to layer 3: weights ×0)',
    );
    expect(ledgerFigure.describe(runs)).toMatch(
      /layer 3 0, ×0 \(weights ×0\); layers 2 to 1: no signal arrives\.$/,
    );
    // Where nothing arrives there is nothing that would be normalised, or that would skip.
    expect(signalText([zeros.ledger as Ledger])).toBe('∂ℓ/∂z');
    expect(ruleText(zeros.ledger as Ledger)).not.toMatch(/batch norm|residual/);
    expect(formulas(zeros.ledger as Ledger).map(({ signal }) => signal)).toEqual([
      'δ(out) = p − y, of the loss itself = 0.500',
      'δ(3) = δ(out) × weights ×0 = 0.500 × 0 = 0',
      'δ(2), no signal arrives = 0',
      'δ(1), no signal arrives = 0',
    ]);
    expect(JSON.stringify(ledgerFigure.table(runs))).not.toMatch(/null|NaN/);
    expect(ledgerFigure.describe(runs)).not.toMatch(/NaN|undefined/);
  });

  test('names the layer whose units are dead, and no factor that has nothing to change', async () => {
    const dead = await view(
      '#v1&A=a&A.architecture.hiddenLayers=50&A.architecture.activation=relu&A.architecture.units=1',
    );
    const title = ledgerFigure.title([shown('A', dead)]);
    expect(title).toMatch(/\(lost on the way from the output to layer 50: f′ ×0 · weights ×\d\.\d+\)$/);
  });

  test('says where residual connections alone carry the signal', async () => {
    const address = '#v1&A=a&A.architecture.activation=tanh&A.architecture.residual=true';
    const ledger = await probeRun(address, 'A', 'architecture', (layers) =>
      layers.map((layer, index) =>
        index === 2 ? { ...layer, kernel: { ...layer.kernel, data: new Float32Array(100) } } : layer,
      ),
    );
    const runs = [shown('A', { epoch: 0, ledger })];
    expect(ledgerFigure.describe(runs)).toMatch(
      /layer 2 0\.\d+, ×0\.9\d \(f′ ×0\.\d+ · weights ×0 · skip alone\); layer 1/,
    );
    expect(ledgerFigure.title(runs)).toMatch(/\(f′ ×0\.\d+ · weights ×0 · skip alone\)$/);
    for (const words of [ledgerFigure.describe(runs), ...formulas(ledger).map(({ signal }) => signal)])
      expect(words).not.toMatch(/∞|–|NaN/);
  });

  test('of fifty sigmoids has a bar for each, the shorter the further back: the scale goes as far as the signal', async () => {
    const value = await view('#v1&A=a&A.architecture.hiddenLayers=50');
    const bars = [...ledgerFigure.draw([shown('A', value)], { width: 358, epoch: 1 }).all()]
      .filter(({ name, attributes }) => name === 'rect' && attributes.get('height') === '9')
      .map(({ attributes }) => Number(attributes.get('width')));
    expect(bars).toHaveLength(51);
    expect(bars).toEqual([...bars].sort((a, b) => b - a));
    expect(Math.min(...bars)).toBeGreaterThan(3);
    expect(new Set(bars).size).toBe(51);
  });

  test('of fifty layers is drawn with a row each and no words above the bars', async () => {
    const drawing = ledgerFigure.draw([shown('A', await view(DEEP))], { width: 560, epoch: 1 });
    const names = [...drawing.all()].map(({ name }) => name);
    expect(names.filter((name) => name === 'rect')).toHaveLength(50 + 1 + 1);
    expect(names.filter((name) => name === 'li')).toHaveLength(51);
    for (const { attributes } of drawing.all())
      for (const value of attributes.values()) expect(value).not.toMatch(/NaN|Infinity|undefined/);
  });
});
