// The stock of stored results: measures it, keeps it within the budget, and removes results that nothing needs.
// Invariant: nothing is removed unless all owners are known; if a sheet or lineage is unreadable, everything stays. One
// operation at a time.

import type { Registry } from '../../../core/kinds/kind';
import type { Plan } from '../../../core/plan/plan';
import type { Sheet } from '../../../core/sheet/sheet';
import type { Library } from '../library/library';
import { isKept } from '../library/lineage';
import { SEVERAL, type Share, shareBudget } from './budget';
import { findOwners, type ResultOwner } from './result-owners';
import type { DiskUsage, StoredItem } from './usage';

/** How long a removed training's results stay, in milliseconds, so that an undo finds them. */
export const UNDO_MS = 30_000;

/** The sources of a stock. Each may reject; then nothing is removed. */
interface StockOptions {
  readonly registry: Registry;
  readonly usage: DiskUsage;
  readonly library: Pick<Library, 'all' | 'removed' | 'forget' | 'unreadableCount'>;
  /** Returns the present states of all sheets. Rejects if a sheet cannot be read. */
  sheets(): Promise<readonly Sheet[]>;
  /** Loads the planner, including formulas. */
  planner(): Promise<(sheet: Sheet) => Plan>;
}

/** The measured stock. */
export interface Stock {
  readonly items: readonly StoredItem[];
  readonly owners: readonly ResultOwner[];
  readonly share: Share;
}

/** Creates the stock. Its operations run one after another and reject if a source fails. */
export function createStock({ registry, usage, library, sheets, planner }: StockOptions) {
  let busy: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = busy.then(work);
    busy = done.catch(() => {});
    return done;
  };

  async function sheetOwners(): Promise<ResultOwner[]> {
    return (await sheets()).map((sheet) => ({ sheet }));
  }

  /** Whether there are unreadable lineages: these may refer to any result. */
  const hasStrange = (): boolean => library.unreadableCount().all > 0;

  async function measure(budget: number): Promise<Stock> {
    // Listed before the owners are collected: a result stored in the meantime must not count as free.
    const items = await usage.list();
    const kept = (await library.all()).filter(isKept);
    const owners = [...(await sheetOwners()), ...kept.map((lineage) => ({ lineage }))];
    const ownerOf = hasStrange()
      ? new Map(items.map(({ id }) => [id, SEVERAL]))
      : await findOwners(owners, registry, await planner());
    return { items, owners, share: shareBudget(items, ownerOf, budget) };
  }

  async function without(stock: Stock, gone: readonly StoredItem[], budget: number): Promise<Stock> {
    if (gone.length === 0) return stock;
    await usage.remove(gone);
    return measure(budget);
  }

  return {
    /** Measures the stock and removes nothing. */
    measure: (budget: number) => alone(() => measure(budget)),
    /** Removes what exceeds the budget. If that does not suffice, new results are kept in memory only. */
    hold: (budget: number) =>
      alone(async () => {
        const before = await measure(budget);
        const after = await without(before, before.share.leaving, budget);
        usage.setFull(after.share.full);
        return after;
      }),
    /** Removes all items without an owner. */
    free: (budget: number) =>
      alone(async () => {
        const before = await measure(budget);
        const after = await without(before, before.share.free, budget);
        usage.setFull(after.share.full);
        return after;
      }),
    /**
     * Removes the items that only removed trainings needed, at least `UNDO_MS` after the removal. `now` in
     * milliseconds since 1970.
     */
    forget: (now: number) =>
      alone(async () => {
        const due = (await library.removed()).filter(({ when }) => now - when >= UNDO_MS || when > now);
        if (due.length === 0) return;
        const plan = await planner();
        const listed = await library.all();
        if (hasStrange()) return;
        const others: ResultOwner[] = [...(await sheetOwners()), ...listed.map((lineage) => ({ lineage }))];
        const needed = await findOwners(others, registry, plan);
        const gone = due.map(({ lineage }) => ({ lineage }));
        const theirs = await findOwners(gone, registry, plan);
        const items = await usage.list();
        await usage.remove(items.filter(({ id }) => theirs.has(id) && !needed.has(id)));
        await library.forget(due);
      }),
  };
}
