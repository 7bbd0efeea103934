// The lineages that a page has read, in order, while single lineages change.
// Invariant: the later reading wins. A reading that began before a change is not applied to the changed key, however late the
// reading ends.
// Does not know where lineages are stored.

import type { Key } from '../../../core/plan/key';
import type { Lineage } from './lineage';

/** A lineage with the checksum of its record; equal checksums mean equal lineages. */
export interface Known {
  readonly lineage: Lineage;
  readonly checksum: string;
}

/** A key and its lineage; undefined if the key has none any more. */
export type Change = readonly [Key, Known | undefined];

/** The known lineages. */
export interface Listing {
  get(key: Key): Known | undefined;
  /** All lineages, newest first; the same array until one changes. */
  all(): readonly Lineage[];
  /** Returns a number that orders readings and writes by their beginnings. */
  moment(): number;
  /** Applies changes of a reading or write that began at a moment. Returns whether any lineage changed. */
  apply(moment: number, changes: Iterable<Change>): boolean;
  /** Forgets lineages that a full reading, begun at a moment, did not see. Returns whether there were any. */
  keepOnly(moment: number, seen: ReadonlySet<Key>): boolean;
}

const newestFirst = (a: Lineage, b: Lineage): number => b.when - a.when || (a.key < b.key ? -1 : 1);

/** Returns an empty listing. */
export function createListing(): Listing {
  const known = new Map<Key, Known>();
  const appliedAt = new Map<Key, number>();
  let inOrder: readonly Lineage[] = [];
  const unordered = new Set<Key>();
  let last = 0;

  function set(moment: number, key: Key, next: Known | undefined): boolean {
    if ((appliedAt.get(key) ?? 0) > moment) return false;
    appliedAt.set(key, moment);
    if (known.get(key)?.checksum === next?.checksum) return false;
    if (next) known.set(key, next);
    else known.delete(key);
    unordered.add(key);
    return true;
  }

  return {
    get: (key) => known.get(key),
    all() {
      if (unordered.size === 0) return inOrder;
      // A list that is almost in order is sorted in about one pass.
      const next = inOrder.filter(({ key }) => !unordered.has(key));
      for (const key of unordered) {
        const lineage = known.get(key)?.lineage;
        if (lineage) next.push(lineage);
      }
      unordered.clear();
      inOrder = next.sort(newestFirst);
      return inOrder;
    },
    moment: () => ++last,
    apply(moment, changes) {
      let changed = false;
      for (const [key, next] of changes) changed = set(moment, key, next) || changed;
      return changed;
    },
    keepOnly(moment, seen) {
      const gone = [...known.keys()].filter((key) => !seen.has(key));
      return gone.map((key) => set(moment, key, undefined)).includes(true);
    },
  };
}
