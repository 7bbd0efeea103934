// The stock of results over a small store in memory, and over the real library: what leaves, what stays, what is forgotten.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, get, set } from 'idb-keyval';
import { beforeEach, describe, expect, test } from 'vitest';
import { registry } from '../../../../src/cells';
import { createLanguage } from '../../../../src/core/formulas/formula-language';
import { hashText } from '../../../../src/core/plan/key';
import type { Node } from '../../../../src/core/plan/node';
import { createPlanner } from '../../../../src/core/plan/plan';
import type { Sheet } from '../../../../src/core/sheet/sheet';
import { parseAddress } from '../../../../src/platform/page/address';
import { type Library, openLibrary } from '../../../../src/platform/storage/library/library';
import { lineageOf } from '../../../../src/platform/storage/library/lineage';
import { DEFAULT_BUDGET } from '../../../../src/platform/storage/results/budget';
import { createStock, UNDO_MS } from '../../../../src/platform/storage/results/result-stock';
import { openSettings } from '../../../../src/platform/storage/results/storage-settings';
import type { DiskUsage, StoredItem } from '../../../../src/platform/storage/results/usage';

const language = createLanguage(registry);
const planner = () => createPlanner(registry, () => language);
const NO_CHANNEL = { BroadcastChannel: undefined };

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

const cellsOf = (sheet: Sheet) => {
  const cells = planner()(sheet).runs.get('A')?.cells;
  if (!cells) throw new Error('there is no run');
  return cells;
};

const trainOf = (sheet: Sheet): Node => {
  const node = cellsOf(sheet).get('train')?.node;
  if (!node) throw new Error('there is no training');
  return node;
};

/** A disk of items of 10 bytes each; what is listed later was used later. */
function disk(...sheets: readonly Sheet[]) {
  const items = new Map<string, StoredItem>();
  for (const sheet of sheets)
    for (const { node } of cellsOf(sheet).values()) {
      if (!node) continue;
      items.set(node.key, { what: 'entry', id: node.key, bytes: 10, used: items.size });
      if (node.trace === undefined) continue;
      const id = hashText(node.trace);
      items.set(id, { what: 'trace', id, bytes: 10, used: items.size });
    }
  const full: boolean[] = [];
  const usage: DiskUsage = {
    list: async () => [...items.values()],
    async remove(gone) {
      for (const { id } of gone) items.delete(id);
    },
    setFull: (is) => void full.push(is),
  };
  return { items, usage, full, has: (sheet: Sheet) => items.has(trainOf(sheet).key) };
}

const [ONE, TWO, THREE] = [1, 2, 3].map((epochs) =>
  sheetOf(`#v1&A=a&A.train.epochs=${epochs}&A.optimizer.learningRate=0.${epochs}`),
) as [Sheet, Sheet, Sheet];

let library: Library;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  library = openLibrary(NO_CHANNEL);
});

async function noted(sheet: Sheet, rest: { note?: string; named?: true } = {}) {
  const curve = new Float64Array([1]);
  const gradientRms = { shape: [1, 1] as const, data: curve };
  const value = { loss: curve, accuracy: curve, testLoss: curve, testAccuracy: curve, gradientRms };
  const lineage = lineageOf(cellsOf(sheet), value, 1, 'a');
  if (!lineage) throw new Error('there is no lineage');
  await library.put({ ...lineage, ...rest });
  return lineage.key;
}

const stockOf = (usage: DiskUsage, sheets: () => Promise<readonly Sheet[]>) =>
  createStock({ registry, usage, library, sheets, planner: async () => planner() });

