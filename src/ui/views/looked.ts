// What figures of networks that were looked at share: what they are given of a run, and what stands where there is nothing.
// Invariant: a run that has trouble says so, beside the drawing or in its place. Knows no figure.

import type { Shown } from '../figure';
import type { Mark } from './mark';
import { html, nothing } from './svg';

/** A run's network at an epoch, 0 being before training, or why there is nothing to see. */
export interface LookedAt<N> {
  readonly epoch: number;
  readonly ledger?: N;
  readonly trouble?: string;
}

/** A line for each run that has trouble. */
export const troublesOf = (runs: readonly Shown<LookedAt<unknown>>[]): Mark[] =>
  runs.flatMap(({ id, value: { trouble } }) =>
    trouble ? [html('p', { class: 'figure-empty' }, `${id}: ${trouble}.`)] : [],
  );

/** What stands where no network is known: the troubles, or what is waited for. */
export const insteadOf = (troubles: readonly Mark[], waiting: string): Mark =>
  troubles.length > 0 ? html('div', {}, ...troubles) : nothing(waiting);
