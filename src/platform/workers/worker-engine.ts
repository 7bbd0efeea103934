// An engine that computes in a pool of module workers, one for each core.
// Invariant: posting a message gives away nothing of the page; a second attempt resumes from the last checkpoint of the first.

import type { Computed, Engine } from '../../core/compute/engine';
import type { AskAny } from '../../core/compute/question-answering';
import type { Checkpoint } from '../../core/kinds/kind';
import { CellError } from '../../core/kinds/problem';
import { byteSize, type Plain, parseValue } from '../../core/kinds/value';
import { macrotask } from '../../core/macrotask';
import workerAddress from './worker.ts?worker&url';
import { type PoolOptions, workerPool } from './worker-pool';

/** An engine that also answers questions. */
export interface WorkerEngine extends Engine {
  readonly ask: AskAny;
  /** Starts a worker ahead of its first request. */
  warm(): void;
  /** Terminates the workers; open requests are rejected. */
  dispose(): void;
}

/** Strips a checkpoint to the fields that a message may have. */
const plainCheckpoint = ({ at, state, ms }: Checkpoint): Checkpoint => ({
  at,
  state,
  ...(ms !== undefined && { ms }),
});

/** The pool's options; `size` defaults to the number of cores. */
export type WorkerEngineOptions = Omit<PoolOptions, 'size'> & { readonly size?: number };

/** A message larger than this, in bytes, is copied to a worker in a task of its own. */
const LARGE_BYTES = 2 ** 20;
let copied: Promise<void> = Promise.resolve();

/** Resolves when the parts may be copied to a worker: at once if small, otherwise one copy per task. */
async function waitToCopy(...parts: readonly Plain[]): Promise<void> {
  const bytes = parts.reduce((sum: number, part) => sum + byteSize(part), 0);
  if (bytes <= LARGE_BYTES) return;
  const before = copied;
  copied = before.then(macrotask);
  await before;
}

/** Returns an engine over a pool of workers, each spawned on first use and then kept. */
export function workerEngine(options: WorkerEngineOptions): WorkerEngine {
  // Some browsers do not report the number of cores.
  const { size = navigator.hardwareConcurrency || 2 } = options;
  const { ask, warm, dispose } = workerPool({ ...options, size });
  return {
    slots: size,
    async execute(computation, { signal, rank, short = false, sparse = false, progress, save }) {
      let { checkpoint } = computation;
      await waitToCopy(computation.inputs, checkpoint?.state ?? null);
      const urgency = () => rank?.urgency ?? 'visible';
      return ask<Computed>({
        signal,
        urgency: urgency(),
        short,
        fit: (held) => held.known(computation),
        message: (id, held) => ({
          type: 'compute',
          id,
          urgency: urgency(),
          sparse,
          kind: computation.kind,
          params: { ...computation.params },
          ...held.send(computation),
          ...(computation.key !== undefined && { key: computation.key }),
          ...(checkpoint && { checkpoint: plainCheckpoint(checkpoint) }),
        }),
        take(message, held) {
          if (message.type === 'progress') progress(message.fraction, message.partial);
          if (message.type === 'saved' || message.type === 'computed') {
            for (const saved of message.checkpoints) {
              checkpoint = saved;
              save(saved);
            }
          }
          if (message.type !== 'computed') return undefined;
          if (computation.key !== undefined) held.add(computation.key, message.computed.value);
          return message.computed;
        },
        ...(rank && { watch: (move) => rank.watch(() => move(rank.urgency)) }),
      });
    },
    async ask(question, input, { signal, urgency = 'selected', progress }) {
      const { name, version, value } = question;
      await waitToCopy(input);
      const answer = await ask<Plain>({
        signal,
        urgency,
        message: (id) => ({ type: 'ask', id, urgency, question: name, version, input }),
        take(message) {
          if (message.type === 'progress') progress?.(message.fraction);
          return message.type === 'answered' ? message.answer : undefined;
        },
      });
      const parsed = parseValue(value, answer);
      if (!parsed.ok) throw new CellError('failed', `invalid answer to ${name}: ${parsed.reason}`);
      return parsed.value;
    },
    warm,
    dispose,
  };
}

/**
 * The script of a worker that imports a module, and passes on the messages that arrive meanwhile. Classic,
 * because Chromium starts no module from a blob in a sandboxed frame.
 */
const importing = (module: string): string => `
  const early = [];
  const keep = ({ data }) => early.push(data);
  addEventListener('message', keep);
  import (${JSON.stringify(module)}).then(
    () => {
      removeEventListener('message', keep);
      for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
    },
    (error) => setTimeout(() => { throw error; }),
  );`;

/**
 * Spawns the page's own worker, as a module. A sandboxed frame has an origin of its own, and may start a
 * worker only from its own blob.
 */
export function spawnWorker(): Worker {
  const { href, origin } = new URL(workerAddress, location.href);
  if (origin === globalThis.origin) return new Worker(href, { type: 'module' });
  return new Worker(URL.createObjectURL(new Blob([importing(href)], { type: 'text/javascript' })));
}
