// The store interface, for memory, disk, and both in tiers.
// Invariant: what a store returns under a key was put under that key; the reader checks whether the recipe fits.
// Knows nothing of kinds.

import type { Checkpoint } from '../kinds/kind';
import { byteSize, type Plain } from '../kinds/value';
import { type Held, thin } from './checkpoints';

/** A stored result; `digest` is the value's, made by the store on disk where it is left out; `ms` is what it cost. */
export interface Entry {
  readonly key: string;
  readonly recipe: string;
  readonly value: Plain;
  readonly digest?: string;
  readonly ms: number;
}

/** A checkpoint of a trace, by the trace's text; `digest` is its state's. */
export interface TraceCheckpoint extends Checkpoint {
  readonly trace: string;
  readonly digest?: string;
}

/** What was found, and in which tier; `transient` where it was put into memory only. */
interface Found {
  readonly entry: Entry;
  readonly from: 'memory' | 'disk';
  readonly transient?: boolean;
}

/** How far down an operation reaches: 'memory' leaves the disk alone. */
export type Reach = 'memory' | 'disk';

/**
 * Keeps entries by key and checkpoints by trace, at any places from 0. Reads that find nothing usable resolve to undefined.
 * Operations reach down to the disk unless said otherwise.
 */
export interface Store {
  get(key: string, reach?: Reach): Promise<Found | undefined>;
  put(entry: Entry, reach?: Reach): Promise<void>;
  /** The trace's latest checkpoint at or below `atMost`. */
  checkpoint(trace: string, atMost: number, reach?: Reach): Promise<TraceCheckpoint | undefined>;
  putCheckpoint(checkpoint: TraceCheckpoint, reach?: Reach): Promise<void>;
  /** Whether memory has the entry, known without asking further. */
  has?(key: string): boolean;
  /** Those of the keys under which an entry lies, down to the disk; the entries themselves are not read. */
  holds?(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

interface Bounds {
  readonly bytes: number;
  readonly items: number;
}

/** A map that forgets what was used least recently once it holds more than its bounds say; `onDrop` hears of it. */
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

  /** Holds an item; one that is larger than all there may be is dropped at once. */
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
 * A store in memory; what was used least recently goes when entries exceed `maxBytes` or checkpoints their bytes or their
 * number, and of each trace no more is kept than its budget.
 */
export function memoryStore(options: MemoryOptions = {}): Store {
  // Checkpoints are many small buffers each, and are of use only for the few traces that somebody is working on.
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

/** Two stores as one: reads try the fast one first and copy what the slow one had; writes go as far as they reach. */
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
