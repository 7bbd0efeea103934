// A schedule over trainings: pages demand the same trainings and agree by locks on who trains; some are
// killed, some frozen.
// Invariants: a page that still demands a training gets the right one. In a schedule without faults, kills,
// freezes and waits for slots, all pages together train each stretch of a trace once.
// Does not know real trainings: a toy kind counts.

import type { Node } from '../../src/core/plan/node';
import { source } from './bundle';
import { atRate, sound } from './faults';
import { type Random, random } from './random';
import { type ScriptedPage, simulatedWorld, type Tried } from './world';

const { createPlanner, createRegistry, createScheduler, defineKind, idbStore, inlineEngine, int } = source;
const { memoryStore, number, pagesSharedExecution, strictObject, createSharedExecution, tiered } = source;

const STEP_MS = 400;
const EXTENTS = [8, 16, 24];
/** More slots than a page demands trainings. */
const WIDE = 8;
/** Longer than all trainings in sequence, waits for locks included; in milliseconds. */
const PATIENCE_MS = 10 * 60_000;

/** The number of times that each step of each trace was trained, over all pages. */
type Trained = Map<string, number>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A kind with an extent whose value shows which steps led to it. */
const foldOf = (onStep: (n: number, step: number) => void) =>
  defineKind({
    name: 'fold',
    about: 'fold',
    version: 1,
    params: {
      n: int({ about: 'n', default: 0, min: 0, max: 9 }),
      steps: int({ about: 'steps', default: 8, min: 1, max: 99 }),
    },
    inputs: {},
    value: strictObject({ of: number(), sum: number() }),
    extent: { param: 'steps', state: strictObject({ done: number(), sum: number() }) },
    estimate: ({ steps }) => ({ flops: steps * 1e9, bytes: 8, lower: { flops: 'steps', bytes: 'steps' } }),
    async compute({ n, steps }, _, run) {
      let { done, sum } = run.checkpoint?.state ?? { done: 0, sum: 0 };
      while (done < steps) {
        await pause(STEP_MS);
        await run.yieldThread();
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

/** The shared state of a schedule's pages. */
interface Shared {
  readonly trained: Trained;
  readonly wrong: string[];
  readonly hasLocks: boolean;
  /** Whether each stretch must be trained only once: no faults, kills or freezes in this schedule. */
  readonly isStrict: boolean;
}

/** Opens a page that demands some trainings, in sequence or at once. */
function openPage(chance: Random, { trained, wrong, hasLocks, isStrict }: Shared): readonly Wanted[] {
  const kind = foldOf((n, step) => {
    const place = `${n} at ${step}`;
    trained.set(place, (trained.get(place) ?? 0) + 1);
  });
  const registry = createRegistry([kind as never]);
  const scheduler = createScheduler({
    store: tiered(memoryStore(), idbStore()),
    // A page that waits for a slot holds its lock, and other pages stop waiting for that lock after a while.
    engine: { ...inlineEngine(registry, undefined, true), ...(isStrict && { slots: WIDE }) },
    sharedExecution: Promise.resolve(
      hasLocks ? pagesSharedExecution() : createSharedExecution({ hold: async () => () => {} }),
    ),
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
      // Some demands are released early.
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

/** Runs one schedule over trainings. */
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
        // Some pages stay frozen until all others are done.
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
