// Where results are kept: one interface for memory, disk and both in tiers.
// Invariant: what a store returns under a key was put under that key; whether its recipe fits is the reader's check.
// Knows nothing of kinds.

import type { Checkpoint } from './kind';
import { byteSize, type Plain } from './value';

/** A stored result; `checksum` is the value's digest, `ms` what it cost. */
export interface Entry {
  readonly key: string;
  readonly recipe: string;
  readonly value: Plain;
  readonly checksum: string;
  readonly ms: number;
}

/** A checkpoint of a trace, by the trace's text. */
export interface TraceCheckpoint extends Checkpoint {
  readonly trace: string;
}

/** What was found, and in which tier. */
export interface Found {
  readonly entry: Entry;
  readonly from: 'memory' | 'disk';
}

/** Keeps entries by key and checkpoints by trace. Reads that find nothing usable resolve to undefined. */
export interface Store {
  get(key: string): Promise<Found | undefined>;
  put(entry: Entry): Promise<void>;
  /** The trace's latest checkpoint at or below `atMost`. */
  checkpoint(trace: string, atMost: number): Promise<TraceCheckpoint | undefined>;
  putCheckpoint(checkpoint: TraceCheckpoint): Promise<void>;
}

/** A map that forgets what was used least recently once it holds more than `maxBytes`; `onDrop` hears of it. */
class Recent<T> {
  #held = new Map<string, { item: T; bytes: number }>();
  #bytes = 0;
  readonly #maxBytes: number;
  readonly #onDrop: (item: T) => void;

  constructor(maxBytes: number, onDrop: (item: T) => void = () => {}) {
    this.#maxBytes = maxBytes;
    this.#onDrop = onDrop;
  }

  get(key: string): T | undefined {
    const found = this.#held.get(key);
    if (!found) return undefined;
    this.#held.delete(key);
    this.#held.set(key, found);
    return found.item;
  }

  /** Holds an item; one that is larger than all there may be is dropped at once. */
  set(key: string, item: T, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(key)?.bytes ?? 0);
    this.#held.delete(key);
    this.#held.set(key, { item, bytes });
    for (const [oldest, { item: dropped, bytes: freed }] of this.#held) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#held.delete(oldest);
      this.#bytes -= freed;
      this.#onDrop(dropped);
    }
  }
}

/** A store in memory; what was used least recently goes when entries or checkpoints exceed `maxBytes` each. */
export function memoryStore(options: { readonly maxBytes?: number } = {}): Store {
  const { maxBytes = 256 * 2 ** 20 } = options;
  const entries = new Recent<Entry>(maxBytes);
  const placesOf = new Map<string, Set<number>>();
  const checkpoints = new Recent<TraceCheckpoint>(maxBytes, ({ trace, at }) => {
    const places = placesOf.get(trace);
    places?.delete(at);
    if (places?.size === 0) placesOf.delete(trace);
  });
  const checkpointKey = (trace: string, at: number): string => `${at} ${trace}`;
  return {
    async get(key) {
      const entry = entries.get(key);
      return entry && { entry, from: 'memory' };
    },
    async put(entry) {
      entries.set(entry.key, entry, byteSize(entry.value));
    },
    async checkpoint(trace, atMost) {
      const within = [...(placesOf.get(trace) ?? [])].filter((at) => at <= atMost);
      return within.length > 0 ? checkpoints.get(checkpointKey(trace, Math.max(...within))) : undefined;
    },
    async putCheckpoint(checkpoint) {
      const { trace, at, state } = checkpoint;
      const places = placesOf.get(trace) ?? new Set();
      placesOf.set(trace, places.add(at));
      checkpoints.set(checkpointKey(trace, at), checkpoint, byteSize(state));
    },
  };
}

/** Two stores as one: reads try the fast one first and copy what the slow one had; writes go to both. */
export function tiered(fast: Store, slow: Store): Store {
  return {
    async get(key) {
      const near = await fast.get(key);
      if (near) return near;
      const far = await slow.get(key);
      if (far) await fast.put(far.entry);
      return far;
    },
    async put(entry) {
      await fast.put(entry);
      await slow.put(entry);
    },
    async checkpoint(trace, atMost) {
      const [near, far] = await Promise.all([fast.checkpoint(trace, atMost), slow.checkpoint(trace, atMost)]);
      return near && far ? (near.at >= far.at ? near : far) : (near ?? far);
    },
    async putCheckpoint(checkpoint) {
      await fast.putCheckpoint(checkpoint);
      await slow.putCheckpoint(checkpoint);
    },
  };
}
