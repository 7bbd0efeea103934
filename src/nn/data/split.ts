// Splits the samples of a data set into training and test samples.
// Invariant: the indices equal scikit-learn's train_test_split, in its order; together they are 0 … nSamples − 1, each once.
// Does not know the samples themselves.
import { RandomState } from '../random/random-state';

/** Indices into a data set; both are in random order and neither is empty. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Equal to scikit-learn's `train_test_split(np.arange(nSamples), test_size=testSize,
 * random_state=randomState)`: one permutation gives first the ⌈testSize·nSamples⌉ test indices and then the
 * training indices. Throws RangeError where scikit-learn raises: testSize is not between 0 and 1, no training
 * sample is left, or a count or seed is invalid.
 */
export function trainTestSplit(nSamples: number, testSize: number, randomState: number): Split {
  if (!Number.isInteger(nSamples) || nSamples < 1) {
    throw new RangeError(`nSamples must be a whole number of at least 1, not ${nSamples}`);
  }
  if (!(testSize > 0 && testSize < 1)) {
    throw new RangeError(`testSize must be above 0 and below 1, not ${testSize}`);
  }
  const nTest = Math.ceil(testSize * nSamples);
  if (nTest >= nSamples) {
    throw new RangeError(
      `with nSamples=${nSamples} and testSize=${testSize} the training set would be empty`,
    );
  }
  const order = new RandomState(randomState).permutation(nSamples);
  return { train: order.slice(nTest), test: order.slice(0, nTest) };
}
