// Wraps the worker engine, which loads beside the first paint: requests wait until the engine is loaded.
// Invariant: behaves like the engine behind it; a request that is aborted while it waits never reaches the engine.

import type { WorkerEngine } from './worker-engine';

/** Returns an engine that forwards to the engine being loaded, which will have as many `slots`. */
export function lateEngine(loading: Promise<WorkerEngine>, slots: number): Omit<WorkerEngine, 'ask'> {
  return {
    slots,
    async execute(computation, context) {
      const engine = await loading;
      context.signal.throwIfAborted();
      return engine.execute(computation, context);
    },
    warm: () => void loading.then((engine) => engine.warm()),
    dispose: () => void loading.then((engine) => engine.dispose()),
  };
}
