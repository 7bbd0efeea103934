// The operators and functions of formulas, over numbers, words and lists, as spreadsheets and numpy define them.
// Invariants: only + − × ÷ √ and rounding, so that every browser gets the same bits; every step is counted, so that a formula
// over long curves ends; every number that arithmetic gives is finite.

import type { FormulaValue, List, Span, Table } from '../plan/language';
import { grouped } from '../text-formatting';
import { FormulaFault } from './syntax';

/** Counts elementary steps; throws `FormulaFault` beyond the limit. */
export type Count = (steps: number) => void;

const MAX_STEPS = 1_000_000;
const MAX_EXPONENT = 1_000;

/** Creates a counter for one evaluation: at most a million steps, list elements included. */
export function countSteps(): Count {
  let left = MAX_STEPS;
  return (steps) => {
    left -= steps;
    if (left < 0)
      throw new FormulaFault('#VALUE!', `the formula takes more than ${grouped(MAX_STEPS)} steps`);
  };
}

const isList = (value: FormulaValue): value is List =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !('shape' in value));

const isTable = (value: FormulaValue): value is Table => typeof value === 'object' && 'shape' in value;

/** The type of a value in words. */
function nameOf(value: FormulaValue): string {
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return isTable(value) ? 'a matrix (an index gives a row)' : 'a list';
}

const wrong = (wanted: string, value: FormulaValue, what: string): FormulaFault =>
  new FormulaFault('#VALUE!', `${what} takes ${wanted}, not ${nameOf(value)}`);

function toNumber(value: FormulaValue, what: string): number {
  if (typeof value !== 'number') throw wrong('numbers', value, what);
  return value;
}

/**
 * The truth of a value: booleans, and as in spreadsheets any number but 0. Throws `FormulaFault` for anything
 * else; `what` names the operator or function.
 */
export function toCondition(value: FormulaValue, what: string): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  throw wrong('true or false', value, what);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new FormulaFault('#VALUE!', 'the number is too large');
  return value === 0 ? 0 : value;
}

/** Power by repeated squaring for whole exponents; the square root for 0.5. */
function power(base: number, exponent: number): number {
  if (exponent === 0.5) return squareRoot(base);
  if (!Number.isInteger(exponent) || Math.abs(exponent) > MAX_EXPONENT)
    throw new FormulaFault(
      '#VALUE!',
      `^ takes 0.5 or whole numbers up to ${grouped(MAX_EXPONENT)}, not ${exponent}`,
    );
  if (exponent < 0 && base === 0) throw divisionByZero();
  let product = 1;
  let square = base;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product *= square;
    if (rest > 1) square *= square;
  }
  if (exponent >= 0) return product;
  if (!Number.isFinite(product)) throw new FormulaFault('#VALUE!', 'the number is too small');
  return 1 / product;
}

function squareRoot(value: number): number {
  if (value < 0) throw new FormulaFault('#VALUE!', `there is no square root of ${value}`);
  return Math.sqrt(value);
}

const divisionByZero = (): FormulaFault => new FormulaFault('#DIV/0!', 'division by 0');

const ARITHMETIC: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  [
    '/',
    (a: number, b: number) => {
      if (b === 0) throw divisionByZero();
      return a / b;
    },
  ],
  ['^', power],
]);

const ORDER: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['<', (a: number, b: number) => a < b],
  ['>', (a: number, b: number) => a > b],
  ['<=', (a: number, b: number) => a <= b],
  ['>=', (a: number, b: number) => a >= b],
]);

/**
 * Arithmetic on two numbers, or element by element if a side is a list; two lists must have the same length.
 */
function elementwise(operator: string, left: FormulaValue, right: FormulaValue, count: Count): FormulaValue {
  const compute = ARITHMETIC.get(operator);
  if (!compute) throw new FormulaFault('#NAME?', `there is no operator ${operator}`);
  const [many, others] = [isList(left), isList(right)];
  if (!many && !others) return finite(compute(toNumber(left, operator), toNumber(right, operator)));
  const lengths = [left, right].flatMap((side) => (isList(side) ? [side.length] : []));
  const [length = 0, other = length] = lengths;
  if (length !== other)
    throw new FormulaFault(
      '#VALUE!',
      `the lists have ${length} and ${other} values; ${operator} needs lists of equal length`,
    );
  count(length);
  const values = new Float64Array(length);
  const at = (side: FormulaValue, index: number): number =>
    toNumber(isList(side) ? (side[index] ?? 0) : side, operator);
  for (let i = 0; i < length; i++) values[i] = finite(compute(at(left, i), at(right, i)));
  return values;
}

