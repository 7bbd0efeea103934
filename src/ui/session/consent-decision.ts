// Decides about a large sheet: estimates the whole computation, decides whether to ask first, and lets the sheet start.
// Invariants: the latest assessment counts and ends the earlier ones; a granted consent is remembered until it is forgotten.
// Knows no signals: the decision goes out through ports.

import type { Scheduler } from '../../core/compute/scheduler';
import { macrotask } from '../../core/macrotask';
import { membersIn } from '../../core/plan/member-limit';
import type { RunPlan } from '../../core/plan/plan';
import { asksFirst, type Load, largerOf, loadOf } from './workload';

/** So many members more are let start in one task. */
const STEP = 1_000;

/** What is decided about, and who hears of it. */
export interface DecisionPorts {
  /** The runs that were not let start yet. */
  waiting(): readonly RunPlan[];
  /** Lets these runs start, beside those before. */
  pass(runs: ReadonlySet<RunPlan>): void;
  /** Asks a person about so much, or about nothing any more. */
  ask(load: Load | undefined): void;
}

export interface ConsentDecision {
  /** Estimates what waits now, and lets it start or asks. */
  assess(): Promise<void>;
  /** Lets start what waits, which was said to be so much. */
  grant(load: Load | undefined): Promise<void>;
  forget(): void;
  stop(): void;
}

export function createDecision(scheduler: Scheduler, { waiting, pass, ask }: DecisionPorts): ConsentDecision {
  let granted: Load | undefined;
  let version = 0;

  /** Lets runs start, as many at a time as a frame has room for. */
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
