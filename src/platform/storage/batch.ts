// Collects requests for a moment and handles them in batches, where a batch costs less than single requests.
// Invariant: each request gets its own answer, in the order of the requests; a failed batch fails exactly its own requests.

/** When a batch is full or due, and how it is worked off: one answer for each item. */
interface BatchOptions<I, O> {
  /** The most items of a batch. */
  readonly most: number;
  /** How much an item weighs, and the most that a batch weighs unless it is of one item. */
  readonly weigh?: (item: I) => number;
  readonly heaviest?: number;
  /**
   * The first batch goes at once, each other one when nothing has come for `rest` milliseconds, or at last after `most`:
   * who is busy is left alone. Without it none waits for the one before.
   */
  readonly wait?: { readonly rest: number; readonly most: number };
  work(items: readonly I[]): Promise<readonly O[]>;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (reason: unknown) => void;
}

/** The function that does one of them. */
export function batched<I, O>(options: BatchOptions<I, O>): (item: I) => Promise<O> {
  const { most, weigh = () => 0, heaviest = Number.POSITIVE_INFINITY, wait, work } = options;
  let waiting: Waiting<I, O>[] = [];
  let busy = false;
  let lastCame = 0;

  function takeBatch(): Waiting<I, O>[] {
    let weight = 0;
    const end = waiting.findIndex(({ item }, index) => {
      weight += weigh(item);
      return index >= most || (index > 0 && weight > heaviest);
    });
    const batch = end < 0 ? waiting : waiting.slice(0, end);
    waiting = waiting.slice(batch.length);
    return batch;
  }

  async function workOff(batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as O);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** Resolves once nothing comes any more, or it has been waited for long enough. */
  async function pause(limits: { readonly rest: number; readonly most: number }): Promise<void> {
    const latest = performance.now() + limits.most;
    for (;;) {
      const left = Math.min(lastCame + limits.rest, latest) - performance.now();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  }

  async function workOffAll(): Promise<void> {
    while (waiting.length > 0) {
      // Of much there are several batches; what comes while they are worked off waits for the next ones.
      let left = waiting.length;
      while (left > 0) {
        const batch = takeBatch();
        left -= batch.length;
        const worked = workOff(batch);
        if (wait) await worked;
      }
      if (wait) await pause(wait);
    }
    busy = false;
  }

  return (item) =>
    new Promise<O>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      lastCame = performance.now();
      if (busy) return;
      busy = true;
      queueMicrotask(() => void workOffAll());
    });
}
