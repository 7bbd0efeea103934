// Content hash of a value: SHA-256 over its canonical bytes.
// Invariant: equal values have equal digests, in every browser and in Node, whichever implementation hashes; a stored digest
// keeps its meaning for ever.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { macrotask } from '../macrotask';
import { byteSize, isTyped, type Plain } from './value';

/**
 * Largest value, in bytes, that is hashed in JavaScript. WebCrypto is about
 * ten times as fast, but asynchronous.
 */
const MAX_SYNC_BYTES = 2 ** 14;
const FIRST_BYTES = 2 ** 14;
const MAX_KEPT_BYTES = 2 ** 20;

const bytesOf = (value: ArrayBufferView): Uint8Array =>
  new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

/**
 * Writes the canonical bytes of values into one buffer, which all values
 * share to avoid an allocation per value.
 */
class Canonical {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #pieces: Uint8Array[] | undefined;

  /**
   * Canonical bytes of a value: type-tagged content, object keys sorted.
   * The view is valid until the next call.
   */
  of(value: Plain): Uint8Array<ArrayBuffer> {
    // A large value must not pin its memory for good.
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
    this.#length = 0;
    this.#write(value);
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * The same bytes in pieces; the piece of a large typed array is a view
   * of the value's own memory, not a copy.
   */
  pieces(value: Plain): readonly Uint8Array[] {
    const pieces: Uint8Array[] = [];
    this.#pieces = pieces;
    const rest = this.of(value).slice();
    this.#pieces = undefined;
    return [...pieces, rest];
  }

  #write(value: Plain): void {
    if (isTyped(value)) {
      this.#text(`${value.constructor.name} ${value.length}:`);
      this.#take(bytesOf(value));
    } else if (Array.isArray(value)) {
      this.#text(`array ${value.length}:`);
      for (const part of value) this.#write(part);
    } else if (typeof value === 'object' && value !== null) {
      const record = value as { readonly [name: string]: Plain };
      const names = Object.keys(record).sort();
      this.#text(`object ${names.length}:`);
      for (const name of names) {
        this.#write(name);
        this.#write(record[name] ?? null);
      }
    } else if (typeof value === 'number') {
      this.#text('number:');
      this.#take(bytesOf(new Float64Array([value])));
    } else {
      const content = String(value);
      this.#text(`${typeof value} ${content.length}:${content};`);
    }
  }

  /**
   * Appends UTF-8. ASCII bypasses the encoder, whose call costs more than the short names
   * and counts that values consist of.
   */
  #text(text: string): void {
    this.#makeRoom(text.length);
    const bytes = this.#bytes;
    const from = this.#length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 128) {
        this.#take(utf8ToBytes(text));
        return;
      }
      bytes[from + i] = code;
    }
    this.#length += text.length;
  }

  #take(bytes: Uint8Array): void {
    if (this.#pieces && bytes.length > MAX_SYNC_BYTES) {
      this.#pieces.push(this.#bytes.slice(0, this.#length), bytes);
      this.#length = 0;
      return;
    }
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

const canonical = new Canonical();

/** Content hash of a value: SHA-256 over its canonical bytes, as 64 hex digits. Synchronous. */
export const digest = (value: Plain): string => bytesToHex(sha256(canonical.of(value)));

/** Bytes that are hashed, or copied for WebCrypto, before the thread yields: a few milliseconds of work. */
const SLICE_BYTES = { hashed: 2 ** 17, copied: 2 ** 22 };

/** Calls `take` with slices of at most `size` bytes; yields the thread after about `size` bytes. */
async function eachSlice(
  pieces: readonly Uint8Array[],
  size: number,
  take: (slice: Uint8Array) => void,
): Promise<void> {
  let taken = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += size) {
      const slice = piece.subarray(at, at + size);
      if (taken > 0 && taken + slice.length > size) {
        taken = 0;
        await macrotask();
      }
      take(slice);
      taken += slice.length;
    }
  }
}

/**
 * Resolves to the same text as `digest` without blocking the thread for long. Values above `MAX_SYNC_BYTES`
 * go to WebCrypto, or are hashed here in slices if WebCrypto is missing or the value exceeds `mostCopied`
 * bytes: WebCrypto copies its input synchronously, so a responsive thread sets this bound.
 */
export async function digestAside(value: Plain, mostCopied = Number.POSITIVE_INFINITY): Promise<string> {
  if (byteSize(value) <= MAX_SYNC_BYTES) return digest(value);
  const pieces = canonical.pieces(value);
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  // Browsers have no `subtle` on pages from insecure origins.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle || bytes > mostCopied) {
    const hash = sha256.create();
    await eachSlice(pieces, SLICE_BYTES.hashed, (slice) => void hash.update(slice));
    return bytesToHex(hash.digest());
  }
  const whole = new Uint8Array(bytes);
  let length = 0;
  await eachSlice(pieces, SLICE_BYTES.copied, (slice) => {
    whole.set(slice, length);
    length += slice.length;
  });
  return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', whole)));
}
