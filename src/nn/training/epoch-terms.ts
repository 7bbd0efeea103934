// The terms behind the curves of one epoch: the loss of each point in its batch, and the squared gradients of each step.
// Invariant: the epoch is trained again, batch by batch, with the same bits; each batch is measured with the weights before its
// own step, as the curves are. Does not know engines.

import { takeRows } from '../data/rows';
import type { Matrix } from '../network/network';
import { RandomState } from '../random/random-state';
import type { YieldThread } from './gradient';
import { type RowLosses, rowLosses } from './row-losses';
import {
  checkSetup,
  layersOver,
  startOf,
  type Trainer,
  type TrainingContext,
  type TrainingSetup,
  type TrainingState,
} from './training';

/** Terms of one epoch. */
export interface EpochTerms {
  /** The training rows in the order of the epoch, as indices of samples; a batch is the next `batchSize` of them. */
  readonly rows: Uint32Array;
  readonly batchSize: number;
  /** The test rows, in the order of the split, as indices of samples. */
  readonly testRows: Uint32Array;
  /** Losses of `rows`, each with the weights before the step of its batch. */
  readonly train: RowLosses;
  /** Losses of `testRows`, with the weights after the epoch. */
  readonly test: RowLosses;
  /** Sum of the squares of the gradient's entries over each kernel, [steps][layers]. */
  readonly squares: Matrix<Float64Array>;
}

/** The part of a replay that goes to yielding and reporting. */
interface ReplayContext {
  readonly yieldThread: YieldThread;
  progress(fraction: number): void;
}

/** The state after `epochs` epochs. */
async function stateAfter(
  trainer: Trainer,
  setup: TrainingSetup,
  context: Pick<TrainingContext, 'yieldThread' | 'progress'>,
): Promise<TrainingState | undefined> {
  let state: TrainingState | undefined;
  if (setup.epochs === 0) return startOf(setup, undefined);
  await trainer.train(setup, {
    ...context,
    due: () => false,
    save(make, at) {
      if (at === setup.epochs) state = make();
    },
  });
  return state;
}

/** Sums of squares by layer, from the state within an epoch, or from the figures of epoch `epoch` after its last step. */
function squaresSoFar(
  { batches, sums, curves }: TrainingState,
  { layers }: TrainingSetup,
  epoch: number,
  steps: number,
): number[] {
  return layers.map(({ kernel }, l) => {
    if (batches > 0) return sums[2 + 3 * l] as number;
    const rms = curves.gradientRms.data[(epoch - 1) * layers.length + l] as number;
    return rms * rms * kernel.data.length * steps;
  });
}

/**
 * Trains `setup` up to `epoch`, counted from 1, and resolves with the terms of that epoch. Rejects as `train` of the trainer
 * does.
 */
export async function epochTerms(
  trainer: Trainer,
  setup: TrainingSetup,
  epoch: number,
  { yieldThread, progress }: ReplayContext,
): Promise<EpochTerms> {
  checkSetup(setup);
  const report = (done: number): void => progress(done / epoch);
  const before = await stateAfter(
    trainer,
    { ...setup, epochs: epoch - 1 },
    { yieldThread, progress: report },
  );
  if (!before) throw new RangeError('the training saved no state at its end');
  const [n, count] = [setup.train.length, setup.layers.length];
  const order = RandomState.fromState(before.random).permutation(n);
  const rows = Uint32Array.from(order, (place) => setup.train[place] as number);
  const batchSize = Math.min(setup.batchSize, n);
  const steps = Math.ceil(n / batchSize);
  const train = { losses: new Float64Array(n), right: new Uint8Array(n) };
  const squares = new Float64Array(steps * count);

  async function measure({ weights, moving }: TrainingState, batch: number): Promise<void> {
    const from = batch * batchSize;
    const batchRows = takeRows(setup.x, setup.y, rows.subarray(from, from + batchSize));
    const found = await rowLosses(layersOver(weights, setup.layers, moving), batchRows, true, yieldThread);
    train.losses.set(found.losses, from);
    train.right.set(found.right, from);
  }

  await measure(before, 0);
  // The training waits in `yieldThread` until a saved state is measured, so that there is one at a time.
  let saved: TrainingState | undefined;
  let sums: readonly number[] = new Array<number>(count).fill(0);
  const { layers } = await trainer.train(
    { ...setup, epochs: epoch },
    {
      ...(epoch > 1 && { resume: before }),
      isByBatch: true,
      due: () => true,
      progress: report,
      async yieldThread() {
        const state = saved;
        saved = undefined;
        if (state) await measure(state, state.batches);
        await yieldThread();
      },
      save(make) {
        const state = make();
        const next = squaresSoFar(state, setup, epoch, steps);
        const step = (state.batches || steps) - 1;
        for (let l = 0; l < count; l++)
          squares[step * count + l] = Math.max(0, (next[l] as number) - (sums[l] as number));
        sums = next;
        if (state.batches > 0) saved = state;
      },
    },
  );
  const testRows = takeRows(setup.x, setup.y, setup.test);
  return {
    rows,
    batchSize,
    testRows: setup.test.slice(),
    train,
    test: await rowLosses(layers, testRows, false, yieldThread),
    squares: { shape: [steps, count], data: squares },
  };
}
