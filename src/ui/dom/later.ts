// Parts of the program that are loaded when something first asks for them, and wake it once they are there.
// Invariant: each is loaded once, whoever asks; until then there is nothing, and what asks shows itself without it.

import { createSignal } from 'solid-js';
import type { Part } from '../../core/late';

/** A module that the first read has loaded; reading it in a computation waits for it. */
export function later<T>(part: Part<T>): () => T | undefined {
  const [loaded, setLoaded] = createSignal<T>();
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      // What cannot be loaded, as offline before the first visit was over, is asked for again.
      part().then(
        (module) => setLoaded(() => module),
        () => {
          asked = false;
        },
      );
    }
    return loaded();
  };
}
