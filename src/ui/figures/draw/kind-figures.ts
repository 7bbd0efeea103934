// The type of the table of figures: the figures of a kind of cell, and the cells whose values these figures take.
// Invariant: the figures and the cells of a kind are declared in one place, the table in ../index.ts.
// This file knows no kind by name.

import type { Plain } from '../../../core/kinds/value';
import type { RunPlan } from '../../../core/plan/plan';
import type { Figure } from './figure';

/** The figures of one kind; the type of their values is erased. */
export interface KindFigures {
  /** The kinds whose values the figures take, all from the same run. */
  readonly needs: readonly string[];
  /** Makes the value that the figures take, from the values of the kinds in `needs`, in that order. */
  join(values: readonly Plain[], run: RunPlan): unknown;
  /** The figures, in the order in which the inspector shows them. */
  readonly figures: readonly Figure<never>[];
}

/** Entry of figures that take only the value of their kind. */
export const ofOwnValue = <const L extends readonly Figure<never>[]>(kind: string, figures: L) => ({
  needs: [kind],
  join: ([value]: readonly Plain[]): unknown => value,
  figures,
});

/** The lists of figures by kind, without their needs. */
export const listsOf = <T extends Readonly<Record<string, KindFigures>>>(table: T) =>
  Object.fromEntries(Object.entries(table).map(([kind, { figures }]) => [kind, figures])) as {
    readonly [K in keyof T]: T[K]['figures'];
  };
