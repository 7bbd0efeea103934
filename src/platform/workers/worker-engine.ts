// An engine whose work is done by a pool of module workers, one for each core.
// Invariant: nothing of the page is given away by a post; a second attempt goes on from the last checkpoint of the first.

import type { Computed, Engine } from '../../core/compute/engine';
import type { Checkpoint, Params } from '../../core/kinds/kind';
import type { Plain } from '../../core/kinds/value';
import type { NetworkLayer, Probed, ProbedRows, Redraw } from './protocol';
import { type PoolOptions, workerPool } from './worker-pool';

/** An engine that can also be asked for what is drawn but is no cell. */
export interface WorkerEngine extends Engine {
  /** The probability of class 1 at each of the points, float32 [points][inputs] row by row. */
  probabilities(
    layers: readonly NetworkLayer[],
    points: Float32Array,
    signal?: AbortSignal,
  ): Promise<Float32Array>;
  /** The network looked at over the rows that are trained on, with a layer drawn anew before where `redraw` says so. */
  probe(
    layers: readonly NetworkLayer[],
    rows: ProbedRows,
    redraw: Redraw | undefined,
    signal?: AbortSignal,
  ): Promise<Probed>;
  /**
   * Trains with the fused kernel and with tfjs side by side, given train's params and inputs: the largest absolute
   * differences of weights and of the loss, epoch by epoch.
   */
  check(
    params: Params,
    inputs: Readonly<Record<string, Plain>>,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ): Promise<{ readonly weights: Float64Array; readonly loss: Float64Array }>;
  /** Starts a worker ahead of its first job. */
  warm(): void;
  /** Ends the workers; jobs under way are rejected. */
  dispose(): void;
}

/** A checkpoint as it is posted. */
const plainCheckpoint = ({ at, state, ms }: Checkpoint): Checkpoint => ({
  at,
  state,
  ...(ms !== undefined && { ms }),
});

/** Those of the pool; there are as many workers as cores unless said otherwise. */
export type WorkerEngineOptions = Omit<PoolOptions, 'size'> & { readonly size?: number };

/** An engine over a pool of workers, each of which is spawned when first needed and then kept. */
export function workerEngine(options: WorkerEngineOptions): WorkerEngine {
  // Some browsers do not say how many cores there are.
  const { size = navigator.hardwareConcurrency || 2 } = options;
  const { ask, warm, dispose } = workerPool({ ...options, size });
  return {
    slots: size,
    run(task, { signal, rank, short = false, sparse = false, progress, save }) {
      let { checkpoint } = task;
      const urgency = () => rank?.urgency ?? 'visible';
      return ask<Computed>({
        signal,
        urgency: urgency(),
        short,
        fit: (held) => held.known(task),
        message: (id, held) => ({
          type: 'run',
          id,
          urgency: urgency(),
          sparse,
          kind: task.kind,
          params: { ...task.params },
          ...held.send(task),
          ...(task.key !== undefined && { key: task.key }),
          ...(checkpoint && { checkpoint: plainCheckpoint(checkpoint) }),
        }),
        take(said, held) {
          if (said.type === 'progress') progress(said.fraction, said.partial);
          if (said.type === 'saved' || said.type === 'computed') {
            for (const saved of said.checkpoints) {
              checkpoint = saved;
              save(saved);
            }
          }
          if (said.type !== 'computed') return undefined;
          if (task.key !== undefined) held.add(task.key, said.computed.value);
          return said.computed;
        },
        ...(rank && { watch: (move) => rank.watch(() => move(rank.urgency)) }),
      });
    },
    probabilities: (layers, points, signal) =>
      ask<Float32Array>({
        signal,
        urgency: 'selected',
        message: (id) => ({
          type: 'probabilities',
          id,
          layers: layers.map((layer) => ({ ...layer })),
          points,
        }),
        take: (said) => (said.type === 'probabilities' ? said.values : undefined),
      }),
    probe: (layers, rows, redraw, signal) =>
      ask<Probed>({
        signal,
        urgency: 'selected',
        message: (id) => ({
          type: 'probe',
          id,
          layers: layers.map((layer) => ({ ...layer })),
          rows,
          ...(redraw && { redraw }),
        }),
        take: (said) => (said.type === 'probed' ? said.probe : undefined),
      }),
    check: (params, inputs, signal, progress) =>
      ask({
        signal,
        urgency: 'bulk',
        message: (id) => ({ type: 'check', id, params: { ...params }, inputs: { ...inputs } }),
        take(said) {
          if (said.type === 'progress') progress(said.fraction);
          return said.type === 'checked' ? said.differences : undefined;
        },
      }),
    warm,
    dispose,
  };
}

/** The page's own worker, as a module. */
export const spawnWorker = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
