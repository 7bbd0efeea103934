// Evaluates the texts of a sheet's params: literals with their param; formulas with an evaluator that loads with the language.
// Invariant: before the language is loaded, a formula is a problem at its place, and every literal has its value.

import type { Param } from '../kinds/param';
import type { Problem } from '../kinds/problem';
import type { RunId } from '../sheet/sheet';
import type { InheritedTexts } from './inheritance';
import { isFormula, type Read, readText, type Setting } from './param-values';

/** What a sheet's params come to; it holds until the next sheet is evaluated. */
export interface Evaluation {
  /** What the text of a run's param comes to; the very same object as long as it comes to the same. */
  read(inherited: InheritedTexts, path: string, param: Param, setting: Setting): Read;
  /** What the run's formulas come to, in the order of the inherited texts. */
  reads(inherited: InheritedTexts): readonly Read[];
}

/** Evaluates one sheet after another. */
export type Evaluator = (inheritedByRun: ReadonlyMap<RunId, InheritedTexts>) => Evaluation;

/** A place as people write it: "A.train.epochs". */
export const cellId = (run: RunId, path: string): string => `${run}.${path}`;

export const problemAt = (kind: Problem['kind'], cell: string, message: string): Read => ({
  problem: { kind, cell, message },
});

const literals = new WeakMap<Setting, Read>();

/** What a literal comes to, the same object each time; a setting belongs to one param. */
export function readLiteral(path: string, param: Param, setting: Setting): Read {
  let read = literals.get(setting);
  if (!read) {
    read = readText(param, setting.text, cellId(setting.from, path));
    literals.set(setting, read);
  }
  return read;
}

export const NO_READS: readonly Read[] = [];

const unread = (inherited: InheritedTexts, path: string): Read =>
  problemAt('bad-param', cellId(inherited.run.id, path), 'formulas are loading');

/** What sheets come to while there is no language. */
export const withoutLanguage: Evaluator = () => ({
  read: (inherited, path, param, setting) =>
    isFormula(setting.text) ? unread(inherited, path) : readLiteral(path, param, setting),
  reads: (inherited) =>
    inherited.formulas.length > 0 ? inherited.formulas.map((path) => unread(inherited, path)) : NO_READS,
});
