// Rules on the start of a training: the training points, and the network before its first step.
// Invariant: these rules need no training, and find the same after any training.

import { formatNumber, listed } from '../figures/draw/format';
import { classCounts, constantInputs, narrowLayers, symmetricLayers } from './measures';
import { layersText, lossMeasurement, NETWORK, type Rule } from './rule';

export const oneClass: Rule = {
  name: 'one-class',
  word: 'One class only',
  threshold: 'all training points have one class',
  sight: { kind: 'split', figure: 'split', word: 'split', words: 'split' },
  find(evidence) {
    const counts = classCounts(evidence);
    if (!counts?.includes(0)) return undefined;
    const all = counts[0] + counts[1];
    const points = all === 1 ? 'the only training point is' : `all ${formatNumber(all)} training points are`;
    return `${points} of class ${counts[0] === 0 ? 1 : 0}, so there is nothing to separate`;
  },
  measure: lossMeasurement,
  remedies: [],
};

export const constantInput: Rule = {
  name: 'constant-input',
  word: 'Constant input',
  threshold: 'an input has one value in all training points',
  sight: { kind: 'dataset', figure: 'dataset', word: 'points', words: 'points' },
  find(evidence) {
    const columns = constantInputs(evidence);
    if (columns.length === 0) return undefined;
    const names = listed(columns.map((column) => `x${'₀₁'[column] ?? column}`));
    return `${names} ${columns.length === 1 ? 'is' : 'are'} the same in all training points, so ${columns.length === 1 ? 'it says' : 'they say'} nothing about the classes`;
  },
  measure: lossMeasurement,
  remedies: [],
};

export const symmetric: Rule = {
  name: 'symmetric',
  word: 'Symmetric start',
  threshold: 'all units of a hidden layer start with the same weights',
  sight: NETWORK,
  find({ initial }) {
    const layers = initial ? symmetricLayers(initial) : [];
    return layers.length === 0
      ? undefined
      : `all units of ${layersText(layers)} start equal, get the same gradient and stay equal`;
  },
  measure: lossMeasurement,
  remedies: ['fittingInitializer'],
};

export const bottleneck: Rule = {
  name: 'bottleneck',
  word: 'Bottleneck',
  threshold: 'a hidden layer has a single unit',
  sight: NETWORK,
  find({ initial }) {
    const layers = initial ? narrowLayers(initial) : [];
    return layers.length === 0
      ? undefined
      : `${layersText(layers)} ${layers.length === 1 ? 'has' : 'have'} a single unit, so only one number passes through`;
  },
  measure: lossMeasurement,
  remedies: ['moreUnits'],
};
