// Loads a part of the program when something first asks for the part: the one way for all parts.
// Invariants: a part is loaded once; a failed load is retried at once and at each later request; a part that cannot be loaded is
// reported. Firefox and Safari cache the failure of an import until the page is reloaded. An import with a changed address would
// be a second copy of the module, and a copy that is not kept for offline use. Knows neither modules nor elements.

/**
 * Loads a part at the first call; later calls get the same part. After a
 * failed load the next call tries again.
 */
export type Part<T> = () => Promise<T>;

/** Pauses before the second and the third attempt: a lost connection is often back by then. */
const PAUSES_MS = [300, 1_500];

const lost = new Set<Part<unknown>>();
let hear = (_isLost: boolean): void => {};

/** Sets the listener that learns whether any requested part cannot be loaded; calls the listener at once. */
export function onLost(listener: (isLost: boolean) => void): void {
  hear = listener;
  hear(lost.size > 0);
}

async function attempt<T>(load: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await load();
    } catch {
      await new Promise((then) => setTimeout(then, pause));
    }
  }
  return load();
}

/** Makes a part from the function that imports it. The part rejects if three attempts fail. */
export function late<T>(load: () => Promise<T>): Part<T> {
  let loading: Promise<T> | undefined;
  async function settle(): Promise<T> {
    try {
      const found = await attempt(load);
      if (lost.delete(part)) hear(lost.size > 0);
      return found;
    } catch (error) {
      loading = undefined;
      lost.add(part);
      hear(true);
      throw error;
    }
  }
  const part = (): Promise<T> => {
    loading ??= settle();
    return loading;
  };
  return part;
}

/**
 * Calls `use` with the part once loaded. A failed load is ignored here:
 * `onLost` reports it for the whole page.
 */
export function withPart<T>(part: Part<T>, use: (found: T) => unknown): void {
  void part().then(use, () => {});
}
