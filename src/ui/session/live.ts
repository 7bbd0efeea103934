// The scheduler's state as signals: outcomes and activity, key by key.
// Invariant: a signal holds only the state of its key; the reader decides what to show in the meantime.

import { createSignal, type Signal } from 'solid-js';
import type { KeyState, Outcome, Scheduler } from '../../core/compute/scheduler';
import type { Plain } from '../../core/kinds/value';
import type { Key } from '../../core/plan/key';

/** A key's state and, while it is running, its value as far as it is known. */
export interface LiveState extends KeyState {
  readonly partial?: Plain;
}

export interface Live {
  /** How the key ended, if it did; a computation that reads it is not evaluated again by what happens until then. */
  outcome(key: Key): Outcome | undefined;
  /** The key's state; reading it in a computation subscribes to its changes. */
  state(key: Key): LiveState;
  /** Forgets the values of all keys but these, which are on the screen. */
  retain(keys: ReadonlySet<Key>): void;
}

/** Turns a scheduler's events to signals. */
export function createLive(scheduler: Scheduler): Live {
  const signals = new Map<Key, Signal<LiveState>>();
  const ends = new Map<Key, Signal<Outcome | undefined>>();

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
        signal = createSignal(scheduler.state(key).outcome);
        ends.set(key, signal);
      }
      return signal[0]();
    },
    state(key) {
      let signal = signals.get(key);
      if (!signal) {
        signal = createSignal<LiveState>(scheduler.state(key));
        signals.set(key, signal);
      }
      return signal[0]();
    },
    retain(keys) {
      for (const known of [signals, ends])
        for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
    },
  };
}
