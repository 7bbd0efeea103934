// The difference between two engines on one training, epoch by epoch.
// Invariant: both engines start from the same setup, and each continues from its own state of the epoch before; neither is ever
// corrected by the other. Knows no engine.

import { variablesOf } from '../network/network';
import type { Turn } from '../training/gradient';
import {
  Diverged,
  type Trainer,
  type TrainingResult,
  type TrainingSetup,
  type TrainingState,
} from '../training/training';

/** The largest absolute differences after each epoch: of all trained weights, and of the loss; float64 [epochs] each. */
interface Differences {
  readonly weights: Float64Array;
  readonly loss: Float64Array;
}

/** A trainer on its way through a setup, an epoch at a time. */
function walk(
  trainer: Trainer,
  setup: TrainingSetup,
  turn: Turn,
): (epoch: number) => Promise<TrainingResult> {
  let state: TrainingState | undefined;
  return (epochs) =>
    trainer.train(
      { ...setup, epochs },
      {
        resume: state,
        turn,
        due: () => false,
        progress: () => {},
        save(make) {
          state = make();
        },
      },
    );
}

/** How it ended where it diverged; rejects with whatever else went wrong. */
const orDiverged = (training: Promise<TrainingResult>): Promise<TrainingResult | Diverged> =>
  training.catch((error: unknown) => {
    if (error instanceof Diverged) return error;
    throw error;
  });

/** The end of a comparison: which of the two trainers diverged, and how. */
function divergence(
  [one, other]: readonly [Trainer, Trainer],
  a: TrainingResult | Diverged,
  b: TrainingResult | Diverged,
): Error {
  const [how, otherHow] = [a, b].map((end) => (end instanceof Diverged ? end.message : undefined));
  if (how !== undefined && how === otherHow) return new Error(`with both engines ${how}`);
  const parts = [how && `with ${one.version} ${how}`, otherHow && `with ${other.version} ${otherHow}`];
  return new Error(
    `${parts.filter(Boolean).join(', ')}${how && otherHow ? '' : ', with the other it did not'}`,
  );
}

/** The largest |a − b| over two lists of one length. */
function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most;
}

/**
 * Trains `setup` with both trainers side by side. Calls `progress` with the share done after each epoch; rejects with what
 * `turn` rejects with, and with an Error that says which of the two diverged, if one does.
 */
export async function differences(
  setup: TrainingSetup,
  trainers: readonly [Trainer, Trainer],
  turn: Turn,
  progress: (fraction: number) => void,
): Promise<Differences> {
  const [one, other] = [walk(trainers[0], setup, turn), walk(trainers[1], setup, turn)];
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
    await turn();
  }
  return { weights, loss };
}
