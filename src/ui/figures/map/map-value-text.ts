// The text of a value of one side of the map within a sentence.
// Invariant: pure. Knows no tile.

import type { MapAxis } from './map-values';

/** A value with the name of its param: "4 hidden layers", "sigmoid", "learning rate 0.01". */
export function sideValueText({ name, values, isWord, isOrdered }: MapAxis, index: number): string {
  const value = values[index] ?? '';
  if (isWord) return value;
  const isCount = isOrdered && name.endsWith('s') && /^\d+$/.test(value);
  if (!isCount) return `${name} ${value}`;
  return `${value} ${value === '1' ? name.slice(0, -1) : name}`;
}
