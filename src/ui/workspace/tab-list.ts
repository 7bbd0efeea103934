// The list of the tabs of figures: one per question, in the order of the kinds, and last the tab of sweeps.
// Invariant: every kind has its tab in the list, once. Knows no kind by name.

import type { Registry, Tab } from '../../core/kinds/kind';
import { tabOf } from '../../core/kinds/tabs';

/** The tab of the map, and of figures that judge many runs. */
export const SWEEP: Tab = 'Sweep';

/** All tabs, from left to right. */
export function tabsOf(registry: Registry): readonly string[] {
  const tabs = registry.kinds.map(({ name }) => tabOf(registry, name));
  return [...new Set([...tabs.filter((tab) => tab !== SWEEP), SWEEP])];
}
