// The members of runs with seeds: the number of present members, and their states, published a few times a second.
// Invariant: a published state is the state at that moment; the cost of publishing does not grow with the number of events, so
// that a thousand members finishing at once do not stop the page.

import { type Accessor, createEffect, createSignal, on, onCleanup, type Signal, untrack } from 'solid-js';
import type { KeyState, Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { Plan, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import { untilRedrawTick } from './redraw-tick';

/** The nodes of one kind in all members of a run, each once; member 0 first. */
export function memberNodes(run: RunPlan, kind: string): readonly Node[] {
  const first = run.cells.get(kind)?.node;
  if (first && isShared(run, kind)) return [first];
  return Array.from(
    { length: run.seeds.count },
    (_, index) => run.member(index).get(kind)?.node ?? [],
  ).flat();
}

/** Whether all members of a run with seeds have one cell of this kind. */
export const isShared = (run: RunPlan, kind: string): boolean =>
  run.seeds.count > 1 && run.member(1).get(kind)?.node === run.cells.get(kind)?.node;

export interface Members {
  /** The run as far as its members may be computed, which alone are planned; reading it in a computation waits for more. */
  opened(run: RunPlan): RunPlan;
  /** A number that grows each time something of the run's members is told; reading it subscribes to that. */
  told(run: RunId): number;
  /** The states of these nodes; reading it in a computation subscribes to what becomes of the run's members. */
  states(run: RunId, nodes: readonly Node[]): readonly KeyState[];
}

/** Follows the members of all runs of a plan, which has no more of them than may be computed. */
export function createMembers(scheduler: Scheduler, plan: Accessor<Plan>): Members {
  const told = new Map<RunId, Signal<number>>();
  const runsOf = new Map<Key, Set<RunId>>();
  const changed = new Set<RunId>();
  /** The nodes of members that are not there: the last of them is told of at once. */
  const missing = new Set<Key>();
  let followed: ReadonlySet<RunPlan> = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const signalOf = (run: RunId): Signal<number> => {
    let signal = told.get(run);
    if (!signal) {
      signal = createSignal(0);
      told.set(run, signal);
    }
    return signal;
  };
  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const run of changed) signalOf(run)[1]((before) => before + 1);
    changed.clear();
  }
  function follow({ run, seeds, member }: RunPlan): void {
    for (let index = 0; index < seeds.count; index++) {
      for (const { node } of member(index).values()) {
        if (!node) continue;
        const known = runsOf.get(node.key);
        if (known) known.add(run.id);
        else {
          runsOf.set(node.key, new Set([run.id]));
          if (!scheduler.state(node.key).outcome) missing.add(node.key);
        }
      }
    }
  }
  function unfollow({ run, seeds, member }: RunPlan): void {
    for (let index = 0; index < seeds.count; index++) {
      for (const { node } of member(index).values()) {
        const known = node && runsOf.get(node.key);
        if (!node || !known?.delete(run.id) || known.size > 0) continue;
        runsOf.delete(node.key);
        missing.delete(node.key);
      }
    }
  }
  createEffect(
    on(plan, ({ runs }) => {
      const next = new Set([...runs.values()].filter(({ seeds }) => seeds.count > 1));
      // Of ten thousand members an edit changes some: those of the other runs are the same.
      for (const run of followed) if (!next.has(run)) unfollow(run);
      for (const run of next) if (!followed.has(run)) follow(run);
      followed = next;
    }),
  );
  const stop = scheduler.subscribe((event) => {
    if (event.type !== 'finished' && event.type !== 'failed' && event.type !== 'asking') return;
    const { key } = event.node;
    for (const run of runsOf.get(key) ?? []) changed.add(run);
    if (event.type !== 'asking' && missing.delete(key) && missing.size === 0) tell();
    else if (changed.size > 0) timer ??= setTimeout(tell, untilRedrawTick());
  });
  onCleanup(() => {
    stop();
    clearTimeout(timer);
  });

  function opened(run: RunPlan): RunPlan {
    const openedOf = (known: RunPlan | undefined): RunPlan =>
      known && known.settings === run.settings && known.seeds.count < run.seeds.count ? known : run;
    const { id } = run.run;
    // What is open stays open: only what is not has to be followed.
    const now = openedOf(untrack(plan).runs.get(id));
    return now === run ? run : openedOf(plan().runs.get(id));
  }
  const toldOf = (run: RunId): number => signalOf(run)[0]();
  return {
    opened,
    told: toldOf,
    states(run, nodes) {
      toldOf(run);
      return nodes.map(({ key }) => scheduler.state(key));
    },
  };
}
