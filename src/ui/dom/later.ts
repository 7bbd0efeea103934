// Loads a part of the program on its first read, and updates the readers when the part is loaded.
// Invariant: a part is loaded once, however many readers ask; until then a read yields undefined, and the reader shows itself
// without the part.

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
