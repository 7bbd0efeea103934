// Plain values: what cells yield and stores keep. One form serves structured clone, IndexedDB and JSON.
// Invariant: `digest` is a function of content alone: not of object identity, key order or the engine's clock.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';

export {
  array,
  boolean,
  check,
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

/** SHA-256, in hex, over the value's type-tagged content with object keys in sorted order. */
export function digest(value: Plain): string {
  const hash = sha256.create();
  const text = (content: string): void => {
    hash.update(utf8ToBytes(content));
  };
  const feed = (part: Plain): void => {
    if (isTyped(part)) {
      text(`${part.constructor.name} ${part.length}:`);
      hash.update(bytesOf(part));
    } else if (Array.isArray(part)) {
      text(`array ${part.length}:`);
      part.forEach(feed);
    } else if (typeof part === 'object' && part !== null) {
      const record = part as { readonly [name: string]: Plain };
      const names = Object.keys(record).sort();
      text(`object ${names.length}:`);
      for (const name of names) {
        feed(name);
        feed(record[name] ?? null);
      }
    } else if (typeof part === 'number') {
      text('number:');
      hash.update(bytesOf(new Float64Array([part])));
    } else {
      const content = String(part);
      text(`${typeof part} ${content.length}:${content};`);
    }
  };
  feed(value);
  return bytesToHex(hash.digest());
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
  if (isTyped(value)) return Array.from(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  if (isMatrix(value)) {
    const columns = value.shape[1] ?? 0;
    return Array.from({ length: value.shape[0] ?? 0 }, (_, row) =>
      Array.from(value.data.subarray(row * columns, (row + 1) * columns)),
    );
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}
