// Writes zip files that every tool reads: packs the parts one by one, in slices, then lays them out in the given order.
// Invariants: each part's header holds its sizes and its CRC, so a truncated file is readable up to the cut; the same parts and
// date give the same bytes. Does not know what a part holds.

import { Deflate } from 'fflate';
import type { Pace } from '../../../core/slices';
import { grouped } from '../../../core/text-formatting';
import { FileFault } from '../file-fault';
import { crc32 } from './crc';
import { CENTRAL, DEFLATED, END, FLAG, LOCAL, STORED, ZIP_BOUNDS } from './zip-layout';

/** A packed part, ready to be laid out; `size` and `packed` in bytes. */
export interface PackedPart {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly packed: number;
}

const PIECE = 2 ** 16;

/** Packs a part; stores it if deflating gains nothing. Throws `FileFault` if it exceeds the bounds. */
export async function packPart(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  pace: Pace,
): Promise<PackedPart> {
  if (bytes.length > ZIP_BOUNDS.part) throw new FileFault(`${path} is too large for a part of a file`);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let packed = 0;
  const deflate = new Deflate({ level: 6, mem: 4 }, (piece) => {
    // fflate reuses the buffer of a piece.
    pieces.push(piece.slice());
    packed += piece.length;
  });
  let crc = 0;
  for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    crc = crc32(piece, crc);
    deflate.push(piece, at + PIECE >= bytes.length);
    await pace();
  }
  const common = { path, crc, size: bytes.length };
  return packed < bytes.length
    ? { ...common, method: DEFLATED, pieces, packed }
    : { ...common, method: STORED, pieces: [bytes], packed: bytes.length };
}

/** Date and time in the DOS format of zip files, in UTC; a date out of range becomes the nearest in range. */
function dosTime(date: Date): number {
  const year = Math.min(Math.max(date.getUTCFullYear(), 1980), 2107);
  const day = ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

const VERSION = 20;

/** Writes the fields that the local header and the central header share, at byte offset `at`. */
function writeFields(view: DataView, at: number, part: PackedPart, path: Uint8Array, time: number): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, FLAG.utf8, true);
  view.setUint16(at + 4, part.method, true);
  view.setUint32(at + 6, time, true);
  view.setUint32(at + 10, part.crc, true);
  view.setUint32(at + 14, part.packed, true);
  view.setUint32(at + 18, part.size, true);
  view.setUint16(at + 22, path.length, true);
}

function recordOf(size: number, sign: number): { record: Uint8Array<ArrayBuffer>; view: DataView } {
  const record = new Uint8Array(size);
  const view = new DataView(record.buffer);
  view.setUint32(0, sign, true);
  return { record, view };
}

/** Returns the zip file of the parts, in their order; throws `FileFault` if they exceed the bounds. */
export function zipOf(parts: readonly PackedPart[], made: Date): Blob {
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  if (parts.length > ZIP_BOUNDS.parts || total > ZIP_BOUNDS.total) {
    throw new FileFault(
      `the export is too large for one file (at most ${ZIP_BOUNDS.total / 2 ** 20} MB in ${grouped(ZIP_BOUNDS.parts)} parts)`,
    );
  }
  const time = dosTime(made);
  const file: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const part of parts) {
    const path = new TextEncoder().encode(part.path);
    const local = recordOf(LOCAL.size + path.length, LOCAL.sign);
    writeFields(local.view, 4, part, path, time);
    local.record.set(path, LOCAL.size);
    const central = recordOf(CENTRAL.size + path.length, CENTRAL.sign);
    central.view.setUint16(4, VERSION, true);
    writeFields(central.view, 6, part, path, time);
    central.view.setUint32(42, at, true);
    central.record.set(path, CENTRAL.size);
    file.push(local.record, ...part.pieces);
    directory.push(central.record);
    at += local.record.length + part.packed;
  }
  const end = recordOf(END.size, END.sign);
  end.view.setUint16(8, parts.length, true);
  end.view.setUint16(10, parts.length, true);
  end.view.setUint32(
    12,
    directory.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  end.view.setUint32(16, at, true);
  return new Blob([...file, ...directory, end.record], { type: 'application/zip' });
}
