// The calculation behind a confusion matrix: the counts of one class, and its precision, recall and F1 from them.
// Invariant: each part ends with the score that the figure shows; a score without a point is 0 by convention, and says so.

import { given, of, product, quotient, sum, type TermLike } from '../calculation/steps';
import { calculationOf } from '../curves/epoch-parts';
import type { Calculation, CalculationPart, Place } from '../draw/calculation';
import { CLASSES, type Confusion, countOf, PART_WORDS, PARTS, type Part, type Run } from './confusion-text';

const cell = (confusion: Confusion, truth: number, predicted: number): TermLike => ({
  value: countOf(confusion, truth, predicted),
  name: `true ${truth} as ${predicted}`,
});

/** A score as `part` of `whole`, both counts. */
function scorePart(
  head: string,
  words: string,
  before: CalculationPart['steps'],
  [part, whole]: readonly [TermLike, ReturnType<typeof sum>],
  shown: number | undefined,
): CalculationPart {
  if (whole.value === 0)
    return {
      head,
      words: 'No point counts for this score, so it is set to 0.',
      steps: [...before, given(head.toLowerCase(), 0)],
      shown: 0,
    };
  return {
    head,
    words,
    steps: [...before, quotient(head.toLowerCase(), part, of(whole))],
    ...(shown !== undefined && { shown }),
  };
}

function classParts(confusion: Confusion, own: number): CalculationPart[] {
  const { precision, recall, f1 } = confusion.byClass;
  const right = cell(confusion, own, own);
  const predicted = sum(`predicted as ${own}`, ...CLASSES.map((truth) => cell(confusion, truth, own)));
  const support = sum(`of class ${own}`, ...CLASSES.map((other) => cell(confusion, own, other)));
  const twice = product('right, counted twice', 2, right);
  const both = sum(`of class ${own}, and predicted as ${own}`, of(support), of(predicted));
  return [
    scorePart(
      'Precision',
      `Right, of all that is predicted as ${own}.`,
      [predicted],
      [right, predicted],
      precision[own],
    ),
    scorePart('Recall', `Right, of all that is class ${own}.`, [support], [right, support], recall[own]),
    scorePart(
      'F1',
      'The harmonic mean of the two.',
      [twice, support, predicted, both],
      [of(twice), both],
      f1[own],
    ),
  ];
}

/** The part of a split and the class that a place names; by default class 1 of the test points. */
export function partAndClass([, words, own]: Place): { part: Part; own: number } {
  return {
    part: PARTS.find((part) => PART_WORDS[part] === words) ?? 'test',
    own: own === 0 ? 0 : 1,
  };
}

/** The calculation of the scores of one class. */
export function calculate(runs: readonly Run[], place: Place): Calculation {
  const run = runs.find(({ id }) => id === place[0]) ?? runs[0];
  if (!run) throw new Error('no predictions are computed yet');
  const { part, own } = partAndClass(place);
  const confusion = run.value[part];
  return calculationOf(
    run,
    `Class ${own} of ${run.id} on the ${PART_WORDS[part]} points at epoch ${run.value.epoch}`,
    [
      {
        head: 'Counts',
        table: [
          ['', ...CLASSES.map((predicted) => `as ${predicted}`)],
          ...CLASSES.map((truth) => [
            `true ${truth}`,
            ...CLASSES.map((predicted) => countOf(confusion, truth, predicted)),
          ]),
        ],
        steps: [],
      },
      ...classParts(confusion, own),
    ],
    `With the weights after epoch ${run.value.epoch}; a probability above one half predicts class 1.`,
  );
}
