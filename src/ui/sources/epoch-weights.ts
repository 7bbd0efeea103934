// The weights of a training after a given epoch: the weights at hand, or those of the same training with fewer epochs.
// Invariant: the requested training is a part of a computed one, so nobody is asked about its cost.

import type { Scheduler } from '../../core/compute/scheduler';
import { type Node, nodeAt } from '../../core/plan/node';
import type { Trained } from '../figures/curves/curves';

/** A training, and its node in the plan; without one only the weights at hand can be had. */
export interface Training {
  readonly train: Trained;
  readonly node: Node | undefined;
}

/** The layers after `epoch` epochs, counted from 1; undefined where the computation failed or `signal` ended it. */
export async function weightsAt(
  scheduler: Scheduler,
  { node, train }: Training,
  epoch: number,
  signal: AbortSignal,
): Promise<Trained['layers'] | undefined> {
  if (!node || epoch >= train.loss.length) return train.layers;
  // Allowed: there is no cell that could ask.
  const terms = { urgency: 'selected', transient: true, allowed: true } as const;
  const demand = scheduler.demand(nodeAt(node, epoch), terms);
  signal.addEventListener('abort', demand.release, { once: true });
  try {
    const { result } = await demand.outcome;
    return result && (result.value as unknown as Trained).layers;
  } finally {
    signal.removeEventListener('abort', demand.release);
    demand.release();
  }
}
