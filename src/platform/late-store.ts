// The store on disk, loaded beside the first paint: what is asked of the store before it is there waits for it.
// Invariant: the same as of the store behind it; one that cannot be loaded finds nothing and keeps nothing, and fails nobody.

import type { Store } from '../core/store';

/** A store in the place of one that is being loaded. */
export function lateStore(loading: Promise<Store>): Store {
  const found = loading.catch(() => undefined);
  return {
    get: async (key, reach) => (await found)?.get(key, reach),
    put: async (entry, reach) => (await found)?.put(entry, reach),
    checkpoint: async (trace, atMost, reach) => (await found)?.checkpoint(trace, atMost, reach),
    putCheckpoint: async (checkpoint, reach) => (await found)?.putCheckpoint(checkpoint, reach),
    holds: async (keys) => (await (await found)?.holds?.(keys)) ?? new Set(),
  };
}
