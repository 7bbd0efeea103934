// How a run differs from the run that it is based on, in words. Loads with the grid.
// Invariant: the words follow from the values that the run sets itself, in an order that an address keeps; a text that gives the
// base's value is no difference.

import type { RunPlan } from '../../core/plan/plan';
import { SEEDS_PATH } from '../../core/sheet/sheet';
import { shortened } from '../../core/text-formatting';
import { pathText, valueIn } from './sheet-rows';

/** The value of a run at a path, as text. */
function valueAt(run: RunPlan, path: string): string {
  if (path === SEEDS_PATH) return run.seeds.text ?? String(run.seeds.count);
  const [kind = '', param = ''] = path.split('.');
  return valueIn(run, kind, param);
}

/** The params in which a run differs from its base, in words; empty for a run without a base. */
export function differencesOf(run: RunPlan, base: RunPlan | undefined): readonly string[] {
  if (run.run.base === undefined) return [];
  // Sorted: an address does not hold the order of the edits, and equal sheets must have equal texts.
  return [...run.run.overrides.keys()]
    .filter((path) => !base || valueAt(run, path) !== valueAt(base, path))
    .sort()
    .map(pathText);
}

/**
 * The differences of a run in one line: the first in words, and the number of the others as in "A but activation"
 * and "+1". An empty number if there are none.
 */
export function differenceLine(
  { run: { base } }: RunPlan,
  [first, ...others]: readonly string[],
): readonly [text: string, more: string] {
  if (base === undefined) return ['', ''];
  if (first === undefined) return [`twin of ${base}`, ''];
  return [`${base} but ${first}`, others.length > 0 ? `+${others.length}` : ''];
}

/** The differences of a run in words: "A but activation", "twin of A"; empty for a run without a base. */
export function differenceText({ run: { base } }: RunPlan, differences: readonly string[]): string {
  if (base === undefined) return '';
  return differences.length === 0 ? `twin of ${base}` : `${base} but ${shortened(differences, 2, 2)}`;
}
