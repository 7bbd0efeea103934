// The confusion question: compares a network's predictions on some rows with the classes of the rows, as matrix, scores by
// class and ROC curve.
// Invariant: numbers as in scikit-learn: precision_recall_fscore_support(zero_division=0), roc_curve(drop_intermediate=False)
// and auc. Knows neither epochs nor the purpose of the rows.

import { CellError } from '../../core/kinds/problem';
import { defineQuestion } from '../../core/kinds/question';
import { exactOptional, matrix, number, strictObject, typed } from '../../core/kinds/value';
import { layersValue } from '../architecture';

/** Number of classes: one sigmoid unit separates two. */
const CLASSES = 2;

/** Rows above this probability of class 1 are predicted as class 1. */
const THRESHOLD = 0.5;

/** Returns `part` / `whole`, or 0 if `whole` is 0. */
const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/**
 * Returns the confusion matrix: the number of rows by class and predicted class, [true][predicted] row by
 * row.
 */
function countPairs(y: Uint8Array, scores: Float32Array): Float64Array {
  const counts = new Float64Array(CLASSES * CLASSES);
  for (const [row, score] of scores.entries()) {
    const at = (y[row] === 1 ? 1 : 0) * CLASSES + (score > THRESHOLD ? 1 : 0);
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

/** Returns precision, recall, F1 and number of rows by class; a score whose denominator is 0 is 0. */
function scoresByClass(counts: Float64Array) {
  const byClass = {
    precision: new Float64Array(CLASSES),
    recall: new Float64Array(CLASSES),
    f1: new Float64Array(CLASSES),
    support: new Float64Array(CLASSES),
  };
  const at = (truth: number, predicted: number): number => counts[truth * CLASSES + predicted] as number;
  for (let own = 0; own < CLASSES; own++) {
    let [support, predicted] = [0, 0];
    for (let other = 0; other < CLASSES; other++) {
      support += at(own, other);
      predicted += at(other, own);
    }
    byClass.precision[own] = share(at(own, own), predicted);
    byClass.recall[own] = share(at(own, own), support);
    byClass.f1[own] = share(2 * at(own, own), support + predicted);
    byClass.support[own] = support;
  }
  return byClass;
}

/**
 * Returns the ROC curve of class 1, with one point per distinct score, from the highest down; undefined if a
 * class has no row.
 */
function rocOf(y: Uint8Array, scores: Float32Array) {
  const positives = y.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0);
  const negatives = y.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const order = Uint32Array.from(scores, (_, row) => row).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number),
  );
  // No row has a score of at least infinity: the curve begins at (0, 0).
  const [fpr, tpr, thresholds] = [[0], [0], [Number.POSITIVE_INFINITY]];
  let [hits, area] = [0, 0];
  for (const [place, row] of order.entries()) {
    if (y[row] === 1) hits++;
    const next = order[place + 1];
    if (next !== undefined && scores[next] === scores[row]) continue;
    const [x, up] = [(place + 1 - hits) / negatives, hits / positives];
    area += ((x - (fpr.at(-1) as number)) * (up + (tpr.at(-1) as number))) / 2;
    fpr.push(x);
    tpr.push(up);
    thresholds.push(scores[row] as number);
  }
  return {
    fpr: Float64Array.from(fpr),
    tpr: Float64Array.from(tpr),
    thresholds: Float64Array.from(thresholds),
    area,
  };
}

/** Answers with the confusion matrix, the scores by class and the ROC curve of the chosen rows. */
export const confusion = defineQuestion({
  name: 'confusion',
  version: 1,
  input: strictObject({
    layers: layersValue,
    /** `x` and `y` are a data set; `chosen` holds the indices of the rows to predict. */
    rows: strictObject({ x: matrix('float32'), y: typed('uint8'), chosen: typed('uint32') }),
  }),
  value: strictObject({
    /** Confusion matrix: the number of rows by class and predicted class, [true][predicted]. */
    matrix: matrix('float64'),
    /** Scores by class, float64 [classes] each; `support` is the number of rows. */
    byClass: strictObject({
      precision: typed('float64'),
      recall: typed('float64'),
      f1: typed('float64'),
      support: typed('float64'),
    }),
    /**
     * ROC curve, float64 [points] each, and the area below the curve. Absent if a class has no row, because
     * one of the rates is then undefined.
     */
    roc: exactOptional(
      strictObject({
        fpr: typed('float64'),
        tpr: typed('float64'),
        thresholds: typed('float64'),
        area: number(),
      }),
    ),
  }),
  /** Rejects with CellError if a probability is NaN, and with the reason that `yieldThread` rejects with. */
  async answer({ layers, rows }, { yieldThread }) {
    const [{ probabilities }, { takeRows }] = await Promise.all([
      import('../../nn/training/fused-training'),
      import('../../nn/data/rows'),
    ]);
    const { x, y } = takeRows(rows.x, rows.y, rows.chosen);
    const scores = await probabilities(layers, x.data, yieldThread);
    if (scores.some(Number.isNaN)) throw new CellError('failed', 'a probability is not a number');
    const counts = countPairs(y, scores);
    const roc = rocOf(y, scores);
    return {
      matrix: { shape: [CLASSES, CLASSES] as const, data: counts },
      byClass: scoresByClass(counts),
      ...(roc && { roc }),
    };
  },
});
