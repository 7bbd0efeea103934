// The types of formulas that the rest of the core uses: references, outcomes, errors. Types alone; nothing to load.
// Invariant: an error is a value with a code from spreadsheets, and a place in the text where there is one.

import type { ErrorCode, Problem } from '../kinds/problem';
import type { RunId } from '../sheet/sheet';
import type { Evaluator } from './evaluation';

/** A range of a formula's text, equals sign included: from the first character to behind the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Why a formula has no value; `span` is the part of its text to blame. */
export interface FormulaError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly span?: Span | undefined;
}

/** A list of numbers or words. A curve is a list by epoch, counted from 0. */
export type List = readonly (number | string)[] | Float64Array | Float32Array | Uint32Array | Uint8Array;

/** A matrix in row-major order, [rows, columns], such as a curve by [epoch][layer]; an index gives a row. */
export type Table = {
  readonly shape: readonly [number, number];
  readonly data: Float64Array | Float32Array;
};

/** The value of a formula or of any part of it. */
export type FormulaValue = number | string | boolean | List | Table;

/** A reference: to a param, a result of the sheet, a field of a cell's value, or another row. */
export interface Reference extends Span {
  readonly what: 'param' | 'result' | 'field' | 'row';
  /** The run that the text names; absent for the run that evaluates the formula. */
  readonly run?: RunId;
  /** The full name without the run: "architecture.units", "loss", "train.testLoss". */
  readonly name: string;
}

/**
 * The outcome of a reference: a value, its own error, the problem of the cell that it reads, or no value yet.
 */
export type Referred =
  | { readonly value: FormulaValue }
  | { readonly error: FormulaError }
  | { readonly problem: Problem }
  | { readonly pending: true };

/** A parsed formula. */
export interface Formula {
  readonly references: readonly Reference[];
  /**
   * Evaluates the formula and never throws. `read` gets only the references that are needed: not
   * those of the other branch of an `if`.
   */
  evaluate(read: (reference: Reference) => Referred): Referred;
}

/** A parsed formula, or the error of a text that cannot be parsed. */
export type ParsedFormula =
  | { readonly formula: Formula; readonly error?: never }
  | { readonly error: FormulaError; readonly formula?: never };

/** A completion for the span of the text; `about` describes the name in words. */
export interface Completion extends Span {
  readonly text: string;
  readonly about: string;
}

/**
 * The place of a formula: a param's formula reads only params, a row's formula
 * also results and the named rows.
 */
export type Scope = { readonly rows?: never } | { readonly rows: readonly string[] };

/** The language of formulas. Loads when a formula first needs it. */
export interface Language {
  parse(text: string, scope?: Scope): ParsedFormula;
  /** The text with full names ("units" becomes "architecture.units"); unchanged if it cannot be parsed. */
  writeOut(text: string, scope?: Scope): string;
  /**
   * The text with references replaced; `replace` returns undefined to keep
   * one. Unchanged if it cannot be parsed.
   */
  rewrite(text: string, scope: Scope, replace: (reference: Reference) => string | undefined): string;
  /** Creates an evaluator for the formulas of sheets; each has its own memory. */
  evaluator(): Evaluator;
  /** Completions for the name that ends at position `at`; empty if there is none. */
  complete(text: string, at: number, scope?: Scope): readonly Completion[];
}

/**
 * The literal that a formula writes for a value; undefined for matrices and typed arrays, which have none.
 */
export function literalText(value: FormulaValue): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  return `[${value.map((item: number | string) => JSON.stringify(item)).join(', ')}]`;
}

/** The problem that a formula's error makes of the cell. */
export function problemOfError({ code, message }: FormulaError, cell: string): Problem {
  const kind =
    code === '#CYCLE!' ? 'cycle' : code === '#REF!' || code === '#NAME?' ? 'reference' : 'bad-param';
  return { kind, cell, message, code };
}
