// A plan: the actions in each tab, and the faults of storage; and the outcome of executing it.
// Invariant: plain data, except for a rule of faults. Does not know how a plan is executed.

import type { Lacks } from './environment';
import type { Injector, Way } from './faults';
import type { Remains } from './foreign-writers';
import { WHOLE_DEEDS } from './person';
import type { Tried } from './world';

/** All deeds of people, browsers and other hands. */
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

/** An action in a tab, `wait` ms after the tab's action before it; `amount` is a choice or a quantity. */
export interface Action {
  readonly tab: number;
  readonly wait: number;
  readonly deed: (typeof DEEDS)[number];
  readonly amount: number;
}

/** A plan of one schedule; the seed decides the order of tasks. */
export interface Plan {
  readonly seed: number;
  readonly tabs: readonly Lacks[];
  /** The records in the first profile before the first page. */
  readonly before?: readonly Remains[];
  readonly actions: readonly Action[];
  /** Faults at a random rate, by the number of the operation, or by a rule. */
  readonly faults: number | ReadonlyMap<number, Way> | Injector;
  /** The probability that a message between tabs is lost. */
  readonly loss: number;
  /** Whether faults continue while the pages get time at the end. */
  readonly lasting?: boolean;
}

/** The outcome of a plan. */
export interface Outcome extends Tried {
  /** The number of times that each deed was done. */
  readonly deeds: ReadonlyMap<string, number>;
  /** A hash that is equal for equal schedules. */
  readonly trace: number;
}
