// Asks before a costly computation: a node beyond the bounds waits until somebody allows the node.
// Invariants: a node is not asked for if its result exists, if resuming it is cheap, or if a claim allows it; a node that needs
// an asking node waits and names that node.

import type { Checkpoint, Cost } from '../kinds/kind';
import type { Key } from '../plan/key';
import type { Node } from '../plan/node';
import type { SchedulerEvent } from './demand';
import type { Estimate, Speeds } from './estimate';
import { isBeyond, restAfter } from './estimate';
import type { Job } from './job';

/** What permission needs of the scheduler. */
interface PermissionOptions {
  /** A node beyond these bounds asks first; undefined means that no node asks. */
  readonly bounds: Estimate | undefined;
  readonly speeds: Speeds;
  /** All jobs by key. */
  readonly jobs: ReadonlyMap<Key, Job>;
  emit(event: SchedulerEvent): void;
}

/** Which jobs ask before they start. */
interface Permission {
  /**
   * Resolves when the job may start; pending for good if the job is abandoned while asking. `from` resolves
   * to the checkpoint to resume from, which lowers the cost.
   */
  obtain(job: Job, cost: Cost | undefined, from: Promise<Checkpoint | undefined>): Promise<void>;
  allow(key: Key): void;
  /** Stops asking for the job. */
  withdraw(job: Job): void;
  /** An asking node among the direct and indirect inputs; undefined if there is none. */
  askingBelow(node: Node): Node | undefined;
}

/** Creates the permission of one scheduler; no node asks yet. */
export function createPermission({ bounds, speeds, jobs, emit }: PermissionOptions): Permission {
  const asking = new Map<Key, Job>();

  function askingBelow(node: Node): Node | undefined {
    if (asking.size === 0) return undefined;
    for (const input of Object.values(node.inputs)) {
      const found = asking.has(input.key) ? input : askingBelow(input);
      if (found) return found;
    }
    return undefined;
  }

  function tellDependents(on: Node): void {
    const needs = (node: Node): boolean =>
      Object.values(node.inputs).some((input) => input.key === on.key || needs(input));
    for (const { node, state } of jobs.values()) {
      if (state.activity === 'queued' && needs(node)) emit({ type: 'queued', node });
    }
  }

  return {
    async obtain(job, cost, from) {
      const { node } = job;
      if (!bounds || !cost || job.isAllowed) return;
      const estimateOf = (share: number): Estimate => ({
        ms: (cost.flops * share) / speeds.of(node),
        bytes: cost.bytes,
      });
      if (!isBeyond(estimateOf(1), bounds)) return;
      const estimate = estimateOf(restAfter(node, (await from)?.at ?? 0));
      if (job.signal.aborted || job.isAllowed || !isBeyond(estimate, bounds)) return;
      const allowed = job.ask(estimate);
      asking.set(node.key, job);
      emit({ type: 'asking', node, estimate });
      tellDependents(node);
      await allowed;
      asking.delete(node.key);
      if (job.signal.aborted) return;
      job.queue();
      emit({ type: 'queued', node });
      tellDependents(node);
    },
    allow: (key) => asking.get(key)?.allow(),
    withdraw(job) {
      if (asking.get(job.node.key) === job) asking.delete(job.node.key);
    },
    askingBelow,
  };
}
