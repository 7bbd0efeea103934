// Web Locks: how the tabs of a browser agree on which tab computes.
// Invariants: a wait ends after WAIT_MS, with or without the lock, so a frozen tab that holds a lock starves no other tab; a
// closed or killed tab releases its locks. Without Web Locks every tab computes for itself.
// Does not know what is computed.

import { createSharedExecution, type Exclusive, type SharedExecution } from '../../core/compute/exclusive';

const WAIT_MS = 10_000;

/** The browser's ports; a test replaces them. */
export interface LockPorts {
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  /** Calls back after `ms` milliseconds; returns a function that cancels the call. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

const afterTimeout = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

const nothing = (): void => {};

/**
 * The locks that all pages of this origin share. `hold` resolves to a function that releases the lock, or to
 * undefined after WAIT_MS without the lock; rejects when its signal aborts.
 */
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
          // The lock was granted at the moment of giving up, and nobody would release it.
          if (waiting.signal.aborted) return undefined;
          cancel();
          signal.removeEventListener('abort', onAbort);
          return new Promise((release) => resolve(() => release()));
        };
        // The browser rejects an aborted request, or keeps no locks on this page.
        locks.request(name, { signal: waiting.signal }, held).catch(() => {
          stop();
          resolve(nothing);
        });
      });
    },
  };
}

/** How this page and all others of its origin take turns. */
export const pagesSharedExecution = (): SharedExecution => createSharedExecution(pageLocks());
