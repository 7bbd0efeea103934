// Describes where on a map the gradient vanishes, in one sentence: from which depth on, with which activation, and where not.
// Invariant: "from … on" appears only if no later present tile is above the bound, and "nowhere" only if no tile is below the
// bound.

import { listed } from '../draw/format';
import { sideValueText } from './map-value-text';
import type { MapView } from './map-values';

/** Ratio of the first layer's gradient to the last's below which the gradient counts as vanished. */
export const VANISHED = 1 / 100;

/**
 * Course of a line of tiles: the first index from which on all values are below the bound, or below it in
 * places, or nowhere.
 */
type Course = number | 'in places' | 'nowhere';

function courseOf(line: readonly number[]): Course {
  const known = [...line.entries()].filter(([, value]) => !Number.isNaN(value));
  const lastAbove = known.findLastIndex(([, value]) => value >= VANISHED);
  const [from] = known[lastAbove + 1] ?? [];
  if (from !== undefined) return lastAbove < 0 ? 0 : from;
  return known.some(([, value]) => value < VANISHED) ? 'in places' : 'nowhere';
}

/**
 * Sentence on the tiles with vanished gradients, as in "from 4 hidden layers on with sigmoid, and nowhere
 * with relu"; undefined if no side is ordered or no gradient vanishes.
 */
export function vanishingText(view: MapView, values: readonly number[]): string | undefined {
  const { rows, columns } = view;
  const isDown = rows.isOrdered && rows.values.length > 1;
  const [along, other] = isDown ? [rows, columns] : [columns, rows];
  if (!along.isOrdered || along.values.length < 2) return undefined;
  const order = [...along.values.keys()].sort((a, b) => Number(along.values[a]) - Number(along.values[b]));
  const across = columns.values.length;
  const courses = new Map<Course, string[]>();
  for (const line of other.values.keys()) {
    const known = order.map(
      (place) => values[isDown ? place * across + line : line * across + place] ?? Number.NaN,
    );
    if (known.every(Number.isNaN)) continue;
    const course = courseOf(known);
    courses.set(course, [...(courses.get(course) ?? []), sideValueText(other, line)]);
  }
  const lead = 'the first layer’s gradient is below 1/100 of the last’s';
  const [only] = courses.keys();
  if (courses.size === 1 && only === 0) return `${lead} everywhere`;
  const froms = [...courses.keys()].filter((course) => typeof course === 'number').sort((a, b) => a - b);
  const where = (from: number): string => {
    const at = sideValueText(along, order[from] ?? 0);
    return from === 0 ? 'everywhere' : from === order.length - 1 ? `at ${at}` : `from ${at} on`;
  };
  const parts = froms.slice(0, 2).map((from) => `${where(from)} with ${listed(courses.get(from) ?? [])}`);
  const later = froms.slice(2).flatMap((from) => courses.get(from) ?? []);
  if (later.length > 0) parts.push(`later with ${listed(later)}`);
  const places = courses.get('in places');
  if (places) parts.push(`in places with ${listed(places)}`);
  if (parts.length === 0) return undefined;
  const nowhere = courses.get('nowhere');
  if (nowhere)
    parts.push(`nowhere with ${nowhere.length > 3 ? `the other ${nowhere.length}` : listed(nowhere)}`);
  const last = parts.pop() ?? '';
  return `${lead} ${parts.length > 0 ? `${parts.join(', ')}, and ${last}` : last}`;
}
