// The worker's entry: computes cells, and what boundaries and looks at a network need, beside the page's thread.
// Invariant: it answers pings and aborts between two slices of work, so that silence means that it hangs; what it keeps of
// its inputs is what the page says. The only file of this folder that knows the kinds and the mathematics.

import { number, object, parse, picklist } from 'valibot';
import { registry } from '../../cells';
import { INITIALIZERS, layersValue } from '../../cells/architecture';
import { checkTraining, train } from '../../cells/train';
import { createGate, inlineEngine, type Rank, type Saved } from '../../core/compute/engine';
import type { Urgency } from '../../core/compute/queue';
import { CellError } from '../../core/kinds/problem';
import { byteSize, type Plain, parseValue } from '../../core/kinds/value';
import { macrotask } from '../../core/macrotask';
import { buffersOf, type FromWorker, type ToWorker, toWorker } from './protocol';

type Run = Extract<ToWorker, { type: 'run' }>;
type Check = Extract<ToWorker, { type: 'check' }>;
type Probe = Extract<ToWorker, { type: 'probe' }>;
type Probabilities = Extract<ToWorker, { type: 'probabilities' }>;

const SLICE_MS = 8;
const REPORT_MS = 100;
/** Checkpoints are held back for so long, so that those of a short run are one message. */
const SAVE_MS = 100;

/** Smaller values are copied sooner than they are given away. */
const MIN_GIVEN_BYTES = 2 ** 17;

const { dataset, split, architecture, optimizer } = train.inputs;
const checkedInputs = object({
  dataset: dataset.value,
  split: split.value,
  architecture: architecture.value,
  optimizer: optimizer.value,
});
const initializer = picklist(INITIALIZERS);
const checkedParams = object({ epochs: number(), batchSize: number(), seed: number() });

const gate = createGate();
const engine = inlineEngine(registry, gate, true);
const kept = new Map<string, ReturnType<typeof parseValue<Plain>>>();

