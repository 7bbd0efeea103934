// The type of a rule of diagnosis, and the parts that several rules share: the figures of findings, and the words for a loss.
// Invariant: a rule is a pure function of evidence; a rule finds nothing in a value that is not computed. Knows no screen.

import { formatNumber, listed } from '../figures/draw/format';
import type { Evidence, Trained } from './evidence';
import { chanceLoss } from './measures';
import type { RemedyName } from './remedies';

/** Where a finding can be seen: a figure by its name, of a kind; the link says `word`, in full `words`. */
export interface Sight {
  readonly kind: string;
  readonly figure: string;
  readonly word: string;
  readonly words: string;
}

/** What a rule measures in a run: a small `size` is better. */
export interface Measurement {
  readonly what: string;
  readonly text: string;
  readonly size: number;
}

/** One rule: what it looks for in a run, how it says so, and what it advises. */
export interface Rule {
  readonly name: RuleName;
  /** The finding in a word or two, as a sentence begins. */
  readonly word: string;
  /** What it takes to be found, as the table in README.md says it. */
  readonly threshold: string;
  /** Whether it is no ailment, but worth knowing. */
  readonly isNote?: true;
  /** Rules whose findings explain this one, which is then not told. */
  readonly explainedBy?: readonly RuleName[];
  readonly sight: Sight;
  /** The sentence with its numbers; undefined where the rule finds nothing. */
  find(evidence: Evidence): string | undefined;
  /** What the rule measures, to be compared with a run based on this one; undefined where there is nothing to measure. */
  measure(evidence: Evidence): Measurement | undefined;
  readonly remedies: readonly RemedyName[];
}

/** The rules by name; those of the table in `rules.ts`. */
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

/** The step that the optimizer takes for a gradient: there is such a figure where a training diverged. */
export const STEP: Sight = {
  kind: 'optimizer',
  figure: 'optimizer',
  word: 'step',
  words: 'step by gradient',
};

/** "layer 2", "layers 1 and 3". */
export const layerWords = (layers: readonly number[]): string =>
  layers.length === 1 ? `layer ${layers[0]}` : `layers ${listed(layers.map(String))}`;

/** The loss of the last epoch, in nats. */
export const lastLoss = ({ loss }: Trained): number => loss.at(-1) ?? Number.NaN;

/** How a run stands by its last loss. */
export const lossMeasurement = ({ trained }: Evidence): Measurement | undefined =>
  trained && { what: 'loss', text: formatNumber(lastLoss(trained)), size: lastLoss(trained) };

/** From this share of the loss of chance on, nothing was learnt. */
export const AT_CHANCE = 0.99;

/** Whether the last loss is hardly below that of whoever knows the classes’ shares and nothing else. */
export const isAtChance = (evidence: Evidence): boolean => {
  const chance = chanceLoss(evidence);
  return (
    evidence.trained !== undefined &&
    chance !== undefined &&
    lastLoss(evidence.trained) >= AT_CHANCE * chance &&
    chance > 0
  );
};
