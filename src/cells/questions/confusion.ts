// The confusion question: compares a network's predictions on some rows with the classes of the rows, as matrix, scores by
// class and ROC curve.
// Invariant: numbers as in scikit-learn: precision_recall_fscore_support(zero_division=0), roc_curve(drop_intermediate=False)
// and auc. Knows neither epochs nor the purpose of the rows.

import { CellError } from '../../core/kinds/problem';
import { defineQuestion } from '../../core/kinds/question';
import { exactOptional, matrix, number, strictObject, typed } from '../../core/kinds/value';
import { layersValue } from '../architecture';

/** The network has one sigmoid unit. */
const CLASSES = 2;

/** Rows above this probability of class 1 are predicted as class 1. */
const THRESHOLD = 0.5;

/** `part` / `whole`, 0 where there is no whole. */
const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** How many rows of each class are predicted as each class, [true][predicted] row by row. */
function countPairs(y: Uint8Array, scores: Float32Array): Float64Array {
  const counts = new Float64Array(CLASSES * CLASSES);
  for (const [row, score] of scores.entries()) {
    const at = (y[row] === 1 ? 1 : 0) * CLASSES + (score > THRESHOLD ? 1 : 0);
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

/** Precision, recall, F1 and rows by class; a score without rows is 0. */
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

/** The ROC curve of class 1: one point for each distinct score, from the highest; undefined where a class has no row. */
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

export const confusion = defineQuestion({
  name: 'confusion',
  version: 1,
  input: strictObject({
    layers: layersValue,
    /** The points and classes of a data set, and the indices of the rows that the network predicts. */
    rows: strictObject({ x: matrix('float32'), y: typed('uint8'), chosen: typed('uint32') }),
  }),
  value: strictObject({
    /** Rows by class and predicted class, [true][predicted]. */
    matrix: matrix('float64'),
    /** Float64 [classes] each; `support` counts the rows. */
    byClass: strictObject({
      precision: typed('float64'),
      recall: typed('float64'),
      f1: typed('float64'),
      support: typed('float64'),
    }),
    /** Float64 [points] each, and the area below; left out where a class has no row, since one of the rates is then undefined. */
    roc: exactOptional(
      strictObject({
        fpr: typed('float64'),
        tpr: typed('float64'),
        thresholds: typed('float64'),
        area: number(),
      }),
    ),
  }),
  /** Throws where a probability is no number. */
  async answer({ layers, rows }, { turn }) {
    const [{ probabilities }, { takeRows }] = await Promise.all([
      import('../../nn/training/fused-training'),
      import('../../nn/data/rows'),
    ]);
    const { x, y } = takeRows(rows.x, rows.y, rows.chosen);
    const scores = await probabilities(layers, x.data, turn);
    if (scores.some(Number.isNaN)) throw new CellError('failed', 'a probability is no number');
    const counts = countPairs(y, scores);
    const roc = rocOf(y, scores);
    return {
      matrix: { shape: [CLASSES, CLASSES] as const, data: counts },
      byClass: scoresByClass(counts),
      ...(roc && { roc }),
    };
  },
});
