// The rules of diagnosis on real trainings: each finds what it is for and leaves its near miss alone; each remedy that is
// offered does what it is offered for; the page's table is the code's.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner } from '../../../src/core/plan/plan';
import { withRemedy } from '../../../src/ui/diagnosis/diagnosis';
import type { Evidence } from '../../../src/ui/diagnosis/evidence';
import { effectOf, type Finding, findingsOf } from '../../../src/ui/diagnosis/findings';
import { gradientEnds } from '../../../src/ui/diagnosis/measures';
import { type RemedyName, remedyFor } from '../../../src/ui/diagnosis/remedies';
import type { RuleName } from '../../../src/ui/diagnosis/rule';
import { RULES } from '../../../src/ui/diagnosis/rules';
import { expectParts, tableRow } from '../../markdown-parts';
import { evidenceFrom, evidenceIn, sheetOf } from './diagnosis-evidence';

/** One run's address: "architecture.hiddenLayers=2 …". */
const addressOf = (overrides: string): string =>
  ['#v1&A=a', ...overrides.split(' ').filter(Boolean)].map((part, at) => (at ? `A.${part}` : part)).join('&');

async function evidenceFor(overrides: string): Promise<Evidence> {
  const evidence = (await evidenceIn(addressOf(overrides))).get('A');
  if (!evidence) throw new Error('there is no run A');
  return evidence;
}

const named = (evidence: Evidence, name: RuleName): Finding | undefined =>
  findingsOf(evidence).find(({ rule }) => rule.name === name);

async function found(name: RuleName, overrides: string): Promise<Finding> {
  const finding = named(await evidenceFor(overrides), name);
  if (!finding) throw new Error(`${name} is not found in ${overrides}`);
  return finding;
}

const ADAM_1 = 'architecture.activation=relu optimizer.learningRate=1';
const LINEAR_HE = 'architecture.activation=linear architecture.kernelInitializer=heNormal';
const SGD_RELU = 'architecture.activation=relu optimizer.name=sgd';
const NOISY = 'architecture.activation=relu dataset.noise=0.3 train.epochs=300';
const LOUD = 'architecture.activation=relu architecture.hiddenLayers=6 architecture.units=64';

/** By rule: trainings in which it finds something, with the sentence of the first; and the nearest in which it does not. */
const CASES: Readonly<
  Record<
    RuleName,
    { readonly found: readonly string[]; readonly says: string; readonly not: readonly string[] }
  >
