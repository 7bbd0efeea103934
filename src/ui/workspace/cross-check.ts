// A check of a run's training: the values that it takes, had from the scheduler, given to both engines in a worker.
// Invariant: nothing of it is stored, and it is no cell; what is refused as a cell is refused here. Knows no engine's name.

import { beyondCap, costOf } from '../../core/compute/estimate';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Plain } from '../../core/kinds/value';
import type { Cells } from '../../core/plan/plan';
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
  const cost = costOf(node);
  const tooMuch = cost && beyondCap(cost);
  if (tooMuch !== undefined) throw new Error(`it ${tooMuch}`);
  // Others may want an input too, whose demand then does not end by being released.
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const demands = Object.entries(node.inputs).map(([slot, input]) => ({
    slot,
    // Whoever asks for a check has allowed what it takes.
    demand: scheduler.demand(input, { transient: true, allowed: true }),
  }));
  try {
    const inputs: Record<string, Plain> = {};
    for (const { slot, demand } of demands) {
      const { result, failure } = await Promise.race([demand.outcome, aborted]);
      if (failure) throw new Error(failure.message);
      inputs[slot] = result.value;
    }
    return await engine.check(node.params, inputs, signal, progress);
  } finally {
    for (const { demand } of demands) demand.release();
  }
}
