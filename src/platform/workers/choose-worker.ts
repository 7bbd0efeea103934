// Chooses the worker for a request.
// Invariant: a pure function of the workers' requests and of the inputs that the workers hold.

import { outranks, type Urgency } from '../../core/compute/queue';
import type { HeldInputs } from './held-inputs';

/** A worker's load: its inputs, its open requests, and whether it has loaded. */
export interface Busy {
  readonly held: HeldInputs;
  readonly requests: ReadonlyMap<number, { readonly urgency: Urgency }>;
  readonly ready: boolean;
}

/** A request to be sent. */
interface NewRequest {
  readonly urgency: Urgency;
  readonly short: boolean;
  /** The number of the request's inputs that a worker already holds. */
  readonly fit: (held: HeldInputs) => number;
}

/** The number of a worker's requests that compete with a new request of this urgency. */
function moreUrgentRequests({ requests }: Busy, urgency: Urgency): number {
  let requestsBefore = 0;
  for (const request of requests.values()) {
    // A bulk request waits for more urgent ones in any worker, so only bulk counts: one per worker is best.
    if (urgency === 'bulk' ? request.urgency === 'bulk' : !outranks(urgency, request.urgency))
      requestsBefore++;
  }
  return requestsBefore;
}

/** Returns the best worker and the number of its competing requests; undefined without workers. */
export function chooseWorker<W extends Busy>(
  workers: readonly W[],
  request: NewRequest,
): { readonly slot: W; readonly requestsBefore: number } | undefined {
  const { urgency, short } = request;
  const all = workers.map((slot) => ({ slot, requestsBefore: moreUrgentRequests(slot, urgency) }));
  const least = Math.min(...all.map(({ requestsBefore }) => requestsBefore));
  // Waiting for one more short request takes less time than copying its inputs to another worker.
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
