// Reads the text at a path: a file, a pipe, a device, standard input.
// Invariant: reads at most one byte beyond the bound (counted while reading, because devices and pipes have no size), and waits
// at most `patienceMs` for the next data. Knows nothing of addresses.

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';

/** Thrown for an existing path that cannot be read as text; the message is one line without the path. */
export class Unreadable extends Error {}

/** The bounds of one read. */
interface Bounds {
  readonly maxBytes: number;
  /** The longest wait for the next data of a pipe or terminal, in ms. */
  readonly patienceMs: number;
}

const PIECE = 65_536;
const PAUSE_MS = 10;

const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether a pipe has a name in the file system; its writer may open it later. */
function hasName(path: string): boolean {
  try {
    realpathSync.native(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads to the end of the file. If `comes`, an end before the first byte means that
 * the writer has not opened the pipe yet.
 */
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
    // The buffer grows by doubling, because a pipe may deliver one byte at a time.
    if (bytes === text.length)
      text = Buffer.concat([text, Buffer.alloc(Math.min(bytes, maxBytes + 1 - bytes))]);
  }
}

const NO_FILE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE', 'ELOOP'];

/**
 * Reads the text at a path, as UTF-8. Returns undefined if nothing has that name. Throws `Unreadable` for
 * everything else without a text, and beyond the bounds.
 */
export function readInput(path: string, bounds: Bounds): string | undefined {
  // Standard input may be a socket, which cannot be opened by name.
  const isStdin = path === '/dev/stdin';
  let file: number | undefined;
  try {
    // Opens a pipe without waiting for its writer. Windows has no such pipes, and no such flag.
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
