// A schedule over trainings: pages that want the same ones and agree by locks on who trains; some are killed, some frozen.
// Invariants: who still wants a training gets it, and the right one; where nothing fails, nobody is killed or frozen and no page
// keeps a training waiting for its own slots, each stretch of a trace is trained once by all pages together.
// Does not know what a training is: a toy one counts.

import type { Node } from '../../src/core/plan/node';
import { source } from './bundle';
import { atRate, sound } from './faults';
import { type Random, random } from './random';
import { type ScriptedPage, simulatedWorld, type Tried } from './world';

const { createPlanner, createRegistry, createScheduler, defineKind, idbStore, inlineEngine, int } = source;
const { memoryStore, number, pageTurns, strictObject, takeTurns, tiered } = source;

const STEP_MS = 400;
const EXTENTS = [8, 16, 24];
/** More slots than a page wants trainings. */
const WIDE = 8;
/** Longer than all trainings take one after the other, waits for locks included. */
const PATIENCE_MS = 10 * 60_000;

/** How often each step of each trace was trained, by all pages. */
type Trained = Map<string, number>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A fold whose value tells which steps led to it. */
const foldOf = (onStep: (n: number, step: number) => void) =>
  defineKind({
    name: 'fold',
    version: 1,
    params: { n: int({ default: 0, min: 0, max: 9 }), steps: int({ default: 8, min: 1, max: 99 }) },
    inputs: {},
    value: strictObject({ of: number(), sum: number() }),
    extent: { param: 'steps', state: strictObject({ done: number(), sum: number() }) },
    estimate: ({ steps }) => ({ flops: steps * 1e9, bytes: 8, lower: { flops: 'steps', bytes: 'steps' } }),
    async compute({ n, steps }, _, run) {
      let { done, sum } = run.checkpoint?.state ?? { done: 0, sum: 0 };
      while (done < steps) {
        await pause(STEP_MS);
        await run.turn();
        done++;
        sum += done * (n + 1);
        onStep(n, done);
        const at = { done, sum };
        run.save(done, () => at);
      }
      return { of: n, sum };
    },
  });

const sumOf = (n: number, steps: number): number => ((steps * (steps + 1)) / 2) * (n + 1);

interface Wanted {
  readonly n: number;
  readonly steps: number;
  isDone: boolean;
}

/** What the pages of a schedule have in common. */
interface Shared {
  readonly trained: Trained;
  readonly wrong: string[];
  readonly hasLocks: boolean;
  /** Whether nothing happens for which a stretch may be trained twice. */
  readonly isStrict: boolean;
}

/** A page that wants some trainings, one after the other or at once. */
function openPage(chance: Random, { trained, wrong, hasLocks, isStrict }: Shared): readonly Wanted[] {
  const kind = foldOf((n, step) => {
    const place = `${n} at ${step}`;
    trained.set(place, (trained.get(place) ?? 0) + 1);
  });
  const registry = createRegistry([kind as never]);
  const scheduler = createScheduler({
    store: tiered(memoryStore(), idbStore()),
    // A page that waits for a slot of its own holds its lock meanwhile, and others do not wait for that for ever.
    engine: { ...inlineEngine(registry, undefined, true), ...(isStrict && { slots: WIDE }) },
    turns: Promise.resolve(hasLocks ? pageTurns() : takeTurns({ hold: async () => () => {} })),
  });
  const planner = createPlanner(registry);
  const nodeOf = (n: number, steps: number): Node => {
    const overrides = new Map(Object.entries({ 'fold.n': String(n), 'fold.steps': String(steps) }));
    const node = planner({ runs: [{ id: 'A', name: '', overrides }], rows: [] })
      .runs.get('A')
      ?.cells.get('fold')?.node;
    if (!node) throw new Error('there is no such cell');
    return node;
  };
  const wanted: Wanted[] = [];
  async function want(): Promise<void> {
    for (let times = 1 + chance.below(3); times > 0; times--) {
      await pause(chance.below(4_000));
      const one: Wanted = { n: chance.below(2), steps: chance.pick(EXTENTS), isDone: false };
      const demand = scheduler.demand(nodeOf(one.n, one.steps));
      // Some are given up.
      if (!isStrict && chance.chance(0.15)) setTimeout(() => demand.release(), chance.below(6_000));
      else wanted.push(one);
      demand.outcome.then(
        ({ result }) => {
          one.isDone = true;
          const { of, sum } = (result?.value ?? {}) as { of?: number; sum?: number };
          if (of !== one.n || sum !== sumOf(one.n, one.steps))
            wrong.push(`training ${one.n} of ${one.steps} steps yields ${sum} of ${of}`);
        },
        () => {},
      );
    }
  }
  void want();
  return wanted;
}

interface Opened {
  readonly page: ScriptedPage;
  readonly wanted: readonly Wanted[];
  state: 'live' | 'frozen' | 'killed';
}

/** One schedule over trainings. */
export async function tryTrainings(seed: number): Promise<Tried> {
  const chance = random(seed, 'plan');
  const rate = chance.pick([0, 0, 0, 0.03]);
  const isStill = chance.chance(0.4);
  const hasLocks = chance.chance(0.9);
  const isStrict = rate === 0 && isStill && hasLocks;
  const inject = rate === 0 ? sound : atRate(random(seed, 'faults'), rate);
  const world = simulatedWorld(seed, inject, isStrict ? 0 : 0.02);
  const shared: Shared = { trained: new Map(), wrong: [], hasLocks, isStrict };
  const { trained, wrong } = shared;
  const opened: Opened[] = [];
  const wait = (state: Opened['state']): void => {
    for (const [at, { wanted, state: now }] of opened.entries())
      for (const { n, steps, isDone } of now === state ? wanted : [])
        if (!isDone) wrong.push(`page ${at + 1} waits for ever for ${steps} steps of ${n}`);
  };
  try {
    for (let at = 1 + chance.below(4); at > 0; at--) {
      const page = await world.open({ locks: !hasLocks });
      const own = random(seed, `page ${at}`);
      const wanted = await page.evaluate(() => openPage(own, shared));
      opened.push({ page, wanted, state: 'live' });
    }
    for (let times = isStill ? 0 : 1 + chance.below(3); times > 0; times--) {
      await world.pass(chance.below(12_000));
      const one = chance.pick(opened);
      if (one.state !== 'live') continue;
      if (chance.chance(0.5)) {
        one.state = 'killed';
        await one.page.kill();
      } else {
        await one.page.freeze();
        one.state = 'frozen';
        await world.pass(chance.below(30_000));
        // Some stay frozen until all others are done.
        if (chance.chance(0.5)) continue;
        await one.page.thaw();
        one.state = 'live';
      }
    }
    world.heal();
    await world.pass(PATIENCE_MS);
    wait('live');
    for (const { page, state } of opened) if (state === 'frozen') await page.thaw();
    await world.pass(PATIENCE_MS);
    wait('frozen');
    for (const [place, count] of isStrict ? trained : [])
      if (count > 1) wrong.push(`${place} was trained ${count} times`);
    return { ...world.tried(), violations: wrong };
  } finally {
    await world.close();
  }
}
