// The store on disk, loaded beside the first paint: early requests wait until the store is loaded.
// Invariant: that of the store behind it. A store that fails to load holds nothing, and nothing waits for it.

import type { DiskStore } from './idb-store';

/** Returns a store that forwards to the store being loaded. */
export function lateStore(loading: Promise<DiskStore>): DiskStore {
  const loaded = loading.catch(() => undefined);
  return {
    get: async (key, reach) => (await loaded)?.get(key, reach),
    put: async (entry, reach) => (await loaded)?.put(entry, reach),
    checkpoint: async (trace, atMost, reach) => (await loaded)?.checkpoint(trace, atMost, reach),
    putCheckpoint: async (checkpoint, reach) => (await loaded)?.putCheckpoint(checkpoint, reach),
    holds: async (keys) => (await (await loaded)?.holds?.(keys)) ?? new Set(),
    usage: {
      list: async () => (await loading).usage.list(),
      remove: async (items) => (await loading).usage.remove(items),
      setFull: (full) => void loading.then((store) => store.usage.setFull(full)).catch(() => {}),
    },
  };
}
