// Turns demand into outcomes. The scheduler takes a demanded node from the store, or else demands its inputs and computes the
// node; all demands of one key share one job.
//
//   demand ─▶ store has it? ─▶ outcome
//                  │ no
//                  ▼
//       demand inputs, ask what is costly, agree with other pages ─▶ wait for a slot
//                  ┌───────────────────────────────────────────────────────┘
//                  ▼
//       engine, from the latest checkpoint ─▶ store ─▶ outcome
//
// Invariants: only what is demanded computes; a job that nobody demands any more is aborted and never publishes;
// a transient job writes nothing to the disk; a store that fails costs time, never a result.

import { blockedBy, CellError, type Problem, reasonOf } from '../kinds/problem';
import type { Plain } from '../kinds/value';
import type { Key } from '../plan/key';
import type { Node } from '../plan/node';
import { cellName } from '../plan/plan';
import type { RunId } from '../sheet/sheet';
import type { Demand, Failure, KeyState, Outcome, Result, Scheduler, Terms } from './demand';
import { type Awaits, pacedDemandSet } from './demand-set';
import type { Engine } from './engine';
import { beyondCap, costOf, createSpeeds, type Estimate, estimateSet, workloadOf } from './estimate';
import type { Executed, SharedExecution } from './exclusive';
import { createExecution, type Prepared } from './execution';
import { Job } from './job';
import { createListeners } from './listeners';
import { createPermission } from './permission';
import { createQueue } from './queue';
import type { Store } from './store';
import { createStoredResults } from './stored-results';

export type {
  Demand,
  Failure,
  KeyState,
  NodeDemand,
  Outcome,
  Scheduler,
  SchedulerEvent,
} from './demand';

type Inputs =
  | { readonly values: Record<string, Plain>; readonly failure?: never }
  | { readonly failure: Failure; readonly values?: never };

const MAX_FAILURES = 1_000;
/**
 * Computations estimated to take longer than this read a checkpoint from disk even for a transient job, and
 * agree with other pages on who computes.
 */
const LONG_MS = 100;

/** The parts of a scheduler. Without `ask`, no node asks before it starts. */
export interface SchedulerOptions {
  readonly store: Store;
  readonly engine: Engine;
  /** A node beyond these bounds asks before it starts. */
  readonly ask?: Estimate;
  /** How pages over one store agree on who computes; if absent or rejected, each page computes for itself. */
  readonly sharedExecution?: Promise<SharedExecution>;
}

