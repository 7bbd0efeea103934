// That which computes a cell. The core asks an engine and does not know whether it works in place or in a worker.
// Invariant: what an engine returns has passed the kind's value schema and carries its digest.

import type { Checkpoint, Params, Registry } from './kind';
import { CellError } from './problem';
import { digest, type Plain, parseValue } from './value';

/** A cell to compute: plain data, so that it can be posted to a worker. */
export interface Task {
  readonly kind: string;
  readonly params: Params;
  readonly inputs: Readonly<Record<string, Plain>>;
  readonly checkpoint?: Checkpoint;
}

/** Where an engine reports to while it works. */
export interface EngineRun {
  readonly signal: AbortSignal;
  progress(fraction: number, partial?: Plain): void;
  save(checkpoint: Checkpoint): void;
}

/** A value with its digest and the milliseconds that it took. */
export interface Computed {
  readonly value: Plain;
  readonly checksum: string;
  readonly ms: number;
}

/** Computes tasks, up to `slots` at a time; rejects with the reason of `run.signal` once that is aborted. */
export interface Engine {
  readonly slots: number;
  run(task: Task, run: EngineRun): Promise<Computed>;
}

const SLICE_MS = 8;
const REPORT_MS = 100;

/** A promise that resolves once other work of this thread has had its turn. */
function macrotask(): Promise<void> {
  // Not a timer: browsers hold nested ones back for 4 ms, half of a slice.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** An engine that computes in this thread and lets other work in every few milliseconds. */
export function inlineEngine(registry: Registry): Engine {
  return {
    slots: 1,
    async run(task, { signal, progress, save }) {
      const kind = registry.get(task.kind);
      if (!kind) throw new CellError('failed', `this engine knows no kind ${task.kind}`);
      signal.throwIfAborted();
      const start = performance.now();
      let sliceStart = start;
      let lastReport = start;
      const value = await kind.compute(task.params, task.inputs, {
        signal,
        ...(task.checkpoint && { checkpoint: task.checkpoint }),
        async turn() {
          if (performance.now() - sliceStart >= SLICE_MS) {
            await macrotask();
            sliceStart = performance.now();
          }
          signal.throwIfAborted();
        },
        progress(fraction, partial) {
          if (performance.now() - lastReport < REPORT_MS) return;
          progress(fraction, partial?.());
          lastReport = performance.now();
        },
        save: (at, state) => save({ at, state: state() }),
      });
      signal.throwIfAborted();
      const parsed = parseValue(kind.value, value);
      if (!parsed.ok)
        throw new CellError('failed', `${kind.name} yielded what it should not: ${parsed.reason}`);
      return {
        value: parsed.value,
        checksum: digest(parsed.value),
        ms: performance.now() - start,
      };
    },
  };
}
