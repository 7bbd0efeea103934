// The tabs of figures: one per question, in the order of the kinds, and last the tab of sweeps.
// Invariant: every kind has exactly one tab: the one that it declares, or one named after it. Knows no kind by name.

import type { Registry, Tab } from './kind';

/** The tab of figures that judge many runs. */
export const SWEEP: Tab = 'Sweep';

/** The tab of a kind; any other name is returned unchanged. */
export const tabOf = (registry: Registry, name: string): string => registry.get(name)?.tab ?? name;

/** All tabs, from left to right. */
export function tabsOf(registry: Registry): readonly string[] {
  const tabs = registry.kinds.map(({ name }) => tabOf(registry, name));
  return [...new Set([...tabs.filter((tab) => tab !== SWEEP), SWEEP])];
}
