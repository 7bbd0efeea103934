// The page's view on storage over the real results, sheets and lineages on a disk in memory: what is removed, and what is not.

import { createStore, get, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { hashText } from '../../../src/core/plan/key';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner } from '../../../src/core/plan/plan';
import { startHistory } from '../../../src/core/sheet/history';
import type { Sheet } from '../../../src/core/sheet/sheet';
import { type OpenLibraryPort, openLibraryPort } from '../../../src/page/ports/library-port';
import { presentSheets } from '../../../src/page/ports/present-sheets';
import { openStoragePort, type StoragePort } from '../../../src/page/ports/storage-port';
import { parseAddress } from '../../../src/platform/page/address';
import { lineageOf } from '../../../src/platform/storage/library/lineage';
import { type DiskStore, idbStore } from '../../../src/platform/storage/results/idb-store';
import { FORMAT, indexKey } from '../../../src/platform/storage/results/result-records';
import { openSheetList } from '../../../src/platform/storage/sheets/sheet-list';
import { headKey, sheetKey } from '../../../src/platform/storage/sheets/sheet-records';
import { openSheets, type SheetStore } from '../../../src/platform/storage/sheets/sheets';
import { freshIdb, hold } from '../../platform/fresh-idb';
import { keyOf } from '../../platform/lineages';

// Node's conditions choose Solid's server build, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));
freshIdb();

const language = createLanguage(registry);

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

/** Every node of a sheet, members included, by its key. */
function nodesOf(sheet: Sheet): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  for (const { seeds, member } of createPlanner(registry, () => language)(sheet).runs.values())
    for (let index = 0; index < seeds.count; index++)
      for (const { node } of member(index).values()) if (node) nodes.set(node.key, node);
  return nodes;
}

const KEPT = sheetOf(
  '#v1&A=seeds&A.seeds=3&B=formula&B.optimizer.learningRate=%3DA.learningRate*2&C=based&C.base=B&C.train.epochs=7',
);
const [LINKED, SHOWN, NOTED, REMOVED, NOBODYS] = [2, 3, 4, 5, 6].map((seed) =>
  sheetOf(`#v1&A=a&A.dataset.randomState=${seed}&A.split.randomState=${seed}&A.architecture.seed=${seed}`),
) as [Sheet, Sheet, Sheet, Sheet, Sheet];
const ALL = [KEPT, LINKED, SHOWN, NOTED, REMOVED, NOBODYS];

let disk: DiskStore;
let store: SheetStore;
let library: OpenLibraryPort;
let port: StoragePort;
let shown: Sheet;

/** The ids of what lies on disk. */
const left = async (): Promise<Set<string>> => new Set((await disk.usage.list()).map(({ id }) => id));

/** The ids of all that a sheet has on disk. */
const idsOf = (sheet: Sheet): string[] =>
  [...nodesOf(sheet).values()].flatMap(({ key, trace }) => [key, ...(trace ? [hashText(trace)] : [])]);

const write = (id: string, sheet: Sheet, kept: boolean) =>
  store.write({ id, before: undefined, history: startHistory(sheet), kept, edited: 1, by: [] });

beforeEach(async () => {
  disk = idbStore();
  store = openSheets();
  const list = openSheetList(store);
  shown = SHOWN;
  for (const { key, recipe, trace } of ALL.flatMap((sheet) => [...nodesOf(sheet).values()])) {
    void disk.put({ key, recipe, value: { of: key }, ms: 1 });
    if (trace !== undefined) void disk.putCheckpoint({ trace, at: 1, state: { of: key }, ms: 1_000 });
  }
  const everything = new Set(ALL.flatMap(idsOf));
  await vi.waitFor(async () => expect(await left()).toEqual(everything), 10_000);
  await write('kept', KEPT, true);
  await write('linked', LINKED, false);
  await write('removed', REMOVED, true);
  await list.mark('removed', 1);
  library = openLibraryPort(registry, () => {});
  const cells = createPlanner(registry)(NOTED).runs.get('A')?.cells;
  const curve = new Float64Array([1]);
  const gradientRms = { shape: [1, 1] as const, data: curve };
  const value = { loss: curve, accuracy: curve, testLoss: curve, testAccuracy: curve, gradientRms };
  const noted = cells && lineageOf(cells, value, 1, 'noted');
  if (noted) await library.library.put({ ...noted, imported: true, note: 'a note' });
  port = openStoragePort({
    registry,
    library,
    usage: disk.usage,
    say: () => {},
    sheets: async () =>
      (await presentSheets(list, store, shown)).map((found) => ({
        name: found.sheet.runs[0]?.name ?? '',
        ...found,
      })),
  });
});
afterEach(() => {
  port.close();
  library.library.close();
});

describe('freeing storage', () => {
  test('keeps what a sheet, a link that was edited, the sheet on the screen, or a noted training needs', async () => {
    await port.free();
    expect(port.trouble()).toBeUndefined();
    expect(await left()).toEqual(new Set([KEPT, LINKED, SHOWN, NOTED].flatMap(idsOf)));
    expect(port.state()).toMatchObject({ free: 0, full: false });
  });

  test('counts what is on the screen once where it is stored too, and as it is there where it is not saved yet', async () => {
    shown = KEPT;
    await port.free();
    expect(await left()).toEqual(new Set([KEPT, LINKED, NOTED].flatMap(idsOf)));
    const own = port.state()?.offers.map(({ name }) => name);
    expect(own).toContain('seeds');
  });

  test.each<[string, () => Promise<unknown>]>([
    ['a sheet', () => hold('gradsheet-sheet', { [sheetKey('kept')]: { format: 2, id: 'kept' } })],
    [
      'a sheet whose head is lost too',
      () => hold('gradsheet-sheet', { [sheetKey('kept')]: 'damaged', [headKey('kept')]: 'damaged' }),
    ],
  ])('removes nothing where %s cannot be read, and says so', async (_, damage) => {
    const before = await left();
    await damage();
    await port.free();
    expect(await left()).toEqual(before);
    expect(port.trouble()).toBe(
      'Storage cannot be read (the sheet kept cannot be read). Nothing was removed.',
    );
  });

  test.each<[string, unknown]>([
    ['is damaged', { version: 2, lineage: 'none', checksum: '' }],
    ['a newer version wrote', { version: 3, lineage: 'in another form' }],
  ])('removes nothing where a training %s: what that one needs is not known', async (_, record) => {
    const before = await left();
    await hold('gradsheet-library', { [keyOf(1)]: record });
    await library.library.list();
    await port.free();
    expect(await left()).toEqual(before);
    expect(port.state()).toMatchObject({ free: 0, full: false });
    await library.library.removeUnreadable(keyOf(1));
    await library.library.list();
    await port.free();
    expect((await left()).size).toBeLessThan(before.size);
  });

  test('leaves what a later release wrote, whoever needs it', async () => {
    const [key = ''] = nodesOf(NOBODYS).keys();
    const [entries, checkpoints] = ['gradsheet-entries', 'gradsheet-checkpoints'].map((name) =>
      createStore(name, 'keyval'),
    );
    const later = { format: FORMAT + 1, more: true };
    await set(key, later, entries);
    await set(indexKey(key), later, entries);
    await set(indexKey('later'), later, checkpoints);
    await set('later 5', later, checkpoints);
    await port.free();
    expect(await left()).toEqual(new Set([key, 'later', ...[KEPT, LINKED, SHOWN, NOTED].flatMap(idsOf)]));
    expect(await get(key, entries)).toEqual(later);
    expect(await get('later 5', checkpoints)).toEqual(later);
  });
});
