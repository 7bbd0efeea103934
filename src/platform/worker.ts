// The worker's entry: computes cells, and what a decision boundary needs, beside the page's thread.
// Invariant: it answers pings and aborts between two slices of work, so that silence means that it hangs.
// The only file of this folder that knows the kinds and the mathematics.

import { parse } from 'valibot';
import { registry } from '../cells';
import { layersValue } from '../cells/architecture';
import { inlineEngine } from '../core/engine';
import { CellError } from '../core/problem';
import { type Plain, parseValue } from '../core/value';
import { buffersOf, type FromWorker, type ToWorker, toWorker } from './protocol';

type Run = Extract<ToWorker, { type: 'run' }>;
type Probabilities = Extract<ToWorker, { type: 'probabilities' }>;

const SLICE_MS = 8;

const engine = inlineEngine(registry);
const running = new Map<number, AbortController>();

const say = (message: FromWorker, given: Plain = null): void =>
  postMessage(message, { transfer: buffersOf(given) });

/** The inputs as the kind's slots want them; an input that does not fit would fail somewhere deep in the mathematics. */
function checkInputs({ task }: Run): void {
  for (const [slot, input] of Object.entries(registry.get(task.kind)?.inputs ?? {})) {
    const parsed = parseValue(input.value, task.inputs[slot]);
    if (!parsed.ok) throw new CellError('failed', `${task.kind}'s ${slot} was refused: ${parsed.reason}`);
  }
}

async function compute(message: Run, signal: AbortSignal): Promise<void> {
  const { id, task } = message;
  checkInputs(message);
  const computed = await engine.run(task, {
    signal,
    progress(fraction, partial) {
      if (!signal.aborted) say({ type: 'progress', id, fraction, ...(partial !== undefined && { partial }) });
    },
    save(checkpoint) {
      if (!signal.aborted) say({ type: 'save', id, checkpoint });
    },
  });
  // The inputs are this worker's own copies and the value is given away: nothing here reads either of them again.
  if (!signal.aborted) say({ type: 'computed', id, computed }, computed.value);
}

async function draw({ id, layers, points }: Probabilities, signal: AbortSignal): Promise<void> {
  const parsed = parseValue(layersValue, layers);
  if (!parsed.ok) throw new CellError('failed', `the layers were refused: ${parsed.reason}`);
  const { probabilities } = await import('../nn/forward');
  let sliceStart = performance.now();
  const values = await probabilities(parsed.value, points, async () => {
    if (performance.now() - sliceStart >= SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      sliceStart = performance.now();
    }
    signal.throwIfAborted();
  });
  say({ type: 'probabilities', id, values }, values);
}

async function work(message: Run | Probabilities): Promise<void> {
  const { id } = message;
  const abort = new AbortController();
  const { signal } = abort;
  running.set(id, abort);
  try {
    await (message.type === 'run' ? compute(message, signal) : draw(message, signal));
  } catch (error) {
    if (signal.aborted) return;
    const kind = error instanceof CellError ? error.kind : 'failed';
    say({ type: 'failed', id, kind, message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parse(toWorker, event.data);
  switch (message.type) {
    case 'ping':
      say({ type: 'pong' });
      break;
    case 'abort':
      running.get(message.id)?.abort();
      // At once: the computation itself ends at its next turn, which may have to wait for a chunk that is being loaded.
      say({ type: 'aborted', id: message.id });
      break;
    default:
      void work(message);
  }
});

say({ type: 'ready' });
