// Parts of the program that are loaded when something first asks for them: the one way for all of them.
// Invariants: a part is loaded once, whoever asks; what failed is tried again at once and whenever it is asked for; what stays
// out is told. Firefox and Safari keep the failure of an import for as long as the page is open, so that only a page that
// is loaded anew has such a part: its address with something added would be a second copy of what others hold, and one that
// is not kept for offline use. Knows neither modules nor elements.

/** Yields a part, loading it if it is not there. */
export type Part<T> = () => Promise<T>;

/** What fails by a connection that was lost for a moment is there a moment later. */
const PAUSES_MS = [300, 1_500];

const lost = new Set<Part<unknown>>();
let hear = (_isLost: boolean): void => {};

/** Hears whether there are parts that were asked for and cannot be loaded. */
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

/** A part that `load` imports. */
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

/** Does something with a part once it is there; that it cannot be loaded is said for the page as a whole. */
export function withPart<T>(part: Part<T>, use: (found: T) => unknown): void {
  void part().then(use, () => {});
}
