// A schedule over results: pages put and read entries and checkpoints, and keep them within a budget.
// Invariants: a read returns only the value of its key; a result that a sheet refers to is never removed; a
// later release's record is never changed; storage that works again is used. Does not know the screen.

import { isDeepStrictEqual } from 'node:util';
import { createStore, promisifyRequest } from 'idb-keyval';
import type { Node } from '../../src/core/plan/node';
import type { Sheet } from '../../src/core/sheet/sheet';
import { source } from './bundle';
import { atRate } from './faults';
import { type Random, random } from './random';
import { simulatedWorld, type Tried } from './world';

const { createPlanner, createRegistry, createStock, defineKind, hashText, idbStore, int } = source;
const { number, strictObject } = source;

const HASTE = 0.02;
const RATES = [0, 0.02, 0.1, 0.3];
/** The number of recipes; sheets refer to the first REFERRED, a later release wrote the last. */
const RECIPES = 6;
const REFERRED = 2;
const NEWER = RECIPES - 1;
const FARTHEST = 40;
/** Bytes for about three entries with their checkpoints. */
const BUDGET = 2_000;
const DEEDS = [
  ...['put', 'put', 'get', 'get', 'put a checkpoint', 'put a checkpoint', 'get a checkpoint'],
  ...['hold', 'hold', 'free'],
] as const;

const kind = defineKind({
  name: 'toy',
  about: 'toy',
  version: 1,
  params: {
    n: int({ about: 'n', default: 0, min: 0, max: 99 }),
    steps: int({ about: 'steps', default: 1, min: 1, max: 99 }),
  },
  inputs: {},
  value: strictObject({ of: number() }),
  extent: { param: 'steps', state: strictObject({ of: number(), at: number() }) },
  compute: ({ n }) => ({ of: n }),
});
const registry = createRegistry([kind as never]);

const sheetOf = (n: number): Sheet => ({
  runs: [{ id: 'A', name: '', overrides: new Map([['toy.n', String(n)]]) }],
  rows: [],
});
const nodes = Array.from({ length: RECIPES + 1 }, (_, n): Node => {
  const node = createPlanner(registry)(sheetOf(n)).runs.get('A')?.cells.get('toy')?.node;
  if (!node) throw new Error('there is no such cell');
  return node;
});
const nodeOf = (n: number): Node => nodes[n] as Node;
const traceOf = (n: number): string => nodeOf(n).trace ?? '';
const entryOf = (n: number) => ({
  ...{ key: nodeOf(n).key, recipe: nodeOf(n).recipe, ms: 5_000 },
  value: { of: n, data: new Float64Array(32).fill(n) },
});

type Store = ReturnType<typeof idbStore>;

/** The results that sheets refer to and that a page read from the disk: they must be there at the end. */
interface Seen {
  readonly entries: Set<number>;
  /** The farthest checkpoint of each trace. */
  readonly farthest: Map<number, number>;
}

const stockOf = (store: Store) =>
  createStock({
    registry,
    usage: store.usage,
    library: {
      all: async () => [],
      removed: async () => [],
      forget: async () => {},
      unreadableCount: () => ({ all: 0, newer: 0 }),
    },
    sheets: async () => Array.from({ length: REFERRED }, (_, n) => sheetOf(n)),
    planner: async () => createPlanner(registry),
  });

/** Whether an entry is stored; adds a violation if it is wrong. */
async function isHeld(store: Store, n: number, wrong: string[]): Promise<boolean> {
  const found = await store.get(nodeOf(n).key);
  if (found === undefined) return false;
  const { key, recipe, value } = found.entry;
  const isRight = key === nodeOf(n).key && recipe === nodeOf(n).recipe && (value as { of?: number }).of === n;
  if (!isRight) wrong.push(`key ${n} holds ${recipe}`);
  return true;
}

