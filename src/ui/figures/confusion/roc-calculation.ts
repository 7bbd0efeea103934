// The calculation behind a point of a ROC curve: the two rates from their counts at a threshold, and the area as a sum of
// trapezoids.
// Invariant: the counts follow from the recorded rates; trapezoids without width are left out, as they add nothing.

import { numberText } from '../calculation/calculation-text';
import { MOST_LISTED, of, quotient, sum, sumOfAll } from '../calculation/steps';
import { calculationOf } from '../curves/epoch-parts';
import type { Calculation, CalculationPart, Place } from '../draw/calculation';
import { count } from '../draw/format';
import { partAndClass } from './confusion-calculation';
import { type Confusion, PART_WORDS, type Run, supportOf } from './confusion-text';

type Roc = NonNullable<Confusion['roc']>;

/** The index of a threshold, else of the last one that is at least one half. */
function indexOf({ thresholds }: Roc, threshold: string | number | undefined): number {
  const exact = thresholds.indexOf(Number(threshold ?? Number.NaN));
  return exact >= 0
    ? exact
    : Math.max(
        0,
        thresholds.findLastIndex((value) => value >= 0.5),
      );
}

/** A rate of a class: the points at or above the threshold, of all of the class. */
function ratePart(head: string, own: number, points: number, rate: number): CalculationPart {
  const above = Math.round(rate * points);
  const whole = sum(
    `points of class ${own}`,
    { value: above, name: 'at or above' },
    { value: points - above, name: 'below' },
  );
  return {
    head,
    words: `Of the points of class ${own}, those whose probability of class 1 is at least the threshold.`,
    steps: [whole, quotient(head.toLowerCase(), { value: above, name: 'at or above' }, of(whole))],
    shown: rate,
  };
}

function areaPart({ fpr, tpr, area }: Roc): CalculationPart {
  const trapezoids = [...fpr.keys()].slice(1).flatMap((at) => {
    const [width, up] = [(fpr[at] ?? 0) - (fpr[at - 1] ?? 0), (tpr[at] ?? 0) + (tpr[at - 1] ?? 0)];
    return width > 0 ? [{ from: fpr[at - 1] ?? 0, width, height: up / 2, area: (width * up) / 2 }] : [];
  });
  const areas = trapezoids.map((one) => one.area);
  return {
    head: 'Area below the curve',
    words: 'A trapezoid for each step to the right: its width times its mean height.',
    table: [
      ['from', 'width', 'mean height', 'area'],
      ...trapezoids.slice(0, MOST_LISTED).map((one) => [one.from, one.width, one.height, one.area]),
    ],
    steps: sumOfAll(areas, (many) => count(many, 'trapezoid')).steps,
    shown: area,
  };
}

/** The calculation of a point of a run's ROC curve and of the area below the curve. */
export function calculate(runs: readonly Run[], place: Place): Calculation {
  const run = runs.find(({ id }) => id === place[0]) ?? runs[0];
  if (!run) throw new Error('no predictions are computed yet');
  const [, , threshold] = place;
  const { part } = partAndClass(place);
  const confusion = run.value[part];
  const { roc } = confusion;
  if (!roc)
    throw new Error(`all ${PART_WORDS[part]} points of ${run.id} are of one class, so there is no ROC curve`);
  const at = indexOf(roc, threshold);
  return calculationOf(
    run,
    `ROC of ${run.id} on the ${PART_WORDS[part]} points at epoch ${run.value.epoch}`,
    [
      ratePart('True positive rate', 1, supportOf(confusion, 1), roc.tpr[at] ?? Number.NaN),
      ratePart('False positive rate', 0, supportOf(confusion, 0), roc.fpr[at] ?? Number.NaN),
      areaPart(roc),
    ],
    `With the weights after epoch ${run.value.epoch}, at the threshold ${numberText(roc.thresholds[at] ?? Number.NaN, false)}. Class 1 is the positive class.`,
  );
}
