// Rules on the course of a training: the length of its steps, and the shape of its losses.
// Invariant: a step is called too large only if harm is visible as well, since some networks learn by large steps.

import { rounded } from '../../core/text-formatting';
import { formatNumber, formatShare } from '../figures/draw/format';
import type { Evidence } from './evidence';
import { dead } from './flow-rules';
import { chanceLoss, epochsOf, fallAtEnd, lowest, shareAbove, stepRatio, tailOf } from './measures';
import {
  AT_CHANCE,
  isAtChance,
  LOSS,
  lastLoss,
  lossMeasurement,
  type Measurement,
  type Rule,
  STEP,
} from './rule';

/**
 * Bounds of step : weights in the first epoch: a tenth, and a hundred times, of the usual ratio. "A rough
 * heuristic is that this ratio should be somewhere around 1e-3" (A. Karpathy, CS231n, Neural Networks 3,
 * "Ratio of weights:updates").
 */
const SMALL_STEP = 1e-4;
const LARGE_STEP = 0.1;
/** Ratio of a loss to the lowest loss from which the loss counts as harmed by large steps. */
const WORSE = 1.25;
/** Fewest epochs for a judgement on the course of a loss: after fewer, few trainings have made progress. */
const ENOUGH = 10;
/** Fewest epochs, as a share of the second half, for an unsteady loss: a single jump is not enough. */
const OFTEN = 0.25;
/**
 * Ratio of the last test loss to the lowest from which the test loss counts as rising: more than it varies
 * between epochs.
 */
const RISEN = 1.1;
/** Fall of the loss, as a share, over the last tenth of the epochs, from which more epochs are worthwhile. */
const FALLING = 0.05;
/** Below this loss, a falling or unsteady loss is not reported. */
const SMALL_LOSS = 0.01;

/** A ratio to two significant digits, as in "0.001" or "1.7"; with an exponent from 1e6 on. */
const ratioText = (ratio: number): string => (ratio < 1e6 ? String(rounded(ratio, 2)) : formatNumber(ratio));

/** A step relative to the weights, as in "0.34 of the weights" or "830 times the weights". */
const stepText = (ratio: number): string => `${ratioText(ratio)} ${ratio < 1 ? 'of' : 'times'} the weights`;

const steps = ({ trained, initial }: Evidence): number | undefined =>
  trained && initial && stepRatio(trained, initial);

const stepMeasurement = (evidence: Evidence): Measurement | undefined => {
  const ratio = steps(evidence);
  return ratio === undefined
    ? undefined
    : {
        what: 'step : weights',
        text: ratioText(ratio),
        // The distance from the usual ratio of 1e-3, since deviations in both directions are worse.
        size: Math.abs(Math.log(ratio / 1e-3)),
      };
};

export const diverged: Rule = {
  name: 'diverged',
  word: 'Diverged',
  threshold: 'the loss, the test loss or a weight is no longer finite',
  sight: STEP,
  find: ({ diverged }) => diverged,
  measure: lossMeasurement,
  remedies: ['lowerRate', 'clip', 'fittingInitializer', 'batchNorm'],
};

export const rateLarge: Rule = {
  name: 'rate-large',
  word: 'Learning rate too large',
  threshold: `a step is above ${LARGE_STEP} of a layer’s weights in epoch 1, and the last loss is at least ${WORSE} times the lowest, or no better than chance`,
  sight: LOSS,
  find(evidence) {
    const ratio = steps(evidence);
    const { trained } = evidence;
    if (!trained || ratio === undefined || ratio <= LARGE_STEP) return undefined;
    const least = lowest(trained.loss);
    const isWorse = lastLoss(trained) >= WORSE * least.value;
    if (!isWorse && !isAtChance(evidence)) return undefined;
    const harm = isWorse
      ? `the loss ends at ${formatNumber(lastLoss(trained))}; the lowest was ${formatNumber(least.value)} in epoch ${least.epoch}`
      : `the loss ends at ${formatNumber(lastLoss(trained))}, no better than chance`;
    // Dead layers are an effect of the large steps, so their own finding is left out; this sentence mentions
    // them.
    const killed = dead.find(evidence);
    return `a step in epoch 1 is ${stepText(ratio)} (usual: about 0.001); ${harm}${killed ? `; ${killed}` : ''}`;
  },
  measure: lossMeasurement,
  remedies: ['lowerRate'],
};

