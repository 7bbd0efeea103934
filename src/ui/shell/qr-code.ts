// Draws a text as a QR code: one path for the page, one SVG file, one picture for the clipboard.
// Invariants: the code has the quiet zone of four modules that readers need, and is black on white in light and dark, since many
// readers know no other; a text that is too long gives no code. Loaded late.

import encodeQR from 'qr';

/** The most characters of a text in ASCII that a QR code holds: version 40 at the lowest level of error correction. */
export const MOST_CHARACTERS = 2_953;

/** The white modules around the code that the standard requires (ISO/IEC 18004). */
const QUIET = 4;

/** The modules of a code of version 1; each further version has four more. */
const [SMALLEST, MORE] = [21, 4];

const LEVELS = ['medium', 'quartile', 'high'] as const;

/** A drawn code. */
export interface QrCode {
  /** Modules along one side, quiet zone included. */
  readonly size: number;
  /** The dark modules, as the data of an SVG path; one module is one unit. */
  readonly path: string;
}

/**
 * The modules of a text: the smallest code that holds the text, with the strongest error correction that this size has room for.
 * A stronger correction in a larger code would make the modules smaller, and small modules are what cameras fail at.
 */
function modules(text: string): readonly (readonly boolean[])[] {
  let found = encodeQR(text, 'raw', { ecc: 'low', border: QUIET });
  const version = (found.length - 2 * QUIET - SMALLEST) / MORE + 1;
  try {
    for (const ecc of LEVELS) found = encodeQR(text, 'raw', { ecc, version, border: QUIET });
  } catch {
    // The text does not fit at this level.
  }
  return found;
}

/** Returns the code of a text in ASCII; undefined if the text is longer than a code holds. */
export function qrCode(text: string): QrCode | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const rows = modules(text);
  const path = rows
    .flatMap((row, y) => {
      const runs: string[] = [];
      for (let x = 0; x < row.length; ) {
        const end = row.indexOf(!row[x], x);
        const width = (end < 0 ? row.length : end) - x;
        if (row[x]) runs.push(`M${x} ${y}h${width}v1h-${width}z`);
        x += width;
      }
      return runs;
    })
    .join('');
  return { size: rows.length, path };
}

/** Returns the code as an SVG file. */
export function qrFile({ size, path }: QrCode): Blob {
  const side = size * 8;
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${side}" height="${side}" ` +
    `shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path d="${path}"/></svg>\n`;
  return new Blob([text], { type: 'image/svg+xml' });
}

/** Resolves to the code as a PNG picture. Rejects if the browser cannot make one. */
export function qrPicture({ size, path }: QrCode): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * 8;
  const context = canvas.getContext('2d');
  if (!context) return Promise.reject(new Error('no canvas'));
  context.scale(8, 8);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size, size);
  context.fillStyle = '#000';
  context.fill(new Path2D(path));
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture')))),
  );
}
