// An engine whose work is done in a module worker.
//
//   run ─▶ post ─▶ progress, save … ─▶ computed | failed          the usual way
//            ├─ aborted: the caller hears at once; a worker that does not confirm it is ended and replaced
//            └─ dead, or silent to pings: the worker is replaced and its jobs are tried once more
//
// Invariants: a job settles once; what it says afterwards is not heard; nothing of the page is given away by a post.

import { safeParse } from 'valibot';
import type { Computed, Engine, Task } from '../core/engine';
import { CellError } from '../core/problem';
import { type FromWorker, fromWorker, type NetworkLayer, type ToWorker } from './protocol';

/** An engine that can also be asked for what is drawn but is no cell. */
export interface WorkerEngine extends Engine {
  /** The probability of class 1 at each of the points, float32 [points][inputs] row by row. */
  probabilities(
    layers: readonly NetworkLayer[],
    points: Float32Array,
    signal?: AbortSignal,
  ): Promise<Float32Array>;
  /** Starts the worker ahead of its first job. */
  warm(): void;
  /** Ends the worker; jobs under way are rejected. */
  dispose(): void;
}

/** How a worker comes to be, and how long it is waited for. */
export interface WorkerEngineOptions {
  spawn(): Worker;
  /** Milliseconds between two pings while there is work. */
  readonly pingMs?: number;
  /** Pings that may go unanswered before the worker counts as hung. */
  readonly patience?: number;
  /** The same for a worker that is still being loaded. */
  readonly startPatience?: number;
  /** Milliseconds within which an abort has to be confirmed. */
  readonly abortMs?: number;
}

interface Job {
  readonly message: (id: number) => ToWorker;
  /** Takes what is said about the job; true once that settles it. */
  readonly hear: (message: FromWorker) => boolean;
  readonly reject: (reason: unknown) => void;
  aborted: boolean;
  retried: boolean;
}

interface Seat {
  readonly worker: Worker;
  ready: boolean;
  unanswered: number;
}

