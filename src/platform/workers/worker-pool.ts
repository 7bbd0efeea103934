// Sends requests to a pool of workers; each worker is spawned on first use and then kept.
//
//   ask ─▶ the least busy worker ─▶ its messages … ─▶ settled                  the usual way
//            ├─ aborted: the caller hears at once; a worker that does not confirm it is ended and replaced
//            └─ dead, or silent to pings: the worker is replaced and its requests are tried once more
//
// Invariants: a request settles once, and later messages about the request are ignored; a request that waited
// for a more urgent one when the worker broke is not blamed. Knows nothing of cells.

import { safeParse } from 'valibot';
import { outranks, type Urgency } from '../../core/compute/queue';
import { CellError } from '../../core/kinds/problem';
import { chooseWorker } from './choose-worker';
import { HeldInputs } from './held-inputs';
import { type FromWorker, fromWorker, type ToWorker } from './protocol';

/** How the pool spawns workers, their number, and its time limits. */
export interface PoolOptions {
  spawn(): Worker;
  /** The most workers. */
  readonly size: number;
  /** Milliseconds between two pings while there is work. */
  readonly pingMs?: number | undefined;
  /** The unanswered pings after which a worker counts as hung. */
  readonly patience?: number | undefined;
  /** The same for a worker that is still loading. */
  readonly startPatience?: number | undefined;
  /** Milliseconds within which a worker must confirm an abort. */
  readonly abortMs?: number | undefined;
}

/** A request to a worker. */
interface Request<T> {
  readonly signal: AbortSignal | undefined;
  readonly urgency: Urgency;
  /**
   * The request ends soon. A short bulk request is better sent to a busy worker that holds its inputs than
   * copied to another.
   */
  readonly short?: boolean;
  /** The number of the request's inputs that a worker holds; decides between equally busy workers. */
  fit?(held: HeldInputs): number;
  message(id: number, held: HeldInputs): ToWorker;
  /** Extracts the request's result from a message; undefined until the message with the result. */
  take(message: FromWorker, held: HeldInputs): T | undefined;
  /** Receives the function that changes the urgency; returns the function that stops watching. */
  watch?(move: (urgency: Urgency) => void): () => void;
}

interface Pool {
  ask<T>(request: Request<T>): Promise<T>;
  /** Starts a worker ahead of its first request. */
  warm(): void;
  /** Terminates the workers; open requests are rejected. */
  dispose(): void;
}

interface PooledRequest {
  readonly message: (id: number, held: HeldInputs) => ToWorker;
  readonly fit: (held: HeldInputs) => number;
  readonly short: boolean;
  /** Handles a message about the request; returns true if the message settles it. */
  readonly hear: (message: FromWorker, held: HeldInputs) => boolean;
  readonly reject: (reason: unknown) => void;
  urgency: Urgency;
  slot?: Slot;
  aborted: boolean;
  retried: boolean;
}

interface Slot {
  readonly worker: Worker;
  readonly held: HeldInputs;
  readonly requests: Map<number, PooledRequest>;
  ready: boolean;
  unanswered: number;
}

