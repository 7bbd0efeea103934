// The fused training kernel: whole epochs of a dense network with one sigmoid output, in linear memory.
//
//   epoch: permute ─▶ batches ─▶ test rows ─▶ a row of figures
//   batch: chunks of up to 64 rows ─▶ norm, where gradients are clipped ─▶ step, layer by layer
//   chunk: gather ─▶ forward, layer by layer ─▶ loss ─▶ backward, layer by layer
//
// The work is cut into units, one layer's work on one chunk at most, so that `advance` can stop after about as many
// floating-point operations as it is given and go on from there. Invariants: where it stops changes no bit of any
// result; nothing is allocated once a training is prepared, and nothing outside is called. `panel.ts` tells the layout.
//
// The host begins, defines layers, prepares one training, writes what `address` points to, and advances until it is done.

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
  prepareProbabilities,
  prepareTraining,
  resume,
  rowsOfEpochDone,
  stepsTaken,
  storeGradients,
  storePlain,
} from './machine';
export { defineLayer } from './network';
export { configure as configureOptimizer, slotCount } from './optimizer';
export { getPosition as randomPosition } from './random-state';
