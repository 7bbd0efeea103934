// Evaluates the texts of a sheet's params: literals with their param; formulas with an evaluator that loads with the language.
// Invariant: before the language is loaded, a formula is a problem at its place, and every literal has its value.

import type { Param } from '../kinds/param';
import type { Problem } from '../kinds/problem';
import type { RunId } from '../sheet/sheet';
import type { InheritedTexts } from './inheritance';
import { isFormula, type Read, readText, type Setting } from './param-values';

/** The outcomes of one sheet's texts; valid until the next sheet is evaluated. */
export interface Evaluation {
  /** The outcome of one text; the same object as before while the outcome is equal. */
  read(inherited: InheritedTexts, path: string, param: Param, setting: Setting): Read;
  /** The outcomes of the run's formulas, in the order of `inherited.formulas`. */
  reads(inherited: InheritedTexts): readonly Read[];
}

/** Evaluates the texts of a sheet; may reuse the outcomes of the sheet before. */
export type Evaluator = (inheritedByRun: ReadonlyMap<RunId, InheritedTexts>) => Evaluation;

/** The place of a param in words: "A.train.epochs". */
export const cellId = (run: RunId, path: string): string => `${run}.${path}`;

/** The outcome of a text with a problem at the place `cell`. */
export const problemAt = (kind: Problem['kind'], cell: string, message: string): Read => ({
  problem: { kind, cell, message },
});

const literals = new WeakMap<Setting, Read>();

/**
 * The outcome of a literal, the same object at each call. The cache relies
 * on a setting belonging to one param.
 */
export function readLiteral(path: string, param: Param, setting: Setting): Read {
  let read = literals.get(setting);
  if (!read) {
    read = readText(param, setting.text, cellId(setting.from, path));
    literals.set(setting, read);
  }
  return read;
}

/** The outcomes of a run without formulas; shared by all such runs. */
export const NO_READS: readonly Read[] = [];

const unread = (inherited: InheritedTexts, path: string): Read =>
  problemAt('bad-param', cellId(inherited.run.id, path), 'formulas are loading');

/** The evaluator before the language is loaded: a formula is the problem "formulas are loading". */
export const withoutLanguage: Evaluator = () => ({
  read: (inherited, path, param, setting) =>
    isFormula(setting.text) ? unread(inherited, path) : readLiteral(path, param, setting),
  reads: (inherited) =>
    inherited.formulas.length > 0 ? inherited.formulas.map((path) => unread(inherited, path)) : NO_READS,
});
