// The cross-check of a run's training with tfjs: gathers the training's inputs from the scheduler and asks the question.
// Invariant: nothing stores the answer; a training that is refused as a cell is refused here. Knows no engine's name.

import type { AnswerOf, Ask, AskedOf } from '../../cells/questions';
import { beyondCap, costOf } from '../../core/compute/estimate';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Plain } from '../../core/kinds/value';
import type { Cells } from '../../core/plan/plan';

/**
 * Cross-checks the training in `cells`; `progress` gets a fraction from 0 to 1. Rejects if there is no
 * training, if the training is beyond the cap of costs, if an input has failed, or once `signal` is aborted.
 */
export async function askCrossCheck(
  scheduler: Scheduler,
  ask: Ask,
  cells: Cells,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<AnswerOf<'crossCheck'>> {
  const node = cells.get('train')?.node;
  if (!node) throw new Error('there is no training to cross-check');
  const cost = costOf(node);
  const tooMuch = cost && beyondCap(cost);
  if (tooMuch !== undefined) throw new Error(`the cross-check ${tooMuch}`);
  // An input that another consumer demands too is still computed after the release: the abort must end the
  // wait itself.
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const demands = Object.entries(node.inputs).map(([slot, input]) => ({
    slot,
    // The request for the cross-check permits the cost of its inputs.
    demand: scheduler.demand(input, { transient: true, allowed: true }),
  }));
  try {
    const inputs: Record<string, Plain> = {};
    for (const { slot, demand } of demands) {
      const { result, failure } = await Promise.race([demand.outcome, aborted]);
      if (failure) throw new Error(failure.message);
      inputs[slot] = result.value;
    }
    const { epochs, batchSize, seed } = node.params;
    // The kinds' schemas have checked these params and inputs; the worker parses them again.
    const input = { params: { epochs, batchSize, seed }, inputs } as unknown as AskedOf<'crossCheck'>;
    return await ask('crossCheck', input, { signal, urgency: 'bulk', progress });
  } finally {
    for (const { demand } of demands) demand.release();
  }
}
