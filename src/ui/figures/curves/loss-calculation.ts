// The calculation behind a point of the loss curves: the mean of −ln p over the training points, by point and by mini-batch, and
// over the test points.
// Invariant: every point counts once, listed or among the others.

import { numberText } from '../calculation/calculation-text';
import { added, MOST_LISTED, of, quotient, sumOfAll } from '../calculation/steps';
import type {
  Calculation,
  CalculationPart,
  CalculationSources,
  EpochSource,
  Place,
} from '../draw/calculation';
import type { Shown } from '../draw/figure';
import { count, formatSigned } from '../draw/format';
import type { Trained } from './curve-text';
import { batchWords, calculationOf, runAndEpoch, testWords } from './epoch-parts';

const points = (n: number): string => count(n, 'point');

/** p by −ln p; close to 1 as its distance from 1, of which rounding would leave nothing. */
const probability = (loss: number): number | string =>
  loss < 5e-5 && loss > 0 ? `1 − ${numberText(-Math.expm1(-loss), false)}` : Math.exp(-loss);

/** The mean loss of some points: the worst of them one by one. `batchOf` names a point's mini-batch. */
function meanPart(
  head: string,
  words: string,
  rows: ArrayLike<number>,
  losses: Float64Array,
  { x, y }: EpochSource,
  shown: number | undefined,
  batchOf?: (place: number) => number,
): CalculationPart {
  const worst = [...losses.keys()].sort((a, b) => (losses[b] ?? 0) - (losses[a] ?? 0));
  const listed = worst.slice(0, MOST_LISTED);
  const columns = x.shape[1];
  const total = sumOfAll(
    worst.map((place) => losses[place] ?? Number.NaN),
    points,
  );
  return {
    head,
    words: `${words} The points with the largest −ln p come first; p is the probability of a point’s own class.`,
    table: [
      ['point', 'x₀', 'x₁', 'class', ...(batchOf ? ['batch'] : []), 'p', '−ln p'],
      ...listed.map((place) => {
        const [row, loss] = [rows[place] ?? 0, losses[place] ?? Number.NaN];
        return [
          row,
          ...[0, 1].map((axis) => formatSigned(x.data[row * columns + axis] ?? Number.NaN, 3)),
          y[row] ?? 0,
          ...(batchOf ? [batchOf(place)] : []),
          probability(loss),
          loss,
        ];
      }),
    ],
    steps: [...total.steps, quotient('mean over all points', of(total.whole), losses.length)],
    ...(shown !== undefined && { shown }),
  };
}

/** The same mean by mini-batch. */
function batchPart({ terms }: EpochSource, shown: number | undefined): CalculationPart {
  const { train, batchSize, squares } = terms;
  const n = train.losses.length;
  const sums = Array.from({ length: squares.shape[0] }, (_, batch) =>
    added(train.losses.subarray(batch * batchSize, (batch + 1) * batchSize)),
  );
  const total = sumOfAll(sums, (many) => count(many, 'mini-batch', 'mini-batches'));
  return {
    head: 'The same by mini-batch',
    table: [
      ['batch', 'points', 'sum of −ln p'],
      ...sums
        .slice(0, MOST_LISTED)
        .map((sum, batch) => [batch + 1, Math.min(batchSize, n - batch * batchSize), sum]),
    ],
    steps: [...total.steps, quotient('mean over all points', of(total.whole), n)],
    ...(shown !== undefined && { shown }),
  };
}

/** The calculation of a run's loss at an epoch. */
export async function calculate(
  runs: readonly Shown<Trained>[],
  place: Place,
  sources: CalculationSources,
): Promise<Calculation> {
  const { run, epoch } = runAndEpoch(runs, place);
  const source = await sources.epochTerms(run.id, epoch);
  const { terms } = source;
  const [loss, testLoss] = [run.value.loss[epoch - 1], run.value.testLoss[epoch - 1]];
  const isOne = terms.squares.shape[0] === 1;
  return calculationOf(run, `Loss of ${run.id} at epoch ${epoch}`, [
    meanPart(
      'Training points',
      batchWords(source, epoch),
      terms.rows,
      terms.train.losses,
      source,
      loss,
      isOne ? undefined : (at) => Math.floor(at / terms.batchSize) + 1,
    ),
    ...(isOne ? [] : [batchPart(source, loss)]),
    meanPart('Test points', testWords(epoch), terms.testRows, terms.test.losses, source, testLoss),
  ]);
}