describe('the stock', () => {
  test('is held within the budget: what a sheet or a noted training needs stays', async () => {
    const { usage, items, has, full } = disk(ONE, TWO, THREE);
    await noted(TWO, { note: 'keep' });
    await noted(THREE);
    const stock = stockOf(usage, async () => [ONE]);
    const { share } = await stock.hold(items.size * 10 - 1);
    expect([has(ONE), has(TWO), has(THREE)]).toEqual([true, true, false]);
    expect(share.full).toBe(false);
    expect(full).toEqual([false]);
    const { share: after } = await stock.free(DEFAULT_BUDGET);
    expect(after.free).toEqual([]);
    expect(after.needed).toBe(items.size * 10);
  });

  test('counts a training that a person named, of this browser or imported', async () => {
    const { usage, has } = disk(ONE, TWO, THREE);
    const key = await noted(ONE);
    await library.update(key, { name: 'mine' });
    await noted(TWO, { named: true });
    await stockOf(usage, async () => []).free(DEFAULT_BUDGET);
    expect([has(ONE), has(TWO), has(THREE)]).toEqual([true, true, false]);
  });

  test('is full where what is needed exceeds the budget; then new results stay in memory', async () => {
    const { usage, items, full, has } = disk(ONE, TWO);
    const stock = stockOf(usage, async () => [ONE]);
    const { share } = await stock.hold(50);
    expect(share.full).toBe(true);
    expect(full).toEqual([true]);
    expect([has(ONE), has(TWO)]).toEqual([true, false]);
    expect(share.own.get(0)).toBe(items.size * 10);
    await stock.hold(DEFAULT_BUDGET);
    expect(full).toEqual([true, false]);
  });

  test('loses nothing where the sheets cannot be read', async () => {
    const { usage, items } = disk(ONE, TWO);
    const before = items.size;
    const stock = stockOf(usage, () => Promise.reject(new Error('no')));
    await noted(ONE);
    await library.remove(...(await library.all()).map(({ key }) => key));
    await expect(stock.hold(1)).rejects.toThrow('no');
    await expect(stock.free(1)).rejects.toThrow('no');
    await expect(stock.forget(Date.now() + 2 * UNDO_MS)).rejects.toThrow('no');
    expect(items.size).toBe(before);
    expect(await library.removed()).toHaveLength(1);
  });
});

describe('a removed training', () => {
  test('takes with it what only it needed, after the time for an undo', async () => {
    const { usage, items, has } = disk(ONE, TWO, THREE);
    const key = await noted(ONE);
    await noted(TWO);
    await library.remove(key);
    const stock = stockOf(usage, async () => []);
    await stock.forget(Date.now() + UNDO_MS - 1_000);
    expect(has(ONE)).toBe(true);
    await stock.forget(Date.now() + UNDO_MS + 1_000);
    expect([has(ONE), has(TWO), has(THREE)]).toEqual([false, true, true]);
    const cells = cellsOf(ONE);
    const left = ['dataset', 'split', 'architecture', 'optimizer', 'train', 'diff'].filter((kind) =>
      items.has(cells.get(kind)?.node?.key ?? ''),
    );
    expect(left).toEqual(['dataset', 'split', 'architecture']);
    expect(items.has(hashText(trainOf(ONE).trace ?? ''))).toBe(false);
    expect(await library.removed()).toEqual([]);
  });

  test('that was put back, or that a sheet shows, loses nothing', async () => {
    const { usage, items } = disk(ONE, TWO);
    const before = items.size;
    const keys = [await noted(ONE), await noted(TWO)];
    const [first] = await library.all();
    await library.remove(...keys);
    if (first) await library.put(first);
    const shown = first?.key === keys[0] ? TWO : ONE;
    await stockOf(usage, async () => [shown]).forget(Date.now() + 2 * UNDO_MS);
    expect(items.size).toBe(before);
    expect(await library.removed()).toEqual([]);
    expect(await library.all()).toHaveLength(1);
  });

  test('whose page went away is forgotten by the next one', async () => {
    const { usage, has } = disk(ONE);
    await library.remove(await noted(ONE));
    library = openLibrary(NO_CHANNEL);
    await stockOf(usage, async () => []).forget(Date.now() + 2 * UNDO_MS);
    expect(has(ONE)).toBe(false);
  });
});

describe('the settings of storage', () => {
  const raw = () => createStore('gradsheet-storage', 'keyval');

  test('come back as they were set', async () => {
    expect(await openSettings().load()).toMatchObject({ budget: DEFAULT_BUDGET, asked: [] });
    await openSettings().change((before) => ({ ...before, budget: 2 ** 20, asked: ['sheet named'] }));
    expect(await openSettings().load()).toMatchObject({ budget: 2 ** 20, asked: ['sheet named'] });
  });

  test.each([
    ['no settings', 'much'],
    ['a budget of nothing', { version: 1, budget: 0, asked: [] }],
    ['a budget without end', { version: 1, budget: Number.POSITIVE_INFINITY, asked: [] }],
    ['other reasons', { version: 1, budget: 2 ** 20, asked: ['__proto__'] }],
  ])('count as never set where storage holds %s', async (_, held) => {
    await set('settings', held, raw());
    expect(await openSettings().load()).toMatchObject({ budget: DEFAULT_BUDGET, asked: [] });
  });

  test('of a newer version are read and not overwritten', async () => {
    const newer = { version: 2, budget: 2 ** 21, asked: [], more: true };
    await set('settings', newer, raw());
    expect((await openSettings().load()).budget).toBe(2 ** 21);
    await openSettings().change((before) => ({ ...before, budget: 2 ** 22 }));
    expect(await get('settings', raw())).toEqual(newer);
  });
});
