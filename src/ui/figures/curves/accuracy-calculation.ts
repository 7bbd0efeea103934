// The calculation behind a point of the accuracy curves: how many points of each class are predicted right, over all points.
// Invariant: every point counts once, in its own class.

import { of, quotient, sum } from '../calculation/steps';
import type {
  Calculation,
  CalculationPart,
  CalculationSources,
  EpochSource,
  Place,
} from '../draw/calculation';
import type { Shown } from '../draw/figure';
import type { Trained } from './curve-text';
import { batchWords, calculationOf, runAndEpoch, testWords } from './epoch-parts';

/** The share of points that are predicted right. */
function sharePart(
  head: string,
  words: string,
  rows: ArrayLike<number>,
  right: Uint8Array,
  { y }: EpochSource,
  shown: number | undefined,
): CalculationPart {
  const counts = [0, 1].map((own) => {
    const places = [...right.keys()].filter((place) => y[rows[place] ?? 0] === own);
    return { own, points: places.length, right: places.filter((place) => right[place]).length };
  });
  const all = sum('right in both classes', ...counts.map((one) => one.right));
  const whole = sum('points of both classes', ...counts.map((one) => one.points));
  return {
    head,
    words: `${words} A probability of class 1 above one half predicts class 1.`,
    table: [['class', 'right', 'points'], ...counts.map((one) => [one.own, one.right, one.points])],
    steps: [all, whole, quotient('share of right points', of(all), of(whole))],
    ...(shown !== undefined && { shown }),
  };
}

/** The calculation of a run's accuracy at an epoch. */
export async function calculate(
  runs: readonly Shown<Trained>[],
  place: Place,
  sources: CalculationSources,
): Promise<Calculation> {
  const { run, epoch } = runAndEpoch(runs, place);
  const source = await sources.epochTerms(run.id, epoch);
  const { rows, testRows, train, test } = source.terms;
  const [own, tested] = [run.value.accuracy[epoch - 1], run.value.testAccuracy[epoch - 1]];
  return calculationOf(run, `Accuracy of ${run.id} at epoch ${epoch}`, [
    sharePart('Training points', batchWords(source, epoch), rows, train.right, source, own),
    sharePart('Test points', testWords(epoch), testRows, test.right, source, tested),
  ]);
}