/** A job under way: the page may abort it, and change how urgent it is. */
class Job implements Rank {
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

const jobs = new Map<number, Job>();

const say = (message: FromWorker, given: Iterable<ArrayBuffer> = []): void =>
  postMessage(message, { transfer: [...given] });

/** The inputs as the kind's slots want them; one that does not fit would fail somewhere deep in the mathematics. */
function takeInputs({ kind, inputs }: Run): Record<string, Plain> {
  const taken: Record<string, Plain> = {};
  for (const [slot, input] of Object.entries(registry.get(kind)?.inputs ?? {})) {
    const { key, value } = inputs[slot] ?? {};
    const parsed =
      (value === undefined && key !== undefined && kept.get(key)) || parseValue(input.value, value);
    if (key !== undefined) kept.set(key, parsed);
    if (!parsed.ok) throw new CellError('failed', `${kind}'s ${slot} was refused: ${parsed.reason}`);
    taken[slot] = parsed.value;
  }
  return taken;
}

/** What is said, and what of it is given away: of what is large a copy, so that the page's thread need not make one. */
function handedOver<T extends Plain>(said: T): { said: T; given: Iterable<ArrayBuffer> } {
  if (byteSize(said) < MIN_GIVEN_BYTES) return { said, given: [] };
  const copy = structuredClone(said);
  return { said: copy, given: buffersOf(copy) };
}

async function compute(message: Run, job: Job): Promise<void> {
  const { id, kind, params, key, sparse, checkpoint } = message;
  for (const key of message.forget) kept.delete(key);
  const inputs = takeInputs(message);
  const { signal } = job.abort;
  let checkpoints: Saved[] = [];
  let lastSave = performance.now();
  const handSaved = (): void => {
    if (checkpoints.length > 0 && !signal.aborted) {
      const { said, given } = handedOver(checkpoints.map((saved) => ({ ...saved })));
      say({ type: 'saved', id, checkpoints: said }, given);
    }
    checkpoints = [];
    lastSave = performance.now();
  };
  const task = { kind, params, inputs, ...(checkpoint && { checkpoint }) };
  const computed = await engine.run(task, {
    signal,
    rank: job,
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
  say({ type: 'computed', id, computed: { ...computed, value: value.said }, checkpoints: last.said }, [
    ...value.given,
    ...last.given,
  ]);
}

/** A turn for work that is no cell's: every few milliseconds others come in, and who is more urgent goes first. */
function slices(job: Job): () => Promise<void> {
  let sliceStart = performance.now();
  return async () => {
    if (performance.now() - sliceStart >= SLICE_MS) {
      await macrotask();
      await gate.pass(job, job.abort.signal);
      sliceStart = performance.now();
    }
    job.abort.signal.throwIfAborted();
  };
}

async function draw({ id, layers, points }: Probabilities, job: Job): Promise<void> {
  const parsed = parseValue(layersValue, layers);
  if (!parsed.ok) throw new CellError('failed', `the layers were refused: ${parsed.reason}`);
  const leave = gate.enter(job);
  try {
    const { probabilities } = await import('../../nn/training/fused-training');
    const values = await probabilities(parsed.value, points, slices(job));
    say({ type: 'probabilities', id, values }, buffersOf(values));
  } finally {
    leave();
  }
}

/** Looks at a network over the rows that it is trained on. */
async function probe({ id, layers, rows, redraw }: Probe, job: Job): Promise<void> {
  const parsed = parseValue(layersValue, layers);
  if (!parsed.ok) throw new CellError('failed', `the layers were refused: ${parsed.reason}`);
  const leave = gate.enter(job);
  try {
    const [{ probeNetwork }, { redrawn }, { takeRows }] = await Promise.all([
      import('../../nn/probe/probe'),
      import('../../nn/network/initializers'),
      import('../../nn/data/rows'),
    ]);
    const network = redraw
      ? redrawn(parsed.value, redraw.layer, parse(initializer, redraw.kernelInitializer), {
          kernelInitializer: parse(initializer, redraw.drawn.kernelInitializer),
          seed: redraw.drawn.seed,
        })
      : parsed.value;
    const { x, y } = takeRows(rows.x, rows.y, rows.train);
    const found = await probeNetwork(network, x, y, slices(job));
    if (!job.abort.signal.aborted) say({ type: 'probed', id, probe: found });
  } finally {
    leave();
  }
}

/** Trains with both engines. */
async function check({ id, params, inputs }: Check, job: Job): Promise<void> {
  const parsed = parseValue(checkedInputs, inputs);
  const numbers = parseValue(checkedParams, params);
  if (!parsed.ok || !numbers.ok) throw new CellError('failed', 'what is to be checked was refused');
  const leave = gate.enter(job);
  let lastReport = performance.now();
  try {
    const found = await checkTraining(numbers.value, parsed.value, slices(job), (fraction) => {
      if (performance.now() - lastReport < REPORT_MS) return;
      lastReport = performance.now();
      say({ type: 'progress', id, fraction });
    });
    say({ type: 'checked', id, differences: { weights: found.weights, loss: found.loss } });
  } finally {
    leave();
  }
}

async function work(message: Run | Probabilities | Probe | Check): Promise<void> {
  const { id } = message;
  const job = new Job(
    message.type === 'run' ? message.urgency : message.type === 'check' ? 'bulk' : 'selected',
  );
  jobs.set(id, job);
  try {
    if (message.type === 'run') await compute(message, job);
    else if (message.type === 'check') await check(message, job);
    else if (message.type === 'probe') await probe(message, job);
    else await draw(message, job);
  } catch (error) {
    if (job.abort.signal.aborted) return;
    const kind = error instanceof CellError ? error.kind : 'failed';
    say({ type: 'failed', id, kind, message: error instanceof Error ? error.message : String(error) });
  } finally {
    jobs.delete(id);
  }
}

addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parse(toWorker, event.data);
  switch (message.type) {
    case 'ping':
      say({ type: 'pong' });
      break;
    case 'urgency':
      jobs.get(message.id)?.move(message.urgency);
      break;
    case 'abort':
      jobs.get(message.id)?.abort.abort();
      // At once: the computation itself ends at its next turn, which may have to wait for a chunk that is being loaded.
      say({ type: 'aborted', id: message.id });
      break;
    default:
      void work(message);
  }
});

say({ type: 'ready' });

/** What almost every sheet asks for first, fetched and compiled while the page is still being drawn. */
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
// Whoever needs what does not come now asks again, and can say why it does not come.
for (const load of EARLY) load().catch(() => {});