/** Creates a scheduler over one store and one engine. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, engine, ask, sharedExecution } = options;
  const jobs = new Map<Key, Job>();
  // A divergence is a function of the recipe, and as costly as a value. Other failures may be the machine's
  // (a lost worker, a module that did not load), so the next demand tries again.
  const failures = new Map<Key, { recipe: string; failure: Failure }>();
  const awaiting = new Set<Awaits>();
  const { emit, subscribe } = createListeners();
  const speeds = createSpeeds();
  const storedResults = createStoredResults(store, emit);
  const permission = createPermission({ bounds: ask, speeds, jobs, emit });
  const executeJob = createExecution({
    engine,
    queue: createQueue(engine.slots),
    storedResults,
    speeds,
    emit,
  });

  /** The inputs' values by slot, or the failure of the first slot that failed. */
  async function gatherInputs(job: Job): Promise<Inputs> {
    const outcomes = await job.awaitInputs(demand);
    const values: Record<string, Plain> = {};
    for (const [index, slot] of Object.keys(job.node.inputs).entries()) {
      const outcome = outcomes[index];
      if (outcome?.failure) return { failure: outcome.failure };
      if (outcome) values[slot] = outcome.result.value;
    }
    return { values };
  }

  async function resolve(job: Job): Promise<Outcome> {
    const { node, signal } = job;
    const remembered = failures.get(node.key);
    if (remembered?.recipe === node.recipe) return { failure: remembered.failure };
    const stored = await storedResults.lookUp(job);
    signal.throwIfAborted();
    if (stored) return { result: stored };
    const cost = costOf(node);
    const tooMuch = cost && beyondCap(cost);
    if (tooMuch !== undefined) return { failure: { kind: 'failed', message: tooMuch, node } };
    const isLong = cost !== undefined && cost.flops / speeds.of(node) > LONG_MS;
    const checkpoint = storedResults.checkpointOf(job, isLong);
    const permitted = permission.obtain(job, cost, checkpoint);
    const inputs = await gatherInputs(job);
    signal.throwIfAborted();
    if (inputs.failure) return { failure: inputs.failure };
    await permitted;
    signal.throwIfAborted();
    const prepared = { inputs: inputs.values, early: await checkpoint, cost };
    // A transient result never reaches the store that pages share.
    const isShared = sharedExecution && isLong && !job.transient;
    const executeShared = isShared ? await sharedExecution.catch(() => undefined) : undefined;
    signal.throwIfAborted();
    if (!executeShared) return (await execute(job, prepared)).outcome;
    return executeShared(job, storedResults, (late) =>
      execute(job, { ...prepared, early: late ?? prepared.early }),
    );
  }

  async function execute(job: Job, prepared: Prepared): Promise<Executed> {
    const { node, signal } = job;
    try {
      const computed = await executeJob(job, prepared);
      signal.throwIfAborted();
      const { key, recipe } = node;
      const { value, ms } = computed;
      const kept = storedResults.put(job, { key, recipe, ...computed });
      return { outcome: { result: { key, value, from: 'computed', ms } }, kept };
    } catch (error) {
      if (signal.aborted) throw error;
      const failure: Failure = {
        kind: error instanceof CellError ? error.kind : 'failed',
        message: reasonOf(error),
        node,
      };
      if (failure.kind === 'diverged') {
        if (failures.size >= MAX_FAILURES) failures.clear();
        failures.set(node.key, { recipe: node.recipe, failure });
      }
      return { outcome: { failure }, kept: Promise.resolve() };
    }
  }

  function settle(job: Job, outcome: Outcome): void {
    const { node } = job;
    job.end(outcome);
    if (job.signal.aborted) return;
    permission.withdraw(job);
    if (outcome.failure) {
      emit({ type: 'failed', node, failure: outcome.failure });
      return;
    }
    const { result } = outcome;
    emit({ type: 'finished', node, result, transient: job.transient });
    keepIfWanted(job, result);
  }

  /** Writes a result to the disk that was transient and is now wanted for longer. */
  function keepIfWanted(job: Job, result: Result): void {
    if (!job.lacksDisk) return;
    storedResults.keep(job, result);
    emit({ type: 'kept', node: job.node, result });
  }

  function start(node: Node): Job {
    const job = new Job(node);
    jobs.set(node.key, job);
    emit({ type: 'queued', node });
    // In a later microtask, because the caller has not stated the terms yet.
    Promise.resolve()
      .then(() => resolve(job))
      .then((outcome) => settle(job, outcome), job.refuse);
    return job;
  }

  function abandon(job: Job): void {
    const { node } = job;
    if (jobs.get(node.key) === job) jobs.delete(node.key);
    if (job.state.outcome) return;
    permission.withdraw(job);
    job.abandon();
    emit({ type: 'aborted', node });
  }

  /** Changes a claim on a job, and abandons the job if no claim is left. */
  function claim(job: Job, before: Terms | undefined, next: Terms | undefined): void {
    job.claim(before, next);
    if (!job.isClaimed) {
      abandon(job);
      return;
    }
    const { result } = job.state.outcome ?? {};
    if (result) keepIfWanted(job, result);
  }

  function demand(node: Node, first: Terms = {}): Demand {
    const known = jobs.get(node.key);
    const job = known?.node.recipe === node.recipe ? known : start(node);
    let terms = first;
    let held = true;
    claim(job, undefined, terms);
    return {
      outcome: job.outcome,
      placed: job.placed,
      change(next) {
        if (!held) return;
        const before = terms;
        terms = next;
        claim(job, before, next);
      },
      release() {
        if (!held) return;
        held = false;
        claim(job, terms, undefined);
      },
    };
  }

  function state(key: Key): KeyState {
    const job = jobs.get(key);
    if (!job) return { activity: [...awaiting].some((awaits) => awaits(key)) ? 'queued' : 'idle' };
    const waitsFor = job.state.activity === 'queued' ? permission.askingBelow(job.node) : undefined;
    return waitsFor ? { ...job.state, waitsFor } : job.state;
  }

  const isThere = (key: Key): boolean =>
    jobs.get(key)?.state.outcome !== undefined || store.has?.(key) === true;

  return {
    demand,
    demandSet: () =>
      pacedDemandSet({
        demand,
        subscribe,
        isAsking: (key) => state(key).activity === 'asking',
        awaiting,
        inFlight: 16 + 16 * engine.slots,
      }),
    state,
    allow: permission.allow,
    estimate: (nodes, there) =>
      estimateSet(nodes, speeds, engine.slots, (key) => there?.has(key) === true || isThere(key)),
    workload: (nodes, there) =>
      workloadOf(nodes, speeds, engine.slots, (key) => there?.has(key) === true || isThere(key), ask),
    async cached(nodes) {
      const keys = [...new Set([...nodes].map(({ key }) => key))];
      const known = keys.filter((key) => isThere(key) || failures.has(key));
      const held = await store.holds?.(keys).catch(() => undefined);
      return new Set([...known, ...(held ?? [])]);
    },
    subscribe,
  };
}

/**
 * The problem of cell `kind` in a run or in one of its members: the cell's own failure,
 * or "blocked" if an input failed.
 */
export function problemOf(failure: Failure, kind: string, run: RunId, member?: number): Problem {
  const origin: Problem = {
    kind: failure.kind,
    cell: cellName(run, failure.node.kind.name, member),
    message: failure.message,
  };
  return failure.node.kind.name === kind ? origin : blockedBy(origin);
}
