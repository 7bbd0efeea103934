// Chooses the worker for a request.
// Invariant: a pure function of the workers' requests and of the inputs that the workers hold.

import { outranks, type Urgency } from '../../core/compute/queue';
import type { HeldInputs } from './held-inputs';

/** What a worker has to do. */
export interface Busy {
  readonly held: HeldInputs;
  readonly requests: ReadonlyMap<number, { readonly urgency: Urgency }>;
  readonly ready: boolean;
}

/** A request that is to be sent. */
interface NewRequest {
  readonly urgency: Urgency;
  readonly short: boolean;
  /** How much of what it needs a worker has kept. */
  readonly fit: (held: HeldInputs) => number;
}

/** How many requests a worker will not hold for one of that urgency. */
function moreUrgentRequests({ requests }: Busy, urgency: Urgency): number {
  let requestsBefore = 0;
  for (const request of requests.values()) {
    // Bulk is held for the screen anyway and is better spread over the workers, one for each.
    if (urgency === 'bulk' ? request.urgency === 'bulk' : !outranks(urgency, request.urgency))
      requestsBefore++;
  }
  return requestsBefore;
}

/** The worker, and how many of its requests the new one has to share it with; nothing where there are no workers. */
export function chooseWorker<W extends Busy>(
  workers: readonly W[],
  request: NewRequest,
): { readonly slot: W; readonly requestsBefore: number } | undefined {
  const { urgency, short } = request;
  const all = workers.map((slot) => ({ slot, requestsBefore: moreUrgentRequests(slot, urgency) }));
  const least = Math.min(...all.map(({ requestsBefore }) => requestsBefore));
  // One short request more is sooner done than its inputs are copied to another worker.
  const spare = short && urgency === 'bulk' ? 1 : 0;
  const ranked = all.map(({ slot, requestsBefore }) => {
    const unfit = -request.fit(slot.held);
    const tooMany = Math.max(0, requestsBefore - least - spare);
    return {
      slot,
      requestsBefore,
      rank: [tooMany, spare * unfit, requestsBefore, slot.requests.size, slot.ready ? 0 : 1, unfit],
    };
  });
  return ranked.reduce<(typeof ranked)[number] | undefined>((best, one) => {
    const differs = one.rank.findIndex((part, index) => part !== best?.rank[index]);
    return !best || (one.rank[differs] ?? 0) < (best.rank[differs] ?? 0) ? one : best;
  }, undefined);
}
