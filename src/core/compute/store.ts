// The store interface, for memory, disk, and both in tiers.
// Invariant: an entry returned for a key was put under that key; the reader compares the recipe.
// Knows nothing of kinds.

import type { Checkpoint } from '../kinds/kind';
import { byteSize, type Plain } from '../kinds/value';
import { type Held, thin } from './checkpoints';

/**
 * A stored result. `digest` is the digest of the value; if absent, the store on disk computes it. `ms` is the
 * time that the computation took.
 */
export interface Entry {
  readonly key: string;
  readonly recipe: string;
  readonly value: Plain;
  readonly digest?: string;
  readonly ms: number;
}

/** A checkpoint of a trace; `trace` is the trace's text, `digest` the digest of the state. */
export interface TraceCheckpoint extends Checkpoint {
  readonly trace: string;
  readonly digest?: string;
}

/** An entry and the tier that had it; `transient` if the entry was put into memory only. */
interface Found {
  readonly entry: Entry;
  readonly from: 'memory' | 'disk';
  readonly transient?: boolean;
}

/** The lowest tier that an operation reaches: 'memory' does not touch the disk. */
export type Reach = 'memory' | 'disk';

/**
 * Keeps entries by key, and checkpoints by trace at any places from 0. A read without a usable result
 * resolves to undefined. Default reach: 'disk'.
 */
export interface Store {
  get(key: string, reach?: Reach): Promise<Found | undefined>;
  put(entry: Entry, reach?: Reach): Promise<void>;
  /** The trace's latest checkpoint at or below `atMost` units of the extent. */
  checkpoint(trace: string, atMost: number, reach?: Reach): Promise<TraceCheckpoint | undefined>;
  putCheckpoint(checkpoint: TraceCheckpoint, reach?: Reach): Promise<void>;
  /** Whether the entry is in memory; synchronous. */
  has?(key: string): boolean;
  /** Keys among these that have an entry in any tier; reads no entry. */
  holds?(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

interface Bounds {
  readonly bytes: number;
  readonly items: number;
}

/** A map that drops the least recently used items beyond its bounds and calls `onDrop` for each. */
class Recent<T> {
  #held = new Map<string, { item: T; bytes: number }>();
  #bytes = 0;
  readonly #bounds: Bounds;
  readonly #onDrop: (item: T) => void;

  constructor(bounds: Bounds, onDrop: (item: T) => void = () => {}) {
    this.#bounds = bounds;
    this.#onDrop = onDrop;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  get(key: string): T | undefined {
    const found = this.#held.get(key);
    if (!found) return undefined;
    this.#held.delete(key);
    this.#held.set(key, found);
    return found.item;
  }

  delete(key: string): void {
    this.#bytes -= this.#held.get(key)?.bytes ?? 0;
    this.#held.delete(key);
  }

  /**
   * Sets an item and drops the oldest beyond the bounds; an item larger than the bound is dropped at once.
   */
  set(key: string, item: T, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(key)?.bytes ?? 0);
    this.#held.delete(key);
    this.#held.set(key, { item, bytes });
    for (const [oldest, { item: dropped, bytes: freed }] of this.#held) {
      if (this.#bytes <= this.#bounds.bytes && this.#held.size <= this.#bounds.items) break;
      this.#held.delete(oldest);
      this.#bytes -= freed;
      this.#onDrop(dropped);
    }
  }
}

interface MemoryOptions {
  readonly maxBytes?: number;
  readonly maxCheckpointBytes?: number;
  readonly maxCheckpoints?: number;
}

/**
 * Creates a store in memory. It drops the least recently used entries beyond `maxBytes`, and the least
 * recently used checkpoints beyond their bytes and number; each trace also keeps to its own budget.
 */
export function memoryStore(options: MemoryOptions = {}): Store {
  // A checkpoint consists of many small buffers, and is useful only for the few traces at work.
  const { maxBytes = 128 * 2 ** 20, maxCheckpointBytes = maxBytes / 2, maxCheckpoints = 256 } = options;
  const entries = new Recent<{ readonly entry: Entry; readonly transient: boolean }>({
    bytes: maxBytes,
    items: Number.POSITIVE_INFINITY,
  });
  const heldOf = new Map<string, readonly Held[]>();
  const keep = (trace: string, held: readonly Held[]): void => {
    if (held.length > 0) heldOf.set(trace, held);
    else heldOf.delete(trace);
  };
  const bounds = { bytes: maxCheckpointBytes, items: maxCheckpoints };
  const checkpoints = new Recent<TraceCheckpoint>(bounds, ({ trace, at }) =>
    keep(
      trace,
      (heldOf.get(trace) ?? []).filter((held) => held.at !== at),
    ),
  );
  const checkpointKey = (trace: string, at: number): string => `${at} ${trace}`;
  return {
    async get(key) {
      const found = entries.get(key);
      return found && { ...found, from: 'memory' };
    },
    async put(entry, reach = 'disk') {
      entries.set(entry.key, { entry, transient: reach === 'memory' }, byteSize(entry.value));
    },
    async checkpoint(trace, atMost) {
      const latest = heldOf.get(trace)?.findLast(({ at }) => at <= atMost);
      return latest && checkpoints.get(checkpointKey(trace, latest.at));
    },
    async putCheckpoint(checkpoint) {
      const { trace, at, state } = checkpoint;
      const added = { at, bytes: byteSize(state) };
      const { kept, dropped } = thin(heldOf.get(trace) ?? [], added);
      keep(trace, kept);
      for (const gone of dropped) checkpoints.delete(checkpointKey(trace, gone.at));
      if (kept.includes(added)) checkpoints.set(checkpointKey(trace, at), checkpoint, added.bytes);
    },
    has: (key) => entries.has(key),
    holds: async (keys) => new Set(keys.filter((key) => entries.has(key))),
  };
}

/**
 * Combines two stores. Reads try the fast store first, and entries found in the slow store are copied to the
 * fast one; of two checkpoints the later wins. Writes go to the fast store, then down to their reach.
 */
export function tiered(fast: Store, slow: Store): Store {
  return {
    async get(key, reach = 'disk') {
      const near = await fast.get(key, reach);
      if (near || reach === 'memory') return near;
      const far = await slow.get(key);
      if (far) await fast.put(far.entry);
      return far;
    },
    async put(entry, reach = 'disk') {
      await fast.put(entry, reach);
      if (reach === 'disk') await slow.put(entry);
    },
    async checkpoint(trace, atMost, reach = 'disk') {
      if (reach === 'memory') return fast.checkpoint(trace, atMost, reach);
      const [near, far] = await Promise.all([fast.checkpoint(trace, atMost), slow.checkpoint(trace, atMost)]);
      return near && far ? (near.at >= far.at ? near : far) : (near ?? far);
    },
    async putCheckpoint(checkpoint, reach = 'disk') {
      await fast.putCheckpoint(checkpoint, reach);
      if (reach === 'disk') await slow.putCheckpoint(checkpoint);
    },
    has: (key) => fast.has?.(key) ?? false,
    async holds(keys) {
      const near = (await fast.holds?.(keys)) ?? new Set();
      const far = await slow.holds?.(keys.filter((key) => !near.has(key)));
      return new Set([...near, ...(far ?? [])]);
    },
  };
}
