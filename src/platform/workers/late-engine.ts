// The worker engine, loaded beside the first paint: what is asked of it before it is there waits for it.
// Invariant: the same as of the engine behind it; a job that is aborted meanwhile never gets to it.

import type { WorkerEngine } from './worker-engine';

/** An engine in the place of one that is being loaded, with as many slots as that will have. */
export function lateEngine(loading: Promise<WorkerEngine>, slots: number): WorkerEngine {
  return {
    slots,
    async run(task, context) {
      const engine = await loading;
      context.signal.throwIfAborted();
      return engine.run(task, context);
    },
    probabilities: async (layers, points, signal) => (await loading).probabilities(layers, points, signal),
    probe: async (layers, rows, redraw, signal) => (await loading).probe(layers, rows, redraw, signal),
    check: async (params, inputs, signal, progress) =>
      (await loading).check(params, inputs, signal, progress),
    warm: () => void loading.then((engine) => engine.warm()),
    dispose: () => void loading.then((engine) => engine.dispose()),
  };
}
