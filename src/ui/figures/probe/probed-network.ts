// The type that figures of probed networks share: the value of one run; and the text that replaces a missing drawing.
// Invariant: a run with trouble names the trouble, beside the drawing or in its place. Knows no figure.

import type { Shown } from '../draw/figure';
import { listed } from '../draw/format';
import type { Mark } from '../draw/mark';
import { html, nothing } from '../draw/svg';

/** The probe of a run's network at an epoch, where 0 is before training, or the reason why there is none. */
export interface Probed<N> {
  readonly epoch: number;
  readonly ledger?: N;
  readonly trouble?: string;
}

/** Troubles with the ids of their runs. */
function troubled(runs: readonly Shown<Probed<unknown>>[]): (readonly [trouble: string, whose: string[]])[] {
  const found = new Map<string, string[]>();
  for (const { id, value } of runs)
    if (value.trouble) found.set(value.trouble, [...(found.get(value.trouble) ?? []), id]);
  return [...found];
}

/** One line for each trouble, with all runs that have it. */
export const troublesOf = (runs: readonly Shown<Probed<unknown>>[]): Mark[] =>
  troubled(runs).map(([trouble, whose]) =>
    html('p', { class: 'figure-empty' }, `${listed(whose)}: ${trouble}.`),
  );

/** Title for runs without a probe, as in "A and B have no signal to follow: …"; undefined without trouble. */
export function troubleTitle(runs: readonly Shown<Probed<unknown>>[], missing: string): string | undefined {
  const [first] = troubled(runs);
  if (!first) return undefined;
  const [trouble, whose] = first;
  return `${listed(whose)} ${whose.length > 1 ? 'have' : 'has'} no ${missing}: ${trouble}`;
}

/** Forms of a headline for runs without a probe; undefined without trouble. */
export function troubleHeadlines(
  runs: readonly Shown<Probed<unknown>>[],
  missing: string,
): readonly string[] | undefined {
  const whose = troubled(runs)[0]?.[1];
  if (!whose) return undefined;
  const [first] = whose;
  return [
    `${whose.length > 1 ? `${whose.length} runs have` : `${first} has`} no ${missing}`,
    `No ${missing}`,
  ];
}

/** Placeholder for a drawing without probes: the troubles, or else `waiting`. */
export const insteadOf = (troubles: readonly Mark[], waiting: string): Mark =>
  troubles.length > 0 ? html('div', {}, ...troubles) : nothing(waiting);
