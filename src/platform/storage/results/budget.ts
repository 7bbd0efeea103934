// The budget of stored results: which results to remove, which could be removed, and when to keep new ones in memory only.
// Invariant: pure. A result that is referred to, or that a later release wrote, is never removed by itself; of the others, the
// least recently used go first, and no more than the budget requires.

import type { StoredItem } from './usage';

/** Results may take so many bytes unless a person says otherwise. */
export const DEFAULT_BUDGET = 512 * 2 ** 20;

/** What is removed leaves so much of the budget free, so that the next result does not ask for more. */
const SPARE = 0.1;

/** The number of an item that several owners need. */
export const SEVERAL = -1;

/** The owner of an item, by its id: an owner's number, or `SEVERAL`. */
export type OwnerOf = ReadonlyMap<string, number>;

/** How the stored items stand to the budget; bytes in all of them. */
export interface Share {
  readonly bytes: number;
  /** What something refers to, and what a later release wrote. */
  readonly needed: number;
  /** What nothing refers to, least used first. */
  readonly free: readonly StoredItem[];
  /** Those of the free ones that have to go now. */
  readonly leaving: readonly StoredItem[];
  /** Whether what is needed alone exceeds the budget. */
  readonly full: boolean;
  /** What only one owner needs, by the owner's number. */
  readonly own: ReadonlyMap<number, number>;
}

const sum = (items: readonly StoredItem[]): number => items.reduce((bytes, item) => bytes + item.bytes, 0);

/** Shares a budget, in bytes, among the items. */
export function shareBudget(items: readonly StoredItem[], ownerOf: OwnerOf, budget: number): Share {
  const free = items.filter(({ id, newer }) => !newer && !ownerOf.has(id)).sort((a, b) => a.used - b.used);
  const own = new Map<number, number>();
  for (const { id, bytes } of items) {
    const owner = ownerOf.get(id);
    if (owner !== undefined && owner !== SEVERAL) own.set(owner, (own.get(owner) ?? 0) + bytes);
  }
  const bytes = sum(items);
  const needed = bytes - sum(free);
  const leaving: StoredItem[] = [];
  let left = bytes;
  if (bytes > budget) {
    for (const item of free) {
      if (left <= budget * (1 - SPARE)) break;
      leaving.push(item);
      left -= item.bytes;
    }
  }
  return { bytes, needed, free, leaving, full: needed > budget, own };
}
