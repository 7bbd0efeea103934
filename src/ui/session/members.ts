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

/**
 * The nodes of one kind in all members of a run, member 0 first; a single node if the members share the cell.
 * Members with a problem have no node.
 */
export function memberNodes(run: RunPlan, kind: string): readonly Node[] {
  const first = run.cells.get(kind)?.node;
  if (first && isShared(run, kind)) return [first];
  return Array.from(
    { length: run.seeds.count },
    (_, index) => run.member(index).get(kind)?.node ?? [],
  ).flat();
}

/** Whether all members of a run share one cell of this kind; false for a run with one member. */
export const isShared = (run: RunPlan, kind: string): boolean =>
  run.seeds.count > 1 && run.member(1).get(kind)?.node === run.cells.get(kind)?.node;

/** The states of members by run, published a few times a second. */
export interface Members {
  /**
   * The run with only those members that may be computed; a computation that reads it subscribes to further
   * members.
   */
  opened(run: RunPlan): RunPlan;
  /**
   * Version of the run's member states, increased at each publication; a computation that reads it
   * subscribes.
   */
  version(run: RunId): number;
  /**
   * The states of these nodes, in order; a computation that reads them subscribes to publications of the run.
   */
  states(run: RunId, nodes: readonly Node[]): readonly KeyState[];
}

/**
 * Follows the members of all runs of `plan`, in which each run has only members that may be computed. Must be
 * made inside a Solid root.
 */
export function createMembers(scheduler: Scheduler, plan: Accessor<Plan>): Members {
  const versions = new Map<RunId, Signal<number>>();
  const runsOf = new Map<Key, Set<RunId>>();
  const changed = new Set<RunId>();
  /** Keys of members without an outcome; the end of the last one is published at once. */
  const missing = new Set<Key>();
  let followed: ReadonlySet<RunPlan> = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const signalOf = (run: RunId): Signal<number> => {
    let signal = versions.get(run);
    if (!signal) {
      signal = createSignal(0);
      versions.set(run, signal);
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
      // An edit changes few runs: to follow ten thousand members again would block the page.
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
    // An opened run stays opened: only a run with closed members subscribes to the plan.
    const now = openedOf(untrack(plan).runs.get(id));
    return now === run ? run : openedOf(plan().runs.get(id));
  }
  const versionOf = (run: RunId): number => signalOf(run)[0]();
  return {
    opened,
    version: versionOf,
    states(run, nodes) {
      versionOf(run);
      return nodes.map(({ key }) => scheduler.state(key));
    },
  };
}
