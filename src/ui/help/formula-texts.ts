// Operators and error values of formulas in words.
// Invariant: every error value has a text (the types demand it), every operator that the language reads too (a test demands it).

import type { ErrorCode } from '../../core/kinds/problem';
import type { HelpEntry } from './help-entry';

/** The operators, in order from the weakest; values of other types come last. */
export const OPERATORS: readonly HelpEntry[] = [
  { name: '=', about: 'starts a formula, in any param, in seeds and in a row of your own' },
  { name: '||', about: 'or: true if one side is true' },
  { name: '&&', about: 'and: true if both sides are true' },
  { name: '== !=', about: 'equal, not equal' },
  { name: '< > <= >=', about: 'less, greater, at most, at least' },
  { name: '+ -', about: 'sum and difference; of lists, value by value' },
  { name: '* /', about: 'product and quotient; of lists, value by value' },
  { name: '^', about: 'power, with a whole exponent or 0.5; -2^2 is 4, since a sign binds more tightly' },
  { name: '!', about: 'not' },
  { name: 'list[0]', about: 'a value of a list or a row of a matrix, counted from 0' },
  { name: 'A.learningRate', about: 'a param of run A; without A it is the run’s own' },
  { name: 'loss', about: 'a result, in rows of your own: =loss - A.loss' },
  { name: 'train.loss', about: 'a curve, by epoch, in rows of your own: =min(train.testLoss)' },
  { name: '"relu"', about: 'a word, in quotes; true and false stand without' },
];

/** When a formula has an error instead of a value. */
export const ERRORS: Readonly<Record<ErrorCode, string>> = {
  '#REF!': 'the run or the element does not exist',
  '#NAME?': 'the text cannot be read, or a name could mean two things',
  '#VALUE!': 'a value of the wrong type, or out of bounds',
  '#DIV/0!': 'a division by 0',
  '#CYCLE!': 'formulas that depend on each other in a ring',
  '#DIVERGED!': 'a training whose loss is no longer finite',
};
