// Remedies: the changes that a run can try against a finding, as params of a new run that is based on the run.
// Invariant: a remedy changes the params in its words and no others; a remedy is not offered if the run already has it, or if
// the kind of cell has no such param. Lists by layer stay as long as there are layers. Knows neither findings nor screen.

import type { ParamValue } from '../../core/kinds/param';
import { rounded } from '../../core/text-formatting';
import { formatNumber } from '../figures/draw/format';
import { type Evidence, paramIn } from './evidence';
import { epochsOf, lowest } from './measures';

/** A remedy for one run: the words of its button, and the params of the new run, by path. */
export interface Remedy {
  readonly name: RemedyName;
  readonly words: string;
  readonly changes: ReadonlyMap<string, string>;
}

const ACTIVATION = 'architecture.activation';
const DEPTH = 'architecture.hiddenLayers';
const INITIALIZER = 'architecture.kernelInitializer';
const RATE = 'optimizer.learningRate';
const UNITS = 'architecture.units';
const EPOCHS = 'train.epochs';
const MAX_EPOCHS = 100_000;

const itemsOf = (value: ParamValue | undefined): readonly (string | number)[] =>
  Array.isArray(value) ? value : typeof value === 'string' || typeof value === 'number' ? [value] : [];

const numberIn = (evidence: Evidence, path: string): number => Number(paramIn(evidence, path));

const activationsOf = (evidence: Evidence): readonly (string | number)[] =>
  itemsOf(paramIn(evidence, ACTIVATION));

const RELU_FAMILY: readonly string[] = ['relu', 'leakyRelu', 'elu'];
/** Activations with slopes of about 1: replacing one by another hardly changes the gradient. */
const STEEP: readonly string[] = [...RELU_FAMILY, 'selu'];

/**
 * The initialiser whose variance suits all of these activations: 2 / inputs for the relu family (He et al.,
 * 2015, "Delving Deep into Rectifiers"), else 1 / inputs (LeCun et al., 1998, "Efficient BackProp"; Klambauer
 * et al., 2017, for selu).
 */
const fittingInitializer = (activations: readonly (string | number)[]): string =>
  activations.every((name) => RELU_FAMILY.includes(String(name))) ? 'heNormal' : 'leCunNormal';

type Made = Omit<Remedy, 'name' | 'changes'> & { readonly changes: Readonly<Record<string, string>> };
type Maker = (evidence: Evidence) => Made | undefined;

const one = (words: string, path: string, text: string): Made => ({ words, changes: { [path]: text } });

/** Sets one activation in all layers; not offered if every layer has an activation of `asGood`. */
const activation =
  (name: string, asGood: readonly string[] = [name]): Maker =>
  (evidence) => {
    const now = activationsOf(evidence);
    if (numberIn(evidence, DEPTH) === 0 || now.every((item) => asGood.includes(String(item))))
      return undefined;
    return one(now.length > 1 ? `${name} in every layer` : name, ACTIVATION, name);
  };

const initializer =
  (words: string, name: string, beside: readonly string[] = []): Maker =>
  (evidence) =>
    [name, ...beside].includes(String(paramIn(evidence, INITIALIZER)))
      ? undefined
      : one(words, INITIALIZER, name);

/** Switches a param on; not offered if it is on. */
const switched =
  (words: string, path: string): Maker =>
  (evidence) =>
    paramIn(evidence, path) === false ? one(words, path, 'true') : undefined;

/** Half as many hidden layers, rounded down; lists by layer lose their last items. */
const fewerLayers: Maker = (evidence) => {
  const layers = numberIn(evidence, DEPTH);
  const left = Math.floor(layers / 2);
  if (left < 1) return undefined;
  const lists = [UNITS, ACTIVATION].flatMap((path) => {
    const items = itemsOf(paramIn(evidence, path));
    return items.length > 1 ? [[path, items.slice(0, left).join(',')] as const] : [];
  });
  return {
    words: left === 1 ? '1 hidden layer' : `${left} hidden layers`,
    changes: { [DEPTH]: String(left), ...Object.fromEntries(lists) },
  };
};

const rate =
  (factor: number): Maker =>
  (evidence) => {
    const text = String(rounded(numberIn(evidence, RATE) * factor, 12));
    return one(`learning rate ${text}`, RATE, text);
  };

const MAKERS = {
  relu: activation('relu', STEEP),
  leakyRelu: activation('leakyRelu', STEEP),
  /** Against inactive units: leaky ReLU has a slope on both sides, unlike the others in STEEP. */
  leak: activation('leakyRelu'),
  elu: activation('elu'),
  selu: activation('selu'),
  he: initializer('He initialisation', 'heNormal', ['heUniform']),
  leCun: initializer('LeCun initialisation', 'leCunNormal', ['leCunUniform']),
  fittingInitializer: (evidence) => {
    const name = fittingInitializer(activationsOf(evidence));
    return initializer(`${name.startsWith('he') ? 'He' : 'LeCun'} initialisation`, name)(evidence);
  },
  fewerLayers,
  hiddenLayers: (evidence) =>
    numberIn(evidence, DEPTH) === 0
      ? { words: '2 relu layers', changes: { [DEPTH]: '2', [UNITS]: '10', [ACTIVATION]: 'relu' } }
      : undefined,
  moreUnits: (evidence) => {
    const units = itemsOf(paramIn(evidence, UNITS)).map((item) => (item === 1 ? 10 : item));
    return one('10 units instead of 1', UNITS, units.join(','));
  },
  batchNorm: switched('batch normalisation', 'architecture.batchNorm'),
  residual: (evidence) =>
    numberIn(evidence, DEPTH) > 1
      ? switched('residual connections', 'architecture.residual')(evidence)
      : undefined,
  // Optimizers that divide each step by the gradient's own size hardly depend on that size, so clipping helps
  // sgd only.
  clip: (evidence) =>
    paramIn(evidence, 'optimizer.name') === 'sgd' && paramIn(evidence, 'optimizer.globalClipNorm') === 0
      ? one('gradients clipped to 1', 'optimizer.globalClipNorm', '1')
      : undefined,
  adam: (evidence) =>
    paramIn(evidence, 'optimizer.name') === 'adam' ? undefined : one('adam', 'optimizer.name', 'adam'),
  lowerRate: rate(1 / 10),
  higherRate: rate(10),
  moreEpochs: (evidence) => {
    const epochs = Math.min(3 * numberIn(evidence, EPOCHS), MAX_EPOCHS);
    return epochs > numberIn(evidence, EPOCHS)
      ? one(`${formatNumber(epochs)} epochs`, EPOCHS, String(epochs))
      : undefined;
  },
  earlierEnd: (evidence) => {
    const { trained } = evidence;
    const best = trained && lowest(trained.testLoss).epoch;
    return trained && best && best < epochsOf(trained)
      ? one(`end at epoch ${best}`, EPOCHS, String(best))
      : undefined;
  },
} satisfies Readonly<Record<string, Maker>>;

/** Names that rules use for remedies. */
export type RemedyName = keyof typeof MAKERS;

/** The remedy of that name for a run; undefined if the run already has it or cannot have it. */
export function remedyFor(name: RemedyName, evidence: Evidence): Remedy | undefined {
  const made = (MAKERS[name] as Maker)(evidence);
  if (!made) return undefined;
  const changes = new Map(Object.entries(made.changes));
  const isFormula = [...changes.keys()].some((path) => evidence.formulas.has(path));
  return { name, words: isFormula ? `${made.words} instead of the formula` : made.words, changes };
}