/** Returns the place of the latest checkpoint up to `atMost`, or 0; adds a violation if it is wrong. */
async function reach(store: Store, n: number, atMost: number, wrong: string[]): Promise<number> {
  const found = await store.checkpoint(traceOf(n), atMost);
  if (!found) return 0;
  const { of, at } = found.state as { of: number; at: number };
  if (of !== n || at !== found.at || at > atMost)
    wrong.push(`trace ${n} up to ${atMost} holds ${of} at ${at}`);
  return found.at;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function work(chance: Random, seen: Seen, wrong: string[]): Promise<void> {
  const store = idbStore();
  const stock = stockOf(store);
  for (let times = 0; times < 25; times++) {
    const n = chance.below(RECIPES);
    const at = chance.below(4) * 10;
    switch (chance.pick(DEEDS)) {
      case 'put':
        void store.put(entryOf(n));
        break;
      case 'get':
        void isHeld(store, n, wrong).then((isThere) => isThere && seen.entries.add(n));
        break;
      case 'put a checkpoint':
        void store.putCheckpoint({ trace: traceOf(n), at, ms: 5_000, state: { of: n, at } });
        break;
      case 'get a checkpoint':
        void reach(store, n, at, wrong).then((far) =>
          seen.farthest.set(n, Math.max(far, seen.farthest.get(n) ?? 0)),
        );
        break;
      case 'hold':
        void stock.hold(BUDGET).catch(() => {});
        break;
      default:
        void stock.free(BUDGET).catch(() => {});
    }
    await pause(chance.below(1_000));
  }
}

const DATABASES = ['gradsheet-entries', 'gradsheet-checkpoints'] as const;

const inDatabase = <T>(name: string, work: (store: IDBObjectStore) => Promise<T>): Promise<T> =>
  createStore(name, 'keyval')('readwrite', work);

/** Records that a later release wrote under this release's keys, with their database. */
function newerRecords(): readonly (readonly [string, IDBValidKey, unknown])[] {
  const hash = hashText(traceOf(NEWER));
  const { key } = nodeOf(NEWER);
  return [
    ['gradsheet-entries', key, { format: 3, key, pages: [new Uint8Array([1])] }],
    ['gradsheet-entries', ['index', key], { format: 3, bytes: 900, used: 1 }],
    ['gradsheet-checkpoints', `${hash} 10`, { format: 3, parts: [1, 2] }],
    ['gradsheet-checkpoints', ['index', hash], { format: 3, bytes: 900, used: 1 }],
  ];
}

async function layNewer(): Promise<void> {
  for (const [database, key, value] of newerRecords())
    await inDatabase(database, (store) => {
      store.put(value, key);
      return promisifyRequest(store.transaction);
    });
}

/** Stores the value of one key under another key, as damage or an attack would. */
const swap = (database: string, from: number, to: number): Promise<void> =>
  inDatabase(database, async (store) => {
    const [keys, values] = await Promise.all([
      promisifyRequest(store.getAllKeys()),
      promisifyRequest<unknown[]>(store.getAll()),
    ]);
    const key = keys[to % keys.length];
    if (key !== undefined) store.put(values[from % values.length], key);
  }).catch(() => {});

/** Returns the violations that a fresh page finds. */
async function audit(seen: Seen, isDamaged: boolean, hasNewer: boolean): Promise<string[]> {
  const store = idbStore();
  const wrong: string[] = [];
  for (let n = 0; n < RECIPES; n++) {
    const isThere = await isHeld(store, n, wrong);
    const far = await reach(store, n, FARTHEST, wrong);
    if (n >= REFERRED || isDamaged) continue;
    if (seen.entries.has(n) && !isThere) wrong.push(`entry ${n} is referred to, and was removed`);
    if (far < (seen.farthest.get(n) ?? 0))
      wrong.push(`the checkpoints of ${n} are referred to, and were removed`);
  }
  const { items, share } = await stockOf(store).hold(BUDGET);
  if (share.bytes > BUDGET && share.free.length > 0)
    wrong.push(`${share.bytes} bytes are held, and ${share.free.length} of ${items.length} could go`);
  for (const [database, key, value] of hasNewer ? newerRecords() : []) {
    const held = await inDatabase(database, (use) => promisifyRequest(use.get(key)));
    if (!isDeepStrictEqual(held, value)) wrong.push(`${key}: a later release's record was changed`);
  }
  // A new store has not been told that the needed results alone exceed the budget.
  await idbStore().put(entryOf(RECIPES));
  if (!(await isHeld(idbStore(), RECIPES, wrong))) wrong.push('sound storage keeps nothing');
  return wrong;
}

/** Runs one schedule over results: two pages, one of which is killed; in some, records are damaged. */
export async function tryResults(seed: number): Promise<Tried> {
  const chance = random(seed, 'plan');
  const inject = atRate(random(seed, 'faults'), chance.pick(RATES));
  let isLaid = false;
  const world = simulatedWorld(seed, (operation) => (isLaid ? inject(operation) : undefined), HASTE);
  const isDamaged = chance.chance(0.3);
  const hasNewer = !isDamaged && chance.chance(0.5);
  const seen: Seen = { entries: new Set(), farthest: new Map() };
  const wrong: string[] = [];
  try {
    const pages = [await world.open(), await world.open()];
    if (hasNewer) await pages[0]?.evaluate(layNewer);
    isLaid = true;
    for (const [at, page] of pages.entries())
      await page.evaluate(() => void work(random(seed, `page ${at}`), seen, wrong));
    await world.pass(chance.below(15_000));
    for (const database of isDamaged ? DATABASES : [])
      await pages[1]?.evaluate(() => void swap(database, chance.below(100), chance.below(100)));
    await pages[0]?.kill();
    await world.pass(chance.below(15_000));
    world.heal();
    await world.pass(120_000);
    await pages[1]?.kill();
    wrong.push(...(await (await world.open()).evaluate(() => audit(seen, isDamaged, hasNewer))));
    return { ...world.tried(), violations: wrong };
  } finally {
    await world.close();
  }
}
