// The weights of a training after a given epoch: the weights in its value, or those of the same training with fewer epochs.
// Invariant: the requested training is a part of a computed one, so nobody is asked about its cost.

import type { Accessor } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import { type Node, nodeAt } from '../../core/plan/node';
import type { Trained } from '../figures/curves/curves';
import { outcomeOf } from './outcome';

/**
 * The value of a training, and its node in the plan; without a node, only the weights in the value are
 * available.
 */
export interface Training {
  readonly train: Trained;
  readonly node: Node | undefined;
}

/** What is asked of trained networks: the epoch, whether trainings play, and whether an open figure wants it. */
export interface Asking {
  readonly epoch: Accessor<number>;
  readonly playing: Accessor<boolean>;
  readonly wanted: Accessor<boolean>;
}

/**
 * The layers after `epoch` epochs, counted from 1. Returns the value's own layers if the value has no more
 * epochs or there is no node; undefined if the computation failed or `signal` aborted it.
 */
export async function weightsAt(
  scheduler: Scheduler,
  { node, train }: Training,
  epoch: number,
  signal: AbortSignal,
): Promise<Trained['layers'] | undefined> {
  if (!node || epoch >= train.loss.length) return train.layers;
  if (signal.aborted) return undefined;
  const { result } = await outcomeOf(scheduler, nodeAt(node, epoch), signal);
  return result && (result.value as unknown as Trained).layers;
}
