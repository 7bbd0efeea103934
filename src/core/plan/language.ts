// The types of formulas that the rest of the core uses: references, outcomes, errors. Types alone; nothing to load.
// Invariant: an error is a value with a code from spreadsheets, and a place in the text where there is one.

import type { ErrorCode, Problem } from '../kinds/problem';
import type { RunId } from '../sheet/sheet';
import type { Evaluator } from './evaluation';

/** A part of a formula's text, its equals sign counted: from the first character to behind the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Why a formula has no value; `span` is what is to blame in its text. */
export interface FormulaError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly span?: Span | undefined;
}

/** A list as formulas see it: numbers or words; curves are lists by epoch, counted from 0. */
export type List = readonly (number | string)[] | Float64Array | Float32Array | Uint32Array | Uint8Array;

/** Rows of numbers, as curves by epoch and layer are; an index yields a row. */
export type Table = {
  readonly shape: readonly [number, number];
  readonly data: Float64Array | Float32Array;
};

/** What a formula computes with, and yields. */
export type FormulaValue = number | string | boolean | List | Table;

/** What a reference reads: a param of a run, a figure that the sheet shows, a field of a cell's value, or another row. */
export interface Reference extends Span {
  readonly what: 'param' | 'result' | 'field' | 'row';
  /** The run that is named, or none: the one in which the formula stands. */
  readonly run?: RunId;
  /** The name without the run, written out: "architecture.units", "loss", "train.testLoss". */
  readonly name: string;
}

/** What a reference yields: a value, an error of its own, the problem of the cell that it reads, or nothing yet. */
export type Referred =
  | { readonly value: FormulaValue }
  | { readonly error: FormulaError }
  | { readonly problem: Problem }
  | { readonly pending: true };

/** A formula that was understood. */
export interface Formula {
  readonly references: readonly Reference[];
  /** Computes it; `read` is asked for what is needed only: the branch of an `if` that is not taken is not. Never throws. */
  evaluate(read: (reference: Reference) => Referred): Referred;
}

/** A formula, or why it is none. */
export type ParsedFormula =
  | { readonly formula: Formula; readonly error?: never }
  | { readonly error: FormulaError; readonly formula?: never };

/** A name that a formula can use where a word was begun, and what it is, in words. */
export interface Completion extends Span {
  readonly text: string;
  readonly about: string;
}

/** In what a formula stands: a param's may read params only, a row's may read results and the other rows too. */
export type Scope = { readonly rows?: never } | { readonly rows: readonly string[] };

/** The language of formulas, which is loaded once a formula is needed. */
export interface Language {
  parse(text: string, scope?: Scope): ParsedFormula;
  /** The text with its names written out ("units" as "architecture.units"); as it is where it cannot be read. */
  writeOut(text: string, scope?: Scope): string;
  /** The text with some references replaced; what `replace` leaves out stays. */
  rewrite(text: string, scope: Scope, replace: (reference: Reference) => string | undefined): string;
  /** What evaluates the formulas of sheets, with a memory of its own. */
  evaluator(): Evaluator;
  /** What could stand at the place in the text; empty where nothing is begun there. */
  complete(text: string, at: number, scope?: Scope): readonly Completion[];
}

/** A value as a formula can write it: numbers as they are, words in quotes; undefined for what has no such form. */
export function literalText(value: FormulaValue): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  return `[${value.map((item: number | string) => JSON.stringify(item)).join(', ')}]`;
}

/** The kind of problem that an error makes of a cell. */
export function problemOfError({ code, message }: FormulaError, cell: string): Problem {
  const kind =
    code === '#CYCLE!' ? 'cycle' : code === '#REF!' || code === '#NAME?' ? 'reference' : 'bad-param';
  return { kind, cell, message, code };
}
