// The difference between two engines on one training, epoch by epoch.
// Invariant: both engines start from the same setup, and each continues from its own state of the epoch before; neither is ever
// corrected by the other. Knows no engine.

import { variablesOf } from '../network/network';
import type { YieldThread } from '../training/gradient';
import {
  Diverged,
  type Trainer,
  type TrainingResult,
  type TrainingSetup,
  type TrainingState,
} from '../training/training';

/**
 * Largest absolute differences after each epoch, over all trainable weights and of the loss; float64 [epochs]
 * each.
 */
interface Differences {
  readonly weights: Float64Array;
  readonly loss: Float64Array;
}

/**
 * Returns a function that continues a training of `setup` to the given epoch, from the state of the call
 * before.
 */
function walk(
  trainer: Trainer,
  setup: TrainingSetup,
  yieldThread: YieldThread,
): (epoch: number) => Promise<TrainingResult> {
  let state: TrainingState | undefined;
  return (epochs) =>
    trainer.train(
      { ...setup, epochs },
      {
        resume: state,
        yieldThread,
        due: () => false,
        progress: () => {},
        save(make) {
          state = make();
        },
      },
    );
}

/** Resolves with the result or with the Diverged error; rejects with any other error. */
const orDiverged = (training: Promise<TrainingResult>): Promise<TrainingResult | Diverged> =>
  training.catch((error: unknown) => {
    if (error instanceof Diverged) return error;
    throw error;
  });

/** Returns the error that says which of the two trainers diverged, and how. */
function divergence(
  [one, other]: readonly [Trainer, Trainer],
  a: TrainingResult | Diverged,
  b: TrainingResult | Diverged,
): Error {
  const [how, otherHow] = [a, b].map((end) => (end instanceof Diverged ? end.message : undefined));
  if (how !== undefined && how === otherHow) return new Error(`with both engines ${how}`);
  const parts = [how && `with ${one.version} ${how}`, otherHow && `with ${other.version} ${otherHow}`];
  return new Error(
    `${parts.filter(Boolean).join(', ')}${how && otherHow ? '' : ', but not with the other engine'}`,
  );
}

/** Largest |a − b| over two lists of equal length. */
function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most;
}

/**
 * Trains `setup` with both trainers side by side, epoch by epoch. Calls `progress` with the fraction done
 * after each epoch. Rejects with the reason that `yieldThread` rejects with and, if a training diverges, with an
 * Error that names the trainer.
 */
export async function differences(
  setup: TrainingSetup,
  trainers: readonly [Trainer, Trainer],
  yieldThread: YieldThread,
  progress: (fraction: number) => void,
): Promise<Differences> {
  const [one, other] = [walk(trainers[0], setup, yieldThread), walk(trainers[1], setup, yieldThread)];
  const weights = new Float64Array(setup.epochs);
  const loss = new Float64Array(setup.epochs);
  for (let epoch = 1; epoch <= setup.epochs; epoch++) {
    const [a, b] = [await orDiverged(one(epoch)), await orDiverged(other(epoch))];
    if (a instanceof Diverged || b instanceof Diverged) throw divergence(trainers, a, b);
    for (const [l, layer] of a.layers.entries()) {
      const twin = b.layers[l];
      if (!twin) throw new RangeError('two engines trained networks of different depths');
      const variables = variablesOf(twin);
      const distances = variablesOf(layer).map((values, i) => largest(values, variables[i] ?? []));
      weights[epoch - 1] = Math.max(weights[epoch - 1] as number, ...distances);
    }
    loss[epoch - 1] = Math.abs((a.loss[epoch - 1] as number) - (b.loss[epoch - 1] as number));
    progress(epoch / setup.epochs);
    await yieldThread();
  }
  return { weights, loss };
}
