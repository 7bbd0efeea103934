// A plan: what happens in which tab, and which faults storage has meanwhile; and what comes of running it.
// Invariant: plain data, but for a rule of faults. Does not know how a plan is run.

import type { Lacks } from './environment';
import type { Injector, Way } from './faults';
import type { Remains } from './foreign';
import { WHOLE_DEEDS } from './person';
import type { Tried } from './world';

export const DEEDS = [
  'edit',
  'replace',
  'undo',
  'redo',
  'back',
  'create',
  'open',
  ...WHOLE_DEEDS,
  'link',
  'keep',
  'boot',
  'reload',
  'crash',
  'freeze',
  'hide',
  'clock',
  'disconnect',
  'save own',
  'upgrade',
  'damage',
] as const;

/** What happens in a tab, so many milliseconds after what happened there before; `amount` says which or how much. */
export interface Action {
  readonly tab: number;
  readonly wait: number;
  readonly deed: (typeof DEEDS)[number];
  readonly amount: number;
}

export interface Plan {
  readonly seed: number;
  readonly tabs: readonly Lacks[];
  /** What others left among the sheets of the first profile. */
  readonly before?: readonly Remains[];
  readonly actions: readonly Action[];
  /** Faults by chance at a rate, by the number of the operation, or by a rule. */
  readonly faults: number | ReadonlyMap<number, Way> | Injector;
  /** The probability that a message between tabs is lost. */
  readonly loss: number;
  /** Whether faults go on while the pages are given time at the end. */
  readonly lasting?: boolean;
}

export interface Outcome extends Tried {
  /** How often each deed was done. */
  readonly deeds: ReadonlyMap<string, number>;
  /** Equal for equal schedules. */
  readonly trace: number;
}
