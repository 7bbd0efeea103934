// The budget of stored results: which results to remove, which could be removed, and when to keep new ones in memory only.
// Invariant: pure. A result that is referred to, or that a later release wrote, is never removed by itself; of the others, the
// least recently used go first, and no more than the budget requires.

import type { StoredItem } from './usage';

/** The bytes that results may take unless a person sets another budget. */
export const DEFAULT_BUDGET = 512 * 2 ** 20;

/** The fraction of the budget that a removal leaves free, so that removals do not follow each result. */
const SPARE = 0.1;

/** Stands for the owner's number if several owners need an item. */
export const SEVERAL = -1;

/** The owner of an item, by the item's id: an owner's number, or `SEVERAL`. */
export type OwnerOf = ReadonlyMap<string, number>;

/** The stored items in relation to the budget; `bytes` of all items. */
export interface Share {
  readonly bytes: number;
  /** Bytes of the items that have an owner or that a later release wrote. */
  readonly needed: number;
  /** Items without an owner, least recently used first. */
  readonly free: readonly StoredItem[];
  /** The free items that must be removed now. */
  readonly leaving: readonly StoredItem[];
  /** Whether the needed items alone exceed the budget. */
  readonly full: boolean;
  /** Bytes that only one owner needs, by the owner's number. */
  readonly own: ReadonlyMap<number, number>;
}

const sum = (items: readonly StoredItem[]): number => items.reduce((bytes, item) => bytes + item.bytes, 0);

/** Compares the items with the budget, in bytes. */
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
