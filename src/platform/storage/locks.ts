// Web Locks: how the tabs of a browser agree on which tab computes.
// Invariants: a wait ends after WAIT_MS, with or without the lock, so a frozen tab that holds a lock starves no other tab; a
// closed or killed tab releases its locks. Without Web Locks every tab computes for itself.
// Does not know what is computed.

import { type Exclusive, type TurnTaking, takeTurns } from '../../core/compute/exclusive';

const WAIT_MS = 10_000;

/** What is used of the browser; a simulator puts its own in the place of each. */
export interface LockPorts {
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  /** Runs something after so many milliseconds; returns the way to cancel that. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

const afterTimeout = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

const nothing = (): void => {};

/** The locks that this page shares with all others of its origin. */
export function pageLocks({
  locks = globalThis.navigator?.locks,
  after = afterTimeout,
}: LockPorts = {}): Exclusive {
  return {
    hold(name, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (!locks) return Promise.resolve(nothing);
      return new Promise((resolve, reject) => {
        const waiting = new AbortController();
        const stop = (): void => {
          cancel();
          signal.removeEventListener('abort', onAbort);
          waiting.abort();
        };
        const onAbort = (): void => {
          stop();
          reject(signal.reason);
        };
        const cancel = after(WAIT_MS, () => {
          stop();
          resolve(undefined);
        });
        signal.addEventListener('abort', onAbort);
        const held = (): Promise<void> | undefined => {
          // Granted in the moment in which it was given up: nobody would release it.
          if (waiting.signal.aborted) return undefined;
          cancel();
          signal.removeEventListener('abort', onAbort);
          return new Promise((release) => resolve(() => release()));
        };
        // Refused while it waits, as by the abort above or by a browser that keeps no locks here.
        locks.request(name, { signal: waiting.signal }, held).catch(() => {
          stop();
          resolve(nothing);
        });
      });
    },
  };
}

/** How this page takes turns with all others of its origin. */
export const pageTurns = (): TurnTaking => takeTurns(pageLocks());
