// Reads the text at a path: a file, a pipe, a device, standard input.
// Invariant: reads at most one byte beyond the bound (counted while reading, because devices and pipes have no size), and waits
// at most `patienceMs` for the next data. Knows nothing of addresses.

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';

/** A path that is there and cannot be read as a text; the message is one line without the path. */
export class Unreadable extends Error {}

/** The bounds of one reading. */
interface Bounds {
  readonly maxBytes: number;
  /** A pipe or a terminal that gives nothing for so long is given up. */
  readonly patienceMs: number;
}

const PIECE = 65_536;
const PAUSE_MS = 10;

const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether a pipe has a name, so that its writer may be yet to come. */
function hasName(path: string): boolean {
  try {
    realpathSync.native(path);
    return true;
  } catch {
    return false;
  }
}

/** Reads to the end; `comes` says whether an end before the first byte means that the writer is yet to come. */
function readAll(file: number, comes: boolean, { maxBytes, patienceMs }: Bounds): string {
  let text = Buffer.alloc(Math.min(PIECE, maxBytes + 1));
  let bytes = 0;
  let heard = performance.now();
  for (;;) {
    let length = 0;
    let waits = false;
    try {
      length = readSync(file, text, bytes, text.length - bytes, null);
      waits = length === 0 && bytes === 0 && comes;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      waits = true;
    }
    if (waits) {
      if (performance.now() - heard > patienceMs)
        throw new Unreadable(`sent no data for ${patienceMs / 1_000} s`);
      pause();
      continue;
    }
    if (length === 0) return text.toString('utf8', 0, bytes);
    heard = performance.now();
    bytes += length;
    if (bytes > maxBytes) throw new Unreadable(`is larger than ${maxBytes} bytes`);
    // Not a piece for each reading: a pipe may give one byte at a time.
    if (bytes === text.length)
      text = Buffer.concat([text, Buffer.alloc(Math.min(bytes, maxBytes + 1 - bytes))]);
  }
}

const NO_FILE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE', 'ELOOP'];

/** The text that a path yields; undefined where nothing has that name; throws `Unreadable` for all else that has no text. */
export function readInput(path: string, bounds: Bounds): string | undefined {
  // Standard input may be a socket, which has no name that could be opened.
  const isStdin = path === '/dev/stdin';
  let file: number | undefined;
  try {
    // A pipe without a writer is to be opened without waiting for one. Windows has no such pipes, and no such flag.
    file = isStdin ? 0 : openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = fstatSync(file);
    if (status.isDirectory()) throw new Unreadable('is a folder');
    return readAll(file, status.isFIFO() && !isStdin && hasName(path), bounds);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    const code = codeOf(error);
    if (NO_FILE.includes(code)) return undefined;
    throw new Unreadable(`cannot be read (${code || String(error)})`);
  } finally {
    if (file !== undefined && !isStdin) closeSync(file);
  }
}
