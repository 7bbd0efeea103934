// The types of a calculation: the arithmetic behind one point of a figure, and the point by its place in the figure's table.
// Invariant: types alone; a step's value follows from its terms, and the last step of a part is the number that the figure shows.
// Knows no figure.

import type { AnswerOf } from '../../../cells/questions';
import type { RunId } from '../../../core/sheet/sheet';

/** A point, by the first cells of its row in the figure's table; the run comes first. */
export type Place = readonly (string | number)[];

/** What a step does with its terms; a quotient and a difference have two, a root and a size one, and a given number none. */
export type Operation = 'given' | 'sum' | 'difference' | 'product' | 'quotient' | 'root' | 'size';

/** A number in a step, with its name if it has one. */
export interface Term {
  readonly value: number;
  readonly name?: string;
}

/** One line of arithmetic. */
export interface Step {
  readonly name: string;
  readonly operation: Operation;
  readonly terms: readonly Term[];
  readonly value: number;
}

/** A table of terms, its header first. */
type Terms = readonly (readonly (string | number)[])[];

/** The arithmetic of one number. */
export interface CalculationPart {
  readonly head: string;
  readonly words?: string;
  readonly table?: Terms;
  readonly steps: readonly Step[];
  /** The number in the figure that the last step must give; absent without arithmetic. */
  readonly shown?: number;
}

/** The arithmetic behind a point, a part for each of its numbers. */
export interface Calculation {
  readonly title: string;
  readonly words?: string;
  readonly parts: readonly CalculationPart[];
}

/** The points of a data set, and the terms of an epoch over them. */
export interface EpochSource {
  readonly terms: AnswerOf<'epochTerms'>;
  /** Coordinates of all points, [points][columns] row by row, and their classes. */
  readonly x: { readonly shape: readonly [number, number]; readonly data: Float32Array };
  readonly y: Uint8Array;
}

/** Numbers that a figure's values do not hold. */
export interface CalculationSources {
  /** The terms behind the curves of a run (of member 0 of a run with seeds) at an epoch; rejects with the reason if there are none. */
  epochTerms(run: RunId, epoch: number): Promise<EpochSource>;
}
