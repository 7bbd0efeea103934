// The terms behind the curves of a training at an epoch, asked for when a person asks for a calculation.
// Invariant: the terms are of the training that the sheet plans now, of member 0 in a run with seeds; the last answers are kept.

import type { Ask, AskedOf } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Node } from '../../core/plan/node';
import type { EpochSource } from '../figures/draw/calculation';
import type { EpochTermsOf } from '../figures/page/figure-calculation';
import type { SessionDocument } from '../session/document';
import { outcomeOf } from './outcome';

type Asked = AskedOf<'epochTerms'>;

const INPUTS = ['dataset', 'split', 'architecture', 'optimizer'] as const;

/** The most answers that are kept. */
const KEPT = 8;

/** Resolves with the value of a node; rejects with the reason if there is none. */
async function resultOf(scheduler: Scheduler, node: Node, signal: AbortSignal): Promise<unknown> {
  const { result, failure } = await outcomeOf(scheduler, node, signal);
  if (!result) throw new Error(failure.message);
  return result.value;
}

/** Returns the function that gives the terms of a run of the session's sheet. */
export function createEpochTerms(
  session: Pick<SessionDocument, 'plan'>,
  scheduler: Scheduler,
  ask: Ask,
): EpochTermsOf {
  const known = new Map<string, EpochSource>();
  return async (run, epoch, terms) => {
    const cell = session.plan().runs.get(run)?.cells.get('train');
    if (!cell?.node) throw new Error(cell?.problem?.message ?? `${run} is not a run of this sheet`);
    const { node } = cell;
    const name = `${node.key} ${epoch}`;
    const there = known.get(name);
    if (there) return there;
    const values = await Promise.all(
      INPUTS.map(async (kind) => {
        const input = node.inputs[kind];
        if (!input) throw new Error(`${run} has no ${kind}`);
        return [kind, await resultOf(scheduler, input, terms.signal)] as const;
      }),
    );
    // The kinds' schemas have checked these values and params, and the question checks them again.
    const inputs = Object.fromEntries(values) as unknown as Asked['inputs'];
    const { batchSize, seed, engine } = node.params as unknown as Asked['params'];
    const found = await ask('epochTerms', { params: { batchSize, seed, engine }, inputs, epoch }, terms);
    const source = { terms: found, x: inputs.dataset.x, y: inputs.dataset.y };
    const [oldest] = known.keys();
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
    known.set(name, source);
    return source;
  };
}
