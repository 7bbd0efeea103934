// Demand in, outcomes out. A demanded node is taken from the store, else computed from its inputs, which are
// demanded in turn; all who demand one key share one job.
//
//   demand ─▶ store has it? ─▶ outcome
//                  │ no
//                  ▼
//             demand inputs ─▶ wait for a slot ─▶ engine, from the latest checkpoint ─▶ store ─▶ outcome
//
// Invariants: only what is demanded computes; a job that nobody demands any more is aborted and never publishes;
// a store that fails costs time, never a result.

import type { Computed, Engine, EngineRun } from './engine';
import type { Key } from './key';
import type { Checkpoint } from './kind';
import type { Node } from './node';
import { cellName } from './plan';
import { blockedBy, CellError, type Problem } from './problem';
import type { RunId } from './sheet';
import type { Entry, Store } from './store';
import { type Plain, parseValue } from './value';

/** A value that belongs to its key, where it came from and what it cost when it was computed. */
export interface Result {
  readonly key: Key;
  readonly value: Plain;
  readonly from: 'memory' | 'disk' | 'computed';
  readonly ms: number;
}

/** Why a node has no value: its own failure, or that of the input `node`. */
export interface Failure {
  readonly kind: 'failed' | 'diverged';
  readonly message: string;
  readonly node: Node;
}

export type Outcome =
  | { readonly result: Result; readonly failure?: never }
  | { readonly failure: Failure; readonly result?: never };

/** What happens to nodes, in order: the record that tests and receipts read. */
export type SchedulerEvent =
  | { readonly type: 'queued' | 'started' | 'aborted'; readonly node: Node }
  | {
      readonly type: 'progress';
      readonly node: Node;
      readonly fraction: number;
      readonly partial?: Plain;
    }
  | { readonly type: 'finished'; readonly node: Node; readonly result: Result }
  | { readonly type: 'failed'; readonly node: Node; readonly failure: Failure }
  | { readonly type: 'store-failed'; readonly reason: string };

/** Data status and activity of a key, two axes. */
export interface KeyState {
  readonly outcome?: Outcome;
  readonly activity: 'idle' | 'queued' | 'running';
  /** The share done of a running node, 0 … 1. */
  readonly progress?: number;
}

/** A claim on a node; `outcome` rejects with an AbortError only if the claim is released before it is known. */
export interface Demand {
  readonly outcome: Promise<Outcome>;
  /** Resolves once it is known what has to run for it: the store has answered for it and for all that it needs. */
  readonly placed: Promise<void>;
  release(): void;
}

/** A changing set of demanded nodes, as a screen has. */
export interface Interest {
  /** Demands these nodes and releases those that are not among them, once it is known what both need: that goes on. */
  show(nodes: Iterable<Node>): void;
  release(): void;
}

export interface Scheduler {
  demand(node: Node): Demand;
  interest(): Interest;
  state(key: Key): KeyState;
  /** Calls the listener with each event from now on; returns the way to stop. */
  subscribe(listener: (event: SchedulerEvent) => void): () => void;
}

type Inputs =
  | { readonly values: Record<string, Plain>; readonly failure?: never }
  | { readonly failure: Failure; readonly values?: never };

interface Job {
  readonly node: Node;
  readonly abort: AbortController;
  readonly outcome: Promise<Outcome>;
  readonly placed: Promise<void>;
  readonly setPlaced: () => void;
  claims: number;
  state: KeyState;
}

