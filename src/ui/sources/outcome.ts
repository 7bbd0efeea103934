// The outcome of a node that a person asks about beside the sheet: demanded until it is there, or until it is aborted.

import type { Outcome, Scheduler } from '../../core/compute/scheduler';
import type { Node } from '../../core/plan/node';

/**
 * Resolves with the outcome of a node. Allowed at once: what is asked is a part of a training that is computed already, and no
 * cell of the sheet could ask for the permission. Rejects with the signal's reason if the signal is aborted already.
 */
export async function outcomeOf(scheduler: Scheduler, node: Node, signal: AbortSignal): Promise<Outcome> {
  // An aborted signal tells no listener that comes later.
  signal.throwIfAborted();
  const demand = scheduler.demand(node, { urgency: 'selected', transient: true, allowed: true });
  signal.addEventListener('abort', demand.release, { once: true });
  try {
    return await demand.outcome;
  } finally {
    signal.removeEventListener('abort', demand.release);
    demand.release();
  }
}
