// Lists all figures by kind of cell: the module loads after the sheet is on the screen.
// Invariant: the figures of a kind are in the order in which the inspector shows them.

import { gradientFigure } from './by-layer/gradient';
import { saturationFigure } from './by-layer/saturation';
import { confusionFigure } from './confusion/confusion';
import { rocFigure } from './confusion/roc';
import { crossCheckFigure } from './cross-check/cross-check';
import { accuracyFigure, lossFigure } from './curves/curves';
import { boundaryFigure } from './data/boundary';
import { datasetFigure } from './data/dataset';
import { splitFigure } from './data/split';
import { type KindFigures, listsOf, ofOwnValue } from './draw/kind-figures';
import { mapFigure } from './map/map';
import { diffFigure } from './network/diff';
import { networkFigure } from './network/network';
import { optimizerFigure } from './network/optimizer';
import { activationsFigure } from './probe/activations';
import { ledgerFigure } from './probe/ledger';
import { asValueTable } from './value/value-table';

/**
 * Figures by kind, and the values that the figures take. A kind without an entry gets a table of its value.
 */
const kindFigures = {
  dataset: ofOwnValue('dataset', [datasetFigure]),
  split: {
    needs: ['dataset', 'split'],
    join: ([dataset, split]) => ({ dataset, split }),
    figures: [splitFigure],
  },
  architecture: ofOwnValue('architecture', [networkFigure]),
  optimizer: ofOwnValue('optimizer', [optimizerFigure]),
  train: ofOwnValue('train', [lossFigure, accuracyFigure, gradientFigure, saturationFigure]),
  diff: {
    needs: ['diff', 'optimizer'],
    join([diff, optimizer], { settings }) {
      const { epochs, batchSize } = settings.get('train')?.params ?? {};
      return { diff, optimizer, epochs, batchSize };
    },
    figures: [diffFigure],
  },
} as const satisfies Readonly<Record<string, KindFigures>>;

const byKind: ReadonlyMap<string, KindFigures> = new Map(Object.entries(kindFigures));

/** What the inspector shows of a kind: its figures, or a table of its value if the kind has no figures. */
export const figuresOf = (kind: string): KindFigures => byKind.get(kind) ?? asValueTable(kind);

/**
 * Figures by kind. Those of train take the value of a training; boundary, confusion, ledger, map, activations
 * and crossCheck take views.
 */
export const figures = {
  ...listsOf(kindFigures),
  boundary: [boundaryFigure],
  confusion: [confusionFigure, rocFigure],
  ledger: [ledgerFigure],
  map: [mapFigure],
  activations: [activationsFigure],
  crossCheck: [crossCheckFigure],
} as const;

export { TRAIN_BANDS } from './by-layer/layers';
export { curveFigures } from './curves/curves';
export type { BoundaryView } from './data/boundary';
export type { ProbabilityGrid } from './data/field';
export type { SplitView } from './data/split';
export { onScheme } from './draw/canvas';
export { csvText, saveCsv, savePng, saveSvg } from './draw/figure-export';
export { followFrame } from './draw/frame-following';
export { legendRun } from './draw/legend-entries';
export { put, putting, repaint } from './draw/mark';
export { placeOf } from './draw/placing';
export { mapPlace } from './map/map';
export { tileDescription } from './map/map-text';
export { type DiffView, diffFigureOf, disagreement } from './network/diff';
export type { LedgerView } from './probe/ledger';
