// The QR code of an address, read back from what is drawn: the path, not the library's own modules.

import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { MOST_CHARACTERS, type QrCode, qrCode, qrFile } from '../../../src/ui/shell/qr-code';
import { codeText, reachText, tooLongText } from '../../../src/ui/shell/share-text';

/** Pixels per module. */
const SCALE = 3;

/** Fills the path's rectangles into white pixels and reads the picture as a camera does. */
function read({ size, path }: QrCode): string | undefined {
  const side = size * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++)
      for (let at = Number(x) * SCALE; at < (Number(x) + Number(width)) * SCALE; at++)
        pixels.fill(0, (row * side + at) * 4, (row * side + at) * 4 + 3);
  return jsQR(pixels, side, side)?.data;
}

const address = (length: number): string => 'https://x.org/#v1&A='.padEnd(length, 'relu%20wide%28');

/** The level of error correction that a code states in its format bits (ISO/IEC 18004, table 12): M, L, H, Q. */
function levelOf(text: string): number {
  const code = qrCode(text);
  const dark = new Set(
    [...(code?.path ?? '').matchAll(/M(\d+) (\d+)h(\d+)/g)].flatMap(([, x, y, width]) =>
      Array.from({ length: Number(width) }, (_, i) => `${Number(x) + i - 4} ${Number(y) - 4}`),
    ),
  );
  const bit = (x: number): number => Number(dark.has(`${x} 8`));
  return ((bit(0) << 1) | bit(1)) ^ 0b10;
}

describe('the code of an address', () => {
  test.each([20, 26, 100, 333, 1_000, 1_700, MOST_CHARACTERS])('of %i characters is read back', (length) => {
    const code = qrCode(address(length));
    expect(code && read(code)).toBe(address(length));
  });

  test('has a quiet zone of four modules on each side', () => {
    const { size, path } = qrCode(address(100)) ?? { size: 0, path: '' };
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeLessThan(size - 4);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(size - 4);
    }
    expect(path.startsWith('M4 4h7')).toBe(true);
  });

  test('has the strongest error correction that its size has room for', () => {
    // Version 2 holds 32, 26, 20 and 14 bytes at the levels L, M, Q and H; version 1 holds 17 at L.
    const [medium, low, high, quartile] = [0, 1, 2, 3];
    expect([20, 21, 26, 27, 32].map((length) => levelOf(address(length)))).toEqual([
      ...[quartile, medium, medium],
      ...[low, low],
    ]);
    expect(levelOf('http://x#v1')).not.toBe(low);
    expect(levelOf('http:#v')).toBe(high);
    expect(qrCode(address(32))?.size).toBe(25 + 8);
  });

  test('exists up to 2,953 characters, and a sentence names the bound beyond', () => {
    expect(qrCode(address(MOST_CHARACTERS))?.size).toBe(177 + 8);
    expect(qrCode(address(MOST_CHARACTERS + 1))).toBeUndefined();
    expect(tooLongText(MOST_CHARACTERS + 1)).toContain('has 2,954 characters, and a code holds 2,953.');
  });

  test('is a file of black on white', async () => {
    const code = qrCode(address(50));
    const text = code ? await qrFile(code).text() : '';
    expect(text).toContain(`viewBox="0 0 ${code?.size} ${code?.size}"`);
    expect(text).toContain('fill="#fff"');
    expect(text).toContain(`d="${code?.path}"`);
  });
});

test('an address that does not work for anyone is named as such, beside the code too', () => {
  expect(reachText('computer')).toContain('This address works on this computer only');
  expect(reachText('network')).toContain('This address works in this network only');
  expect(reachText('anyone')).toBeUndefined();
  expect(codeText('computer')).toContain('A phone cannot open');
  expect(codeText('anyone')).not.toContain('network');
});
