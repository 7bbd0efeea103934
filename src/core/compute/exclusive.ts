// Lets one page at a time train a trace that several pages of a browser want: the others wait, then read the store.
// Knows no browser: the caller passes the lock.
// Invariants: a page waits only while the other page makes progress, so a frozen page blocks nobody; without locks each page
// computes for itself, which costs time and never a result.

import type { Checkpoint } from '../kinds/kind';
import { hashText } from '../plan/key';
import type { Node } from '../plan/node';
import type { Outcome } from './demand';
import type { Job } from './job';
import type { StoredResults } from './stored-results';

/** A lock by name that pages of one browser share. */
export interface Exclusive {
  /**
   * Resolves with the function that releases the lock once it is held, or at once if the browser has no
   * locks. Resolves with undefined after a bounded wait. Rejects if `signal` is aborted first.
   */
  hold(name: string, signal: AbortSignal): Promise<(() => void) | undefined>;
}

/**
 * The lock's name: the trace's hash, because one page alone trains the next stretch
 * of a trace; without a trace, the key.
 */
const lockName = ({ key, trace }: Node): string => `gradsheet ${trace === undefined ? key : hashText(trace)}`;

/** The outcome of an execution; `kept` resolves when the writes to the stores have ended, failed or not. */
export interface Executed {
  readonly outcome: Outcome;
  readonly kept: Promise<void>;
}

/**
 * Computes a job unless another page has done so meanwhile. `execute` gets the
 * latest checkpoint in the store, if any.
 */
export type SharedExecution = (
  job: Job,
  storedResults: Pick<StoredResults, 'lookUp' | 'checkpointOf'>,
  execute: (from: Checkpoint | undefined) => Promise<Executed>,
) => Promise<Outcome>;

/**
 * Holds the lock of a job. A failure other than an abort counts as held,
 * so that each page computes for itself.
 */
async function holdJob(exclusive: Exclusive, { node, signal }: Job): Promise<(() => void) | undefined> {
  try {
    const release = await exclusive.hold(lockName(node), signal);
    if (!signal.aborted) return release;
    release?.();
  } catch {
    if (!signal.aborted) return () => {};
  }
  throw signal.reason;
}

/**
 * Resolves with the function that releases a job's lock. Waits for the lock only while the page that holds it
 * saves further checkpoints; otherwise resolves without the lock.
 */
async function waitForJob(
  exclusive: Exclusive,
  job: Job,
  storedResults: Pick<StoredResults, 'checkpointOf'>,
): Promise<() => void> {
  for (let reached = 0; ; ) {
    const release = await holdJob(exclusive, job);
    if (release) return release;
    const { at } = (await storedResults.checkpointOf(job, true)) ?? { at: 0 };
    if (at <= reached) return () => {};
    reached = at;
  }
}

/**
 * Creates turn-taking over a lock. The holder looks up the result first, because
 * the page before may have computed it.
 */
export const createSharedExecution =
  (exclusive: Exclusive): SharedExecution =>
  async (job, storedResults, execute) => {
    const { signal } = job;
    const release = await waitForJob(exclusive, job, storedResults);
    try {
      signal.throwIfAborted();
      const result = await storedResults.lookUp(job);
      signal.throwIfAborted();
      if (result) {
        release();
        return { result };
      }
      const checkpoint = await storedResults.checkpointOf(job, true);
      signal.throwIfAborted();
      const { outcome, kept } = await execute(checkpoint);
      // Other pages must find the result in the store before they get the lock.
      void kept.then(release);
      return outcome;
    } catch (error) {
      release();
      throw error;
    }
  };
