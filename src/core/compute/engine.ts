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

/** A cell to compute: plain data, so that it can be posted to a worker. */
export interface Computation {
  readonly kind: string;
  readonly params: Params;
  readonly inputs: Readonly<Record<string, Plain>>;
  /** The cell's own key and its inputs' by slot, by which an engine may know again what it yielded or was given before. */
  readonly key?: string;
  readonly inputKeys?: Readonly<Record<string, string>>;
  readonly checkpoint?: Checkpoint;
}

/** How urgent a computation is, now and later. */
export interface Rank {
  readonly urgency: Urgency;
  /** Calls the listener after each change; returns the way to stop. */
  watch(listener: () => void): () => void;
}

/** A checkpoint, with its state's digest where the engine seals and the checkpoint is worth a place on disk. */
export interface Saved extends Checkpoint {
  readonly digest?: string;
}

/** How a computation is wanted, and where the engine reports to while it works. */
export interface ExecutionContext {
  readonly signal: AbortSignal;
  /** As urgent as what is visible where it is left out. */
  readonly rank?: Rank;
  /** Offers the last checkpoint only, and one a second: for short computations the others cost more than they save. */
  readonly sparse?: boolean;
  /** Says that it ends soon, so that it rather waits a moment than has its inputs copied to another core. */
  readonly short?: boolean;
  progress(fraction: number, partial?: Plain): void;
  save(checkpoint: Saved): void;
}

/** A value, the milliseconds of work that it took, and its digest where the engine seals. */
export interface Computed {
  readonly value: Plain;
  readonly ms: number;
  readonly digest?: string;
}

/**
 * Executes computations on so many cores; given more than that, it holds the less urgent back. Rejects with the reason of
 * `context.signal` once that is aborted.
 */
export interface Engine {
  readonly slots: number;
  execute(computation: Computation, context: ExecutionContext): Promise<Computed>;
}

const SLICE_MS = 8;
const REPORT_MS = 100;
const SAVE_MS = 1_000;

/** Lets the most urgent of those who are inside go on and holds the others. */
export interface Gate {
  /** Goes in; the function that comes back is the way out. */
  enter(rank: Rank): () => void;
  /** Resolves once nobody inside is more urgent than `rank`; rejects once the signal is aborted. */
  pass(rank: Rank, signal: AbortSignal): Promise<void>;
}

/** A gate for the computations of one thread. */
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
 * An engine that computes in this thread and lets other work in every few milliseconds; computations may share its gate. One that
 * seals yields digests too, so that whoever keeps what it yields need not walk over that again.
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
        // One after the other, so that checkpoints come in their order.
        let sealing = Promise.resolve();
        const offer = async (checkpoint: Checkpoint): Promise<void> => {
          const digest = await digestAside(checkpoint.state);
          if (!signal.aborted) save({ ...checkpoint, digest });
        };
        const due = (): boolean => performance.now() - away - lastSave >= SAVE_MS;
        const value = await kind.compute(computation.params, computation.inputs, {
          signal,
          ...(computation.checkpoint && { checkpoint: computation.checkpoint }),
          async turn() {
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
            // Values are reported at a pace of their own, or shares done would crowd them out.
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
