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
import { late } from '../../core/late-loading';
import { membersIn } from '../../core/plan/member-limit';
import type { Plan, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { ConsentDecision } from './consent-decision';
import type { Load } from './workload';

const consentDecision = late(() => import('./consent-decision'));

/**
 * A sheet within both bounds is planned and estimated in one task, and starts without a look at the stores.
 */
const FEW = { members: 100, ms: 5_000 };

/** Limits what a large sheet computes, and holds the question to the person about the rest. */
export interface Consent {
  /** The plan, with each run that was not passed reduced to its first member. */
  readonly opened: Accessor<Plan>;
  /** The part of `opened` that may start: the passed runs and the runs in view. */
  readonly started: Accessor<Plan>;
  /**
   * The load that the person is asked about, also after the person declined; undefined without a question.
   */
  readonly asked: Accessor<Load | undefined>;
  readonly isDeclined: Accessor<boolean>;
  computeAll(): void;
  /** Limits the computation to the passed runs and the runs in view. */
  decline(): void;
  /** Forgets every consent and refusal, because another sheet opens. */
  forget(): void;
}

/** Runs reduced to their first member, by the whole run: an unchanged run gives the same object. */
const closed = new WeakMap<RunPlan, RunPlan>();
function closedOf(run: RunPlan): RunPlan {
  let made = closed.get(run);
  if (!made) {
    made = { ...run, seeds: { ...run.seeds, count: 1 }, member: () => run.cells };
    closed.set(run, made);
  }
  return made;
}

/** Consent for the runs of `plan`; `inView` gives the visible runs. Must be made inside a Solid root. */
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

  /** The plan with the runs that `has` accepts, each reduced to its first member unless it was passed. */
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