/** Returns a pool of up to `size` workers. */
export function workerPool(options: PoolOptions): Pool {
  const { spawn, pingMs = 2_500, patience = 4, startPatience = 24, abortMs = 500 } = options;
  let { size } = options;
  let slots: readonly Slot[] = [];
  let nextId = 0;
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  function open(): Slot {
    const worker = spawn();
    const opened: Slot = { worker, held: new HeldInputs(), requests: new Map(), ready: false, unanswered: 0 };
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => hear(opened, data));
    worker.addEventListener('messageerror', () => lose(opened, 'sent an unreadable message'));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const reason = event instanceof ErrorEvent && event.message ? `: ${event.message}` : '';
      lose(opened, opened.ready ? `crashed${reason}` : `did not start${reason}`);
    });
    slots = [...slots, opened];
    return opened;
  }

  /** Chooses the worker that will finish soonest; opens another if all are busy and the pool has room. */
  function pick(request: PooledRequest): Slot {
    const best = chooseWorker(slots, request);
    if (best && (best.slot.requests.size === 0 || slots.length >= size)) return best.slot;
    const opened = open();
    // A loaded worker without competing requests is faster than a new worker that must load first.
    return best?.requestsBefore === 0 && best.slot.ready ? best.slot : opened;
  }

  function post(id: number, request: PooledRequest): void {
    let slot: Slot | undefined;
    try {
      slot = pick(request);
      if (slot.requests.size === 0) slot.unanswered = 0;
      slot.worker.postMessage(request.message(id, slot.held));
      slot.requests.set(id, request);
      request.slot = slot;
      heartbeat ??= setInterval(beat, pingMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      request.reject(new CellError('failed', `nothing can be computed: ${reason}`, true));
      // The inputs recorded as sent to this worker may not have arrived.
      if (slot) lose(slot);
    }
  }

  function settle(slot: Slot, id: number): void {
    slot.requests.delete(id);
    if (slots.some(({ requests }) => requests.size > 0)) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  }

  // Counted in pings, not in time: a machine that slept has not waited for an answer.
  function beat(): void {
    for (const slot of slots) {
      if (slot.requests.size === 0) continue;
      if (slot.unanswered >= (slot.ready ? patience : startPatience)) {
        lose(slot, slot.ready ? 'stopped answering' : 'did not start');
        continue;
      }
      slot.unanswered++;
      slot.worker.postMessage({ type: 'ping' } satisfies ToWorker);
    }
  }

  function hear(from: Slot, data: unknown): void {
    if (!slots.includes(from)) return;
    const parsed = safeParse(fromWorker, data);
    if (!parsed.success) {
      lose(from, 'sent an invalid message');
      return;
    }
    from.unanswered = 0;
    const message = parsed.output;
    if (message.type === 'ready') from.ready = true;
    if (!('id' in message)) return;
    const request = from.requests.get(message.id);
    if (!request) return;
    // An aborted request's value may still arrive: nobody waits for it, but the worker keeps it.
    const heard = (!request.aborted || message.type === 'computed') && request.hear(message, from.held);
    const settled = request.aborted ? message.type === 'aborted' : heard;
    if (settled) settle(from, message.id);
  }

  /** Terminates a worker and posts its requests again; with a reason, rejects those that lost one before. */
  function lose(lost: Slot, reason?: string): void {
    if (!slots.includes(lost)) return;
    lost.worker.terminate();
    slots = slots.filter((slot) => slot !== lost);
    // The machine may be unable to run one more worker, so the pool shrinks to the present ones.
    if (!lost.ready && reason !== undefined) size = Math.max(1, Math.min(size, slots.length));
    const left = [...lost.requests];
    for (const [id, request] of left) {
      settle(lost, id);
      if (request.aborted) continue;
      const held = left.some(([, other]) => outranks(other.urgency, request.urgency));
      if (reason !== undefined && !held && request.retried) {
        request.reject(new CellError('failed', `the worker ${reason}, twice`, true));
        continue;
      }
      request.retried ||= reason !== undefined && !held;
      post(id, request);
    }
  }

  function abort(id: number, request: PooledRequest, reason: unknown): void {
    const { slot } = request;
    request.aborted = true;
    request.reject(reason);
    if (!slot?.requests.has(id)) return;
    slot.worker.postMessage({ type: 'abort', id } satisfies ToWorker);
    const insist = (): void => {
      if (!slot.requests.has(id) || !slots.includes(slot)) return;
      if (slot.ready) lose(slot);
      else setTimeout(insist, abortMs);
    };
    setTimeout(insist, abortMs);
  }

  function ask<T>(request: Request<T>): Promise<T> {
    const { signal, urgency, short = false, fit = () => 0, message, take, watch } = request;
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const id = nextId++;
      const onAbort = (): void => abort(id, request, signal?.reason);
      const stop = watch?.((next) => {
        request.urgency = next;
        request.slot?.worker.postMessage({ type: 'urgency', id, urgency: next } satisfies ToWorker);
      });
      const end = (): void => {
        signal?.removeEventListener('abort', onAbort);
        stop?.();
      };
      const request: PooledRequest = {
        message,
        fit,
        short,
        urgency,
        aborted: false,
        retried: false,
        reject(reason) {
          end();
          reject(reason);
        },
        hear(message, held) {
          if (message.type === 'failed') {
            request.reject(new CellError(message.kind, message.message));
            return true;
          }
          const taken = take(message, held);
          if (taken === undefined) return false;
          end();
          resolve(taken);
          return true;
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      post(id, request);
    });
  }

  return {
    ask,
    warm() {
      try {
        if (slots.length === 0) open();
      } catch {
        // The first request tries again, and reports the failure.
      }
    },
    dispose() {
      const ended = slots;
      slots = [];
      for (const slot of ended) {
        slot.worker.terminate();
        for (const [id, request] of [...slot.requests]) {
          settle(slot, id);
          if (!request.aborted) request.reject(new CellError('failed', 'the worker was stopped'));
        }
      }
    },
  };
}
