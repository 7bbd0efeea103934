// Large arrays of a value as blobs, so that the browser serializes and parses them outside the page's thread.
// Invariant: an unpacked value equals the packed value, to the byte; a foreign blob makes the value unreadable.

import { isTyped, type Plain, type Typed } from '../../../core/kinds/value';
import { macrotask } from '../../../core/macrotask';

/** Smaller arrays, in bytes, cost less without a blob. */
const MIN_BYTES = 2 ** 17;
/** The bytes that are copied before the thread is yielded: a few milliseconds. */
const SLICE_BYTES = 2 ** 22;
/** The deepest nesting of a value, and the most bytes of an array. */
const MAX_DEPTH = 64;
const MAX_BYTES = 2 ** 30;

type Reader = (buffer: ArrayBuffer) => Typed;
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['float32array', (buffer) => new Float32Array(buffer)],
  ['float64array', (buffer) => new Float64Array(buffer)],
  ['uint8array', (buffer) => new Uint8Array(buffer)],
  ['uint32array', (buffer) => new Uint32Array(buffer)],
]);

const isLarge = (part: Plain): part is Typed => isTyped(part) && part.byteLength >= MIN_BYTES;

/** Returns a copy of the value with blobs in place of large arrays, or the value itself if it has none. */
export async function packed(value: Plain): Promise<unknown> {
  let sliced = 0;
  const pack = async (part: Plain): Promise<unknown> => {
    if (isLarge(part)) {
      sliced += part.byteLength;
      if (sliced > SLICE_BYTES) {
        sliced = part.byteLength;
        await macrotask();
      }
      return new Blob(
        [new Uint8Array(part.buffer, part.byteOffset, part.byteLength) as Uint8Array<ArrayBuffer>],
        {
          type: part.constructor.name.toLowerCase(),
        },
      );
    }
    if (typeof part !== 'object' || part === null || isTyped(part) || !hasLarge(part)) return part;
    if (Array.isArray(part)) {
      const items: unknown[] = [];
      for (const item of part) items.push(await pack(item));
      return items;
    }
    const fields: [string, unknown][] = [];
    for (const [name, item] of Object.entries(part)) fields.push([name, await pack(item)]);
    return Object.fromEntries(fields);
  };
  return pack(value);
}

/** Whether a value contains a large array at any depth. */
function hasLarge(part: Plain): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return isTyped(part) ? isLarge(part) : Object.values(part).some(hasLarge);
}

function hasBlob(part: unknown, depth: number): boolean {
  if (part instanceof Blob) return true;
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || depth === 0) return false;
  return Object.values(part).some((item) => hasBlob(item, depth - 1));
}

/** Restores a packed value; rejects if a blob is unreadable or has an unknown type or size. */
export async function unpacked(held: unknown, depth = MAX_DEPTH): Promise<unknown> {
  if (held instanceof Blob) {
    const reader = READERS.get(held.type);
    if (!reader || held.size > MAX_BYTES) throw new TypeError('the blob is no array');
    return reader(await held.arrayBuffer());
  }
  if (!hasBlob(held, depth) || typeof held !== 'object' || held === null) return held;
  if (Array.isArray(held)) return Promise.all(held.map((item) => unpacked(item, depth - 1)));
  const fields = Object.entries(held).map(
    async ([name, item]) => [name, await unpacked(item, depth - 1)] as const,
  );
  return Object.fromEntries(await Promise.all(fields));
}

/** The approximate size of a packed value, in bytes. */
export function packedBytes(held: unknown, depth = MAX_DEPTH): number {
  if (held instanceof Blob) return held.size + 64;
  if (ArrayBuffer.isView(held)) return held.byteLength + 64;
  if (typeof held === 'string') return 2 * held.length + 16;
  if (typeof held !== 'object' || held === null || depth === 0) return 8;
  return Object.values(held).reduce((sum: number, part) => sum + packedBytes(part, depth - 1), 64);
}
