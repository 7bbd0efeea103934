// Plain values: what cells yield and stores keep. One form serves structured clone, IndexedDB and JSON.
// Invariant: `digest` is a function of content alone: not of object identity, key order or the engine's clock.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
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
  strictObject,
  variant,
} from 'valibot';

/** The typed arrays that a value may hold. */
export type Typed = TypedByName[keyof TypedByName];

/** Data that survives `structuredClone`: no functions, no class instances but typed arrays. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | Typed
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/** What a value must look like; hostile data is parsed by it into fresh objects. */
export type ValueSchema<V> = v.GenericSchema<unknown, V>;

/** The names of an object's fields as its schema has them; none where it describes no object. */
export const fieldsOf = (schema: ValueSchema<never> | ValueSchema<Plain>): readonly string[] =>
  'entries' in schema ? Object.keys(schema.entries as object) : [];

const TYPES = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array, uint32: Uint32Array };

interface TypedByName {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly uint8: Uint8Array;
  readonly uint32: Uint32Array;
}

/** A typed array of that very type. */
export const typed = <N extends keyof TypedByName>(type: N): ValueSchema<TypedByName[N]> =>
  v.custom<TypedByName[N]>((input) => input instanceof TYPES[type], `it is no ${type} array`);

/** A matrix in row-major order: `data.length` is rows × columns. */
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

/** Any plain value, nested up to 64 deep. */
export const plain: ValueSchema<Plain> = v.custom<Plain>(
  (input) => isPlain(input, MAX_DEPTH),
  'it is no plain data',
);

/** The value as parsed by the schema, or the reason and the place where it does not fit. */
export function parseValue<V>(
  schema: ValueSchema<V>,
  value: unknown,
): { ok: true; value: V } | { ok: false; reason: string } {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  return {
    ok: false,
    reason: place ? `${place}: ${issue.message}` : issue.message,
  };
}

const isTyped = (value: Plain): value is Typed => ArrayBuffer.isView(value);

const bytesOf = (value: Typed): Uint8Array =>
  new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

/** UTF-8; the short names and counts that values are full of are made without an encoder, which costs more than they do. */
function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128) return utf8ToBytes(text);
    bytes[i] = code;
  }
  return bytes;
}

/** Hands `take` the value's canonical bytes piece by piece: type-tagged content, object keys in sorted order. */
function feed(value: Plain, take: (bytes: Uint8Array) => void): void {
  const text = (content: string): void => take(textBytes(content));
  if (isTyped(value)) {
    text(`${value.constructor.name} ${value.length}:`);
    take(bytesOf(value));
  } else if (Array.isArray(value)) {
    text(`array ${value.length}:`);
    for (const part of value) feed(part, take);
  } else if (typeof value === 'object' && value !== null) {
    const record = value as { readonly [name: string]: Plain };
    const names = Object.keys(record).sort();
    text(`object ${names.length}:`);
    for (const name of names) {
      feed(name, take);
      feed(record[name] ?? null, take);
    }
  } else if (typeof value === 'number') {
    text('number:');
    take(bytesOf(new Float64Array([value])));
  } else {
    const content = String(value);
    text(`${typeof value} ${content.length}:${content};`);
  }
}

/** SHA-256, in hex, over the value's type-tagged content with object keys in sorted order. */
export function digest(value: Plain): string {
  const hash = sha256.create();
  feed(value, (bytes) => hash.update(bytes));
  return bytesToHex(hash.digest());
}

/** The platform's hash is ten times as fast as the one here, but is waited for. */
const MAX_SYNC_BYTES = 2 ** 14;

/** The same as `digest`, but all except small values are hashed by the platform where it can do that. */
export async function digestAside(value: Plain): Promise<string> {
  // Browsers have no `subtle` on pages from insecure origins.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle || byteSize(value) <= MAX_SYNC_BYTES) return digest(value);
  const pieces: Uint8Array[] = [];
  let length = 0;
  feed(value, (bytes) => {
    pieces.push(bytes);
    length += bytes.length;
  });
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', whole)));
}

/** About how many bytes a value takes in memory. */
export function byteSize(value: Plain): number {
  if (isTyped(value)) return value.byteLength + 64;
  if (typeof value === 'string') return 2 * value.length + 16;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part: Plain) => sum + byteSize(part), 64);
}

const isMatrix = (value: object): value is { shape: readonly number[]; data: Typed } =>
  'shape' in value && 'data' in value && ArrayBuffer.isView(value.data) && Array.isArray(value.shape);

/** The value as JSON can hold it: matrices as nested lists, typed arrays as lists, NaN as null; no number is rounded. */
export function toJson(value: Plain): unknown {
  return JSON.parse([...jsonText(value)].join(''));
}

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

/** The same as JSON text in pieces, so that a value may be larger than any string. */
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
