// A schedule over the library: pages put lineages, and one of them is killed.
// Invariant: a fresh page finds every lineage that a page reported as stored. Does not know results.

import { keyOf, lineage } from '../platform/lineages';
import { source } from './bundle';
import { atRate } from './faults';
import { type Random, random } from './random';
import { simulatedWorld, type Tried } from './world';

const { openLibrary } = source;
const HASTE = 0.02;
const RATES = [0, 0.02, 0.1, 0.3];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function work(chance: Random, kept: Set<number>): Promise<void> {
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
}

/** Runs one schedule over the library. */
export async function tryLibrary(seed: number): Promise<Tried> {
  const chance = random(seed, 'plan');
  const world = simulatedWorld(seed, atRate(random(seed, 'faults'), chance.pick(RATES)), HASTE);
  const kept = new Set<number>();
  try {
    const pages = [await world.open(), await world.open()];
    for (const [at, page] of pages.entries())
      await page.evaluate(() => void work(random(seed, `page ${at}`), kept));
    await world.pass(chance.below(10_000));
    await pages[0]?.kill();
    await world.pass(chance.below(10_000));
    world.heal();
    await world.pass(120_000);
    await pages[1]?.kill();
    const found = await (await world.open()).evaluate(async () => {
      const listed = await openLibrary().list();
      return new Set(listed.map(({ key }) => key));
    });
    const lost = [...kept].filter((n) => !found.has(keyOf(n)));
    return { ...world.tried(), violations: lost.map((n) => `${n} was kept, and is not there`) };
  } finally {
    await world.close();
  }
}
