// Reads zip files that may be damaged or hostile: the directory first, then each part on request.
// Invariants: nothing is unpacked beyond the bounds, whatever sizes the file declares; a part is read whole, with its CRC, or
// refused with the reason; if the directory is damaged, the reader finds the parts by their own headers.

import { Inflate } from 'fflate';
import type { Pace } from '../../../core/slices';
import { grouped } from '../../../core/text-formatting';
import { FileFault, type Remark, shownPath } from '../file-fault';
import { crc32 } from './crc';
import { CENTRAL, DEFLATED, END, FLAG, LOCAL, STORED, ZIP_BOUNDS, type ZipBounds } from './zip-layout';

/** A part of an opened file. */
export interface ZipPart {
  /** A relative path of letters, digits and `._-`, with `/` between folders; no name begins with a dot. */
  readonly path: string;
  /** Unpacks the part; rejects with `FileFault` if the part is damaged or exceeds the bounds. */
  read(pace: Pace): Promise<Uint8Array<ArrayBuffer>>;
}

/** The readable parts, the first of each path, and the faults of the others and of the directory. */
interface OpenZip {
  readonly parts: readonly ZipPart[];
  readonly faults: readonly Remark[];
}

interface Header {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** The offset of the part's local header, in bytes. */
  readonly at: number;
}

/** The packed bytes that are inflated in one step: they may unpack to a thousand times as many. */
const STEP = 4_096;
const IN_ZIP64 = 0xffffffff;
const MAX_COMMENT = 0xffff;

const megabytes = (size: number): string => `${grouped(size / 2 ** 20)} MB`;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Reads the fields that local and central headers share; `fields` and `name` are byte offsets. */
function readFields(view: DataView, fields: number, name: number, at: number): Header {
  const length = Math.min(view.getUint16(fields + 20, true), view.byteLength - name);
  return {
    name: new Uint8Array(view.buffer, view.byteOffset + name, length),
    flags: view.getUint16(fields, true),
    method: view.getUint16(fields + 2, true),
    crc: view.getUint32(fields + 8, true),
    packed: view.getUint32(fields + 12, true),
    size: view.getUint32(fields + 16, true),
    at,
  };
}

function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END.size;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END.sign && view.getUint16(at + 20, true) === last - at) return at;
  }
  return undefined;
}

/** Returns the headers of the central directory, or a clause that says why it cannot be read. */
function readDirectory(view: DataView): Header[] | string {
  const end = findEnd(view);
  if (end === undefined) return 'the end of the file is missing';
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || size === IN_ZIP64 || at === IN_ZIP64) return 'zip64 is not supported';
  if (at + size !== end || count * CENTRAL.size > size) return 'the directory is damaged';
  const headers: Header[] = [];
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL.size > end || view.getUint32(at, true) !== CENTRAL.sign)
      return 'the directory is damaged';
    headers.push(readFields(view, at + 8, at + CENTRAL.size, view.getUint32(at + 42, true)));
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    at += CENTRAL.size + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return at === end ? headers : 'the directory is damaged';
}

/** The offset of a part's data, computed from its local header. */
const dataAt = (view: DataView, at: number): number =>
  at + LOCAL.size + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);

/** Finds local headers by scanning the file, and stops soon after `most`; bytes between parts are skipped. */
function walkHeaders(bytes: Uint8Array, view: DataView, most: number): Header[] {
  const headers: Header[] = [];
  let at = 0;
  while (at >= 0 && at + LOCAL.size <= bytes.length) {
    if (view.getUint32(at, true) !== LOCAL.sign) {
      at = bytes.indexOf(LOCAL.sign & 0xff, at + 1);
      continue;
    }
    if (headers.length > most) break;
    const header = readFields(view, at + 6, at + LOCAL.size, at);
    headers.push(header);
    const end = dataAt(view, at) + header.packed;
    // A size that leads beyond the file says nothing about the place of the next part.
    at = end <= bytes.length ? end : at + 1;
  }
  return headers;
}

const PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Returns a part's packed bytes. Throws `FileFault` if its headers differ or its form is not supported. */
function locate(bytes: Uint8Array, view: DataView, header: Header): Uint8Array {
  const { at, name, flags, method, packed } = header;
  if (at + LOCAL.size > bytes.length || view.getUint32(at, true) !== LOCAL.sign)
    throw new FileFault('the header is damaged');
  const own = readFields(view, at + 6, at + LOCAL.size, at);
  const same = own.name.length === name.length && own.name.every((byte, index) => byte === name[index]);
  if (!same || own.method !== method) throw new FileFault('the header is damaged');
  if ((flags | own.flags) & FLAG.encrypted) throw new FileFault('encryption is not supported');
  if (method !== STORED && method !== DEFLATED)
    throw new FileFault(`compression method ${method} is not supported`);
  if (packed === IN_ZIP64 || header.size === IN_ZIP64) throw new FileFault('zip64 is not supported');
  const begin = dataAt(view, at);
  if (begin + packed > bytes.length) throw new FileFault('the file ends too early');
  return bytes.subarray(begin, begin + packed);
}

/**
 * Unpacks a part in small steps and subtracts the unpacked bytes from `budget`. Throws `FileFault` as soon as
 * the part exceeds its declared size.
 */
async function unpack(
  data: Uint8Array,
  { size, method }: Header,
  budget: { left: number },
  pace: Pace,
): Promise<Uint8Array<ArrayBuffer>> {
  if (method === STORED) {
    if (data.length !== size) throw new FileFault('the size differs from the declared size');
    budget.left -= size;
    return data.slice();
  }
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let unpacked = 0;
  const inflate = new Inflate((piece) => {
    pieces.push(piece.slice());
    unpacked += piece.length;
    budget.left -= piece.length;
  });
  for (let at = 0; at === 0 || at < data.length; at += STEP) {
    try {
      inflate.push(data.subarray(at, at + STEP), at + STEP >= data.length);
    } catch {
      throw new FileFault('the compressed data are damaged');
    }
    if (unpacked > size) throw new FileFault('the content is larger than declared');
    await pace();
  }
  if (unpacked !== size) throw new FileFault('the content is smaller than declared');
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function checkCrc(bytes: Uint8Array, crc: number, pace: Pace): Promise<void> {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2 ** 20) {
    sum = crc32(bytes.subarray(at, at + 2 ** 20), sum);
    await pace();
  }
  if (sum !== crc) throw new FileFault('the checksum (CRC) does not match the content');
}

/** Opens a zip file; throws `FileFault` if it is none or exceeds `bounds`. Parts read `bytes` later. */
export function openZip(bytes: Uint8Array, bounds: ZipBounds = ZIP_BOUNDS): OpenZip {
  if (bytes.length === 0) throw new FileFault('empty');
  if (bytes.length > bounds.file) throw new FileFault(`larger than ${megabytes(bounds.file)}`);
  const view = viewOf(bytes);
  const directory = readDirectory(view);
  const headers = typeof directory === 'string' ? walkHeaders(bytes, view, bounds.parts) : directory;
  if (typeof directory === 'string' && headers.length === 0) {
    const begins = bytes.length >= 4 && view.getUint32(0, true) === LOCAL.sign;
    throw new FileFault(begins || findEnd(view) !== undefined ? directory : 'not a zip file');
  }
  if (headers.length > bounds.parts)
    throw new FileFault(`more than ${grouped(bounds.parts)} parts, the limit`);
  const faults: Remark[] =
    typeof directory === 'string'
      ? [{ place: 'the file', reason: `${directory}; the parts were found by their headers` }]
      : [];
  const parts = new Map<string, ZipPart>();
  // Parts may overlap in the file, so small parts can together unpack to very many bytes.
  const budget = { left: bounds.total };
  for (const header of headers) {
    const path = new TextDecoder().decode(header.name.subarray(0, bounds.path + 1));
    if (path.endsWith('/') && header.size === 0) continue;
    if (path.length > bounds.path || !PATH.test(path)) {
      faults.push({ place: shownPath(path), reason: 'unknown path; skipped' });
    } else if (parts.has(path)) {
      faults.push({ place: path, reason: 'second part with this path; skipped' });
    } else {
      parts.set(path, {
        path,
        async read(pace) {
          const data = locate(bytes, view, header);
          if (header.size > bounds.part) throw new FileFault(`larger than ${megabytes(bounds.part)}`);
          if (header.size > budget.left)
            throw new FileFault(`with this part, the file unpacks to more than ${megabytes(bounds.total)}`);
          const whole = await unpack(data, header, budget, pace);
          await checkCrc(whole, header.crc, pace);
          return whole;
        },
      });
    }
  }
  return { parts: [...parts.values()], faults };
}
