// Plain values as JSON data and back: tags mark typed arrays and numbers that JSON lacks.
//   Float32Array [0.5, NaN] ↔ {"$float32": [0.5, "NaN"]}        -0 ↔ {"$number": "-0"}        {"$a": 1} ↔ {"$$a": 1}
// Invariant: reading gives the written value, to the bit (NaN as NaN). Does not know lineages or files.

import { isTyped, type Plain, type Typed } from '../../core/kinds/value';
import { rounded } from '../../core/text-formatting';
import { FileFault } from './file-fault';

const MAX_DEPTH = 32;
const NUMBER = '$number';

/** The significant digits that restore a float32; as a double the same number has up to 17. */
const FLOAT32_DIGITS = 9;

const ARRAYS: Readonly<Record<string, (numbers: readonly number[]) => Typed>> = {
  $float32: (numbers) => Float32Array.from(numbers),
  $float64: (numbers) => Float64Array.from(numbers),
  $uint8: (numbers) => Uint8Array.from(numbers),
  $uint32: (numbers) => Uint32Array.from(numbers),
};

const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function numberData(value: number, digits?: number): number | string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return String(value);
  return digits === undefined ? value : rounded(value, digits);
}

function arrayData(value: Typed): object {
  const tag = `$${value.constructor.name.replace('Array', '').toLowerCase()}`;
  const digits = value instanceof Float32Array ? FLOAT32_DIGITS : undefined;
  const numbers = Array.from(value, (number) => numberData(number, digits));
  return { [tag]: numbers };
}

/** Returns the value as JSON data. */
export function toJsonData(value: Plain): unknown {
  if (isTyped(value)) return arrayData(value);
  if (Array.isArray(value)) return value.map(toJsonData);
  if (typeof value === 'number') {
    const data = numberData(value);
    return typeof data === 'string' ? { [NUMBER]: data } : data;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, Plain]) => [
      name.startsWith('$') ? `$${name}` : name,
      toJsonData(part),
    ]),
  );
}

function numberOf(data: unknown, place: string): number {
  const value = typeof data === 'number' ? data : SPECIAL.get(data);
  if (value === undefined) throw new FileFault(`${place}: a value is not a number`);
  return value;
}

/** Returns the value of JSON data, in fresh objects. Throws `FileFault` for bad tags or deep nesting. */
export function fromJsonData(data: unknown, depth = MAX_DEPTH): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (depth === 0) throw new FileFault(`nested more than ${MAX_DEPTH} deep`);
  if (Array.isArray(data)) return data.map((part) => fromJsonData(part, depth - 1));
  const entries: readonly (readonly [string, unknown])[] = Object.entries(data);
  const [first] = entries;
  if (first && entries.length === 1) {
    const [tag, content] = first;
    if (tag === NUMBER) return numberOf(content, tag);
    const make = Object.hasOwn(ARRAYS, tag) ? ARRAYS[tag] : undefined;
    if (make && Array.isArray(content)) return make(content.map((part) => numberOf(part, tag)));
  }
  return Object.fromEntries(
    entries.map(([name, part]) => {
      if (!name.startsWith('$')) return [name, fromJsonData(part, depth - 1)];
      if (name.startsWith('$$')) return [name.slice(1), fromJsonData(part, depth - 1)];
      throw new FileFault(`${name}: unknown tag`);
    }),
  );
}
