// Reads and writes the stored results and checkpoints of a job.
// Invariants: a result from the store belongs to the recipe of the job and has passed the schema of its kind; a transient job
// writes no further than memory; a store that fails is reported and costs time, never a result.

import type { Checkpoint } from '../kinds/kind';
import { reasonOf } from '../kinds/problem';
import { parseValue } from '../kinds/value';
import type { Node } from '../plan/node';
import type { Result, SchedulerEvent } from './demand';
import type { Saved } from './engine';
import type { Job } from './job';
import type { Entry, Reach, Store } from './store';

const reachOf = ({ transient }: Job): Reach => (transient ? 'memory' : 'disk');

/** Reads and writes for jobs; store errors become 'store-failed' events. */
export interface StoredResults {
  /**
   * Resolves to the job's stored result, or undefined; records on the job
   * whether the result is in memory only.
   */
  lookUp(job: Job): Promise<Result | undefined>;
  /** The latest valid checkpoint from which the node can resume. */
  checkpoint(node: Node, reach: Reach): Promise<Checkpoint | undefined>;
  /** The same for a job; a transient job reads the disk only if `isLong`. */
  checkpointOf(job: Job, isLong: boolean): Promise<Checkpoint | undefined>;
  save(job: Job, saved: Saved): void;
  /**
   * Writes the result. Resolves when the writes of the entry and of the job's last checkpoint have ended,
   * failed or not; a result must not wait for it.
   */
  put(job: Job, entry: Entry): Promise<void>;
  /** Writes to the disk what is in memory only: the entry, and the trace's latest checkpoint. */
  keep(job: Job, result: Result): void;
}

/** Wraps a store; no method rejects if the store fails, and `emit` gets a 'store-failed' event. */
export function createStoredResults(store: Store, emit: (event: SchedulerEvent) => void): StoredResults {
  async function attempt<T>(operation: () => Promise<T>): Promise<T | undefined> {
    try {
      return await operation();
    } catch (error) {
      emit({ type: 'store-failed', reason: reasonOf(error) });
      return undefined;
    }
  }

  async function checkpoint(node: Node, reach: Reach): Promise<Checkpoint | undefined> {
    const { extent } = node.kind;
    const { trace } = node;
    if (!extent || trace === undefined) return undefined;
    const goal = Number(node.params[extent.param]);
    const found = await attempt(() => store.checkpoint(trace, goal, reach));
    if (!found || found.trace !== trace || !(found.at <= goal)) return undefined;
    const parsed = parseValue(extent.state, found.state);
    if (!parsed.ok) return undefined;
    const { at, ms } = found;
    return { at, state: parsed.value, ...(ms !== undefined && { ms }) };
  }

  /** The write of each job's latest checkpoint, in progress or ended. */
  const saving = new WeakMap<Job, Promise<void>>();

  return {
    async lookUp(job) {
      const { node } = job;
      const found = await attempt(() => store.get(node.key, reachOf(job)));
      if (!found || found.entry.recipe !== node.recipe) return undefined;
      const { entry, from, transient = false } = found;
      const parsed = parseValue(node.kind.value, entry.value);
      if (!parsed.ok) return undefined;
      job.store(transient ? 'memory' : 'disk');
      return { key: node.key, value: parsed.value, from, ms: entry.ms };
    },
    checkpoint,
    checkpointOf: (job, isLong) => checkpoint(job.node, isLong ? 'disk' : reachOf(job)),
    save(job, saved) {
      const { trace } = job.node;
      if (trace !== undefined)
        saving.set(
          job,
          attempt(() => store.putCheckpoint({ ...saved, trace }, reachOf(job))),
        );
    },
    put(job, entry) {
      job.store(reachOf(job));
      // Not awaited: a slow disk must not delay a result, and the memory tier has the entry at once.
      const kept = [attempt(() => store.put(entry, reachOf(job))), saving.get(job)];
      return Promise.all(kept).then(() => {});
    },
    keep(job, { key, value, ms }) {
      const { node } = job;
      const { recipe, trace } = node;
      job.store('disk');
      void attempt(async () => {
        // The entry in memory already has its digest.
        const found = await store.get(key, 'memory');
        const held = found?.entry.recipe === recipe ? found.entry : undefined;
        await store.put(held ?? { key, recipe, value, ms });
      });
      const { extent } = node.kind;
      if (trace === undefined || !extent) return;
      const goal = Number(node.params[extent.param]);
      void attempt(async () => {
        const saved = await store.checkpoint(trace, goal, 'memory');
        if (saved) await store.putCheckpoint(saved);
      });
    },
  };
}
