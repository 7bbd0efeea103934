// Results and the library under schedules: what a page gets belongs to its key, what was promised is there, storage that is
// sound again is used again.
import { createStore, promisifyRequest } from 'idb-keyval';
import { expect, test } from 'vitest';
import { keyOf, lineage } from '../platform/lineages';
import { source } from './bundle';
import { atRate } from './faults';
import { type Random, random } from './random';
import { type ScriptedPage, simulatedWorld } from './world';

const { hashText, idbStore, openLibrary } = source;
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 2_000) / 10;
const HASTE = 0.02;
const KEYS = 6;
const RATES = [0, 0.02, 0.1, 0.3];
const LONG_MS = 600_000;

const recipeOf = (n: number): string => `dataset@1 randomState=${n}`;
const entryKey = (n: number): string => `dataset-${hashText(recipeOf(n))}`;
const entryOf = (n: number) => ({
  ...{ key: entryKey(n), recipe: recipeOf(n), ms: 5_000 },
  value: { of: n, data: new Float64Array(8).fill(n) },
});
const traceOf = (n: number): string => `train@1 seed=${n}`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts what lies under one key under another one, as damage or a hostile hand would. */
const swap = (database: string, from: number, to: number): Promise<void> =>
  createStore(database, 'keyval')('readwrite', async (store) => {
    const [keys, values] = await Promise.all([
      promisifyRequest(store.getAllKeys()),
      promisifyRequest<unknown[]>(store.getAll()),
    ]);
    const key = keys[to % keys.length];
    if (key !== undefined) store.put(values[from % values.length], key);
  }).catch(() => {});

/** Runs a schedule: pages that work, one of which is killed, and a page that looks at what is left. */
async function schedule(
  seed: number,
  work: (chance: Random, wrong: string[]) => Promise<void>,
  look: (page: ScriptedPage) => Promise<string[]>,
  damaged: readonly string[] = [],
): Promise<void> {
  const chance = random(seed, 'plan');
  const world = simulatedWorld(seed, atRate(random(seed, 'faults'), chance.pick(RATES)), HASTE);
  const wrong: string[] = [];
  try {
    const pages = [await world.open(), await world.open()];
    for (const [at, page] of pages.entries())
      await page.run(() => void work(random(seed, `page ${at}`), wrong));
    await world.pass(chance.below(10_000));
    for (const database of damaged)
      await pages[1]?.run(() => void swap(database, chance.below(100), chance.below(100)));
    await pages[0]?.kill();
    await world.pass(chance.below(10_000));
    world.heal();
    await world.pass(120_000);
    await pages[1]?.kill();
    wrong.push(...(await look(await world.open())));
  } finally {
    await world.close();
  }
  expect(wrong, `seed ${seed}`).toEqual([]);
}

/** What is wrong with what a store gives for a key. */
async function check(store: ReturnType<typeof idbStore>, n: number): Promise<string[]> {
  const found = await store.get(entryKey(n));
  if (found === undefined) return [];
  const { key, recipe, value } = found.entry;
  const { of } = value as { of?: number };
  return key === entryKey(n) && recipe === recipeOf(n) && of === n ? [] : [`key ${n} holds ${recipe}`];
}

test(
  'what a page gets of results belongs to its key, whatever fails',
  async () => {
    for (let seed = 1; seed <= SCHEDULES; seed++)
      await schedule(
        seed,
        async (chance, wrong) => {
          const store = idbStore();
          for (let times = 0; times < 25; times++) {
            const n = chance.below(KEYS);
            const at = chance.below(4) * 10;
            const trace = traceOf(n);
            switch (chance.pick(['put', 'get', 'put a checkpoint', 'get a checkpoint'])) {
              case 'put':
                void store.put(entryOf(n));
                break;
              case 'get':
                void check(store, n).then((found) => wrong.push(...found));
                break;
              case 'put a checkpoint':
                void store.putCheckpoint({ trace, at, ms: 5_000, state: { of: n, at } });
                break;
              default:
                void store.checkpoint(trace, at).then((found) => {
                  const { of, at: place } = (found?.state ?? { of: n, at }) as { of: number; at: number };
                  const isRight = of === n && place === (found?.at ?? at) && place <= at;
                  if (!isRight) wrong.push(`trace ${n} up to ${at} holds ${of} at ${place}`);
                });
            }
            await pause(chance.below(1_000));
          }
        },
        (page) =>
          page.run(async () => {
            const store = idbStore();
            const wrong = (await Promise.all(Array.from({ length: KEYS }, (_, n) => check(store, n)))).flat();
            await store.put(entryOf(KEYS));
            const again = await idbStore().get(entryKey(KEYS));
            return again ? wrong : [...wrong, 'sound storage keeps nothing'];
          }),
        ['gradsheet-entries', 'gradsheet-checkpoints'],
      );
  },
  LONG_MS,
);

test(
  'the library has what it said that it keeps',
  async () => {
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      const kept = new Set<number>();
      await schedule(
        seed,
        async (chance) => {
          const library = openLibrary();
          for (let times = 0; times < 10; times++) {
            const n = chance.below(1_000);
            void library.put(lineage(n)).then(
              () => kept.add(n),
              () => {},
            );
            if (chance.chance(0.3)) void library.list().catch(() => {});
            await pause(chance.below(1_000));
          }
        },
        (page) =>
          page.run(async () => {
            const found = new Set((await openLibrary().list()).map(({ key }) => key));
            return [...kept]
              .filter((n) => !found.has(keyOf(n)))
              .map((n) => `${n} was kept, and is not there`);
          }),
      );
    }
  },
  LONG_MS,
);