/** An engine over one worker, which is spawned when first needed and then kept. */
export function workerEngine(options: WorkerEngineOptions): WorkerEngine {
  const { spawn, pingMs = 2_500, patience = 4, startPatience = 24, abortMs = 1_000 } = options;
  const jobs = new Map<number, Job>();
  let seat: Seat | undefined;
  let nextId = 0;
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  function open(): Seat {
    const opened: Seat = { worker: spawn(), ready: false, unanswered: 0 };
    const { worker } = opened;
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => hear(opened, data));
    worker.addEventListener('messageerror', () => lose(opened, 'said what cannot be read'));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const reason = event instanceof ErrorEvent && event.message ? `: ${event.message}` : '';
      lose(opened, opened.ready ? `broke down${reason}` : `could not be started${reason}`);
    });
    return opened;
  }

  function post(id: number, job: Job): void {
    try {
      seat ??= open();
      seat.worker.postMessage(job.message(id));
    } catch (error) {
      settle(id);
      const reason = error instanceof Error ? error.message : String(error);
      job.reject(new CellError('failed', `nothing can be computed: ${reason}`));
    }
  }

  function settle(id: number): void {
    jobs.delete(id);
    if (jobs.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  }

  // Counted in pings rather than in time: a machine that slept has not waited for an answer.
  function beat(): void {
    if (!seat) return;
    if (seat.unanswered >= (seat.ready ? patience : startPatience)) {
      lose(seat, seat.ready ? 'stopped answering' : 'could not be started');
      return;
    }
    seat.unanswered++;
    seat.worker.postMessage({ type: 'ping' } satisfies ToWorker);
  }

  function hear(from: Seat, data: unknown): void {
    if (from !== seat) return;
    const parsed = safeParse(fromWorker, data);
    if (!parsed.success) {
      lose(from, 'said what makes no sense');
      return;
    }
    from.unanswered = 0;
    const message = parsed.output;
    if (message.type === 'ready') from.ready = true;
    if (!('id' in message)) return;
    const job = jobs.get(message.id);
    if (!job) return;
    const settled = job.aborted ? message.type === 'aborted' : job.hear(message);
    if (settled) settle(message.id);
  }

  /** Ends a worker and gives its jobs to another one; who has lost a worker before is rejected with the reason, if any. */
  function lose(lost: Seat, reason?: string): void {
    if (lost !== seat) return;
    lost.worker.terminate();
    seat = undefined;
    for (const [id, job] of [...jobs]) {
      if (job.aborted) {
        settle(id);
      } else if (reason !== undefined && job.retried) {
        settle(id);
        job.reject(new CellError('failed', `the worker that computes it ${reason}, twice`));
      } else {
        job.retried ||= reason !== undefined;
        post(id, job);
      }
    }
  }

  function abort(id: number, job: Job, reason: unknown): void {
    if (!jobs.has(id)) return;
    job.aborted = true;
    job.reject(reason);
    const asked = seat;
    if (!asked) {
      settle(id);
      return;
    }
    asked.worker.postMessage({ type: 'abort', id } satisfies ToWorker);
    const insist = (): void => {
      if (!jobs.has(id) || asked !== seat) return;
      if (asked.ready) lose(asked);
      else setTimeout(insist, abortMs);
    };
    setTimeout(insist, abortMs);
  }

  /** Posts a job and resolves with what `take` finds in the messages about it. */
  function ask<T>(
    signal: AbortSignal | undefined,
    message: (id: number) => ToWorker,
    take: (message: FromWorker) => T | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const id = nextId++;
      const onAbort = (): void => abort(id, job, signal?.reason);
      const job: Job = {
        message,
        aborted: false,
        retried: false,
        reject(reason) {
          signal?.removeEventListener('abort', onAbort);
          reject(reason);
        },
        hear(said) {
          if (said.type === 'failed') {
            job.reject(new CellError(said.kind, said.message));
            return true;
          }
          const taken = take(said);
          if (taken === undefined) return false;
          signal?.removeEventListener('abort', onAbort);
          resolve(taken);
          return true;
        },
      };
      jobs.set(id, job);
      signal?.addEventListener('abort', onAbort, { once: true });
      heartbeat ??= setInterval(beat, pingMs);
      if (seat && jobs.size === 1) seat.unanswered = 0;
      post(id, job);
    });
  }

  return {
    slots: 1,
    run(task, { signal, progress, save }) {
      // A second attempt goes on from the last checkpoint of the first.
      let current: Task = task;
      return ask<Computed>(
        signal,
        (id) => ({ type: 'run', id, task: toPost(current) }),
        (said) => {
          if (said.type === 'progress') progress(said.fraction, said.partial);
          else if (said.type === 'save') {
            current = { ...current, checkpoint: said.checkpoint };
            save(said.checkpoint);
          }
          return said.type === 'computed' ? said.computed : undefined;
        },
      );
    },
    probabilities: (layers, points, signal) =>
      ask<Float32Array>(
        signal,
        (id) => ({ type: 'probabilities', id, layers: layers.map((layer) => ({ ...layer })), points }),
        (said) => (said.type === 'probabilities' ? said.values : undefined),
      ),
    warm() {
      try {
        seat ??= open();
      } catch {
        // The first job will try again, and can say so.
      }
    },
    dispose() {
      seat?.worker.terminate();
      seat = undefined;
      for (const [id, job] of [...jobs]) {
        settle(id);
        if (!job.aborted) job.reject(new CellError('failed', 'the worker that computes it was ended'));
      }
    },
  };
}

const toPost = ({ kind, params, inputs, checkpoint }: Task) => ({
  kind,
  params: { ...params },
  inputs: { ...inputs },
  ...(checkpoint && { checkpoint: { ...checkpoint } }),
});

/** The page's own worker, as a module. */
export const spawnWorker = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