function equal(left: FormulaValue, right: FormulaValue, operator: string): boolean {
  for (const side of [left, right])
    if (typeof side === 'object') throw wrong('single values', side, operator);
  if (typeof left !== typeof right)
    throw new FormulaFault('#VALUE!', `${operator} cannot compare ${nameOf(left)} with ${nameOf(right)}`);
  return left === right;
}

/**
 * Applies a binary operator other than `&&` and `||`, whose right side the evaluator may skip. Throws
 * `FormulaFault` for operands of a wrong type.
 */
export function applyOperator(
  operator: string,
  left: FormulaValue,
  right: FormulaValue,
  count: Count,
): FormulaValue {
  count(1);
  if (operator === '==') return equal(left, right, operator);
  if (operator === '!=') return !equal(left, right, operator);
  const compare = ORDER.get(operator);
  if (compare) return compare(toNumber(left, operator), toNumber(right, operator));
  return elementwise(operator, left, right, count);
}

/** Applies a unary `+`, `-` or `!`; signs work on lists element by element. */
export function applySign(operator: string, value: FormulaValue, count: Count): FormulaValue {
  if (operator === '!') return !toCondition(value, '!');
  return operator === '-' ? elementwise('*', -1, value, count) : elementwise('*', 1, value, count);
}

/**
 * The element of a list or the row of a matrix, counted from 0. Throws `FormulaFault` for an index outside; a
 * negative index is refused because it would hide mistakes.
 */
export function elementOf(value: FormulaValue, index: FormulaValue, span: Span): FormulaValue {
  const place = toNumber(index, 'an index');
  const length = isTable(value) ? value.shape[0] : isList(value) ? value.length : undefined;
  if (length === undefined) throw new FormulaFault('#VALUE!', `${nameOf(value)} has no elements`, span);
  if (!Number.isInteger(place) || place < 0 || place >= length)
    throw new FormulaFault(
      '#REF!',
      `there is no element ${place}; there are ${length}, from 0 to ${length - 1}`,
      span,
    );
  if (!isTable(value)) return isList(value) ? (value[place] ?? 0) : 0;
  const [, columns] = value.shape;
  return value.data.subarray(place * columns, (place + 1) * columns);
}

/** All numbers of the arguments, lists flattened. Throws `FormulaFault` if there are none. */
function numbers(args: readonly FormulaValue[], name: string, count: Count): number[] {
  const all: number[] = [];
  for (const arg of args) {
    const items = isList(arg) ? arg : [arg];
    count(items.length);
    for (const item of items) all.push(toNumber(item as FormulaValue, name));
  }
  if (all.length === 0) throw new FormulaFault('#VALUE!', `${name} has no value: the list is empty`);
  return all;
}

