// Collects requests for a moment and handles them in batches, where a batch costs less than single requests.
// Invariant: each request gets its own answer, in the order of the requests; a failed batch fails exactly its own requests.

/** When a batch is full or due, and the work on a batch. */
interface BatchOptions<I, O> {
  /** The most items of a batch. */
  readonly most: number;
  /** The weight of an item, and the most weight of a batch of more than one item. */
  readonly weigh?: (item: I) => number;
  readonly heaviest?: number;
  /**
   * The first batch goes at once; each later batch waits until no item has come for `rest` ms, or for `most`
   * ms at the latest, so that a busy page is left alone. Without `wait`, batches do not wait for each other.
   */
  readonly wait?: { readonly rest: number; readonly most: number };
  work(items: readonly I[]): Promise<readonly O[]>;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (reason: unknown) => void;
}

/** Returns a function that handles one item as part of a batch; it rejects if its batch fails. */
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

  /** Resolves when no item has come for `rest` ms, or after `most` ms. */
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
      // Many items make several batches; items that arrive in the meantime wait for the next round.
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
