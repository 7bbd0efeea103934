// By how much two engines differ on one training, epoch by epoch. Invariant: each engine goes its own way from the same
// task, from its own state of the epoch before; neither is ever set right by the other. Knows no engine.
import type { Turn } from './gradient';
import type { Trainer, TrainingResult, TrainingState, TrainingTask } from './training';

/** The largest absolute differences after each epoch: of all weights, and of the loss; float64 [epochs] each. */
export interface Differences {
  readonly weights: Float64Array;
  readonly loss: Float64Array;
}

/** A trainer on its way through a task, an epoch at a time. */
function walk(trainer: Trainer, task: TrainingTask, turn: Turn): (epoch: number) => Promise<TrainingResult> {
  let state: TrainingState | undefined;
  return (epochs) =>
    trainer.train(
      { ...task, epochs },
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

/** The largest |a − b| over two lists of one length. */
function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most;
}

/**
 * Trains `task` with both trainers side by side. Calls `progress` with the share done after each epoch; rejects with what
 * `turn` rejects with, and with Diverged where either of the two diverges.
 */
export async function differences(
  task: TrainingTask,
  trainers: readonly [Trainer, Trainer],
  turn: Turn,
  progress: (fraction: number) => void,
): Promise<Differences> {
  const [one, other] = [walk(trainers[0], task, turn), walk(trainers[1], task, turn)];
  const weights = new Float64Array(task.epochs);
  const loss = new Float64Array(task.epochs);
  for (let epoch = 1; epoch <= task.epochs; epoch++) {
    const [a, b] = [await one(epoch), await other(epoch)];
    for (const [l, { kernel, bias }] of a.layers.entries()) {
      const twin = b.layers[l];
      if (!twin) throw new RangeError('two engines trained networks of different depths');
      weights[epoch - 1] = Math.max(
        weights[epoch - 1] as number,
        largest(kernel.data, twin.kernel.data),
        largest(bias, twin.bias),
      );
    }
    loss[epoch - 1] = Math.abs((a.loss[epoch - 1] as number) - (b.loss[epoch - 1] as number));
    progress(epoch / task.epochs);
    await turn();
  }
  return { weights, loss };
}
