// The interface of figures: a figure is a pure function from the values of some runs to a drawing, with its words and its
// numbers.
// Invariant: a figure reads nothing but its arguments. A figure knows neither the sheet nor the scheduler nor its place on the
// page.

import type { RunId } from '../../../core/sheet/sheet';
import type { Mark } from './mark';

/** One of the runs that a figure shows side by side; `value` is a cell's value, or what is known of it so far. */
export interface Shown<V> {
  readonly id: RunId;
  readonly name: string;
  /** The run's own colour, the same in sheet and figures, in light and dark. */
  readonly color: string;
  readonly value: V;
  /** What its members come to, of a run with seeds: a figure that draws bands draws these, others member 0's `value`. */
  readonly members?: Bands;
  /** How many members the run has whose values differ: `value` is member 0's. */
  readonly standsFor?: number;
}

/** A curve's 5th, 50th and 95th percentile over members, at each epoch of the `Bands` that it belongs to. */
export interface Band {
  readonly low: Float64Array;
  readonly middle: Float64Array;
  readonly high: Float64Array;
  /** Of how many members, where some have no number at some epoch: a ratio of two gradients that are 0 is none. */
  readonly counts?: Int32Array;
}

/** Curves over the members of a run that are there so far. */
export interface Bands {
  /** Members that the percentiles were taken over, of so many; those that diverged or failed will not come. */
  readonly there: number;
  readonly of: number;
  readonly lost: number;
  /** The epochs at which they were taken, ascending from 1, the last one included: all, or as many as can be drawn. */
  readonly epochs: Int32Array;
  /** By the name of the curve in a member's value. */
  readonly curves: Readonly<Record<string, Band>>;
}

/** Where and how a figure is drawn. */
export interface Frame {
  /** The width at hand, in CSS pixels. */
  readonly width: number;
  /** The chosen epoch, counted from 1; the last one where it is beyond. */
  readonly epoch: number;
  /** The run to bring out, if any: hovering a run anywhere marks it everywhere. */
  readonly marked?: RunId;
  /** Called with the epoch under the pointer, or undefined when it leaves. */
  onEpoch?(epoch: number | undefined): void;
  /** Called with the run under the pointer, or undefined when it leaves. */
  onRun?(run: RunId | undefined): void;
}

/** Rows of a table, the first one being its header: what "save as CSV" writes. */
export type Table = readonly (readonly (string | number)[])[];

/** One of several figures of the same values, and the word that chooses it. */
export interface Form<V> {
  readonly word: string;
  readonly figure: Figure<V>;
}

/** A figure over values of type V. */
export interface Figure<V> {
  /** Unique, kebab-case: names the saved file. */
  readonly name: string;
  /** What is seen, stated: "Loss falls to 0.06 in C, and stays at 0.44 in A". */
  title(runs: readonly Shown<V>[]): string;
  /** The text alternative: what a person who cannot see the drawing should know. */
  describe(runs: readonly Shown<V>[]): string;
  /** The numbers behind the drawing. */
  table(runs: readonly Shown<V>[]): Table;
  /** An SVG element (or an element that holds one or several), as marks that the caller puts into the page. */
  draw(runs: readonly Shown<V>[], frame: Frame): Mark;
  /** Figures of the same values that it may be exchanged for, the first being its own; `label` says what is chosen. */
  readonly forms?: {
    readonly label: string;
    of(runs: readonly Shown<V>[]): readonly Form<V>[];
  };
  /** Whether the drawing is a table of text, which is saved as CSV and not as a picture. */
  readonly isTable?: boolean;
  /** One plain sentence that stands with the figure, where there is something to say. */
  note?(runs: readonly Shown<V>[]): string | undefined;
}