> = {
  'one-class': {
    found: ['dataset.nSamples=4 split.testSize=0.75', 'dataset.nSamples=2 split.testSize=0.5'],
    says: 'the only training point is of class 0, so there is nothing to separate',
    not: ['dataset.nSamples=4 split.testSize=0.25'],
  },
  'constant-input': {
    found: ['dataset.nSamples=4 split.testSize=0.75'],
    says: 'x₀ and x₁ are the same in all training points, so they say nothing about the classes',
    not: ['dataset.generator=blobs dataset.noise=0'],
  },
  diverged: {
    found: [
      `${LOUD} architecture.kernelInitializer=heNormal optimizer.name=sgd optimizer.learningRate=3`,
      `${LINEAR_HE} architecture.hiddenLayers=12 optimizer.name=sgd optimizer.learningRate=0.1`,
    ],
    says: 'the loss became NaN in epoch 1',
    not: [`${LOUD} optimizer.name=sgd optimizer.learningRate=0.3`, 'optimizer.learningRate=1e30'],
  },
  symmetric: {
    found: [
      'architecture.kernelInitializer=zeros',
      'architecture.kernelInitializer=zeros architecture.activation=relu',
    ],
    says: 'all units of layers 1, 2 and 3 start equal, get the same gradient and stay equal',
    not: ['architecture.kernelInitializer=randomNormal', 'architecture.units=1'],
  },
  exploding: {
    found: [`${LINEAR_HE} architecture.hiddenLayers=20`],
    says: 'the gradient of layer 21 is 46.7 in epoch 1',
    not: [
      `${LINEAR_HE} architecture.hiddenLayers=10`,
      'architecture.activation=relu optimizer.learningRate=10',
    ],
  },
  vanishing: {
    found: ['', 'architecture.hiddenLayers=50', 'architecture.kernelInitializer=heUniform'],
    says: 'first : last 1\u00a0:\u00a0125 in epoch 1, 1\u00a0:\u00a06.5 in epoch 100',
    not: [
      'architecture.hiddenLayers=2',
      'architecture.hiddenLayers=0',
      'architecture.activation=relu',
      'architecture.kernelInitializer=zeros',
    ],
  },
  dead: {
    found: ['architecture.activation=relu architecture.hiddenLayers=50'],
    says: 'no unit of layers 37, 42, 43 and 3 more is active for any training point, so nothing before layer 49 learns',
    not: ['architecture.activation=relu optimizer.learningRate=0.3', ADAM_1],
  },
  'rate-large': {
    found: [ADAM_1, 'optimizer.learningRate=1', `${SGD_RELU} optimizer.learningRate=3`],
    says: 'a step in epoch 1 is 1.7 times the weights (usual: about 0.001); the loss ends at 0.7154, no better than chance; no unit of layers 2 and 3 is active for any training point, so nothing before layer 3 learns',
    not: [
      'architecture.activation=relu optimizer.learningRate=0.1',
      `${SGD_RELU} optimizer.learningRate=1`,
      'architecture.activation=relu optimizer.learningRate=0.03 train.batchSize=4 dataset.noise=0.2',
    ],
  },
  saturated: {
    found: ['dataset.noise=10'],
    says: '54\u00a0% of the outputs of layer 1 pass back almost no gradient',
    not: ['optimizer.learningRate=0.1', 'dataset.noise=10 architecture.activation=relu', ADAM_1],
  },
  'rate-small': {
    found: [
      'architecture.activation=relu optimizer.learningRate=0.00001',
      `${SGD_RELU} optimizer.learningRate=0.001`,
    ],
    says: 'a step in epoch 1 is at most 0.000026 of the weights (usual: about 0.001); the loss ends at 0.6708',
    not: [
      'architecture.activation=relu optimizer.learningRate=0.0001',
      `${SGD_RELU} optimizer.learningRate=0.01`,
    ],
  },
  bottleneck: {
    found: ['architecture.units=1 architecture.activation=relu', 'architecture.units=10,1,10'],
    says: 'layers 1, 2 and 3 have a single unit, so only one number passes through',
    not: ['architecture.units=2'],
  },
  unsteady: {
    found: [
      'architecture.activation=relu optimizer.learningRate=0.04 train.batchSize=1 dataset.noise=0.2',
      'architecture.activation=relu optimizer.learningRate=0.04 train.batchSize=4 dataset.noise=0.3',
    ],
    says: 'in 94\u00a0% of the epochs of the second half, the loss is at least a quarter above the lowest loss so far',
    not: [
      'architecture.activation=relu optimizer.learningRate=0.04 train.batchSize=1 dataset.noise=0.3',
      'architecture.activation=relu optimizer.learningRate=0.02 train.batchSize=1 dataset.noise=0.1',
    ],
  },
  stuck: {
    found: [
      'architecture.hiddenLayers=0 dataset.generator=xor dataset.nSamples=400 train.epochs=30',
      'architecture.activation=linear dataset.generator=xor dataset.nSamples=400',
    ],
    says: 'the loss ends at 0.7056; predicting the class shares gives 0.6931',
    not: [
      'architecture.hiddenLayers=10',
      'architecture.hiddenLayers=0',
      'architecture.hiddenLayers=0 dataset.generator=xor dataset.nSamples=400 train.epochs=9',
      'architecture.hiddenLayers=2 train.epochs=30',
    ],
  },
  'test-rising': {
    found: [`${NOISY} architecture.units=30`],
    says: 'the lowest was 0.3009 in epoch 230, the last is 0.3436, while the training loss still fell',
    not: [NOISY],
  },
  'still-falling': {
    found: ['architecture.activation=relu', ''],
    says: 'the loss fell by 21\u00a0% over the last 10 epochs',
    not: [
      'architecture.activation=relu architecture.hiddenLayers=2',
      'architecture.activation=relu architecture.hiddenLayers=10',
    ],
  },
};

