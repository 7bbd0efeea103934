// The confusion in words and numbers: scores by class, ROC areas, and notes on scores that are 0 by convention and on undefined
// curves.
// Invariant: a score without a single counted row is 0 and named in the note; the note names undefined curves too. Knows no
// drawing.

import type { AnswerOf } from '../../../cells/questions';
import type { Shown, Table } from '../draw/figure';
import { count, epochInBrief, epochText, formatNumber, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import { membersInBrief, membersText, memberText } from '../draw/member-text';

/** Counts, scores and ROC of a network's predictions on some points; see `confusion` in cells/questions. */
export type Confusion = AnswerOf<'confusion'>;

/** A run's value for the figures. */
export interface ConfusionView {
  readonly train: Confusion;
  readonly test: Confusion;
  /** The epoch of the predictions, and the last epoch of the training. */
  readonly epoch: number;
  readonly epochs: number;
}

export type Run = Shown<ConfusionView>;
type Runs = readonly Run[];

/** The parts of a split, in the order in which figures show them. */
export const PARTS = ['train', 'test'] as const;
export type Part = (typeof PARTS)[number];
/** The words of a part before "points". */
export const PART_WORDS: Readonly<Record<Part, string>> = { train: 'training', test: 'test' };

/** The classes, which also index rows and columns of a confusion matrix. */
export const CLASSES = [0, 1] as const;

/** Number of points of class `truth` that are predicted as class `predicted`. */
export const countOf = ({ matrix }: Confusion, truth: number, predicted: number): number =>
  matrix.data[truth * matrix.shape[1] + predicted] ?? 0;

/** Number of points of a class. */
export const supportOf = ({ byClass }: Confusion, own: number): number => byClass.support[own] ?? 0;

/** Number of points of both classes. */
export const pointsOf = ({ byClass }: Confusion): number =>
  byClass.support.reduce((sum, rows) => sum + rows, 0);

/** Number of points that are predicted as a class. */
const predictedOf = (confusion: Confusion, own: number): number =>
  CLASSES.reduce((sum: number, truth) => sum + countOf(confusion, truth, own), 0);

/** A score with three decimals at most: "0.98", "0", "1". */
export const scoreText = (score: number | undefined): string => formatNumber(score ?? Number.NaN, 3);

/** Scores of the runs, highest first; of more than four runs the highest and the lowest. */
function scored(runs: Runs, read: (run: Run) => number | undefined): string {
  const all = runs.flatMap((run) => {
    const score = read(run);
    return score === undefined ? [] : [{ id: run.id, score }];
  });
  const sorted = all.sort((a, b) => b.score - a.score);
  const shown = sorted.length > 4 ? [sorted[0], sorted.at(-1)].flatMap((one) => one ?? []) : sorted;
  return listed(shown.map(({ id, score }) => `${scoreText(score)} in ${id}`));
}

/** Forms of a headline on scores, highest first: with `words`, then in `brief`. */
function scoreHeadlines(
  runs: Runs,
  read: (run: Run) => number | undefined,
  [words, brief]: readonly [words: string, brief: string],
): readonly string[] {
  const sorted = runs
    .filter((run) => read(run) !== undefined)
    .sort((a, b) => (read(b) ?? 0) - (read(a) ?? 0));
  const after = (lead: string) => (named: Runs, tail: string) => {
    const scores = named.map((run) => `${scoreText(read(run))} in ${run.id}`);
    return `${epochInBrief(named)}${lead} ${scores.join(', ')}${tail}${membersInBrief(named)}`;
  };
  return headlinesOf(
    sorted,
    { first: 'best', text: (run) => scoreText(read(run)) },
    after(words),
    after(brief),
  );
}

/** Forms of the headline of the matrices. */
export const matrixHeadlines = (runs: Runs): readonly string[] =>
  runs.length === 0
    ? ['No confusion matrix yet']
    : scoreHeadlines(runs, ({ value }) => value.test.byClass.f1[1], [
        'F1 of class 1 on the test points:',
        'Test F1',
      ]);

/** States the F1 scores of class 1 on the test points. */
export function matrixTitle(runs: Runs): string {
  if (runs.length === 0) return 'No confusion matrix yet';
  const scores = scored(runs, ({ value }) => value.test.byClass.f1[1]);
  return `${epochText(runs)}F1 of class 1 on the test points: ${scores}${membersText(runs)}`;
}

/** The part of the split whose ROC areas are stated. */
const rocPart = (runs: Runs): Part | undefined =>
  PARTS.toReversed().find((part) => runs.some(({ value }) => value[part].roc));

/** Forms of the headline of the ROC curves. */
export function rocHeadlines(runs: Runs): readonly string[] {
  if (runs.length === 0) return ['No ROC curve yet'];
  const on = rocPart(runs);
  if (!on) return ['No ROC curve: one class only'];
  return scoreHeadlines(runs, ({ value }) => value[on].roc?.area, [
    `ROC area on the ${PART_WORDS[on]} points:`,
    on === 'test' ? 'Test ROC' : 'Train ROC',
  ]);
}

/**
 * States the ROC areas on the test points, or on the training points if no run has a curve on test points.
 */
export function rocTitle(runs: Runs): string {
  if (runs.length === 0) return 'No ROC curve yet';
  const on = rocPart(runs);
  if (!on) return `${epochText(runs)}${listed(runs.map(({ id }) => id))} without a ROC curve: one class only`;
  const areas = scored(runs, ({ value }) => value[on].roc?.area);
  return `${epochText(runs)}ROC area on the ${PART_WORDS[on]} points: ${areas}${membersText(runs)}`;
}

/** The first three sentences; undefined if there are none. */
const sentences = (texts: readonly string[]): string | undefined => texts.slice(0, 3).join(' ') || undefined;

/**
 * The parts for which `isSo` is true, in words: "training", "training or test"; undefined if there are none.
 */
const partsWhere = (isSo: (part: Part) => boolean): string | undefined =>
  PARTS.filter(isSo)
    .map((part) => PART_WORDS[part])
    .join(' or ') || undefined;

/** Names the scores that are 0 because no point counts for them. */
export const matrixNote = (runs: Runs): string | undefined =>
  sentences(
    runs.flatMap(({ id, value }) =>
      CLASSES.flatMap((own) => {
        const missing = partsWhere((part) => supportOf(value[part], own) === 0);
        const unseen = partsWhere((part) => predictedOf(value[part], own) === 0);
        return [
          ...(missing ? [`${id} has no ${missing} point of class ${own}: the recall is set to 0.`] : []),
          ...(unseen
            ? [`${id} predicts class ${own} for no ${unseen} point: the precision is set to 0.`]
            : []),
        ];
      }),
    ),
  );

/** Names the curves that are undefined, and why. */
export const rocNote = (runs: Runs): string | undefined =>
  sentences(
    runs.flatMap(({ id, value }) =>
      PARTS.flatMap((part) => {
        if (value[part].roc) return [];
        const [only] = CLASSES.filter((own) => supportOf(value[part], own) > 0);
        const why = only === undefined ? 'there are none' : `all are of class ${only}`;
        return [`${id} has no ROC curve over its ${PART_WORDS[part]} points: ${why}.`];
      }),
    ),
  );

function partText(confusion: Confusion, part: Part): string {
  const { precision, recall, f1 } = confusion.byClass;
  const classes = CLASSES.map(
    (own) =>
      `class ${own}: ${countOf(confusion, own, own)} of ${supportOf(confusion, own)} right, precision ${scoreText(precision[own])}, recall ${scoreText(recall[own])}, F1 ${scoreText(f1[own])}`,
  );
  return `${count(pointsOf(confusion), `${PART_WORDS[part]} point`)}, ${classes.join('; ')}`;
}

/** Text alternative of the matrices. */
export function describeMatrix(runs: Runs): string {
  if (runs.length === 0) return 'No confusion matrix yet.';
  const parts = runs.map(
    (run) =>
      `${run.id} (${run.name}${memberText(run)}): ${PARTS.map((part) => partText(run.value[part], part)).join('. On ')}.`,
  );
  const at = epochText(runs);
  return `${at ? `${at}the` : 'The'} number of points by true class, in rows, and predicted class, in columns, at a threshold of one half. On ${parts.join(' On ')}`;
}

/** Text alternative of the ROC curves. */
export function describeRoc(runs: Runs): string {
  if (runs.length === 0) return 'No ROC curve yet.';
  const parts = runs.map((run) => {
    const areas = PARTS.map((part) => `${PART_WORDS[part]} ${scoreText(run.value[part].roc?.area)}`);
    return `${run.id} (${run.name}${memberText(run)}): area ${areas.join(', ')}.`;
  });
  const at = epochText(runs);
  return `${at ? `${at}curves` : 'Curves'} of the true positive rate over the false positive rate as the threshold falls, with class 1 as positive, training solid, test dashed. ${parts.join(' ')}`;
}

/** Rows by run, part and class. */
export const matrixTable = (runs: Runs): Table => [
  ['run', 'points', 'class', 'predicted 0', 'predicted 1', 'precision', 'recall', 'F1', 'ROC area'],
  ...runs.flatMap(({ id, value }) =>
    PARTS.flatMap((part) => {
      const { byClass, roc } = value[part];
      const score = (scores: Float64Array, own: number): number | string => scores[own] ?? '';
      return CLASSES.map((own) => [
        id,
        PART_WORDS[part],
        own,
        ...CLASSES.map((predicted) => countOf(value[part], own, predicted)),
        score(byClass.precision, own),
        score(byClass.recall, own),
        score(byClass.f1, own),
        roc?.area ?? '',
      ]);
    }),
  ),
];

/** Rows by run, part and threshold, for the curves that are defined. */
export const rocTable = (runs: Runs): Table => [
  ['run', 'points', 'threshold', 'false positive rate', 'true positive rate'],
  ...runs.flatMap(({ id, value }) =>
    PARTS.flatMap((part) => {
      const { roc } = value[part];
      if (!roc) return [];
      return Array.from(roc.fpr, (fpr, at) => [
        id,
        PART_WORDS[part],
        roc.thresholds[at] ?? '',
        fpr,
        roc.tpr[at] ?? '',
      ]);
    }),
  ),
];
