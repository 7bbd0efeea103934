// What the calculations of loss and accuracy share: the run and epoch of a point, and words on when a number is measured.
// Invariant: the words are true of the recorded curves: training points before their batch's step, test points after the epoch.

import type { Calculation, CalculationPart, EpochSource, Place } from '../draw/calculation';
import type { Shown } from '../draw/figure';
import { count } from '../draw/format';
import type { Trained } from './curve-text';

type Run = Shown<Trained>;

/** The run of a place, else the first run, and its epoch within the run's own epochs, else its last one. */
export function runAndEpoch(runs: readonly Run[], [id, epoch]: Place): { run: Run; epoch: number } {
  const known = runs.filter(({ value }) => value.loss.length > 0);
  const run = known.find((one) => one.id === id) ?? known[0];
  if (!run) throw new Error('no epoch is trained yet');
  const last = run.value.loss.length;
  return { run, epoch: typeof epoch === 'number' ? Math.max(1, Math.min(epoch, last)) : last };
}

/** States for a run with seeds which member is calculated; undefined for other runs. */
function memberWords({ members, standsFor }: Pick<Run, 'members' | 'standsFor'>): string | undefined {
  const of = members?.of ?? standsFor;
  if (of === undefined) return undefined;
  return `This is member 0 of ${of}.${members ? ' The figure shows medians over the members.' : ''}`;
}

/** The calculation of a run's number: its title and parts, after `lead` and the words on its members. */
export function calculationOf(
  run: Pick<Run, 'members' | 'standsFor'>,
  title: string,
  parts: readonly CalculationPart[],
  lead?: string,
): Calculation {
  const words = [lead, memberWords(run)].filter(Boolean).join(' ');
  return { title, ...(words && { words }), parts };
}

/** How the training points of an epoch are measured. */
export function batchWords({ terms }: EpochSource, epoch: number): string {
  const [n, batches] = [terms.rows.length, terms.squares.shape[0]];
  if (batches === 1)
    return `One batch holds ${n === 1 ? 'the only training point' : `all ${count(n, 'training point')}`}. It is measured before its step, so with the weights after ${epoch === 1 ? 'no epoch' : `epoch ${epoch - 1}`}.`;
  const last = n - (batches - 1) * terms.batchSize;
  const sizes =
    last === terms.batchSize
      ? `of ${count(terms.batchSize, 'point')}`
      : `of ${count(terms.batchSize, 'point')}, the last of ${last}`;
  return `Epoch ${epoch} takes ${batches} mini-batches ${sizes}. Each batch is measured with the weights before its own step, so no single set of weights gives this number.`;
}

/** How the test points are measured. */
export const testWords = (epoch: number): string => `All with the weights after epoch ${epoch}.`;
