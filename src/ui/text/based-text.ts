// How a run differs from the run that it is based on, in words. Loads with the grid.
// Invariant: the words follow from the overrides alone, in an order that an address keeps.

import type { RunPlan } from '../../core/plan/plan';
import { shortened } from '../../core/text-formatting';
import { pathText } from './sheet-rows';

/**
 * The overrides of a run in one line: the first in words, and the number of the others as in "A but activation"
 * and "+1". An empty number if there are none.
 */
export function differenceLine({ run }: RunPlan): readonly [text: string, more: string] {
  const [first, ...others] = [...run.overrides.keys()].sort().map(pathText);
  if (run.base === undefined) return ['', ''];
  if (first === undefined) return [`twin of ${run.base}`, ''];
  return [`${run.base} but ${first}`, others.length > 0 ? `+${others.length}` : ''];
}

/** The overrides of a run in words: "A but activation", "twin of A"; empty for a run without a base. */
export function differenceText({ run }: RunPlan): string {
  if (run.base === undefined) return '';
  // Sorted: an address does not hold the order of the edits, and equal sheets must have equal texts.
  const paths = [...run.overrides.keys()].sort().map(pathText);
  if (paths.length === 0) return `twin of ${run.base}`;
  return `${run.base} but ${shortened(paths, 2, 2)}`;
}
