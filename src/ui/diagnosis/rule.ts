// The type of a rule of diagnosis, and the parts that several rules share: the figures of findings, and the words for a loss.
// Invariant: a rule is a pure function of evidence; a rule finds nothing in a value that is not computed. Knows no screen.

import { formatNumber, listed } from '../figures/draw/format';
import type { Evidence, Trained } from './evidence';
import { chanceLoss } from './measures';
import type { RemedyName } from './remedies';

/** The figure that shows a finding, by kind and name. The link's text is `word`, its full name is `words`. */
export interface Sight {
  readonly kind: string;
  readonly figure: string;
  readonly word: string;
  readonly words: string;
}

/** A measure of a run, with a name, a text, and a size that is better the smaller it is. */
export interface Measurement {
  readonly what: string;
  readonly text: string;
  readonly size: number;
}

/** One rule: its condition, its sentence, its measure and its remedies. */
export interface Rule {
  readonly name: RuleName;
  /** The finding in one or two words, capitalised. */
  readonly word: string;
  /** The condition of the rule, as the table in README.md gives it. */
  readonly threshold: string;
  /** Whether the finding is a note, and no ailment. */
  readonly isNote?: true;
  /** Rules whose findings explain this one; if one of them has a finding, this rule's finding is left out. */
  readonly explainedBy?: readonly RuleName[];
  readonly sight: Sight;
  /** Returns the sentence with its numbers; undefined if the rule finds nothing. */
  find(evidence: Evidence): string | undefined;
  /**
   * Returns the measure of a run, for comparison with runs based on it; undefined if its values are not
   * computed.
   */
  measure(evidence: Evidence): Measurement | undefined;
  readonly remedies: readonly RemedyName[];
}

/** Names of the rules in `rules.ts`. */
export type RuleName =
  | 'one-class'
  | 'constant-input'
  | 'diverged'
  | 'symmetric'
  | 'exploding'
  | 'vanishing'
  | 'dead'
  | 'rate-large'
  | 'saturated'
  | 'rate-small'
  | 'bottleneck'
  | 'unsteady'
  | 'stuck'
  | 'test-rising'
  | 'still-falling';

/** Gradient by layer and epoch. */
export const GRADIENT: Sight = {
  kind: 'train',
  figure: 'gradient',
  word: 'gradient',
  words: 'gradient by layer',
};
/** Loss by epoch. */
export const LOSS: Sight = { kind: 'train', figure: 'loss', word: 'loss', words: 'loss by epoch' };
/** Saturation by layer and epoch. */
export const SATURATION: Sight = {
  kind: 'train',
  figure: 'saturation',
  word: 'saturation',
  words: 'saturation by layer',
};
/** The network with its initial weights. */
export const NETWORK: Sight = {
  kind: 'architecture',
  figure: 'network',
  word: 'network',
  words: 'network before training',
};

/** The step that the optimizer takes for a gradient. This figure exists even if the training diverged. */
export const STEP: Sight = {
  kind: 'optimizer',
  figure: 'optimizer',
  word: 'step',
  words: 'step by gradient',
};

/** "layer 2", "layers 1 and 3". */
export const layersText = (layers: readonly number[]): string =>
  layers.length === 1 ? `layer ${layers[0]}` : `layers ${listed(layers.map(String))}`;

/** The training loss of the last epoch, in nats; NaN without epochs. */
export const lastLoss = ({ loss }: Trained): number => loss.at(-1) ?? Number.NaN;

/** The last loss as a measure; undefined without a training. */
export const lossMeasurement = ({ trained }: Evidence): Measurement | undefined =>
  trained && { what: 'loss', text: formatNumber(lastLoss(trained)), size: lastLoss(trained) };

/** Ratio of the last loss to the loss of chance from which the network counts as having learnt nothing. */
export const AT_CHANCE = 0.99;

/**
 * Whether the last loss is at least AT_CHANCE of the loss that a constant prediction of the class shares
 * gives.
 */
export const isAtChance = (evidence: Evidence): boolean => {
  const chance = chanceLoss(evidence);
  return (
    evidence.trained !== undefined &&
    chance !== undefined &&
    lastLoss(evidence.trained) >= AT_CHANCE * chance &&
    chance > 0
  );
};