export const rateSmall: Rule = {
  name: 'rate-small',
  word: 'Learning rate too small',
  threshold: `in epoch 1 no layer’s step is above ${SMALL_STEP} of the layer’s weights`,
  explainedBy: ['dead', 'symmetric'],
  sight: LOSS,
  find(evidence) {
    const ratio = steps(evidence);
    if (ratio === undefined || ratio > SMALL_STEP || !evidence.trained) return undefined;
    return `a step in epoch 1 is at most ${stepText(ratio)} (usual: about 0.001); the loss ends at ${formatNumber(lastLoss(evidence.trained))}`;
  },
  measure: stepMeasurement,
  remedies: ['higherRate', 'adam'],
};

export const unsteady: Rule = {
  name: 'unsteady',
  word: 'Unsteady loss',
  threshold: `in at least ${formatShare(OFTEN)} of the epochs of the second half, the loss is at least ${WORSE} times the lowest loss so far; the last loss is above ${SMALL_LOSS}`,
  explainedBy: ['rate-large'],
  sight: LOSS,
  find({ trained }) {
    if (!trained || epochsOf(trained) < ENOUGH || lastLoss(trained) <= SMALL_LOSS) return undefined;
    const share = shareAbove(trained.loss, WORSE);
    return share >= OFTEN
      ? `in ${formatShare(share)} of the epochs of the second half, the loss is at least a quarter above the lowest loss so far`
      : undefined;
  },
  measure({ trained }) {
    if (!trained) return undefined;
    const size = shareAbove(trained.loss, WORSE);
    return { what: 'epochs above the lowest loss', text: formatShare(size), size };
  },
  remedies: ['lowerRate'],
};

export const stuck: Rule = {
  name: 'stuck',
  word: 'No better than chance',
  threshold: `after ${ENOUGH} epochs or more, the last loss is at least ${AT_CHANCE} of the loss from predicting the class shares`,
  explainedBy: [
    'one-class',
    'constant-input',
    'symmetric',
    'exploding',
    'vanishing',
    'dead',
    'rate-large',
    'saturated',
    'rate-small',
  ],
  sight: LOSS,
  find(evidence) {
    const chance = chanceLoss(evidence);
    const { trained } = evidence;
    return trained && epochsOf(trained) >= ENOUGH && isAtChance(evidence) && chance !== undefined
      ? `the loss ends at ${formatNumber(lastLoss(trained))}; predicting the class shares gives ${formatNumber(chance)}`
      : undefined;
  },
  measure: lossMeasurement,
  remedies: ['hiddenLayers', 'relu', 'adam', 'moreEpochs'],
};

export const testRising: Rule = {
  name: 'test-rising',
  word: 'Test loss rising',
  threshold: `the last test loss is at least ${RISEN} times the lowest, while the training loss fell`,
  explainedBy: ['one-class', 'rate-large'],
  sight: LOSS,
  find({ trained }) {
    if (!trained) return undefined;
    const least = lowest(trained.testLoss);
    const last = trained.testLoss.at(-1) ?? Number.NaN;
    const then = trained.loss[least.epoch - 1] ?? Number.NaN;
    return last >= RISEN * least.value && lastLoss(trained) < then
      ? `the lowest was ${formatNumber(least.value)} in epoch ${least.epoch}, the last is ${formatNumber(last)}, while the training loss still fell`
      : undefined;
  },
  measure({ trained }) {
    const last = trained?.testLoss.at(-1);
    return last === undefined ? undefined : { what: 'test loss', text: formatNumber(last), size: last };
  },
  remedies: ['earlierEnd'],
};

export const stillFalling: Rule = {
  name: 'still-falling',
  word: 'Still falling',
  threshold: `the loss fell by at least ${formatShare(FALLING)} over the last tenth of the epochs and is above ${SMALL_LOSS}`,
  isNote: true,
  explainedBy: ['test-rising', 'rate-large'],
  sight: LOSS,
  find({ trained }) {
    if (!trained || lastLoss(trained) <= SMALL_LOSS) return undefined;
    const fall = fallAtEnd(trained);
    const tail = tailOf(trained);
    return fall >= FALLING
      ? `the loss fell by ${formatShare(fall)} over the last ${tail === 1 ? 'epoch' : `${tail} epochs`}`
      : undefined;
  },
  measure: lossMeasurement,
  remedies: ['moreEpochs'],
};
