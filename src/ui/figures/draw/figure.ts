// The interface of figures: a figure is a pure function from the values of some runs to a drawing, with its words and its
// numbers.
// Invariant: a figure reads nothing but its arguments. A figure knows neither the sheet nor the scheduler nor its place on the
// page.

import type { Part } from '../../../core/late-loading';
import type { RunId } from '../../../core/sheet/sheet';
import type { Shade } from '../../text/palette';
import type { Calculation, CalculationSources, Place } from './calculation';
import type { Mark } from './mark';

/**
 * One of the runs that a figure shows side by side; `value` is the value of a cell, partial while a training
 * runs.
 */
export interface Shown<V> {
  readonly id: RunId;
  readonly name: string;
  /** The run's colour as CSS, the same in sheet and figures. */
  readonly color: string;
  /** The value that the colour stands for, where the colours of many runs follow one param. */
  readonly shade?: Shade;
  readonly value: V;
  /**
   * Percentiles over the members of a run with seeds; figures with bands draw them, other figures draw member
   * 0's `value`.
   */
  readonly members?: Bands;
  /** Number of members of the run, if their values differ; `value` is member 0's. */
  readonly standsFor?: number;
}

/** The 5th, 50th and 95th percentile of a curve over members, at each epoch of its `Bands`. */
export interface Band {
  readonly low: Float64Array;
  readonly middle: Float64Array;
  readonly high: Float64Array;
  /**
   * Number of members with a number at each epoch, if some have none: a ratio of two gradients that are 0 is
   * NaN.
   */
  readonly counts?: Int32Array;
}

/** Percentiles of curves over the members of a run that have values so far. */
export interface Bands {
  /**
   * `there` is the number of members with values, `of` the number of all members, `lost` the number of
   * members that diverged or failed.
   */
  readonly there: number;
  readonly of: number;
  readonly lost: number;
  /**
   * Epochs of the percentiles, ascending from 1 to the last epoch: all epochs, or a sample of as many as can
   * be drawn.
   */
  readonly epochs: Int32Array;
  /** By the name of the curve in a member's value. */
  readonly curves: Readonly<Record<string, Band>>;
}

/** Width, cursor and emphasis of a drawing, and its listeners. */
export interface Frame {
  /** Available width, in CSS pixels. */
  readonly width: number;
  /** The chosen epoch, counted from 1; beyond the last epoch it means the last. */
  readonly epoch: number;
  /** The run to emphasise, if any: hovering a run anywhere marks it in all figures. */
  readonly marked?: RunId;
  /** Called with the epoch under the pointer, and with undefined when the pointer leaves. */
  onEpoch?(epoch: number | undefined): void;
  /** Called with the run under the pointer, and with undefined when the pointer leaves. */
  onRun?(run: RunId | undefined): void;
}

/** Rows of a table, the first of them its header: the content of the saved CSV file. */
export type Table = readonly (readonly (string | number)[])[];

/** One of several figures of the same values, and the word on its button. */
export interface Form<V> {
  readonly word: string;
  readonly figure: Figure<V>;
}

/** The module of a figure's calculations: the arithmetic behind a point; throws or rejects with the reason if there is none. */
interface Calculates<V> {
  calculate(
    runs: readonly Shown<V>[],
    place: Place,
    sources: CalculationSources,
  ): Calculation | Promise<Calculation>;
}

/** A figure over values of type V. */
export interface Figure<V> {
  /** Unique, in kebab-case; also the name of the saved file. */
  readonly name: string;
  /** States the finding of the figure, as in "Loss falls to 0.06 in C, and stays at 0.44 in A". */
  title(runs: readonly Shown<V>[]): string;
  /** The subject in few words, which stand for the title of a figure whose values are asked for once it is open. */
  readonly subject?: string;
  /** Forms of the title for one line, longest first, as `headlinesOf` makes them; the last fits any figure. */
  headlines(runs: readonly Shown<V>[]): readonly string[];
  /** The text alternative, for people who cannot see the drawing. */
  describe(runs: readonly Shown<V>[]): string;
  /** For figures of a training: the number of epochs, and the values at one of them in words, with a full stop. */
  readonly byEpoch?: {
    epochs(runs: readonly Shown<V>[]): number;
    words(runs: readonly Shown<V>[], epoch: number): string;
  };
  /** The numbers behind the drawing. */
  table(runs: readonly Shown<V>[]): Table;
  /** Returns the drawing as marks: an SVG element, or an HTML element that holds SVG elements. */
  draw(runs: readonly Shown<V>[], frame: Frame): Mark;
  /** Figures of the same values to choose from, the first of them this figure; `label` names the choice. */
  readonly forms?: {
    readonly label: string;
    of(runs: readonly Shown<V>[]): readonly Form<V>[];
  };
  /** Whether the drawing is a table of text, which is saved as CSV only. */
  readonly isTable?: boolean;
  /** The arithmetic behind each point, loaded when it is first asked for; marks say which point they are (`placing.ts`). */
  readonly calculation?: Part<Calculates<V>>;
  /** One plain sentence below the figure; undefined if there is nothing to say. */
  note?(runs: readonly Shown<V>[]): string | undefined;
}
