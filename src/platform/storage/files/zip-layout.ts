// The field positions of a zip file (APPNOTE 6.3, without zip64), and the bounds of our files.
// Invariant: a file written within these bounds is read within them. Does not know what a zip holds.

/**
 * Bounds of a zip file: bytes of the file, of one unpacked part and of all unpacked parts; number of parts;
 * characters of a path.
 */
export interface ZipBounds {
  readonly file: number;
  readonly part: number;
  readonly total: number;
  readonly parts: number;
  readonly path: number;
}

/** The bounds of Gradsheet's own files. */
export const ZIP_BOUNDS: ZipBounds = {
  file: 256 * 2 ** 20,
  part: 64 * 2 ** 20,
  total: 256 * 2 ** 20,
  parts: 20_000,
  path: 200,
};

/** The local header before a part's data. */
export const LOCAL = { sign: 0x04034b50, size: 30 } as const;

/** The header of a part in the central directory. */
export const CENTRAL = { sign: 0x02014b50, size: 46 } as const;

/** The record that ends the central directory and the file. */
export const END = { sign: 0x06054b50, size: 22 } as const;

/** Methods of compression: none, and deflate. */
export const STORED = 0;
export const DEFLATED = 8;

/** Bits of a part's flags: the part is encrypted; its path is UTF-8. */
export const FLAG = { encrypted: 1, utf8: 0x800 } as const;
