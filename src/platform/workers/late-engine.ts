// The worker engine, loaded beside the first paint: what is asked of it before it is there waits for it.
// Invariant: the same as of the engine behind it; a job that is aborted meanwhile never gets to it.

import type { WorkerEngine } from './worker-engine';

/** An engine in the place of one that is being loaded, with as many slots as that will have. */
export function lateEngine(loading: Promise<WorkerEngine>, slots: number): Omit<WorkerEngine, 'ask'> {
  return {
    slots,
    async run(task, context) {
      const engine = await loading;
      context.signal.throwIfAborted();
      return engine.run(task, context);
    },
    warm: () => void loading.then((engine) => engine.warm()),
    dispose: () => void loading.then((engine) => engine.dispose()),
  };
}
