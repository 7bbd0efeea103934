// Rules on the signal that returns from the loss, layer by layer: gradients, and units that do not pass gradients on.
// Invariant: rules judge gradients in the first epoch, before training hides the network's initial state; and units in the last
// epoch.

import { formatNumber, formatRatio, formatShare } from '../figures/draw/format';
import type { Evidence } from './evidence';
import { epochsOf, gradientEnds, largestGradient, saturatedShares } from './measures';
import { GRADIENT, lastLoss, layersText, type Measurement, type Rule, SATURATION } from './rule';

/**
 * Ratio of the last layer's gradient to the first's from which the gradient has vanished; the inverse ratio
 * explodes. The slope of a sigmoid is at most 1/4, so two sigmoid layers divide a gradient by at least 16 if
 * the weights keep its size.
 */
const VANISHED = 20;
/**
 * The derivative of the loss by the network's output is at most 1, so a kernel's gradient is at most the size
 * of its layer's inputs, which is about 1 in a network that keeps its scale.
 */
const EXPLODED = 10;
const HALF = 0.5;
/** Loss below which saturation is not reported: a network that has learnt its data saturates. */
const LEARNT = 0.1;
const RELU = 'relu';
/**
 * Activations that are flat on both sides. Other activations are flat on one side only, where half of their
 * outputs may lie without harm.
 */
const TWO_SIDED: readonly string[] = ['sigmoid', 'tanh'];

/**
 * The hidden layers, counted from 1, with one of the activations and at least this share of saturated outputs
 * in the last epoch.
 */
function flatLayers(
  { trained, initial }: Evidence,
  activations: readonly string[],
  share: number,
): readonly { layer: number; share: number }[] {
  if (!trained || !initial) return [];
  return saturatedShares(trained, epochsOf(trained)).flatMap((own, index) =>
    own >= share && activations.includes(initial[index]?.activation ?? '')
      ? [{ layer: index + 1, share: own }]
      : [],
  );
}

/** The largest share of saturated outputs of a hidden layer in the last epoch. */
function flatMeasurement(evidence: Evidence): Measurement | undefined {
  const { trained } = evidence;
  if (!trained) return undefined;
  const size = Math.max(0, ...saturatedShares(trained, epochsOf(trained)));
  return { what: 'largest saturated share', text: formatShare(size), size };
}

export const exploding: Rule = {
  name: 'exploding',
  word: 'Exploding gradient',
  threshold: `in epoch 1 a layer’s gradient is above ${EXPLODED}, or first : last above ${VANISHED} : 1`,
  explainedBy: ['rate-large'],
  sight: GRADIENT,
  find({ trained }) {
    if (!trained) return undefined;
    const { layer, value } = largestGradient(trained, 1);
    if (value > EXPLODED) return `the gradient of layer ${layer} is ${formatNumber(value, 3)} in epoch 1`;
    const { first, last } = gradientEnds(trained, 1);
    return first > VANISHED * last && last > 0
      ? `first : last ${formatRatio(first, last)} in epoch 1`
      : undefined;
  },
  measure({ trained }) {
    if (!trained) return undefined;
    const { value } = largestGradient(trained, 1);
    return { what: 'largest gradient', text: formatNumber(value, 3), size: value };
  },
  remedies: ['leCun', 'fewerLayers'],
};

export const vanishing: Rule = {
  name: 'vanishing',
  word: 'Vanishing gradient',
  threshold: `first : last below 1 : ${VANISHED} in epoch 1`,
  explainedBy: ['symmetric', 'dead', 'rate-large'],
  sight: GRADIENT,
  find({ trained }) {
    if (!trained) return undefined;
    const { first, last } = gradientEnds(trained, 1);
    if (!(first * VANISHED < last)) return undefined;
    const epochs = epochsOf(trained);
    const end = gradientEnds(trained, epochs);
    return `first : last ${formatRatio(first, last)} in epoch 1${epochs > 1 ? `, ${formatRatio(end.first, end.last)} in epoch ${epochs}` : ''}`;
  },
  measure({ trained }) {
    if (!trained) return undefined;
    const { first, last } = gradientEnds(trained, 1);
    return { what: 'first : last', text: formatRatio(first, last), size: last / first };
  },
  remedies: ['relu', 'leakyRelu', 'elu', 'selu', 'he', 'fewerLayers', 'batchNorm', 'residual'],
};

export const dead: Rule = {
  name: 'dead',
  word: 'Dead layer',
  threshold: 'no unit of a relu layer is active for any training point in the last epoch',
  explainedBy: ['symmetric', 'rate-large'],
  sight: SATURATION,
  find(evidence) {
    const layers = flatLayers(evidence, [RELU], 1).map(({ layer }) => layer);
    if (layers.length === 0) return undefined;
    const isOne = layers.length === 1;
    // A residual connection carries the gradient past its layer to the layers before it.
    const barrier = layers.findLast((layer) => !evidence.initial?.[layer - 1]?.residual);
    const harm =
      barrier === undefined
        ? `${isOne ? 'it learns' : 'they learn'} nothing; the gradient passes only through ${isOne ? 'its residual connection' : 'their residual connections'}`
        : `nothing before ${isOne ? 'it' : `layer ${barrier}`} learns`;
    return `no unit of ${layersText(layers)} is active for any training point, so ${harm}`;
  },
  measure: flatMeasurement,
  remedies: ['leak', 'elu', 'fewerLayers', 'batchNorm', 'residual'],
};

export const saturated: Rule = {
  name: 'saturated',
  word: 'Saturated',
  threshold: `at least half of a sigmoid or tanh layer’s outputs are saturated in the last epoch, and the loss is above ${LEARNT}`,
  explainedBy: ['rate-large'],
  sight: SATURATION,
  find(evidence) {
    if (!evidence.trained || lastLoss(evidence.trained) <= LEARNT) return undefined;
    const [most] = [...flatLayers(evidence, TWO_SIDED, HALF)].sort((a, b) => b.share - a.share);
    return (
      most && `${formatShare(most.share)} of the outputs of layer ${most.layer} pass back almost no gradient`
    );
  },
  measure: flatMeasurement,
  remedies: ['leakyRelu', 'lowerRate', 'batchNorm'],
};
