// Makes the steps of a calculation: each computes its value from its terms, so that what stands there adds up.
// Invariant: `resultOf` a step's operation and terms is the step's value to the bit. Knows no figure and no formatting.

import type { Operation, Step, Term } from '../draw/calculation';

/** A term, or a bare number as one without a name. */
export type TermLike = Term | number;

const termOf = (term: TermLike): Term => (typeof term === 'number' ? { value: term } : term);

/** The sum in order, as a person adds. */
export const added = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** The value that an operation gives for its terms; NaN for a given number, which nothing gives. */
export function resultOf(operation: Operation, terms: readonly Term[]): number {
  const values = terms.map(({ value }) => value);
  const [first = Number.NaN, second = Number.NaN] = values;
  switch (operation) {
    case 'given':
      return Number.NaN;
    case 'sum':
      return added(values);
    case 'product':
      return values.reduce((product, value) => product * value, 1);
    case 'difference':
      return first - second;
    case 'quotient':
      return first / second;
    case 'root':
      return Math.sqrt(first);
    case 'size':
      return Math.abs(first);
  }
}

const step =
  (operation: Operation) =>
  (name: string, ...likes: readonly TermLike[]): Step => {
    const terms = likes.map(termOf);
    return { name, operation, terms, value: resultOf(operation, terms) };
  };

export const sum = step('sum');
export const product = step('product');
export const difference = step('difference');
export const quotient = step('quotient');
export const root = step('root');
export const size = step('size');

/** A number that is not computed from others in the same calculation. */
export const given = (name: string, value: number): Step => ({ name, operation: 'given', terms: [], value });

/** The term that a step gives to later steps. */
export const of = ({ value }: Step, name?: string): Term => ({ value, ...(name && { name }) });

/** The most terms that a calculation lists one by one; the others are one sum. */
export const MOST_LISTED = 8;

/**
 * The steps that sum all values, of which the first MOST_LISTED are listed one by one, and the whole sum. `noun` is
 * of the values: "point", "mini-batch".
 */
export function sumOfAll(
  values: readonly number[],
  noun: (count: number) => string,
): { readonly steps: readonly Step[]; readonly whole: Step } {
  const [listed, others] = [values.slice(0, MOST_LISTED), values.slice(MOST_LISTED)];
  if (others.length === 0) {
    const whole = sum(`sum of the ${noun(listed.length)}`, ...listed);
    return { steps: [whole], whole };
  }
  const first = sum(`sum of the ${noun(listed.length)} above`, ...listed);
  const rest = given(`sum of the other ${noun(others.length)}`, added(others));
  const whole = sum(`sum of all ${noun(values.length)}`, of(first), of(rest));
  return { steps: [first, rest, whole], whole };
}
