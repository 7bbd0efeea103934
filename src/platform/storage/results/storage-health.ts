// Tells whether storage answers: after some failures in a row storage counts as unavailable. Retries begin soon and become rarer.
// Invariant: an operation never rejects; while storage is unavailable, nothing waits for it. Does not know what is stored.

/** Milliseconds before the first trial, and at most between two trials; each wait is twice the one before. */
const RETRY_MS = { first: 5_000, most: 300_000 };

/** The error that made storage unavailable. */
export interface Trouble {
  readonly reason: unknown;
}

/** Limits and callbacks of a health. */
interface HealthOptions {
  /** The failures in a row after which storage counts as unavailable. */
  readonly most: number;
  /** Called with the trouble when it begins, and with undefined when storage answers again. */
  onChange(trouble: Trouble | undefined): void;
  /** Tries storage; rejects if storage still fails. */
  trial(): Promise<void>;
}

interface Health {
  isDown(): boolean;
  /** Counts a failure that happened outside an attempt. */
  fail(reason: unknown): void;
  /** Runs an operation; returns undefined if storage fails or is unavailable. Never rejects. */
  attempt<T>(operation: () => Promise<T>): Promise<T | undefined>;
}

/** Creates the health of storage for one purpose, such as reading. */
export function createHealth({ most, onChange, trial }: HealthOptions): Health {
  let failures = 0;

  function fail(reason: unknown): void {
    failures++;
    if (failures !== most) return;
    onChange({ reason });
    tryLater(RETRY_MS.first);
  }

  function tryLater(ms: number): void {
    const retry = (): void =>
      void trial().then(
        () => {
          failures = 0;
          onChange(undefined);
        },
        () => tryLater(Math.min(2 * ms, RETRY_MS.most)),
      );
    setTimeout(retry, ms);
  }

  const isDown = (): boolean => failures >= most;

  return {
    isDown,
    fail,
    async attempt(operation) {
      if (isDown()) return undefined;
      try {
        const answer = await operation();
        if (!isDown()) failures = 0;
        return answer;
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
  };
}
