// A list of listeners to events. Invariant: a listener that throws does not keep the event from the other listeners.

import type { SchedulerEvent } from './demand';

type Listener = (event: SchedulerEvent) => void;

/** Listeners to the events of one scheduler. */
interface Listeners {
  /** Calls every listener. An error that a listener throws is rethrown in a later task. */
  emit(event: SchedulerEvent): void;
  subscribe(listener: Listener): () => void;
}

/** An empty set of listeners. */
export function createListeners(): Listeners {
  const listeners = new Set<Listener>();
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
