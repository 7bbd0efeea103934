// The fused training kernel: whole epochs of a dense network with one sigmoid output, in linear memory.
//
//   epoch: permute ─▶ batches ─▶ test rows ─▶ a row of figures
//   batch: chunks of up to 64 rows ─▶ norm, if gradients are clipped ─▶ step, layer by layer
//   chunk: gather ─▶ forward, layer by layer ─▶ loss ─▶ backward, layer by layer
//
// The work is divided into units of at most one layer's work on one chunk. So `advance` can stop after about the given
// number of floating-point operations, and the next call continues from there. Invariants: the place where `advance`
// stops changes no bit of any result; after preparation, the module allocates nothing and calls nothing outside.
// `panel.ts` describes the layout.
//
// The host calls `begin`, defines the layers, prepares one training (or gradient, probabilities, or losses), writes its inputs
// to the addresses that `address` returns, and calls `advance` until the work is done.

export { address, figuresWidth, sumsWidth } from './buffers';
export {
  advance,
  begin,
  clearFiguresHeld,
  divergedTo,
  epochsDone,
  figuresHeld,
  finishBatch,
  loadPacked,
  positionAtEpochStart,
  prepareGradient,
  prepareLosses,
  prepareProbabilities,
  prepareTraining,
  resume,
  rowsOfEpochDone,
  stepsTaken,
  storeGradients,
  storePlain,
} from './work-units';
export { defineLayer } from './network';
export { configure as configureOptimizer, slotCount } from './optimizer';
export { getPosition as randomPosition } from './random-state';
