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

/** A map that forgets what was used least recently once it holds more than `maxBytes`. */
class Recent<T> {
  #held = new Map<string, { item: T; bytes: number }>();
  #bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): T | undefined {
    const found = this.#held.get(key);
    if (!found) return undefined;
    this.#held.delete(key);
    this.#held.set(key, found);
    return found.item;
  }

  set(key: string, item: T, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(key)?.bytes ?? 0);
    this.#held.delete(key);
    this.#held.set(key, { item, bytes });
    for (const [oldest, { bytes: freed }] of this.#held) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#held.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

/** A store in memory; what was used least recently goes when entries or checkpoints exceed `maxBytes` each. */
export function memoryStore(options: { readonly maxBytes?: number } = {}): Store {
  const { maxBytes = 256 * 2 ** 20 } = options;
  const entries = new Recent<Entry>(maxBytes);
  const traces = new Recent<readonly TraceCheckpoint[]>(maxBytes);
  return {
    async get(key) {
      const entry = entries.get(key);
      return entry && { entry, from: 'memory' };
    },
    async put(entry) {
      entries.set(entry.key, entry, byteSize(entry.value));
    },
    async checkpoint(trace, atMost) {
      return traces.get(trace)?.findLast(({ at }) => at <= atMost);
    },
    async putCheckpoint(checkpoint) {
      const others = (traces.get(checkpoint.trace) ?? []).filter(({ at }) => at !== checkpoint.at);
      const kept = [...others, checkpoint].sort((a, b) => a.at - b.at);
      const bytes = kept.reduce((sum, { state }) => sum + byteSize(state), 0);
      traces.set(checkpoint.trace, kept, bytes);
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
