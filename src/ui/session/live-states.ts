// The scheduler's state as signals: outcomes and activity, key by key.
// Invariants: a signal holds only the state of its key; a reader never keeps a signal that no longer follows its key. The reader
// decides what to show in the meantime.

import { batch, createSignal, type Signal } from 'solid-js';
import type { KeyState, Outcome, Scheduler } from '../../core/compute/scheduler';
import type { Plain } from '../../core/kinds/value';
import type { Key } from '../../core/plan/key';

/** A key's state and, while the key is being computed, the last reported partial value. */
export interface LiveState extends KeyState {
  readonly partial?: Plain;
}

/** The states of keys as signals; a key gets its signal at the first read. */
export interface Live {
  /**
   * The key's outcome, if any. A computation that reads it subscribes to the outcome alone, not to progress.
   */
  outcome(key: Key): Outcome | undefined;
  /** The key's state; reading it in a computation subscribes to its changes. */
  state(key: Key): LiveState;
  /** Drops the signals of all keys except these. Whoever reads a dropped signal reads again, and gets a new one. */
  retain(keys: ReadonlySet<Key>): void;
}

/** Turns a scheduler's events into signals; the subscription lasts as long as the scheduler. */
export function createLive(scheduler: Scheduler): Live {
  const signals = new Map<Key, Signal<LiveState>>();
  const ends = new Map<Key, Signal<Outcome | undefined>>();
  let isDropping = false;
  const equals = (a: unknown, b: unknown): boolean => a === b && !isDropping;

  scheduler.subscribe((event) => {
    if (event.type === 'store-failed') return;
    ends.get(event.node.key)?.[1](scheduler.state(event.node.key).outcome);
    const signal = signals.get(event.node.key);
    if (!signal) return;
    const [known, set] = signal;
    const state = scheduler.state(event.node.key);
    const partial = event.type === 'progress' ? (event.partial ?? known().partial) : undefined;
    set(state.activity === 'running' && partial !== undefined ? { ...state, partial } : state);
  });

  return {
    outcome(key) {
      let signal = ends.get(key);
      if (!signal) {
        signal = createSignal(scheduler.state(key).outcome, { equals });
        ends.set(key, signal);
      }
      return signal[0]();
    },
    state(key) {
      let signal = signals.get(key);
      if (!signal) {
        signal = createSignal<LiveState>(scheduler.state(key), { equals });
        signals.set(key, signal);
      }
      return signal[0]();
    },
    retain(keys) {
      const drop = <T>(known: Map<Key, Signal<T>>): void => {
        for (const [key, [, set]] of known) {
          if (keys.has(key)) continue;
          known.delete(key);
          set((state) => state);
        }
      };
      // The readers run when the batch ends, so that they find the new signals.
      batch(() => {
        isDropping = true;
        drop(signals);
        drop(ends);
        isDropping = false;
      });
    },
  };
}
