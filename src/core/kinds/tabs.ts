// The tab of a kind's figures.
// Invariant: every kind has exactly one tab: the one that it declares, or one named after it. Knows no kind by name.

import type { Registry } from './kind';

/** The tab of a kind; any other name is returned unchanged. */
export const tabOf = (registry: Registry, name: string): string => registry.get(name)?.tab ?? name;
