// Checksums of files: SHA-256 over bytes, and over the canonical text of JSON data.
// Invariant: the canonical text is JSON without white space, with the names of each object sorted by UTF-16 code units. Equal
// data have equal text, whatever program wrote the data. A checksum finds damage and proves no origin.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { startPace } from '../../core/slices';
import { FileFault } from './file-fault';

/** The deepest nesting of JSON data; Gradsheet's own files have less than half. */
const MAX_DEPTH = 64;
const PIECE = 2 ** 18;

/** SHA-256 in hex. Uses the platform's implementation if the page has access, otherwise hashes in slices. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers have no `subtle` on pages from insecure origins.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle) return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
  const pace = startPace();
  const hash = sha256.create();
  for (let at = 0; at < bytes.length; at += PIECE) {
    hash.update(bytes.subarray(at, at + PIECE));
    await pace();
  }
  return bytesToHex(hash.digest());
}

/** Returns the canonical text of JSON data; throws `FileFault` if the data is nested too deep. */
export function canonicalText(data: unknown, depth = MAX_DEPTH): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  if (depth === 0) throw new FileFault(`nested more than ${MAX_DEPTH} deep`);
  if (Array.isArray(data)) return `[${data.map((part) => canonicalText(part, depth - 1)).join(',')}]`;
  const fields = Object.entries(data)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${JSON.stringify(name)}:${canonicalText(value, depth - 1)}`);
  return `{${fields.join(',')}}`;
}

const checksumOf = (fields: object): Promise<string> =>
  sha256Hex(Uint8Array.from(utf8ToBytes(canonicalText(fields))));

/** Returns the fields, followed by the checksum over all of them. */
export async function sealed<T extends object>(fields: T): Promise<T & { readonly checksum: string }> {
  return { ...fields, checksum: await checksumOf(fields) };
}

/** Verifies the checksum of an object over all its other fields, known to this version or not. */
export async function sealOf(data: object): Promise<'whole' | 'damaged' | 'none'> {
  const { checksum, ...fields } = data as { readonly checksum?: unknown };
  if (checksum === undefined) return 'none';
  return checksum === (await checksumOf(fields)) ? 'whole' : 'damaged';
}

/** Parses JSON from bytes; throws `FileFault` if they are not UTF-8 or not JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileFault('not UTF-8 text');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new FileFault('not JSON: cut short or damaged');
  }
}