function theList(args: readonly FormulaValue[], name: string, count: Count): List {
  const [list] = args;
  if (list === undefined || !isList(list)) throw wrong('a list', list ?? '', name);
  count(list.length);
  if (list.length === 0) throw new FormulaFault('#VALUE!', `${name} has no value: the list is empty`);
  return list;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;

/** Sample standard deviation (n − 1), the same as the sheet's ±. */
function deviationOf(values: readonly number[]): number {
  if (values.length < 2) throw new FormulaFault('#DIV/0!', 'std takes at least two numbers');
  const mean = meanOf(values);
  return Math.sqrt(sumOf(values.map((value) => (value - mean) * (value - mean))) / (values.length - 1));
}

/** Index of the extreme value, counted from 0; the first of equal ones, as in numpy. */
const placeOf = (values: readonly number[], better: (a: number, b: number) => boolean): number =>
  values.reduce((best, value, index) => (better(value, values[best] ?? value) ? index : best), 0);

/** The number times a power of ten, computed on its decimal text, because a product would round. */
function shifted(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/**
 * Rounds half away from zero to a number of decimals, as spreadsheets do; decides
 * by the decimal text of the number.
 */
function round([value, digits = 0]: readonly FormulaValue[]): number {
  const places = toNumber(digits, 'round');
  if (!Number.isInteger(places) || Math.abs(places) > 15)
    throw new FormulaFault('#VALUE!', `round takes a whole number of digits from -15 to 15, not ${places}`);
  const number = toNumber(value ?? '', 'round');
  const moved = shifted(Math.abs(number), places);
  if (!Number.isFinite(moved)) return number;
  return Math.sign(number) * shifted(Math.round(moved), -places);
}

/** A function as its callers see it. */
interface Signature {
  /** Least and greatest number of arguments. */
  readonly takes: readonly [number, number];
  /** The arguments in words, as they stand between the brackets. */
  readonly args: string;
  readonly about: string;
}

interface FormulaFunction extends Signature {
  compute(args: readonly FormulaValue[], count: Count): FormulaValue;
}

const one = (compute: (value: number) => number, name: string, about: string): [string, FormulaFunction] => [
  name,
  { takes: [1, 1], args: 'number', about, compute: ([value = '']) => finite(compute(toNumber(value, name))) },
];

const overAll = (
  compute: (values: readonly number[]) => number,
  name: string,
  about: string,
): [string, FormulaFunction] => [
  name,
  {
    takes: [1, 100],
    args: 'numbers …',
    about,
    compute: (args, count) => finite(compute(numbers(args, name, count))),
  },
];

/** Functions that the evaluator applies itself, because it evaluates only the arguments that they need. */
export const LAZY_FUNCTIONS: ReadonlyMap<string, Signature> = new Map([
  [
    'if',
    { takes: [3, 3], args: 'condition, then, else', about: 'one of two values: if(condition, then, else)' },
  ],
  ['and', { takes: [1, 100], args: 'conditions …', about: 'true if all are true' }],
  ['or', { takes: [1, 100], args: 'conditions …', about: 'true if any is true' }],
]);

/** Functions by lower-case name, without `if`, `and` and `or`, whose arguments the evaluator may skip. */
export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  // Not Math.min(...values): a curve may be longer than an argument list can be.
  overAll((values) => values.reduce((a, b) => Math.min(a, b)), 'min', 'the smallest of numbers and lists'),
  overAll((values) => values.reduce((a, b) => Math.max(a, b)), 'max', 'the largest of numbers and lists'),
  overAll(sumOf, 'sum', 'the sum of numbers and lists'),
  overAll(meanOf, 'mean', 'the mean of numbers and lists'),
  overAll(deviationOf, 'std', 'the standard deviation (n − 1) of numbers and lists'),
  overAll((values) => placeOf(values, (a, b) => a < b), 'argmin', 'the index of the smallest, from 0'),
  overAll((values) => placeOf(values, (a, b) => a > b), 'argmax', 'the index of the largest, from 0'),
  one(Math.abs, 'abs', 'the absolute value'),
  one(Math.floor, 'floor', 'rounded down to a whole number'),
  one(Math.ceil, 'ceil', 'rounded up to a whole number'),
  one(squareRoot, 'sqrt', 'the square root'),
  [
    'round',
    {
      takes: [1, 2],
      args: 'number, digits',
      about: 'rounded to a number of decimals',
      compute: (args) => finite(round(args)),
    },
  ],
  [
    'first',
    {
      takes: [1, 1],
      args: 'list',
      about: 'a list’s first value',
      compute: (args, count) => theList(args, 'first', count)[0] ?? 0,
    },
  ],
  [
    'last',
    {
      takes: [1, 1],
      args: 'list',
      about: 'a list’s last value',
      compute: (args, count) => {
        const list = theList(args, 'last', count);
        return list[list.length - 1] ?? 0;
      },
    },
  ],
  [
    'count',
    {
      takes: [1, 1],
      args: 'list',
      about: 'the number of values in a list',
      compute: ([list = '']) => lengthOf(list),
    },
  ],
  [
    'not',
    {
      takes: [1, 1],
      args: 'condition',
      about: 'the opposite',
      compute: ([value = '']) => !toCondition(value, 'not'),
    },
  ],
]);

function lengthOf(value: FormulaValue): number {
  if (isTable(value)) return value.shape[0];
  if (!isList(value)) throw wrong('a list', value, 'count');
  return value.length;
}
