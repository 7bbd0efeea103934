// Flattens a plain value of any shape into a list of fields: scalars, lists and matrices, each under a path.
// Invariant: fields are produced one at a time, so that a caller that stops early does not walk a large value.
// This file does not know what the numbers mean.

import { isTyped, type Plain } from '../../../core/kinds/value';

/** A single number, text, truth value or null. */
export type Scalar = null | boolean | number | string;

/** One part of a value that a table can show. */
export interface Field {
  /** Names and positions that lead to the field, positions counted from 1: "layers 2 · kernel". */
  readonly path: string;
  /** Empty for a scalar, the length of a list, the rows and columns of a matrix. */
  readonly shape: readonly [] | readonly [number] | readonly [number, number];
  /** The entries in row-major order; of a scalar its single value. */
  readonly entries: ArrayLike<Scalar>;
}

/** The path of a value that is a single field. */
const WHOLE = 'value';

const isScalar = (value: Plain): value is Scalar => value === null || typeof value !== 'object';

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

const isScalarList = (value: Plain): value is readonly Scalar[] => isList(value) && value.every(isScalar);

/** A matrix of the form `{ shape, data }`; undefined for other values. */
function shapedMatrix(value: Plain): Omit<Field, 'path'> | undefined {
  if (isScalar(value) || isTyped(value) || isList(value)) return undefined;
  const { shape, data, ...rest } = value;
  if (shape === undefined || data === undefined || Object.keys(rest).length > 0) return undefined;
  if (!isScalarList(shape) || isScalar(data) || !isTyped(data)) return undefined;
  const [rows, columns] = shape;
  if (shape.length !== 2 || typeof rows !== 'number' || typeof columns !== 'number') return undefined;
  return rows * columns === data.length ? { shape: [rows, columns], entries: data } : undefined;
}

/** A matrix of the form of equally long lists; undefined for other values. */
function nestedMatrix(value: readonly Plain[]): Omit<Field, 'path'> | undefined {
  const [first] = value;
  if (first === undefined || !isScalarList(first) || first.length === 0) return undefined;
  const rows = value.filter(isScalarList);
  if (rows.length < value.length || rows.some(({ length }) => length !== first.length)) return undefined;
  return { shape: [rows.length, first.length], entries: rows.flat() };
}

/**
 * Yields the fields of a value, in the order of the value. An object or a list without parts is a list of
 * length 0.
 */
export function* fieldsOf(value: Plain, path = ''): Generator<Field> {
  const own = path || WHOLE;
  const under = (part: string): string => (path ? `${path} · ${part}` : part);
  if (isScalar(value)) yield { path: own, shape: [], entries: [value] };
  else if (isTyped(value)) yield { path: own, shape: [value.length], entries: value };
  else if (isScalarList(value)) yield { path: own, shape: [value.length], entries: value };
  else if (isList(value)) {
    const matrix = nestedMatrix(value);
    if (matrix) yield { path: own, ...matrix };
    else for (const [index, part] of value.entries()) yield* fieldsOf(part, `${own} ${index + 1}`);
  } else {
    const matrix = shapedMatrix(value);
    if (matrix) yield { path: own, ...matrix };
    else if (Object.keys(value).length === 0) yield { path: own, shape: [0], entries: [] };
    else for (const [name, part] of Object.entries(value)) yield* fieldsOf(part, under(name));
  }
}

/** Whether two plain values are equal; NaN equals NaN, and 0 differs from −0. */
export function samePlain(a: Plain, b: Plain): boolean {
  if (Object.is(a, b)) return true;
  if (isScalar(a) || isScalar(b)) return false;
  if (isTyped(a) || isTyped(b)) {
    if (!isTyped(a) || !isTyped(b) || a.constructor !== b.constructor || a.length !== b.length) return false;
    return a.every((entry: number, index: number) => Object.is(entry, b[index]));
  }
  if (isList(a) !== isList(b)) return false;
  const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  if (one.size !== other.size) return false;
  for (const [name, part] of one) {
    const twin = other.get(name);
    if (twin === undefined || !samePlain(part, twin)) return false;
  }
  return true;
}
