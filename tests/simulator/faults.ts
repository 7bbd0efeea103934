// The faults that storage can have, and which operation meets which.
// Invariant: whether an operation meets a fault follows from the seed or the list alone, so that a schedule can be run again.
// Does not know how a fault is brought about.

import type { Random } from './random';

export const ERRORS = [
  'UnknownError',
  'DataError',
  'QuotaExceededError',
  'AbortError',
  'InvalidStateError',
] as const;

/**
 * One of the errors; `delay`: it takes up to ten seconds; `hang`: it never settles; `lost`: its connection is lost;
 * `unsure`: it fails with UnknownError as far as the page knows, but a commit has happened.
 */
export type Way = (typeof ERRORS)[number] | 'delay' | 'hang' | 'lost' | 'unsure';

export const WAYS: readonly Way[] = [...ERRORS, 'delay', 'hang', 'lost', 'unsure'];

export type OperationKind = 'open' | 'transaction' | 'read' | 'write' | 'commit';

/** One storage operation of one page; `index` counts over all pages from 1. */
export interface Operation {
  readonly index: number;
  readonly page: string;
  readonly kind: OperationKind;
}

/** The fault that an operation meets, if any. */
export type Injector = (operation: Operation) => Way | undefined;

/** The ways that a real browser has for each kind of operation. */
const LIKELY: Readonly<Record<OperationKind, readonly Way[]>> = {
  open: ['UnknownError', 'QuotaExceededError', 'AbortError', 'delay', 'hang'],
  transaction: ['InvalidStateError', 'lost'],
  read: ['UnknownError', 'DataError', 'AbortError', 'delay', 'hang', 'lost'],
  write: ['UnknownError', 'QuotaExceededError', 'AbortError', 'delay', 'hang', 'lost'],
  commit: ['UnknownError', 'QuotaExceededError', 'AbortError', 'delay', 'hang', 'lost', 'unsure'],
};

/** No faults. */
export const sound: Injector = () => undefined;

/** Each operation meets a fault with this probability. What never settles blocks all others, so it is rarer. */
export function atRate(random: Random, rate: number): Injector {
  return ({ kind }) => {
    if (!random.chance(rate)) return undefined;
    const way = random.pick(LIKELY[kind]);
    return way === 'hang' && random.chance(0.7) ? 'delay' : way;
  };
}

/** The operations of these numbers meet these faults. */
export const listed =
  (faults: ReadonlyMap<number, Way>): Injector =>
  ({ index }) =>
    faults.get(index);

/** The n-th operation meets the fault, once or with all that follow. */
export const nth =
  (n: number, way: Way, how: 'once' | 'for ever'): Injector =>
  ({ index }) =>
    index === n || (how === 'for ever' && index > n) ? way : undefined;
