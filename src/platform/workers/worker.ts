// The worker's entry: computes cells and answers questions beside the page's thread.
// Invariant: the worker answers pings and aborts between two slices of work, so that silence means a hang; the page decides
// which inputs the worker keeps. The only file of this folder that knows the kinds, the questions and the mathematics.

import { parse } from 'valibot';
import { registry } from '../../cells';
import { questions } from '../../cells/questions';
import { createGate, inlineEngine, type Rank, type Saved } from '../../core/compute/engine';
import { answerQuestion } from '../../core/compute/question-answering';
import type { Urgency } from '../../core/compute/queue';
import { CellError } from '../../core/kinds/problem';
import { byteSize, type Plain, parseValue } from '../../core/kinds/value';
import { buffersOf, type FromWorker, type ToWorker, toWorker } from './protocol';

type ComputeMessage = Extract<ToWorker, { type: 'compute' }>;
type AskMessage = Extract<ToWorker, { type: 'ask' }>;

/** Checkpoints are collected for this many ms, so that those of a short computation share a message. */
const SAVE_MS = 100;

/** Copying a smaller value is faster than transferring it. */
const MIN_GIVEN_BYTES = 2 ** 17;

const gate = createGate();
const engine = inlineEngine(registry, gate, true);
const kept = new Map<string, ReturnType<typeof parseValue<Plain>>>();

/** A request under way: the page may abort it or change its urgency. */
class ActiveRequest implements Rank {
  readonly abort = new AbortController();
  #watchers = new Set<() => void>();

  constructor(public urgency: Urgency) {}

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  move(urgency: Urgency): void {
    this.urgency = urgency;
    for (const watcher of this.#watchers) watcher();
  }
}

const requests = new Map<number, ActiveRequest>();

const say = (message: FromWorker, given: Iterable<ArrayBuffer> = []): void =>
  postMessage(message, { transfer: [...given] });

/** Parses the inputs by the kind's slots; throws `CellError` before the mathematics meets bad data. */
function takeInputs({ kind, inputs }: ComputeMessage): Record<string, Plain> {
  const taken: Record<string, Plain> = {};
  for (const [slot, input] of Object.entries(registry.get(kind)?.inputs ?? {})) {
    const { key, value } = inputs[slot] ?? {};
    const parsed =
      (value === undefined && key !== undefined && kept.get(key)) || parseValue(input.value, value);
    if (key !== undefined) kept.set(key, parsed);
    if (!parsed.ok) throw new CellError('failed', `invalid ${slot} of ${kind}: ${parsed.reason}`);
    taken[slot] = parsed.value;
  }
  return taken;
}

/**
 * Returns a message part and the buffers to transfer: a large value is cloned here, so that the page's thread
 * need not copy it.
 */
function handedOver<T extends Plain>(part: T): { part: T; given: Iterable<ArrayBuffer> } {
  if (byteSize(part) < MIN_GIVEN_BYTES) return { part, given: [] };
  const copy = structuredClone(part);
  return { part: copy, given: buffersOf(copy) };
}

async function compute(message: ComputeMessage, request: ActiveRequest): Promise<void> {
  const { id, kind, params, key, sparse, checkpoint } = message;
  for (const key of message.forget) kept.delete(key);
  const inputs = takeInputs(message);
  const { signal } = request.abort;
  let checkpoints: Saved[] = [];
  let lastSave = performance.now();
  const handSaved = (): void => {
    if (checkpoints.length > 0 && !signal.aborted) {
      const { part, given } = handedOver(checkpoints.map((saved) => ({ ...saved })));
      say({ type: 'saved', id, checkpoints: part }, given);
    }
    checkpoints = [];
    lastSave = performance.now();
  };
  const computation = { kind, params, inputs, ...(checkpoint && { checkpoint }) };
  const computed = await engine.execute(computation, {
    signal,
    rank: request,
    sparse,
    progress(fraction, partial) {
      if (!signal.aborted) say({ type: 'progress', id, fraction, ...(partial !== undefined && { partial }) });
    },
    save(saved) {
      checkpoints.push(saved);
      if (performance.now() - lastSave >= SAVE_MS) handSaved();
    },
  });
  if (signal.aborted) return;
  if (key !== undefined) kept.set(key, { ok: true, value: computed.value });
  const value = handedOver(computed.value);
  const last = handedOver(checkpoints.map((saved) => ({ ...saved })));
  say({ type: 'computed', id, computed: { ...computed, value: value.part }, checkpoints: last.part }, [
    ...value.given,
    ...last.given,
  ]);
}

async function answer({ id, ...asked }: AskMessage, request: ActiveRequest): Promise<void> {
  const { signal } = request.abort;
  const found = await answerQuestion(questions, asked, gate, {
    signal,
    rank: request,
    progress: (fraction) => say({ type: 'progress', id, fraction }),
  });
  if (!signal.aborted) say({ type: 'answered', id, answer: found }, buffersOf(found));
}

async function work(message: ComputeMessage | AskMessage): Promise<void> {
  const { id } = message;
  const request = new ActiveRequest(message.urgency);
  requests.set(id, request);
  try {
    await (message.type === 'compute' ? compute(message, request) : answer(message, request));
  } catch (error) {
    if (request.abort.signal.aborted) return;
    const kind = error instanceof CellError ? error.kind : 'failed';
    say({ type: 'failed', id, kind, message: error instanceof Error ? error.message : String(error) });
  } finally {
    requests.delete(id);
  }
}

addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parse(toWorker, event.data);
  switch (message.type) {
    case 'ping':
      say({ type: 'pong' });
      break;
    case 'urgency':
      requests.get(message.id)?.move(message.urgency);
      break;
    case 'abort':
      requests.get(message.id)?.abort.abort();
      // At once: the computation ends only at its next turn, which may wait for a chunk that is loading.
      say({ type: 'aborted', id: message.id });
      break;
    default:
      void work(message);
  }
});

say({ type: 'ready' });

/** The parts that almost every sheet needs, fetched and compiled while the page is drawn. */
const EARLY = [
  () => import('../../nn/data/datasets'),
  () => import('../../nn/data/split'),
  () => import('../../nn/network/initializers'),
  () => import('../../nn/training/training'),
  () => import('../../nn/training/fused-training'),
  () =>
    import('../../nn/training/fused-kernel').then(({ withKernel }) => withKernel(() => Promise.resolve())),
  () => import('../../nn/training/diff'),
  () => import('../../nn/data/rows'),
];
// A computation that needs a failed part loads it again, and reports the reason.
for (const load of EARLY) load().catch(() => {});
