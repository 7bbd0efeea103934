// The field positions of a zip file (APPNOTE 6.3, without zip64), and the bounds of our files.
// Invariant: a file written within these bounds is read within them. Does not know what a zip holds.

/** The bounds of a file: of the file itself, of one part, of all parts together (in bytes), of their number, of a path's length. */
export interface ZipBounds {
  readonly file: number;
  readonly part: number;
  readonly total: number;
  readonly parts: number;
  readonly path: number;
}

/** The bounds of files of ours. */
export const ZIP_BOUNDS: ZipBounds = {
  file: 256 * 2 ** 20,
  part: 64 * 2 ** 20,
  total: 256 * 2 ** 20,
  parts: 20_000,
  path: 200,
};

/** The header before a part's data. */
export const LOCAL = { sign: 0x04034b50, size: 30 } as const;

/** A part's line in the directory at the end. */
export const CENTRAL = { sign: 0x02014b50, size: 46 } as const;

/** What ends the file. */
export const END = { sign: 0x06054b50, size: 22 } as const;

export const STORED = 0;
export const DEFLATED = 8;

/** A part's flags: it is encrypted; its path is UTF-8. */
export const FLAG = { encrypted: 1, utf8: 0x800 } as const;
