// The engine interface: computes a cell, in this thread or in workers; the core cannot tell which.
// Invariants: a result has passed the value schema of its kind; of the computations that share a thread only the most
// urgent proceed, the others pause at their next yield. This file has the clock: kinds and their mathematics have none.

import { digestAside } from '../kinds/digest';
import type { Checkpoint, Params, Registry } from '../kinds/kind';
import { CellError } from '../kinds/problem';
import { byteSize, type Plain, parseValue } from '../kinds/value';
import { macrotask } from '../macrotask';
import { isWorthDisk, MAX_CHECKPOINT_BYTES } from './checkpoints';
import { outranks, type Urgency } from './queue';

/** A cell to compute; plain data that can be posted to a worker. */
export interface Computation {
  readonly kind: string;
  readonly params: Params;
  readonly inputs: Readonly<Record<string, Plain>>;
  /**
   * The key of the cell, and the keys of its inputs by slot, by which an engine
   * can find values that it still holds.
   */
  readonly key?: string;
  readonly inputKeys?: Readonly<Record<string, string>>;
  readonly checkpoint?: Checkpoint;
}

/** The current urgency of a computation, with notice of its changes. */
export interface Rank {
  readonly urgency: Urgency;
  /** Calls the listener after each change. Returns the function that stops it. */
  watch(listener: () => void): () => void;
}

/**
 * A checkpoint; `digest` is the state's digest if the engine seals and the
 * checkpoint is worth a place on disk.
 */
export interface Saved extends Checkpoint {
  readonly digest?: string;
}

/** The terms of a computation, and the callbacks for its reports. */
export interface ExecutionContext {
  readonly signal: AbortSignal;
  /** Default: the urgency 'visible'. */
  readonly rank?: Rank;
  /**
   * Saves at most one checkpoint a second, and the last: for short computations
   * more cost more than they save.
   */
  readonly sparse?: boolean;
  /**
   * Whether the computation is short, so that a short wait is better than copying its inputs to another core.
   */
  readonly short?: boolean;
  progress(fraction: number, partial?: Plain): void;
  save(checkpoint: Saved): void;
}

/** A computed value; `ms` is its working time without pauses, `digest` its digest if the engine seals. */
export interface Computed {
  readonly value: Plain;
  readonly ms: number;
  readonly digest?: string;
}

/**
 * Executes computations on `slots` cores. With more computations than cores, the less urgent ones pause.
 * Rejects with the reason of `context.signal` once it is aborted.
 */
export interface Engine {
  readonly slots: number;
  execute(computation: Computation, context: ExecutionContext): Promise<Computed>;
}

const SLICE_MS = 8;
const REPORT_MS = 100;
const SAVE_MS = 1_000;

/** A gate for computations that share a thread: the most urgent ones proceed, the others wait in `pass`. */
export interface Gate {
  /** Enters the gate. Returns the function that leaves it. */
  enter(rank: Rank): () => void;
  /** Resolves when no computation inside is more urgent than `rank`; rejects once the signal is aborted. */
  pass(rank: Rank, signal: AbortSignal): Promise<void>;
}

/** Creates a gate for the computations of one thread. */
export function createGate(): Gate {
  const inside = new Set<Rank>();
  const held = new Set<() => void>();
  const resumeHeld = (): void => {
    for (const resume of held) resume();
  };
  const outranked = (rank: Rank): boolean =>
    [...inside].some((other) => outranks(other.urgency, rank.urgency));
  return {
    enter(rank) {
      inside.add(rank);
      const stop = rank.watch(resumeHeld);
      return () => {
        stop();
        inside.delete(rank);
        resumeHeld();
      };
    },
    async pass(rank, signal) {
      while (outranked(rank) && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const resume = (): void => {
            held.delete(resume);
            signal.removeEventListener('abort', resume);
            resolve();
          };
          held.add(resume);
          signal.addEventListener('abort', resume);
        });
      }
      signal.throwIfAborted();
    },
  };
}

const usualRank = (): Rank => ({ urgency: 'visible', watch: () => () => {} });

/**
 * Creates an engine that computes in this thread and yields the thread every `SLICE_MS`. Engines of one
 * thread share a gate. With `seal`, the engine adds digests, so that the store need not walk over large
 * values again. Rejects with `CellError` for an unknown kind or a value that the kind's schema refuses.
 */
export function inlineEngine(registry: Registry, gate = createGate(), seal = false): Engine {
  return {
    slots: 1,
    async execute(computation, { signal, rank = usualRank(), sparse = false, progress, save }) {
      const kind = registry.get(computation.kind);
      if (!kind) throw new CellError('failed', `unknown kind ${computation.kind}`);
      const goal = kind.extent ? Number(computation.params[kind.extent.param]) : 0;
      signal.throwIfAborted();
      const leave = gate.enter(rank);
      try {
        await gate.pass(rank, signal);
        const start = performance.now();
        let sliceStart = start;
        let lastReport = start;
        let lastValue = start;
        let lastSave = start;
        let away = 0;
        let tooLarge = false;
        // A chain, so that checkpoints arrive in order although hashing is asynchronous.
        let sealing = Promise.resolve();
        const offer = async (checkpoint: Checkpoint): Promise<void> => {
          const digest = await digestAside(checkpoint.state);
          if (!signal.aborted) save({ ...checkpoint, digest });
        };
        const due = (): boolean => performance.now() - away - lastSave >= SAVE_MS;
        const value = await kind.compute(computation.params, computation.inputs, {
          signal,
          ...(computation.checkpoint && { checkpoint: computation.checkpoint }),
          async yieldThread() {
            const now = performance.now();
            if (now - sliceStart >= SLICE_MS) {
              await macrotask();
              await gate.pass(rank, signal);
              sliceStart = performance.now();
              away += sliceStart - now;
            }
            signal.throwIfAborted();
          },
          progress(fraction, partial) {
            const now = performance.now();
            // Values have a clock of their own; else reports without a value would crowd them out.
            if (now - (partial ? lastValue : lastReport) < REPORT_MS) return;
            progress(fraction, partial?.());
            lastReport = performance.now();
            if (partial) lastValue = lastReport;
          },
          due,
          save(at, state) {
            if (tooLarge || (sparse && at < goal && !due())) return;
            const made = state();
            const bytes = byteSize(made);
            tooLarge = bytes > MAX_CHECKPOINT_BYTES;
            if (tooLarge) return;
            const worked = (computation.checkpoint?.ms ?? 0) + performance.now() - start - away;
            const checkpoint = { at, state: made, ms: worked };
            if (seal && isWorthDisk(worked, bytes)) sealing = sealing.then(() => offer(checkpoint));
            else save(checkpoint);
            lastSave = performance.now() - away;
          },
        });
        signal.throwIfAborted();
        const ms = performance.now() - start - away;
        const parsed = parseValue(kind.value, value);
        if (!parsed.ok)
          throw new CellError('failed', `${kind.name} returned an invalid value: ${parsed.reason}`);
        if (!seal) return { value: parsed.value, ms };
        await sealing;
        const digest = await digestAside(parsed.value);
        signal.throwIfAborted();
        return { value: parsed.value, ms, digest };
      } finally {
        leave();
      }
    },
  };
}
