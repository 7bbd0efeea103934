// The chain rule as a ledger, in words and numbers: the share of the signal that each layer passes on the way back, and the
// factors of this share.
// Invariant: the factors of a step multiply to the step, and the steps to the ratio in the title.

import type { LayerProbe, Passage, Probe } from '../../../nn/probe/probe';
import type { Shown, Table } from '../draw/figure';
import { formatNumber, formatRatio, formatTimes, lastEpochOf, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import { memberAlone, membersInBrief, membersText, memberText } from '../draw/member-text';
import { type Probed, troubleHeadlines, troubleTitle } from './probed-network';

/**
 * Values of one layer that the ledger needs, from a probe over training rows; see LayerProbe. The output
 * layer has no passage.
 */
type LedgerLayer = Pick<LayerProbe, 'units' | 'delta' | 'input' | 'agreement' | 'gradient'> & {
  readonly passage?: Passage | undefined;
};

/** A probed network, the output layer last. */
export interface Ledger extends Pick<Probe, 'rows' | 'of' | 'loss'> {
  readonly layers: readonly LedgerLayer[];
}

/** A run's value for the figure. */
export type LedgerView = Probed<Ledger>;

export type Runs = readonly Shown<LedgerView>[];

/** A run that has a ledger. */
export interface Known {
  readonly run: Shown<LedgerView>;
  readonly ledger: Ledger;
}

/** The runs that have a ledger. */
export const knownOf = (runs: Runs): Known[] =>
  runs.flatMap((run) => (run.value.ledger ? [{ run, ledger: run.value.ledger }] : []));

/** Ratio of the signal after a step to the signal before it: the product of the step's factors. */
export const stepOf = ({ weights, skip, slope, batchNorm }: Passage): number =>
  weights * skip * slope * batchNorm;

/** The signal at the first layer and at the output. */
export function endsOf({ layers }: Ledger): { first: number; last: number } {
  return { first: layers[0]?.delta ?? Number.NaN, last: layers.at(-1)?.delta ?? Number.NaN };
}

/** The product of one factor over all steps. */
export const productOf = ({ layers }: Ledger, factor: keyof Passage): number =>
  layers.reduce((product, { passage }) => product * (passage?.[factor] ?? 1), 1);

/**
 * A magnitude with `digits` significant digits, as in "0.00278", from 1e-4 to 1 too, where formatNumber drops
 * decimals: readers multiply the steps.
 */
export const magnitude = (value: number, digits: number): string =>
  value >= 1e-4 && value < 1 ? value.toPrecision(digits) : formatNumber(value, digits + 1);

/** A factor in text: "×0.21". */
const times = (factor: number): string => `×${magnitude(factor, 2)}`;

const FACTORS = [
  ['slope', 'f′'],
  ['weights', 'weights'],
  ['skip', 'skip'],
  ['batchNorm', 'batch norm'],
] as const;

/** The order in which the signal meets the factors. */
const WAY = ['weights', 'skip', 'slope', 'batchNorm'] as const;

/** The first factor that makes the signal 0; later factors have no effect. */
const endOf = (factor: (name: keyof Passage) => number): (typeof WAY)[number] | undefined =>
  WAY.find(
    (name) => factor(name) === 0 && !(name === 'weights' && factor('skip') === Number.POSITIVE_INFINITY),
  );

/**
 * The factors of a step, or of all steps, in words. Factors that the network does not have, or that follow a
 * factor of 0, are left out.
 */
function factorsText(factor: (name: keyof Passage) => number): string {
  const end = endOf(factor);
  const met = end ? WAY.slice(0, WAY.indexOf(end) + 1) : WAY;
  return FACTORS.filter(([name]) => met.includes(name) && (!isOptional(name) || factor(name) !== 1))
    .map(
      ([name, word]) =>
        `${word} ${factor(name) === Number.POSITIVE_INFINITY ? 'alone' : times(factor(name))}`,
    )
    .join(' · ');
}

const isOptional = (name: keyof Passage): boolean => name === 'skip' || name === 'batchNorm';

/** Turns "×0.21 = f′ ×0.22 · weights ×0.95" into "×0.21 (f′ ×0.22 · weights ×0.95)". */
const parenthesized = (step: string): string => step.replace(/ = (.*)$/, ' ($1)');

/**
 * A step in words: its ratio and its factors. A step from a signal of 0 has no ratio: only a residual
 * connection can then bring a signal.
 */
export function stepText({ layers }: Pick<Ledger, 'layers'>, index: number): string {
  const [layer, next] = [layers[index], layers[index + 1]];
  if (!layer?.passage || !next) return 'at the output, from the loss';
  const { passage, delta } = layer;
  const factors = factorsText((name) => passage[name]);
  if (next.delta > 0) return `${times(delta / next.delta)} = ${factors}`;
  return delta > 0 ? factors : 'no signal arrives';
}

/**
 * The step and ever shorter forms of it, for narrow panels: with short names, without signs, and without the
 * ratio.
 */
export function shorterSteps(step: string): readonly string[] {
  const named = step.replace('weights', 'W').replace('batch norm', 'norm');
  const bare = named.replace(/(?<=[a-z′W] )×/g, '');
  return [step, named, bare, bare.replace(/^\S+ = /, '')];
}

/** The product of all steps by factor, or the step at which the signal is lost. */
function wholeText(ledger: Ledger): string {
  const { layers } = ledger;
  if (endsOf(ledger).last === 0) return 'the loss sends no signal';
  const reached = layers.findIndex(({ delta }) => delta > 0);
  const passage = layers[reached - 1]?.passage;
  if (!passage) return factorsText((name) => productOf(ledger, name));
  return `lost on the way from ${layerName(reached, layers.length)} to layer ${reached}: ${factorsText((name) => passage[name])}`;
}

const layerName = (index: number, layers: number): string =>
  index === layers - 1 ? 'the output' : `layer ${index + 1}`;

/** The epoch of a probe: "Before training", "After epoch 5". */
export const whenText = (epoch: number): string => (epoch === 0 ? 'Before training' : `After epoch ${epoch}`);

/** The epoch of several runs, with the runs that ended earlier: "After epoch 100 (B 50)". */
export function whenAll(runs: Parameters<typeof lastEpochOf>[0]): string {
  const { last, earlier } = lastEpochOf(runs);
  return whenText(last) + earlier;
}

/** Factor by which the signal changes on its way back, at least 1; 1 if it is 0 at both ends. */
const changeOf = ({ ledger }: Known): number => {
  const { first, last } = endsOf(ledger);
  return first === last ? 1 : Math.max(first / last, last / first);
};

/**
 * States the finding of the figure: the change of the signal on its way back, and the factors of the change.
 */
export function title(runs: Runs): string {
  const known = knownOf(runs);
  if (known.length === 0) return troubleTitle(runs, 'signal') ?? 'No signal values yet';
  const deep = known.filter(({ ledger }) => ledger.layers.length > 1);
  const [lead, ...rest] = deep.sort((a, b) => changeOf(b) - changeOf(a));
  if (!lead) return 'With one layer, no signal can be lost';
  const others = rest.length > 3 ? [rest[0], rest.at(-1)].flatMap((one) => one ?? []) : rest;
  const tail = others.map(({ run, ledger }) => {
    const { first, last } = endsOf(ledger);
    return `${run.id}’s ${formatTimes(first, last).replace(/ (of|as)$/, '')}`;
  });
  const { first, last } = endsOf(lead.ledger);
  const some = others.length < rest.length ? `, of ${deep.length} runs` : '';
  return `${whenAll(deep.map(({ run }) => run))}, the signal at ${lead.run.id}’s first layer is ${formatTimes(first, last)} that at its output (${wholeText(lead.ledger)})${tail.length > 0 ? `; ${listed(tail)}${some}` : ''}${membersText(deep.map(({ run }) => run))}`;
}

/** Forms of the headline: the signal at both ends, without the factors between them. */
export function headlines(runs: Runs): readonly string[] {
  const known = knownOf(runs);
  if (known.length === 0) return troubleHeadlines(runs, 'signal') ?? ['No signal values yet'];
  const deep = known.filter(({ ledger }) => ledger.layers.length > 1);
  if (deep.length === 0) return ['With one layer, no signal can be lost', 'One layer: no loss of signal'];
  const sorted = deep.sort((a, b) => changeOf(b) - changeOf(a));
  const ratio = ({ ledger }: Known): string => {
    const { first, last } = endsOf(ledger);
    return formatRatio(first, last);
  };
  const after = (lead: string, isTimed: boolean) => (named: readonly Known[], tail: string) => {
    const its = named.map(({ run }) => run);
    const at = isTimed ? `${whenText(lastEpochOf(its).last)}, ` : '';
    const parts = named.map((one) => `${ratio(one)} in ${one.run.id}`);
    return `${at}${lead} ${parts.join(', ')}${tail}${membersInBrief(its)}`;
  };
  return headlinesOf(
    sorted,
    { first: 'most', text: ratio },
    after('signal at first : last layer is', true),
    after('signal first : last', true),
    after('signal', true),
    after('Signal', false),
    (named, tail) => {
      const end = memberAlone(named.map(({ run }) => run));
      const parts = named.map((one) => `${ratio(one)} in ${one.run.id}`);
      return end === undefined || tail ? '' : `Signal ${parts.join(', ')}${end}`;
    },
  );
}

/** Whether some layer has the factor. A factor of 0 belongs to a layer without a signal and tells nothing. */
export const has = ({ layers }: Ledger, factor: 'skip' | 'batchNorm'): boolean =>
  layers.some(({ passage }) => passage && passage[factor] !== 1 && passage[factor] !== 0);

/** Whether some layer is normalised, so that z, the activation's input, differs from the layer's sums. */
const isNormalised = (ledger: Ledger): boolean => has(ledger, 'batchNorm');

/**
 * The signal as a formula: the derivative of the loss by a layer's sums, which equal z without batch norm.
 */
export const signalText = (ledgers: readonly Ledger[]): string =>
  ledgers.some(isNormalised) ? '∂ℓ/∂s before batch norm' : '∂ℓ/∂z';

/** The chain rule row by row, from which the root mean squares of the formulas are taken. */
export function ruleText(ledger: Ledger): string {
  const more = [
    has(ledger, 'skip') ? 'a residual connection adds ∂ℓ/∂output of the layer after' : '',
    isNormalised(ledger) ? 'batch norm passes the signal back through the normalisation' : '',
  ].filter(Boolean);
  return `Each number is a root mean square over rows and units. Row by row, δ(l) = (δ(l+1) · W(l+1)ᵀ) ⊙ f′(z(l))${more.length > 0 ? `; ${more.join('; ')}` : ''}. ∂L/∂W(l) is the mean over the rows of input(l)ᵀ · δ(l).`;
}

/**
 * Formulas of the signal and of the kernel's gradient with their numbers, one pair per layer, from the loss
 * back.
 */
export function formulas({ layers }: Ledger): { readonly signal: string; readonly gradient: string }[] {
  return layers
    .map(({ delta, passage, input, agreement, gradient }, index) => {
      const next = layers[index + 1];
      const name = index === layers.length - 1 ? 'out' : String(index + 1);
      const after = index === layers.length - 2 ? 'out' : String(index + 2);
      const end = magnitude(delta, 3);
      const signal = !(passage && next)
        ? `δ(${name}) = p − y, of the loss itself = ${end}`
        : next.delta > 0
          ? `δ(${name}) = δ(${after}) × ${factorsText((factor) => passage[factor])} = ${magnitude(next.delta, 3)} × ${magnitude(delta / next.delta, 3)} = ${end}`
          : `δ(${name}), ${stepText({ layers }, index)} = ${end}`;
      return {
        signal,
        gradient: `∂L/∂W(${name}) = δ(${name}) × input × agreement = ${magnitude(delta, 3)} × ${magnitude(input, 3)} × ${magnitude(agreement, 3)} = ${magnitude(gradient, 3)}`,
      };
    })
    .reverse();
}

/** Which rows were probed, in words. */
export const sampleText = ({ rows, of }: Pick<Ledger, 'rows' | 'of'>): string =>
  rows < of ? `over ${formatNumber(rows)} of ${formatNumber(of)} training rows` : 'over all training rows';

/** The text alternative. */
export function describe(runs: Runs): string {
  if (runs.length === 0) return 'No signal values yet.';
  const parts = runs.map((run) => {
    const { id, name, value } = run;
    const { epoch, ledger, trouble } = value;
    const who = `${id} (${name}${memberText(run)})`;
    if (!ledger) return `${who}: ${trouble ?? 'not known yet'}.`;
    const { layers } = ledger;
    const reached = layers.findIndex(({ delta }) => delta > 0);
    const steps = layers
      .flatMap(({ delta, passage }, index) => {
        // Of the layers without a signal, one entry stands for all.
        if (index < reached - 2) return [];
        const range = reached - 1 > 1 ? `layers ${reached - 1} to 1` : 'layer 1';
        if (passage && index === reached - 2) return [`${range}: no signal arrives`];
        const step = passage ? `, ${parenthesized(stepText(ledger, index))}` : '';
        return [`${layerName(index, layers.length)} ${magnitude(delta, 3)}${step}`];
      })
      .reverse();
    return `${who}, ${whenText(epoch).toLowerCase()}, ${sampleText(ledger)}, from the loss back: ${steps.join('; ')}.`;
  });
  if (knownOf(runs).length === 0) return parts.join(' ');
  return `Bars, one panel per run: the root mean square of the back-propagated signal by layer, from the output down to the first, on one logarithmic scale; a diamond for the gradient of the layer’s kernel. ${parts.join(' ')}`;
}

/** The numbers behind the drawing, factors unrounded. */
export const table = (runs: Runs): Table => [
  [
    'run',
    'epoch',
    'layer',
    'units',
    'signal',
    'weights',
    'skip',
    'slope',
    'batchNorm',
    'input',
    'agreement',
    'gradient',
  ],
  ...knownOf(runs).flatMap(({ run, ledger }) =>
    ledger.layers.map(({ units, delta, passage, input, agreement, gradient }, index) => [
      run.id,
      run.value.epoch,
      index + 1,
      units,
      delta,
      ...(passage ? [passage.weights, passage.skip, passage.slope, passage.batchNorm] : ['', '', '', '']),
      input,
      agreement,
      gradient,
    ]),
  ),
];
