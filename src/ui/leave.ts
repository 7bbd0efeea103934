// How much of a sheet may be computed: all of it, or only what is in view until a person was asked about the rest.
//
//   plan ─▶ few and cheap? ─yes────────────────────────▶ passed
//             │ no                                          ▲
//             ▼                                             │ a thousand members at a time
//           what is in view computes; how much is all? ─▶ little, or granted before
//                                                      └▶ asked ─▶ run all / only what is in view
//
// Invariants: a run that was passed stays passed while it is the same object; what was granted for a sheet covers its
// later states that cost about as much; members of other runs are not even planned. Knows no elements.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Plan, RunPlan } from '../core/plan';
import type { Scheduler } from '../core/scheduler';
import type { RunId } from '../core/sheet';
import { macrotask } from '../core/turn';
import type { Load } from './workload';

/** So many members are planned and estimated at once, and need no look at what is there if they take no longer than this. */
const FEW = { members: 100, ms: 5_000 };
/** So many members more are let start in one task. */
const STEP = 1_000;

export interface Leave {
  /** The plan, in which runs that were not passed have no member but their first. */
  readonly opened: Accessor<Plan>;
  /** Of that plan what may start: the runs that were passed and those in view. */
  readonly started: Accessor<Plan>;
  /** What a person is asked about, or was and declined. */
  readonly asked: Accessor<Load | undefined>;
  readonly isDeclined: Accessor<boolean>;
  runAll(): void;
  /** Leaves it at what is in view. */
  decline(): void;
  /** Forgets what was granted or declined: the next sheet is another one. */
  forget(): void;
}

const membersOf = (runs: readonly RunPlan[]): number => runs.reduce((sum, { seeds }) => sum + seeds.count, 0);

/** The run as if it had no member but its first. */
const closed = new WeakMap<RunPlan, RunPlan>();
function closedOf(run: RunPlan): RunPlan {
  let made = closed.get(run);
  if (!made) {
    made = { ...run, seeds: { ...run.seeds, count: 1 }, member: () => run.cells };
    closed.set(run, made);
  }
  return made;
}

/** Follows a plan of which these runs are in view; must be made inside a Solid root. */
export function createLeave(
  scheduler: Scheduler,
  plan: Accessor<Plan>,
  inView: Accessor<readonly RunId[]>,
): Leave {
  const [added, setAdded] = createSignal<readonly RunPlan[]>([]);
  const [asked, setAsked] = createSignal<Load>();
  const [isDeclined, setDeclined] = createSignal(false);
  let granted: Load | undefined;
  let version = 0;

  function isFew(runs: readonly RunPlan[]): boolean {
    if (membersOf(runs) > FEW.members) return false;
    const nodes = runs.flatMap((run) =>
      Array.from({ length: run.seeds.count }, (_, index) =>
        [...run.member(index).values()].flatMap(({ node }) => node ?? []),
      ).flat(),
    );
    return scheduler.workload(nodes).ms <= FEW.ms;
  }

  const few = createMemo(() => isFew([...plan().runs.values()]));
  const passed = createMemo<ReadonlySet<RunPlan>>((before) => {
    const runs = [...plan().runs.values()];
    if (few()) return new Set(runs);
    const more = new Set(added());
    return new Set(runs.filter((run) => before.has(run) || more.has(run)));
  }, new Set());

  /** Lets runs start, as many at a time as a frame has room for. */
  async function pass(runs: readonly RunPlan[]): Promise<void> {
    const mine = ++version;
    let next: RunPlan[] = [];
    for (const run of runs) {
      next.push(run);
      if (membersOf(next) < STEP) continue;
      setAdded(next);
      next = [];
      await macrotask();
      if (mine !== version) return;
    }
    if (next.length > 0) setAdded(next);
  }

  async function assess(runs: readonly RunPlan[]): Promise<void> {
    const mine = ++version;
    const turn = async (): Promise<boolean> => {
      await macrotask();
      return mine === version;
    };
    const { asksFirst, loadOf } = await import('./workload');
    const load = await loadOf(scheduler, runs, turn);
    if (!load || mine !== version) return;
    const asks = asksFirst(load, granted);
    setAsked(asks ? load : undefined);
    if (!asks) await pass(runs);
  }

  const waiting = (): RunPlan[] => [...plan().runs.values()].filter((run) => !passed().has(run));

  createEffect(
    on([plan, few], () => {
      version++;
      const runs = waiting();
      if (runs.length > 0) void assess(runs);
      else setAsked(undefined);
    }),
  );
  onCleanup(() => {
    version++;
  });

  const restricted = (keep: (run: RunPlan) => RunPlan | undefined): Plan => {
    const whole = plan();
    if (passed().size === whole.runs.size) return whole;
    return {
      sheet: whole.sheet,
      runs: new Map(
        [...whole.runs].flatMap(([id, run]) => ((kept) => (kept ? [[id, kept]] : []))(keep(run))),
      ),
    };
  };
  const openedOf = (run: RunPlan): RunPlan => (passed().has(run) ? run : closedOf(run));

  return {
    opened: createMemo(() => restricted(openedOf)),
    started: createMemo(() => {
      const isAll = passed().size === plan().runs.size;
      const seen = new Set(isAll ? [] : inView());
      return restricted((run) => (passed().has(run) || seen.has(run.run.id) ? openedOf(run) : undefined));
    }),
    asked,
    isDeclined,
    runAll() {
      const load = asked();
      if (!load) return;
      void import('./workload').then(({ largerOf }) => {
        granted = largerOf(granted, load);
        setAsked(undefined);
        setDeclined(false);
        void pass(waiting());
      });
    },
    decline: () => void setDeclined(true),
    forget() {
      granted = undefined;
      setDeclined(false);
    },
  };
}