describe('each rule', () => {
  test.each(RULES.map(({ name }) => name))(
    '%s is found where it is, with its numbers, and not in its near miss',
    async (name) => {
      const { found: positive, says, not } = CASES[name];
      const [first] = await Promise.all(positive.map((overrides) => found(name, overrides)));
      expect(first?.sentence).toBe(says);
      for (const overrides of not)
        expect(named(await evidenceFor(overrides), name), overrides).toBeUndefined();
    },
  );

  test('says nothing of what is not computed', () => {
    const known = { id: 'A', member: 0, params: {}, formulas: new Set<string>() };
    expect(findingsOf(known)).toEqual([]);
  });

  test('nothing ails a deep relu network that has learnt, one without hidden layers, or one of a single epoch', async () => {
    for (const overrides of [
      'architecture.activation=relu architecture.hiddenLayers=10',
      'architecture.hiddenLayers=0',
      'architecture.activation=relu train.epochs=1',
    ]) {
      const evidence = await evidenceFor(overrides);
      expect(evidence.trained).toBeDefined();
      expect(findingsOf(evidence), overrides).toEqual([]);
    }
  });

  test('a dead layer with a residual connection keeps nothing before it from learning, and that is not said', async () => {
    const residual =
      'architecture.activation=relu architecture.residual=true architecture.units=3 optimizer.learningRate=0.05 train.epochs=40';
    for (const [layers, says] of [
      [
        4,
        'no unit of layer 3 is active for any training point, so it learns nothing; the gradient passes only through its residual connection',
      ],
      [
        10,
        'no unit of layers 4, 6, 7, 9 and 10 is active for any training point, so they learn nothing; the gradient passes only through their residual connections',
      ],
    ] as const) {
      const overrides = `${residual} architecture.hiddenLayers=${layers}`;
      expect((await found('dead', overrides)).sentence).toBe(says);
      const { trained } = await evidenceFor(overrides);
      expect(trained && gradientEnds(trained, 40).first).toBeGreaterThan(0.1);
    }
  });
});

/** What became of a finding in a run with each of its remedies. */
async function effects(
  name: RuleName,
  overrides: string,
): Promise<Record<string, { text: string; isBetter: boolean }>> {
  const sheet = sheetOf(addressOf(overrides));
  const finding = await found(name, overrides);
  const outcome: Record<string, { text: string; isBetter: boolean }> = {};
  for (const remedy of finding.remedies) {
    const runs = await evidenceFrom(createPlanner(registry)(withRemedy(sheet, 'A', remedy)));
    const [base, other] = [runs.get('A'), runs.get('B')];
    if (!base || !other) throw new Error('a run is missing');
    const text = effectOf(finding, base, other) ?? '';
    outcome[remedy.words] = { text, isBetter: text !== '' && !/no better|diverges/.test(text) };
  }
  return outcome;
}

