// Decides about a large sheet: estimates the whole computation, decides whether to ask first, and lets the sheet start.
// Invariants: the latest assessment counts and ends the earlier ones; a granted consent is remembered until it is forgotten.
// Knows no signals: the decision goes out through ports. Members start in steps by number and not by time as in `sliced-values.ts`,
// because the work that a step causes begins only after the step.

import type { Scheduler } from '../../core/compute/scheduler';
import { macrotask } from '../../core/macrotask';
import { membersIn } from '../../core/plan/member-limit';
import type { RunPlan } from '../../core/plan/plan';
import { asksFirst, type Load, largerOf, loadOf } from './workload';

/** A task lets runs start until they have at least this many members. */
const STEP = 1_000;

/** The runs to decide about, and the effects of the decision. */
export interface DecisionPorts {
  /** The runs that may not start yet. */
  waiting(): readonly RunPlan[];
  /** Lets these runs start; runs that were passed earlier stay passed. */
  pass(runs: ReadonlySet<RunPlan>): void;
  /** Asks the person about this load; undefined withdraws the question. */
  ask(load: Load | undefined): void;
}

/** A decision about all waiting runs at once; `stop` and each later decision end an earlier one. */
export interface ConsentDecision {
  /** Estimates the load of the waiting runs, then lets the runs start or asks the person first. */
  assess(): Promise<void>;
  /**
   * Lets the waiting runs start, and remembers `load`, the load that the person was asked about, as granted.
   */
  grant(load: Load | undefined): Promise<void>;
  forget(): void;
  stop(): void;
}

/** A decision without any granted load. */
export function createDecision(scheduler: Scheduler, { waiting, pass, ask }: DecisionPorts): ConsentDecision {
  let granted: Load | undefined;
  let version = 0;

  /** Passes all waiting runs in slices, one macrotask each; stops once a later decision begins. */
  async function passAll(): Promise<void> {
    const mine = ++version;
    let next: RunPlan[] = [];
    const passNext = (): void => {
      pass(new Set(next));
      next = [];
    };
    for (const run of waiting()) {
      next.push(run);
      if (membersIn(next) < STEP) continue;
      passNext();
      await macrotask();
      if (mine !== version) return;
    }
    passNext();
  }

  return {
    async assess() {
      const mine = ++version;
      const runs = waiting();
      const load =
        runs.length > 0 &&
        (await loadOf(scheduler, runs, async () => {
          await macrotask();
          return mine === version;
        }));
      if (mine !== version) return;
      const asks = load && asksFirst(load, granted) ? load : undefined;
      ask(asks);
      if (!asks) await passAll();
    },
    async grant(load) {
      if (load) granted = largerOf(granted, load);
      ask(undefined);
      await passAll();
    },
    forget() {
      granted = undefined;
    },
    stop() {
      version++;
    },
  };
}
