// The split kind: training set and test set as indices into the data set, in scikit-learn's order.

import { defineKind } from '../core/kinds/kind';
import { real } from '../core/kinds/param';
import { strictObject, typed } from '../core/kinds/value';
import { perItem } from './cost';
import { dataset, randomState } from './dataset';

/**
 * Yields the indices of the training and the test samples. `testSize` is the fraction of test samples,
 * rounded up.
 */
export const split = defineKind({
  name: 'split',
  about: 'which points train the network and which test it',
  version: 1,
  tab: 'Data',
  params: {
    testSize: real({
      default: 0.2,
      min: 0,
      max: 1,
      open: 'both',
      about: 'share of the points in the test set',
      sklearn: 'train_test_split(test_size)',
    }),
    randomState: randomState('seed of the shuffle before the split', 'train_test_split(random_state)'),
  },
  inputs: { dataset },
  value: strictObject({ train: typed('uint32'), test: typed('uint32') }),
  estimate: (_, { dataset: data }) => perItem(Number(data?.['nSamples'] ?? 0), 200, 12, 'samples'),
  async compute({ testSize, randomState: seed }, inputs) {
    const { trainTestSplit } = await import('../nn/data/split');
    return trainTestSplit(inputs.dataset.y.length, testSize, seed);
  },
});
