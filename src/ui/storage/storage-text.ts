// Formats amounts of storage.
// Invariant: pure, the same in every locale.

import { rounded } from '../../core/text-formatting';

const UNITS = [
  ['GB', 2 ** 30],
  ['MB', 2 ** 20],
  ['kB', 2 ** 10],
] as const;

/**
 * An amount of bytes as text: "900 bytes", "1.5 kB", "128 MB". From 1 kB on with at most three
 * significant digits and no trailing zeros.
 */
export function bytesText(bytes: number): string {
  const found = UNITS.find(([, least]) => bytes >= least * 0.9995);
  if (!found) return `${Math.round(bytes)} bytes`;
  const [unit, size] = found;
  return `${rounded(bytes / size, bytes < 10 * size ? 2 : 3)} ${unit}`;
}
