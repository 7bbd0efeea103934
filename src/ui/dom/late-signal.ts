// Loads a part of the program on its first read, and updates the readers when the part is loaded.
// Invariant: a part is loaded once, however many readers ask; until then a read yields undefined, and the reader shows itself
// without the part.

import { createSignal } from 'solid-js';
import type { Part } from '../../core/late-loading';

/**
 * Returns an accessor of a module that the first read starts to load: undefined until the module is loaded. A
 * computation that reads the accessor runs again when the module is loaded.
 */
export function later<T>(part: Part<T>): () => T | undefined {
  const [loaded, setLoaded] = createSignal<T>();
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      // A part can fail to load, as when the page goes offline during the first visit; the next read tries
      // again.
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
