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
 * The steps that sum `listed` and the sum of `others` terms that are not listed; the last of them is the whole sum. `noun` is of the
 * terms: "point", "mini-batch".
 */
export function sumOfAll(
  listed: readonly number[],
  others: readonly number[],
  noun: (count: number) => string,
): readonly [...Step[], Step] {
  const first = sum(
    `sum of the ${others.length > 0 ? `${noun(listed.length)} above` : noun(listed.length)}`,
    ...listed,
  );
  if (others.length === 0) return [first];
  const rest = given(`sum of the other ${noun(others.length)}`, added(others));
  return [first, rest, sum(`sum of all ${noun(listed.length + others.length)}`, of(first), of(rest))];
}
