// Plain values: the results of cells and the content of stores. One form serves postMessage and IndexedDB.
// Invariant: a plain value survives a structured clone unchanged. JSON text is for output only: it loses types and NaN.

import * as v from 'valibot';

export {
  array,
  boolean,
  check,
  exactOptional,
  integer,
  literal,
  minValue,
  number,
  picklist,
  pipe,
  readonly,
  record,
  strictObject,
  string,
  tuple,
  variant,
} from 'valibot';

/** The typed arrays that a value may hold. */
export type Typed = TypedByName[keyof TypedByName];

/** Data that survives `structuredClone`: no functions, and no class instances except typed arrays. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | Typed
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/**
 * Required shape of a value. Parsing an object schema returns a fresh object;
 * its typed arrays are not copied.
 */
export type ValueSchema<V> = v.GenericSchema<unknown, V>;

/** Field names of an object schema, in order; an empty list for any other schema. */
export const fieldsOf = (schema: ValueSchema<never> | ValueSchema<Plain>): readonly string[] =>
  'entries' in schema ? Object.keys(schema.entries as object) : [];

const TYPES = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array, uint32: Uint32Array };

interface TypedByName {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly uint8: Uint8Array;
  readonly uint32: Uint32Array;
}

/** Schema of a typed array of exactly this type. */
export const typed = <N extends keyof TypedByName>(type: N): ValueSchema<TypedByName[N]> =>
  v.custom<TypedByName[N]>((input) => input instanceof TYPES[type], `not a ${type} array`);

/** Schema of a matrix in row-major order: `shape` is [rows, columns], and `data.length` is rows × columns. */
export const matrix = <N extends keyof TypedByName>(
  type: N,
): ValueSchema<{ shape: readonly [number, number]; data: TypedByName[N] }> => {
  const size = v.pipe(v.number(), v.integer(), v.minValue(0));
  return v.pipe(
    v.strictObject({ shape: v.strictTuple([size, size]), data: typed(type) }),
    v.check(({ shape, data }) => data.length === shape[0] * shape[1], 'the shape does not match the data'),
  );
};

const MAX_DEPTH = 64;

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return true;
  if (typeof value !== 'object' || depth === 0) return false;
  if (ArrayBuffer.isView(value)) return Object.values(TYPES).some((type) => value instanceof type);
  const prototype: unknown = Object.getPrototypeOf(value);
  const made = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return made && Object.values(value).every((part) => isPlain(part, depth - 1));
}

/** Schema of any plain value, nested at most 64 deep. */
export const plain: ValueSchema<Plain> = v.custom<Plain>(
  (input) => isPlain(input, MAX_DEPTH),
  'not plain data',
);

/**
 * Parses a value with a schema. Returns the parsed value, or the reason of
 * the first misfit with the path to it.
 */
export function parseValue<V>(
  schema: ValueSchema<V>,
  value: unknown,
): { ok: true; value: V } | { ok: false; reason: string } {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue);
  return {
    ok: false,
    reason: place ? `${place}: ${issue.message}` : issue.message,
  };
}

export const isTyped = (value: Plain): value is Typed => ArrayBuffer.isView(value);

/** Approximate size of a value in memory, in bytes. */
export function byteSize(value: Plain): number {
  if (isTyped(value)) return value.byteLength + 64;
  if (typeof value === 'string') return 2 * value.length + 16;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part: Plain) => sum + byteSize(part), 64);
}

const isMatrix = (value: object): value is { shape: readonly number[]; data: Typed } =>
  'shape' in value && 'data' in value && ArrayBuffer.isView(value.data) && Array.isArray(value.shape);

const PIECE = 4_096;

function* listText(values: Typed): Generator<string> {
  yield '[';
  for (let at = 0; at < values.length; at += PIECE) {
    yield (at > 0 ? ',' : '') + JSON.stringify(Array.from(values.subarray(at, at + PIECE))).slice(1, -1);
  }
  yield ']';
}

function* joined<T>(items: Iterable<T>, text: (item: T) => Iterable<string>): Generator<string> {
  let first = true;
  for (const item of items) {
    if (!first) yield ',';
    first = false;
    yield* text(item);
  }
}

/**
 * JSON text of a value: matrices as nested lists, typed arrays as lists, NaN as null, numbers unrounded. The
 * text comes in pieces, because a value can be larger than the longest string.
 */
export function* jsonText(value: Plain): Generator<string> {
  if (isTyped(value)) yield* listText(value);
  else if (Array.isArray(value)) {
    yield '[';
    yield* joined(value, jsonText);
    yield ']';
  } else if (typeof value !== 'object' || value === null) yield JSON.stringify(value);
  else if (isMatrix(value)) {
    const [rows = 0, columns = 0] = value.shape;
    yield '[';
    yield* joined(Array(rows).keys(), (row) =>
      listText(value.data.subarray(row * columns, (row + 1) * columns)),
    );
    yield ']';
  } else {
    yield '{';
    yield* joined(Object.entries(value), function* ([name, part]) {
      yield `${JSON.stringify(name)}:`;
      yield* jsonText(part);
    });
    yield '}';
  }
}
