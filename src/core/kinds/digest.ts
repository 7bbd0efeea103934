// Content hash of a value: SHA-256 over its canonical bytes.
// Invariant: equal values have equal digests, in every browser and in Node, whichever implementation hashes; a stored digest
// keeps its meaning for ever.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { macrotask } from '../macrotask';
import { byteSize, isTyped, type Plain } from './value';

/** The platform's hash is ten times as fast as the one here, but is waited for: smaller values are hashed here. */
const MAX_SYNC_BYTES = 2 ** 14;
const FIRST_BYTES = 2 ** 14;
const MAX_KEPT_BYTES = 2 ** 20;

const bytesOf = (value: ArrayBufferView): Uint8Array =>
  new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

/** What a digest is made over, one value after the other, so that nothing is allocated for each. */
class Canonical {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #pieces: Uint8Array[] | undefined;

  /** The value's type-tagged content with object keys in sorted order; good until the next value is written. */
  of(value: Plain): Uint8Array<ArrayBuffer> {
    // Room for one that was large is not kept.
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
    this.#length = 0;
    this.#write(value);
    return this.#bytes.subarray(0, this.#length);
  }

  /** The same in pieces, of which large arrays are the value's own memory. */
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

  /** UTF-8; the short names and counts that values are full of are written without an encoder, which costs more than they do. */
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

/** SHA-256, in hex, over the value's type-tagged content with object keys in sorted order. */
export const digest = (value: Plain): string => bytesToHex(sha256(canonical.of(value)));

/** So much is hashed here before other work of the thread has its turn, or copied for the platform: a few milliseconds. */
const SLICE_BYTES = { hashed: 2 ** 17, copied: 2 ** 22 };

/** Hands over the pieces, cut where they are long, and gives the thread away after so many bytes. */
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
 * The same as `digest`, but all except small values are hashed by the platform where it can do that, else in slices. The
 * platform takes a copy in one go: a thread that has to stay responsive says how much it can bear, in bytes.
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
