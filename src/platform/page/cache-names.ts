// The names of the caches that Gradsheet's service worker keeps at one folder.
// Invariant: a name belongs to one folder; another project's cache, and another folder's Gradsheet, never count as own.

/** The caches of earlier versions for the folder at `root`; such a version served only the root of an origin. */
export const formerCaches = (root: string): readonly string[] => [
  `gradsheet-precache-v2-${root}`,
  ...(new URL(root).pathname === '/' ? ['gradsheet-address'] : []),
];

/** Those among the names that belong to Gradsheet in the folder at `root`, an address with its final slash. */
export const ownCaches = (names: readonly string[], root: string): string[] =>
  names.filter(
    (name) =>
      (name.startsWith('gradsheet-') && name.endsWith(`-${root}`)) || formerCaches(root).includes(name),
  );
