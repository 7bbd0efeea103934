// Limits the computed part of a sheet: all of the sheet, or only the part in view until a person decides about the rest.
//
//   plan ─▶ few and cheap? ─yes────────────────────────▶ passed
//             │ no                                          ▲
//             ▼                                             │ a thousand members at a time
//           what is in view computes; how much is all? ─▶ little, or granted before
//                                                      └▶ asked ─▶ compute all / only what is in view
//
// Invariants: a passed run stays passed while it is the same object; a consent to a sheet covers its later states of about
// the same cost; members of other runs are not even planned. Knows no elements.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import { late } from '../../core/late';
import { membersIn } from '../../core/plan/member-limit';
import type { Plan, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { ConsentDecision } from './consent-decision';
import type { Load } from './workload';

const consentDecision = late(() => import('./consent-decision'));

/** So many members are planned and estimated at once, and need no reading of what is there if they take no longer than this. */
const FEW = { members: 100, ms: 5_000 };
export interface Consent {
  /** The plan, in which runs that were not passed have no member but their first. */
  readonly opened: Accessor<Plan>;
  /** Of that plan what may start: the runs that were passed and those in view. */
  readonly started: Accessor<Plan>;
  /** What a person is asked about, or was and declined. */
  readonly asked: Accessor<Load | undefined>;
  readonly isDeclined: Accessor<boolean>;
  computeAll(): void;
  /** Leaves it at what is in view. */
  decline(): void;
  /** Forgets what was granted or declined: the next sheet is another one. */
  forget(): void;
}

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
export function createConsent(
  scheduler: Scheduler,
  plan: Accessor<Plan>,
  inView: Accessor<readonly RunId[]>,
): Consent {
  const [added, setAdded] = createSignal<ReadonlySet<RunPlan>>(new Set());
  const [asked, setAsked] = createSignal<Load>();
  const [isDeclined, setDeclined] = createSignal(false);
  let deciding: Promise<ConsentDecision> | undefined;

  function isFew(runs: readonly RunPlan[]): boolean {
    if (membersIn(runs) > FEW.members) return false;
    const cells = runs.flatMap(({ seeds, member }) =>
      Array.from({ length: seeds.count }, (_, index) => [...member(index).values()]),
    );
    return scheduler.workload(cells.flat().flatMap(({ node }) => node ?? [])).ms <= FEW.ms;
  }

  const few = createMemo(() => isFew([...plan().runs.values()]));
  const passed = createMemo<ReadonlySet<RunPlan>>((before) => {
    const runs = [...plan().runs.values()];
    return new Set(few() ? runs : runs.filter((run) => before.has(run) || added().has(run)));
  }, new Set());
  const waiting = (): RunPlan[] => [...plan().runs.values()].filter((run) => !passed().has(run));

  createEffect(
    on([plan, few], () => {
      if (few()) setAsked(undefined);
      if (few() && !deciding) return;
      deciding ??= consentDecision().then(({ createDecision }) =>
        createDecision(scheduler, { waiting, pass: setAdded, ask: setAsked }),
      );
      deciding.then(
        (decision) => decision.assess(),
        () => {
          deciding = undefined;
        },
      );
    }),
  );
  onCleanup(() => void deciding?.then((decision) => decision.stop()));

  /** The plan with only these runs, and only the first member of those that were not passed. */
  function restricted(has: (run: RunPlan) => boolean): Plan {
    const whole = plan();
    if (passed().size === whole.runs.size) return whole;
    const runs = new Map<RunId, RunPlan>();
    for (const [id, run] of whole.runs) if (has(run)) runs.set(id, passed().has(run) ? run : closedOf(run));
    return { sheet: whole.sheet, runs };
  }

  return {
    opened: createMemo(() => restricted(() => true)),
    started: createMemo(() => restricted((run) => passed().has(run) || inView().includes(run.run.id))),
    asked,
    isDeclined,
    computeAll() {
      setDeclined(false);
      void deciding?.then((decision) => decision.grant(asked()));
    },
    decline: () => void setDeclined(true),
    forget() {
      setDeclined(false);
      void deciding?.then((decision) => decision.forget());
    },
  };
}