describe('remedies', () => {
  test('against the vanishing gradient of the opening sheet’s A: every one that is offered raises first : last', async () => {
    const outcome = await effects('vanishing', '');
    expect(Object.keys(outcome).slice(0, 6)).toEqual([
      'relu',
      'leakyRelu',
      'elu',
      'selu',
      'He initialisation',
      '1 hidden layer',
    ]);
    for (const [words, { text, isBetter }] of Object.entries(outcome))
      expect(isBetter, `${words}: ${text}`).toBe(true);
    expect(outcome['relu']?.text).toBe('first : last from 1\u00a0:\u00a0125 to 1.5\u00a0:\u00a01');
    expect(outcome['He initialisation']?.text).toBe(
      'first : last from 1\u00a0:\u00a0125 to 1\u00a0:\u00a024',
    );
  });

  test.each(RULES.filter(({ remedies }) => remedies.length > 0).map(({ name }) => name))(
    'against %s: every one that is offered makes it better',
    async (name) => {
      const offered = await effects(name, CASES[name].found[0] ?? '');
      expect(Object.keys(offered)).not.toEqual([]);
      for (const [words, { text, isBetter }] of Object.entries(offered))
        expect(isBetter, `${words}: ${text}`).toBe(true);
    },
  );

  test('that do not help are said not to', async () => {
    const outcome = await effects(
      'diverged',
      `${LINEAR_HE} architecture.hiddenLayers=12 optimizer.name=sgd optimizer.learningRate=0.1`,
    );
    expect(outcome['learning rate 0.01']?.text).toBe('diverges too: the loss became NaN in epoch 2');
    expect(outcome['gradients clipped to 1']?.text).toMatch(/^does not diverge; loss 0\.\d+$/);
    expect(outcome['LeCun initialisation']?.text).toMatch(/^does not diverge; loss 0\.\d+$/);
  });

  test('are not offered where the run has them, nor where no param could hold them', async () => {
    const wordsOf = async (name: RuleName, overrides: string): Promise<string[]> =>
      (await found(name, overrides)).remedies.map(({ words }) => words);
    expect(await wordsOf('vanishing', 'architecture.kernelInitializer=heUniform')).not.toContain(
      'He initialisation',
    );
    expect(
      await wordsOf('vanishing', 'architecture.activation=relu architecture.hiddenLayers=30'),
    ).not.toContain('leakyRelu');
    expect(await wordsOf('rate-small', 'optimizer.learningRate=0.00001')).toEqual(['learning rate 0.0001']);
    const evidence = await evidenceFor('');
    expect(remedyFor('clip', evidence)).toBeUndefined();
    expect(remedyFor('batchNorm', { ...evidence, params: { architecture: {} } })).toBeUndefined();
    const architecture = { hiddenLayers: 3, batchNorm: false, residual: false };
    for (const [name, path] of [
      ['batchNorm', 'architecture.batchNorm'],
      ['residual', 'architecture.residual'],
    ] as const)
      expect([...(remedyFor(name, { ...evidence, params: { architecture } })?.changes ?? [])]).toEqual([
        [path, 'true'],
      ]);
    const had = { ...architecture, batchNorm: true, hiddenLayers: 1 };
    for (const name of ['batchNorm', 'residual'] as const)
      expect(remedyFor(name, { ...evidence, params: { architecture: had } })).toBeUndefined();
  });

  test('keep lists as long as there are layers, and say that a formula goes', async () => {
    const evidence = await evidenceFor(
      'architecture.activation=sigmoid,tanh,sigmoid architecture.units=8,4,1',
    );
    expect(remedyFor('relu', evidence)?.words).toBe('relu in every layer');
    expect(remedyFor('moreUnits', evidence)?.changes.get('architecture.units')).toBe('8,4,10');
    expect([...(remedyFor('fewerLayers', evidence)?.changes ?? [])]).toEqual([
      ['architecture.hiddenLayers', '1'],
      ['architecture.units', '8'],
      ['architecture.activation', 'sigmoid'],
    ]);
    const formula = { ...evidence, formulas: new Set(['architecture.activation']) };
    expect(remedyFor('relu', formula)?.words).toBe('relu in every layer instead of the formula');
  });

  test('add a run behind the old one, which differs in that alone, and leave the old one as it is', async () => {
    const sheet = sheetOf('#v1');
    const finding = named((await evidenceIn('#v1')).get('A') ?? (await evidenceFor('')), 'vanishing');
    const remedy = finding?.remedies.find(({ name }) => name === 'selu');
    if (!remedy) throw new Error('selu is not offered');
    const grown = withRemedy(sheet, 'A', remedy);
    expect(grown.runs.map(({ id }) => id)).toEqual(['A', 'D', 'B', 'C']);
    expect(grown.runs.filter(({ id }) => id !== 'D')).toEqual(sheet.runs);
    expect(grown.runs[1]).toEqual({
      id: 'D',
      name: 'selu',
      base: 'A',
      overrides: new Map([['architecture.activation', 'selu']]),
    });
  });
});

/** How the page calls the remedies. */
const CALLED: Readonly<Record<RemedyName, string>> = {
  relu: 'relu',
  leakyRelu: 'leakyRelu',
  leak: 'leakyRelu',
  elu: 'elu',
  selu: 'selu',
  he: 'He initialisation',
  leCun: 'LeCun initialisation',
  fittingInitializer: 'He or LeCun initialisation, as fits the activation',
  fewerLayers: 'half the hidden layers',
  hiddenLayers: '2 relu layers where there are none',
  moreUnits: '10 units',
  batchNorm: 'batch normalisation',
  residual: 'residual connections',
  clip: 'clipping to 1 (sgd)',
  adam: 'adam',
  lowerRate: 'a tenth of the learning rate',
  higherRate: 'ten times the learning rate',
  moreEpochs: 'three times the epochs',
  earlierEnd: 'its epoch as the last',
};

test('the page’s table of the rules is the code’s', async () => {
  const rows = RULES.map(({ word, threshold, remedies }) =>
    tableRow(word, threshold, remedies.map((name) => CALLED[name]).join(', ')),
  );
  await expectParts('src/ui/diagnosis/README.md', [
    ['| finding | when | remedies |\n| --- | --- | --- |', rows],
  ]);
});
