// Stored data as JSON text, so that a person can keep data that the page cannot read.
// Invariant: never throws. A value without a JSON form becomes an object that names its type, so nothing is left out silently.

const MAX_DEPTH = 200;

function written(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value === undefined) return { undefined: true };
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return { repeated: above.length - above.indexOf(value) };
  if (above.length >= MAX_DEPTH) return { deeper: true };
  const inside = (part: unknown): unknown => written(part, [...above, value]);
  if (Array.isArray(value)) return value.map(inside);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const items: unknown = value instanceof DataView ? bytes : value;
    return { [value.constructor.name]: Array.from(items as ArrayLike<number | bigint>, inside) };
  }
  if (value instanceof ArrayBuffer) return { ArrayBuffer: Array.from(new Uint8Array(value)) };
  if (value instanceof Date) return { Date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (value instanceof Map) return { Map: [...value].map(inside) };
  if (value instanceof Set) return { Set: [...value].map(inside) };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return { [Object.prototype.toString.call(value).slice(8, -1)]: String(value) };
  // Assignment would treat `__proto__` as the prototype.
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inside(part)]));
}

/** Returns the stored data as indented JSON text. */
export const heldText = (held: unknown): string => `${JSON.stringify(written(held, []), undefined, 2)}\n`;
