// All figures by the kind of cell that they show: the module that is loaded once the page stands.
// Invariant: a kind's figures are listed in the order in which the inspector shows them.

import { activationsFigure } from './activations';
import { boundaryFigure } from './boundary';
import { checkFigure } from './check';
import { accuracyFigure, lossFigure } from './curves';
import { datasetFigure } from './dataset';
import { diffFigure } from './diff';
import { gradientFigure } from './gradient';
import { ledgerFigure } from './ledger';
import { mapFigure } from './map';
import { networkFigure } from './network';
import { optimizerFigure } from './optimizer';
import { saturationFigure } from './saturation';
import { splitFigure } from './split';

/** Figures by kind; those of train take a training, boundary, ledger and activations what their views say. */
export const figures = {
  dataset: [datasetFigure],
  split: [splitFigure],
  architecture: [networkFigure],
  optimizer: [optimizerFigure],
  train: [lossFigure, accuracyFigure, gradientFigure, saturationFigure],
  boundary: [boundaryFigure],
  ledger: [ledgerFigure],
  map: [mapFigure],
  activations: [activationsFigure],
  check: [checkFigure],
  diff: [diffFigure],
} as const;

export type { BoundaryView } from './boundary';
export { curveFigures } from './curves';
export { type DiffView, diffFigureOf, disagreement } from './diff';
export type { ProbabilityGrid } from './field';
export { followFrame } from './follow';
export { TRAIN_BANDS } from './layers';
export type { LedgerView } from './ledger';
export { mapPlace } from './map';
export { tileWords } from './map-words';
export { put, putting, repaint } from './mark';
export { csvText, saveCsv, savePng, saveSvg } from './save';
export type { SplitView } from './split';
