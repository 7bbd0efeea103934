// The calculations behind the points of all figures: every line follows from its terms, and the last line is the number that the
// figure shows, for small trainings of many settings.
// Invariant: the trainings are the sheet's own, and their terms come the page's way, by the question and its source.

import { afterAll, describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { type Ask, askBy, questions } from '../../../src/cells/questions';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import {
  calculationText,
  expressionText,
  mismatchText,
  numberText,
} from '../../../src/ui/figures/calculation/calculation-text';
import { product, resultOf, sum, sumOfAll } from '../../../src/ui/figures/calculation/steps';
import type { Trained } from '../../../src/ui/figures/curves/curves';
import type {
  Calculation,
  CalculationPart,
  CalculationSources,
  Place,
} from '../../../src/ui/figures/draw/calculation';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { createEpochTerms } from '../../../src/ui/sources/epoch-terms';
import { valuesOf } from '../../browser/gallery/gallery-values';
import { type AnyFigure, everyFigure, type Runs } from './every-figure';

const DATA = 'dataset.nSamples=60&A.dataset.noise=0.2&A.train.epochs=4';

/** Settings over which the numbers must add up: batches, depth, seeds, optimizers, networks in plain mathematics. */
const SHEETS: Readonly<Record<string, string>> = {
  'two networks in batches of 32 and 7': `A=a&A.${DATA}&B=b&B.base=A&B.train.batchSize=7&B.architecture.activation=relu&B.optimizer.name=sgd`,
  'one batch, no hidden layer': `A=a&A.${DATA}&A.architecture.hiddenLayers=0&A.train.batchSize=1000`,
  'a batch for each point, over seeds': `A=a&A.${DATA}&A.train.batchSize=1&A.architecture.units=3&A.seeds=3`,
  'batch norm and residual connections': `A=a&A.${DATA}&A.architecture.batchNorm=true&A.architecture.residual=true&A.train.batchSize=20`,
  'weights of zero': `A=a&A.${DATA}&A.architecture.kernelInitializer=zeros&A.architecture.activation=relu`,
  'one class': 'A=a&A.dataset.nSamples=3&A.train.epochs=2&A.architecture.hiddenLayers=1',
};

const ask: Ask = askBy({
  ask: async (question, input) =>
    question.answer(input, {
      signal: new AbortController().signal,
      yieldThread: async () => {},
      progress() {},
    }),
});

/** The page's own way to the terms of a sheet's trainings. */
function sourcesOf(address: string): CalculationSources {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const plan = createPlanner(registry)(parsed.sheet);
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const termsOf = createEpochTerms({ plan: () => plan }, scheduler, ask);
  const terms = { signal: new AbortController().signal, progress() {} };
  return { epochTerms: (run, epoch) => termsOf(run, epoch, terms) };
}

/** Points of a figure: some epochs of each run, or some rows of its table. */
function placesOf(figure: AnyFigure, runs: readonly Shown<unknown>[]): Place[] {
  const rows = figure.table(runs).slice(1);
  const step = Math.max(1, Math.floor(rows.length / 7));
  return [
    ...rows.filter((_, index) => index % step === 0 || index === rows.length - 1),
    ...runs.map(({ id }) => [id]),
    [],
  ];
}

/** Checks the arithmetic of a part; `near` is the relative difference that its last line may have. */
function check({ head, steps, table, shown }: CalculationPart, near: number): void {
  for (const { name, operation, terms, value } of steps) {
    if (operation !== 'given') expect(resultOf(operation, terms), `${head}, ${name}`).toBe(value);
    expect(Number.isNaN(value), `${head}, ${name}`).toBe(false);
  }
  const [first] = steps;
  // A table's last column is what the first line adds.
  if (table && first?.operation === 'sum' && first.name.startsWith('sum of'))
    expect(first.terms.map(({ value }) => value)).toEqual(table.slice(1).map((row) => row.at(-1)));
  const last = steps.at(-1)?.value;
  if (last === undefined) return;
  expect(shown, head).toBeDefined();
  expect(Math.abs(last - Number(shown)), head).toBeLessThanOrEqual(near * Math.abs(Number(shown)));
}

const calculated: string[] = [];

describe.each(Object.entries(SHEETS))('of %s, every line adds up to', async (_, sheet) => {
  const address = `#v1&${sheet}`;
  const values: Runs = { ...(await valuesOf(address)) };
  const sources = sourcesOf(address);
  const entries = everyFigure({ map: [], ...values }).filter(
    ({ figure }) => figure.calculation && !figure.name.endsWith('-beside-published'),
  );
  test.each(entries.map((entry) => [entry.figure.name, entry] as const))(
    'the figure %s',
    async (name, { kind, figure }) => {
      const runs = values[kind] ?? [];
      const { calculate } = (await figure.calculation?.()) ?? {};
      let count = 0;
      for (const place of placesOf(figure, runs)) {
        let made: Calculation | undefined;
        try {
          made = await calculate?.(runs, place, sources);
        } catch (error) {
          // The one thing that has no calculation here, and says so.
          expect((error as Error).message).toMatch(/of one class, so there is no ROC curve$/);
          continue;
        }
        expect(made?.title).toContain(String(place[0] ?? 'A'));
        for (const part of made?.parts ?? []) {
          check(part, name.startsWith('ledger') ? 1e-10 : 1e-12);
          expect(mismatchText(part)).toBeUndefined();
          count += part.steps.length;
        }
      }
      if (name !== 'roc') expect(count).toBeGreaterThan(0);
      calculated.push(name);
    },
  );
});

afterAll(() => {
  for (const name of [
    'loss',
    'accuracy',
    'gradient',
    'gradient-lines',
    'confusion',
    'roc',
    'ledger',
    'diff',
    'diff-output',
  ])
    expect(calculated).toContain(name);
});

describe('a calculation', async () => {
  const address = `#v1&${SHEETS['two networks in batches of 32 and 7']}`;
  const values: Runs = { ...(await valuesOf(address)) };
  const trained = (values['train'] ?? []) as Shown<Trained>[];
  const of = (name: string, place: Place): Promise<Calculation> => {
    const entry = everyFigure({ map: [], ...values }).find(({ figure }) => figure.name === name);
    const run = async () =>
      (await entry?.figure.calculation?.())?.calculate(
        values[entry?.kind ?? ''] ?? [],
        place,
        sourcesOf(address),
      );
    return run() as Promise<Calculation>;
  };

  test('of a loss says which weights its batches have, and gives the loss', async () => {
    const { title, parts } = await of('loss', ['A', 3]);
    expect(title).toBe('Loss of A at epoch 3');
    expect(parts.map(({ head }) => head)).toEqual([
      'Training points',
      'The same by mini-batch',
      'Test points',
    ]);
    expect(parts[0]?.words).toContain(
      'Epoch 3 takes 2 mini-batches of 32 points, the last of 16. Each batch is measured with the weights before its own step',
    );
    expect(parts[0]?.shown).toBe(trained[0]?.value.loss[2]);
    expect(parts[2]?.shown).toBe(trained[0]?.value.testLoss[2]);
    for (const [, , , , , p, loss] of parts[0]?.table?.slice(1) ?? [])
      expect(-Math.log(Number(p))).toBeCloseTo(Number(loss), 12);
  });

  test('of a point that is all but certain gives the distance of p from 1', async () => {
    const { calculate } = await import('../../../src/ui/figures/curves/loss-calculation');
    const { epochTerms } = sourcesOf(address);
    const { parts } = await calculate(trained, ['A', 1], {
      async epochTerms(run, epoch) {
        const source = await epochTerms(run, epoch);
        return {
          ...source,
          terms: {
            ...source.terms,
            train: { ...source.terms.train, losses: source.terms.train.losses.map(() => 2e-8) },
          },
        };
      },
    });
    expect(parts[0]?.table?.at(-1)?.slice(-2)).toEqual(['1 − 2.0000e−8', 2e-8]);
  });

  test('of an epoch beyond a run’s last is of its last, and of an unknown run of the first', async () => {
    expect((await of('accuracy', ['B', 99])).title).toBe('Accuracy of B at epoch 4');
    expect((await of('accuracy', ['?'])).title).toBe('Accuracy of A at epoch 4');
  });

  test('of a gradient is of the chosen layer, or of first and last with their ratio', async () => {
    expect((await of('gradient', ['A', 1, 2])).parts.map(({ head }) => head)).toEqual([
      'Layer 2',
      'First : last',
    ]);
    expect((await of('gradient', ['A', 1])).parts.map(({ head }) => head)).toEqual([
      'Layer 1',
      'Output layer',
      'First : last',
    ]);
  });

  test('over seeds is of member 0, and says so', async () => {
    const many = `#v1&${SHEETS['a batch for each point, over seeds']}`;
    const runs = (await valuesOf(many)).train;
    const { calculate } = await import('../../../src/ui/figures/curves/loss-calculation');
    const { words, parts } = await calculate(runs, ['A', 2], sourcesOf(many));
    expect(words).toBe('This is member 0 of 3. The figure shows medians over the members.');
    expect(parts[0]?.shown).toBe(runs[0]?.value.loss[1]);
  });

  test('whose terms cannot be had gives the reason', async () => {
    const sources = sourcesOf(
      '#v1&A=a&A.architecture.activation=relu&A.optimizer.name=sgd&A.optimizer.learningRate=1e20',
    );
    await expect(sources.epochTerms('A', 100)).rejects.toThrow(/became (NaN|infinite) in epoch/);
    await expect(sources.epochTerms('Z', 1)).rejects.toThrow('Z is not a run of this sheet');
  });

  test('of numbers that do not meet says by how much they are apart', () => {
    const part = (shown: number): CalculationPart => ({ head: '', steps: [sum('all', 0.25, 0.5)], shown });
    expect(mismatchText(part(0.75))).toBeUndefined();
    expect(mismatchText(part(0.75001))).toContain(
      'The figure has 0.75001: the training was computed with the rounding of float32.',
    );
    expect(mismatchText(part(0.8))).toContain('the sheet has changed');
  });
});

describe('a line', () => {
  test('is written with its terms, in few digits or in all', () => {
    const step = product('all', { value: 1 / 3, name: 'f′' }, -2, 0.00001234567);
    expect(expressionText(step, false)).toBe('0.33333 (f′) × (−2) × 1.2346e−5 = ');
    expect(numberText(1 / 3, true)).toBe('0.3333333333333333');
    expect(expressionText(sum('all', 1, 2, 3, 4, 5, 6, 7), false)).toBe('1 + 2 + … + 7 = ');
    expect(
      ['given', 'root', 'size'].map((operation) => resultOf(operation as 'root', [{ value: 4 }])),
    ).toEqual([Number.NaN, 2, 4]);
  });

  test('of a long sum counts each term once', () => {
    const noun = (count: number): string => `${count} points`;
    const steps = (values: readonly number[]) =>
      sumOfAll(values, noun).steps.map(({ name, value }) => [name, value]);
    expect(steps([3, 2])).toEqual([['sum of the 2 points', 5]]);
    expect(steps([9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5])).toEqual([
      ['sum of the 8 points above', 44],
      ['sum of the other 2 points', 1.5],
      ['sum of all 10 points', 45.5],
    ]);
    expect(sumOfAll([3, 2, 1, 1, 1, 1, 1, 1, 1], noun).whole.value).toBe(12);
  });

  test('is copied as text', () => {
    const made = {
      title: 'Loss',
      parts: [{ head: 'Points', table: [['p'], [0.5]], steps: [sum('all', 1, 1 / 3)] }],
    };
    expect(calculationText(made, false)).toBe(
      'Loss\nRounded to 5 digits.\n\nPoints\np\n0.5\nall: 1 + 0.33333 = 1.3333',
    );
  });
});

test('the question is in the registry, so that a worker answers it', () => {
  expect(questions.get('epochTerms')).toBeDefined();
});