const MAX_FAILURES = 1_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A scheduler over one store and one engine. */
export function createScheduler(options: { readonly store: Store; readonly engine: Engine }): Scheduler {
  const { store, engine } = options;
  const jobs = new Map<Key, Job>();
  // A divergence is as much a function of the recipe as a value is, and costs as much. Other failures may be the
  // machine's (a lost worker, a module that did not load) and are tried again when next demanded.
  const failures = new Map<Key, { recipe: string; failure: Failure }>();
  const listeners = new Set<(event: SchedulerEvent) => void>();
  const waiting = new Set<() => void>();
  let busy = 0;

  /** Tells every listener; one that throws is a fault of its own, reported as such, and nothing here depends on it. */
  const emit = (event: SchedulerEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
    }
  };

  /** Resolves once a slot of the engine is this job's; the caller gives it back. */
  function takeSlot(signal: AbortSignal): Promise<void> {
    if (busy < engine.slots) {
      busy++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(take);
        reject(signal.reason);
      };
      const take = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      waiting.add(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the slot to who has waited longest, without ever letting it look free in between. */
  function giveSlot(): void {
    const [next] = waiting;
    if (!next) {
      busy--;
      return;
    }
    waiting.delete(next);
    next();
  }

  /** Runs a store operation; a failure is reported and treated as if there were nothing. */
  async function tryStore<T>(operation: () => Promise<T>): Promise<T | undefined> {
    try {
      return await operation();
    } catch (error) {
      emit({ type: 'store-failed', reason: reasonOf(error) });
      return undefined;
    }
  }

  async function lookUp(node: Node): Promise<Result | undefined> {
    const found = await tryStore(() => store.get(node.key));
    if (!found || found.entry.recipe !== node.recipe) return undefined;
    const { entry, from } = found;
    const parsed = parseValue(node.kind.value, entry.value);
    return parsed.ok ? { key: node.key, value: parsed.value, from, ms: entry.ms } : undefined;
  }

  async function latestCheckpoint(node: Node): Promise<Checkpoint | undefined> {
    const { extent } = node.kind;
    const { trace } = node;
    if (!extent || trace === undefined) return undefined;
    const goal = Number(node.params[extent.param]);
    const found = await tryStore(() => store.checkpoint(trace, goal));
    if (!found || found.trace !== trace || !(found.at <= goal)) return undefined;
    const parsed = parseValue(extent.state, found.state);
    return parsed.ok ? { at: found.at, state: parsed.value } : undefined;
  }

  /** The inputs' values by slot, or the failure of the first slot that has one. */
  async function gatherInputs({ node, abort: { signal }, setPlaced }: Job): Promise<Inputs> {
    const slots = Object.entries(node.inputs);
    const demands = slots.map(([, input]) => demand(input));
    void Promise.all(demands.map(({ placed }) => placed)).then(setPlaced);
    const releaseAll = (): void => {
      for (const claim of demands) claim.release();
    };
    signal.addEventListener('abort', releaseAll, { once: true });
    try {
      const outcomes = await Promise.all(demands.map((claim) => claim.outcome));
      const values: Record<string, Plain> = {};
      for (const [index, [slot]] of slots.entries()) {
        const outcome = outcomes[index];
        if (outcome?.failure) return { failure: outcome.failure };
        if (outcome) values[slot] = outcome.result.value;
      }
      return { values };
    } finally {
      signal.removeEventListener('abort', releaseAll);
      releaseAll();
    }
  }

  /** What the engine reports to on behalf of a job. */
  function engineRun(job: Job): EngineRun {
    const { node, abort } = job;
    const { signal } = abort;
    const { trace } = node;
    return {
      signal,
      progress(fraction, partial) {
        if (signal.aborted) return;
        job.state = { activity: 'running', progress: fraction };
        emit({ type: 'progress', node, fraction, ...(partial !== undefined && { partial }) });
      },
      save(saved) {
        if (trace !== undefined && !signal.aborted)
          void tryStore(() => store.putCheckpoint({ ...saved, trace }));
      },
    };
  }

  async function compute(job: Job, inputs: Record<string, Plain>): Promise<Entry> {
    const { node, abort } = job;
    const { signal } = abort;
    await takeSlot(signal);
    try {
      const checkpoint = await latestCheckpoint(node);
      signal.throwIfAborted();
      job.state = { activity: 'running', progress: 0 };
      emit({ type: 'started', node });
      const { kind, params, key, recipe } = node;
      const task = { kind: kind.name, params, inputs };
      let computed: Computed;
      try {
        computed = await engine.run(checkpoint ? { ...task, checkpoint } : task, engineRun(job));
      } catch (error) {
        // A checkpoint may be of no use though it looked like one; that costs time, and no result.
        const useless = checkpoint && !(error instanceof CellError && error.kind === 'diverged');
        if (signal.aborted || !useless) throw error;
        emit({ type: 'store-failed', reason: `a checkpoint could not be used: ${reasonOf(error)}` });
        computed = await engine.run(task, engineRun(job));
      }
      signal.throwIfAborted();
      return { key, recipe, ...computed };
    } finally {
      giveSlot();
    }
  }

  async function resolve(job: Job): Promise<Outcome> {
    const { node, abort } = job;
    const { signal } = abort;
    const remembered = failures.get(node.key);
    if (remembered?.recipe === node.recipe) return { failure: remembered.failure };
    const stored = await lookUp(node);
    signal.throwIfAborted();
    if (stored) return { result: stored };
    const inputs = await gatherInputs(job);
    signal.throwIfAborted();
    if (inputs.failure) return { failure: inputs.failure };
    try {
      const entry = await compute(job, inputs.values);
      // Not awaited: a slow disk must not hold a result back, and a memory tier has it at once.
      void tryStore(() => store.put(entry));
      return {
        result: {
          key: node.key,
          value: entry.value,
          from: 'computed',
          ms: entry.ms,
        },
      };
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
      return { failure };
    }
  }

  function start(node: Node): Job {
    const abort = new AbortController();
    let setPlaced = (): void => {};
    const placed = new Promise<void>((resolvePlaced) => {
      setPlaced = resolvePlaced;
    });
    abort.signal.addEventListener('abort', setPlaced, { once: true });
    const outcome = new Promise<Outcome>((settle, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
      // `resolve` goes on in a later microtask, when `job` is there.
      Promise.resolve()
        .then(() => resolve(job))
        .finally(setPlaced)
        .then((known) => {
          if (abort.signal.aborted) return;
          job.state = { activity: 'idle', outcome: known };
          settle(known);
          emit(
            known.failure
              ? { type: 'failed', node, failure: known.failure }
              : { type: 'finished', node, result: known.result },
          );
        }, reject);
    });
    // Whoever releases a demand need not listen for its rejection.
    outcome.catch(() => {});
    const job: Job = { node, abort, outcome, placed, setPlaced, claims: 0, state: { activity: 'queued' } };
    jobs.set(node.key, job);
    emit({ type: 'queued', node });
    return job;
  }

  function release(job: Job): void {
    job.claims--;
    if (job.claims > 0) return;
    if (jobs.get(job.node.key) === job) jobs.delete(job.node.key);
    if (job.state.outcome) return;
    job.abort.abort();
    emit({ type: 'aborted', node: job.node });
  }

  function demand(node: Node): Demand {
    const known = jobs.get(node.key);
    const job = known?.node.recipe === node.recipe ? known : start(node);
    job.claims++;
    let held = true;
    return {
      outcome: job.outcome,
      placed: job.placed,
      release() {
        if (!held) return;
        held = false;
        release(job);
      },
    };
  }

  function interest(): Interest {
    let held = new Map<Key, Demand>();
    const show = (nodes: Iterable<Node>): void => {
      const next = new Map<Key, Demand>();
      for (const node of nodes) next.set(node.key, next.get(node.key) ?? held.get(node.key) ?? demand(node));
      const dropped = [...held].filter(([key]) => !next.has(key));
      const added = [...next].flatMap(([key, claim]) => (held.has(key) ? [] : claim.placed));
      held = next;
      void Promise.all(added).then(() => {
        for (const [, claim] of dropped) claim.release();
      });
    };
    return { show, release: () => show([]) };
  }

  return {
    demand,
    interest,
    state: (key) => jobs.get(key)?.state ?? { activity: 'idle' },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A failure as the problem of the cell `kind` in a run, or in one of its members: its own, or blocked by an input's. */
export function problemOf(failure: Failure, kind: string, run: RunId, member?: number): Problem {
  const origin: Problem = {
    kind: failure.kind,
    cell: cellName(run, failure.node.kind.name, member),
    message: failure.message,
  };
  return failure.node.kind.name === kind ? origin : blockedBy(origin);
}
