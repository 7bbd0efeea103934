// Lets one page at a time train a trace that several pages of a browser want: the others wait, then read the store.
// Knows no browser: the lock comes in as a port.
// Invariants: a page waits only while the other page makes progress, so a frozen page blocks nobody; without locks each page
// computes for itself, which costs time and never a result.

import type { Checkpoint } from '../kinds/kind';
import { hashText } from '../plan/key';
import type { Node } from '../plan/node';
import type { Outcome } from './demand';
import type { Job } from './job';
import type { StoredResults } from './stored-results';

/** A way for pages to agree on who computes. */
export interface Exclusive {
  /**
   * Resolves with the way to release once the name is held, or where there is no agreement at all, and with nothing after a
   * bounded wait; rejects where the signal is aborted before.
   */
  hold(name: string, signal: AbortSignal): Promise<(() => void) | undefined>;
}

/** What pages agree on for a node: its trace, of which one page alone trains the next stretch, or else its key. */
const lockName = ({ key, trace }: Node): string => `gradsheet ${trace === undefined ? key : hashText(trace)}`;

/** What was computed; `kept` resolves once it is as far down in the store as it goes. */
export interface Executed {
  readonly outcome: Outcome;
  readonly kept: Promise<void>;
}

/** Has a job computed by one page alone; `execute` goes on from a checkpoint, or from that which was found before. */
export type TurnTaking = (
  job: Job,
  storedResults: Pick<StoredResults, 'lookUp' | 'checkpointOf'>,
  execute: (from: Checkpoint | undefined) => Promise<Executed>,
) => Promise<Outcome>;

/** Holds a job's node; what fails other than by an abort counts as held, for each page then computes for itself. */
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

/** Waits to hold a job's node while whoever holds it comes further. */
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

/** Computes jobs while no other page does, unless one did meanwhile. */
export const takeTurns =
  (exclusive: Exclusive): TurnTaking =>
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
      // Not before the others can find it.
      void kept.then(release);
      return outcome;
    } catch (error) {
      release();
      throw error;
    }
  };
