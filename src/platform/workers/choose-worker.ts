// Chooses the worker for a job.
// Invariant: a pure function of the workers' jobs and of the inputs that the workers hold.

import { outranks, type Urgency } from '../../core/compute/queue';
import type { HeldInputs } from './held-inputs';

/** What a worker has to do. */
export interface Busy {
  readonly held: HeldInputs;
  readonly jobs: ReadonlyMap<number, { readonly urgency: Urgency }>;
  readonly ready: boolean;
}

/** A job that is to be done. */
interface Wanted {
  readonly urgency: Urgency;
  readonly short: boolean;
  /** How much of what it needs a worker has kept. */
  readonly fit: (held: HeldInputs) => number;
}

/** How many jobs a worker will not hold for one of that urgency. */
function moreUrgentJobs({ jobs }: Busy, urgency: Urgency): number {
  let jobsBefore = 0;
  for (const job of jobs.values()) {
    // Bulk is held for the screen anyway and is better spread over the workers, one for each.
    if (urgency === 'bulk' ? job.urgency === 'bulk' : !outranks(urgency, job.urgency)) jobsBefore++;
  }
  return jobsBefore;
}

/** The worker, and how many of its jobs the new one has to share it with; nothing where there are no workers. */
export function chooseWorker<W extends Busy>(
  workers: readonly W[],
  job: Wanted,
): { readonly slot: W; readonly jobsBefore: number } | undefined {
  const { urgency, short } = job;
  const all = workers.map((slot) => ({ slot, jobsBefore: moreUrgentJobs(slot, urgency) }));
  const least = Math.min(...all.map(({ jobsBefore }) => jobsBefore));
  // One short job more is sooner done than its inputs are copied to another worker.
  const spare = short && urgency === 'bulk' ? 1 : 0;
  const ranked = all.map(({ slot, jobsBefore }) => {
    const unfit = -job.fit(slot.held);
    const tooMany = Math.max(0, jobsBefore - least - spare);
    return {
      slot,
      jobsBefore,
      rank: [tooMany, spare * unfit, jobsBefore, slot.jobs.size, slot.ready ? 0 : 1, unfit],
    };
  });
  return ranked.reduce<(typeof ranked)[number] | undefined>((best, one) => {
    const differs = one.rank.findIndex((part, index) => part !== best?.rank[index]);
    return !best || (one.rank[differs] ?? 0) < (best.rank[differs] ?? 0) ? one : best;
  }, undefined);
}
