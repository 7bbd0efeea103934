// A check of a run's training: the values that it takes, had from the scheduler, given to both engines in a worker.
// Invariant: nothing of it is stored, and it is no cell. Knows no engine's name.

import type { Cells } from '../core/plan';
import type { Scheduler } from '../core/scheduler';
import type { Plain } from '../core/value';
import type { WorkerEngine } from './worker-engine';

/** Checks the training of a run's cells; rejects where an input has a problem, and once the signal is aborted. */
export async function checkTraining(
  scheduler: Scheduler,
  engine: WorkerEngine,
  cells: Cells,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): ReturnType<WorkerEngine['check']> {
  const node = cells.get('train')?.node;
  if (!node) throw new Error('there is no training to check');
  const demands = Object.entries(node.inputs).map(([slot, input]) => ({
    slot,
    demand: scheduler.demand(input, { transient: true }),
  }));
  try {
    const inputs: Record<string, Plain> = {};
    for (const { slot, demand } of demands) {
      const { result, failure } = await demand.outcome;
      if (failure) throw new Error(failure.message);
      inputs[slot] = result.value;
    }
    return await engine.check(node.params, inputs, signal, progress);
  } finally {
    for (const { demand } of demands) demand.release();
  }
}
