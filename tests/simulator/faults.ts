// The faults that storage can have, and the rules for which operation meets which fault.
// Invariant: a fault depends on the seed or the list alone, so that a schedule can be repeated.
// Does not know how a fault is produced.

import type { Random } from './random';

/** The names of the errors that an operation may fail with. */
export const ERRORS = [
  'UnknownError',
  'DataError',
  'QuotaExceededError',
  'AbortError',
  'InvalidStateError',
] as const;

/**
 * The way in which an operation fails: with one of the errors; `delay`: takes up to ten seconds; `hang`:
 * never settles; `lost`: loses its connection; `unsure`: the page gets an UnknownError although the commit
 * took place.
 */
export type Way = (typeof ERRORS)[number] | 'delay' | 'hang' | 'lost' | 'unsure';

export const WAYS: readonly Way[] = [...ERRORS, 'delay', 'hang', 'lost', 'unsure'];

/** The kinds of storage operations that may meet a fault. */
export type OperationKind = 'open' | 'transaction' | 'read' | 'write' | 'commit';

/** One storage operation of one page; `index` counts over all pages, from 1. */
export interface Operation {
  readonly index: number;
  readonly page: string;
  readonly kind: OperationKind;
}

/** Returns the fault of an operation; undefined for none. */
export type Injector = (operation: Operation) => Way | undefined;

/** The ways in which a real browser fails, by kind of operation. */
const LIKELY: Readonly<Record<OperationKind, readonly Way[]>> = {
  open: ['UnknownError', 'QuotaExceededError', 'AbortError', 'delay', 'hang'],
  transaction: ['InvalidStateError', 'lost'],
  read: ['UnknownError', 'DataError', 'AbortError', 'delay', 'hang', 'lost'],
  write: ['UnknownError', 'QuotaExceededError', 'AbortError', 'delay', 'hang', 'lost'],
  commit: ['UnknownError', 'QuotaExceededError', 'AbortError', 'delay', 'hang', 'lost', 'unsure'],
};

/** No faults. */
export const sound: Injector = () => undefined;

/** Each operation meets a fault with probability `rate`. Hanging blocks all others, so it is rarer. */
export function atRate(random: Random, rate: number): Injector {
  return ({ kind }) => {
    if (!random.chance(rate)) return undefined;
    const way = random.pick(LIKELY[kind]);
    return way === 'hang' && random.chance(0.7) ? 'delay' : way;
  };
}

/** Operations meet the faults that are listed under their numbers. */
export const listed =
  (faults: ReadonlyMap<number, Way>): Injector =>
  ({ index }) =>
    faults.get(index);

/** The n-th operation meets the fault; with 'for ever', so do all later ones. */
export const nth =
  (n: number, way: Way, how: 'once' | 'for ever'): Injector =>
  ({ index }) =>
    index === n || (how === 'for ever' && index > n) ? way : undefined;
