// Executes a job on the engine: its place in the queue, the checkpoint to resume from, and the reports on the way.
// Invariants: every slot is given back; an aborted job reports nothing more; a checkpoint that turns out to be useless costs
// time and no result.

import type { Checkpoint, Cost } from '../kinds/kind';
import { CellError, reasonOf } from '../kinds/problem';
import type { Plain } from '../kinds/value';
import type { SchedulerEvent } from './demand';
import type { Computed, Engine, ExecutionContext } from './engine';
import { restAfter, type Speeds } from './estimate';
import type { Job } from './job';
import type { Queue } from './queue';
import type { StoredResults } from './stored-results';

/** The longest estimate of a short computation: a few frames. */
const SHORT_MS = 50;

/** The parts of the scheduler that an execution uses. */
interface ExecutionOptions {
  readonly engine: Engine;
  readonly queue: Queue;
  readonly storedResults: StoredResults;
  readonly speeds: Speeds;
  emit(event: SchedulerEvent): void;
}

/**
 * What a job has before its turn: the inputs' values, the checkpoint found so far, and the estimated cost.
 */
export interface Prepared {
  readonly inputs: Readonly<Record<string, Plain>>;
  readonly early: Checkpoint | undefined;
  readonly cost: Cost | undefined;
}

/**
 * Creates the function that waits for a slot and computes a job. It rejects with the reason of the
 * abort or with the computation's error.
 */
export function createExecution({ engine, queue, storedResults, speeds, emit }: ExecutionOptions) {
  function contextOf(job: Job, short: boolean): ExecutionContext {
    const { node, signal } = job;
    const bulk = job.urgency === 'bulk';
    return {
      signal,
      rank: job,
      short,
      sparse: bulk || job.transient,
      progress(fraction, partial) {
        if (signal.aborted) return;
        job.advance(fraction);
        emit({ type: 'progress', node, fraction, ...(partial !== undefined && { partial }) });
      },
      save(saved) {
        if (!signal.aborted) storedResults.save(job, saved);
      },
    };
  }

  async function atEngine(job: Job, { inputs, early, cost }: Prepared, short: boolean): Promise<Computed> {
    const { node, signal } = job;
    // While the job waited, another extent of the same trace may have saved a later checkpoint.
    const late = await storedResults.checkpoint(node, 'memory');
    signal.throwIfAborted();
    const checkpoint = late && late.at > (early?.at ?? -1) ? late : early;
    job.advance(0);
    emit({ type: 'started', node });
    const { kind, key, params } = node;
    const inputKeys = Object.fromEntries(
      Object.entries(node.inputs).map(([slot, input]) => [slot, input.key]),
    );
    const computation = { kind: kind.name, params, inputs, key, inputKeys };
    try {
      const computed = await engine.execute(
        checkpoint ? { ...computation, checkpoint } : computation,
        contextOf(job, short),
      );
      signal.throwIfAborted();
      if (cost) speeds.learn(node, cost.flops * restAfter(node, checkpoint?.at ?? 0), computed.ms);
      return computed;
    } catch (error) {
      const final = error instanceof CellError && (error.kind === 'diverged' || error.machine);
      const useless = checkpoint && !final;
      if (signal.aborted || !useless) throw error;
      emit({ type: 'store-failed', reason: `a checkpoint could not be used: ${reasonOf(error)}` });
      return engine.execute(computation, contextOf(job, short));
    }
  }

  return async (job: Job, prepared: Prepared): Promise<Computed> => {
    const { signal } = job;
    const { early, cost } = prepared;
    const share = restAfter(job.node, early?.at ?? 0);
    const short = !cost || (cost.flops * share) / speeds.of(job.node) <= SHORT_MS;
    const ticket = queue.enter(job.urgency, short);
    const stop = job.watch(() => ticket.move(job.urgency));
    signal.addEventListener('abort', ticket.leave, { once: true });
    try {
      await ticket.called;
      return await atEngine(job, prepared, short);
    } finally {
      stop();
      signal.removeEventListener('abort', ticket.leave);
      ticket.leave();
    }
  };
}
