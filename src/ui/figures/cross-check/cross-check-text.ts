// Describes the result of a cross-check against TensorFlow.js in one sentence.
// Invariant: a distance above DRIFT is called a difference, whatever its cause; the sentence always gives the numbers.

import { exponential, rounded } from '../../../core/text-formatting';
import type { Differences } from './cross-check';

/**
 * Largest difference that counts as agreement: rounding alone stays far below it, unless a steep training
 * amplifies it.
 */
const DRIFT = 1e-3;

/** The largest of the differences and its epoch, counted from 1; the first NaN counts as the largest. */
export function largest(values: Float64Array): { readonly value: number; readonly epoch: number } {
  let [value, epoch] = [0, 1];
  for (const [index, one] of values.entries()) {
    if (!(one > value) && !Number.isNaN(one)) continue;
    [value, epoch] = [one, index + 1];
    if (Number.isNaN(one)) break;
  }
  return { value, epoch };
}

const small = (value: number): string =>
  value === 0 ? '0' : value < 1e-2 ? exponential(value, 1) : String(rounded(value, 2));

/** The larger of the two largest differences, as a cell shows it: "tfjs ± 2.1e-6". */
export function agreementInBrief({ weights, loss }: Differences): string {
  const values = [largest(weights).value, largest(loss).value];
  return values.some(Number.isNaN) ? 'tfjs: no number' : `tfjs ± ${small(Math.max(...values))}`;
}

/**
 * The result in words, as in "agrees with TensorFlow.js: weights within 2.1e-6 (most in epoch 88), loss
 * within 1.4e-7".
 */
export function agreement({ weights, loss }: Differences): string {
  const [ofWeights, ofLoss] = [largest(weights), largest(loss)];
  if (Number.isNaN(ofWeights.value) || Number.isNaN(ofLoss.value))
    return `cannot be compared with TensorFlow.js: a difference in epoch ${ofWeights.epoch} is no number`;
  if (ofWeights.value === 0 && ofLoss.value === 0)
    return 'equals TensorFlow.js to the bit: no difference in any epoch';
  const within = `weights within ${small(ofWeights.value)} (most in epoch ${ofWeights.epoch}), loss within ${small(ofLoss.value)}`;
  if (ofWeights.value <= DRIFT && ofLoss.value <= DRIFT) return `agrees with TensorFlow.js: ${within}`;
  const from = Math.min(
    ...[weights, loss].map((values) => {
      const at = values.findIndex((value) => value > DRIFT);
      return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
    }),
  );
  return `differs from TensorFlow.js: ${within}; above ${DRIFT} from epoch ${from} on. A training this sensitive drifts apart after a difference in the last bit of one step.`;
}
