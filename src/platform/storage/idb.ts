// IndexedDB as it is: a connection may be lost, an operation may hang, and the browser may forbid all of it.
// Invariants: every operation settles within its time; after a lost connection the operation is tried once more on a fresh one,
// else it rejects with a sentence; an operation that is too late is aborted, unless its commit has begun; a connection closes
// for another tab that upgrades or deletes the database. Does not know what is stored.

import { promisifyRequest, type UseStore } from 'idb-keyval';

const STORE = 'keyval';
const LIMIT_MS = 3_000;

/** The errors of a connection that was closed under an operation, the last one in WebKit; the operation itself was sound. */
const LOST: ReadonlySet<string> = new Set([
  ...['InvalidStateError', 'AbortError', 'TransactionInactiveError', 'UnknownError'],
]);

const nameOf = (error: unknown): string =>
  error instanceof Error || error instanceof DOMException ? error.name : '';

class TimeLimit extends Error {
  override readonly name = 'TimeoutError';
  override readonly message = 'the browser’s storage does not answer';
}

function within<T>(ms: number, operation: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimeLimit()), ms);
    operation.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Why storage failed, as a clause for people: "it is full". */
export function storageReason(error: unknown): string {
  switch (nameOf(error)) {
    case 'QuotaExceededError':
      return 'storage is full';
    case 'TimeoutError':
      return 'storage does not answer';
    case 'SecurityError':
    case 'ReferenceError':
      return 'this browser does not allow storage here';
    default: {
      if (!globalThis.indexedDB) return 'this browser does not allow storage here';
      const message = error instanceof Error ? error.message : String(error);
      // Some browsers never ask again for a part that they could not load once.
      return /import.* module/i.test(message) ? 'a part of the page did not load: reload the page' : message;
    }
  }
}

/** Opens a database, and makes its store where the making of it was cut short, as browsers leave it behind. */
async function open(name: string, version?: number): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const db = await promisifyRequest(opening);
  if (db.objectStoreNames.contains(STORE)) return db;
  db.close();
  return open(name, db.version + 1).catch((error: unknown) => {
    // Another tab was faster.
    if (nameOf(error) === 'VersionError') return open(name);
    throw error;
  });
}

/**
 * A database of its own with one object store, for idb-keyval's functions. A callback may be called twice, so it must not
 * do anything but work on the store it is given. `onGone` hears that what was stored may be gone: somebody upgrades or
 * deletes the database, or the browser clears it.
 */
export function database(name: string, limitMs = LIMIT_MS, onGone = (): void => {}): UseStore {
  let connection: Promise<IDBDatabase> | undefined;

  /** A connection that is in another tab's way is closed; the next operation opens another one. */
  function connect(): Promise<IDBDatabase> {
    const opened = open(name);
    const leave = (): void => {
      if (connection === opened) connection = undefined;
    };
    opened.then((db) => {
      const goAway = (): void => {
        db.close();
        leave();
        // In a task of its own: what asks storage now is not to hold up the other.
        setTimeout(onGone);
      };
      db.onversionchange = goAway;
      // Not by the page: the browser closes a connection under which the data goes, or breaks.
      db.onclose = goAway;
    }, leave);
    return opened;
  }

  return async (mode, callback) => {
    let running: IDBTransaction | undefined;
    let isOver = false;
    const attempt = async () => {
      connection ??= connect();
      const db = await connection;
      if (isOver) throw new TimeLimit();
      running = db.transaction(STORE, mode);
      return callback(running.objectStore(STORE));
    };
    const both = async () => {
      try {
        return await attempt();
      } catch (error) {
        if (isOver || !LOST.has(nameOf(error))) throw error;
        connection = undefined;
        return await attempt();
      }
    };
    try {
      return await within(limitMs, both());
    } catch (error) {
      isOver = true;
      // An open that never answered is never waited for again.
      if (error instanceof TimeLimit || LOST.has(nameOf(error))) connection = undefined;
      if (error instanceof TimeLimit) abort(running);
      throw error;
    }
  };
}

/** Takes back what was not answered in time, so that it does not come true later; what is being committed stays. */
function abort(transaction: IDBTransaction | undefined): void {
  try {
    transaction?.abort();
  } catch {
    // It is over, or its commit is under way.
  }
}

/** Settles as the transaction does; only its end knows why it failed. */
function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new DOMException('the browser’s storage aborted', 'AbortError')),
    );
  });
}

/**
 * Reads, decides and writes in one transaction that is committed at once when `work` is over; resolves once it is on its
 * way to the disk as far as the browser says so. `work` awaits nothing but requests of the store; where it throws, nothing is
 * written.
 */
export function atomically<T>(use: UseStore, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  return use('readwrite', async (store) => {
    const { transaction } = store;
    const done = ended(transaction);
    // What fails below is told below; the transaction tells the same once more.
    done.catch(() => {});
    try {
      const result = await work(store);
      transaction.commit();
      await done;
      return result;
    } catch (error) {
      abort(transaction);
      throw error;
    }
  });
}

/**
 * Writes all of it in one transaction, or with 'add' what is not there yet. Nothing is waited for before it is committed, so
 * that it is written even if the page goes away meanwhile: what is not committed by then is lost.
 */
export function writeAll(
  use: UseStore,
  pairs: readonly (readonly [IDBValidKey, unknown])[],
  how: 'put' | 'add' = 'put',
): Promise<void> {
  return use('readwrite', (store) => {
    for (const [key, value] of pairs) {
      const request = store[how](value, key);
      // What is there already is no failure of the others.
      if (how !== 'add') continue;
      request.addEventListener('error', (event) => {
        event.preventDefault();
        event.stopPropagation();
      });
    }
    const { transaction } = store;
    transaction.commit();
    return ended(transaction);
  });
}

/** A key, and what follows from that which lies under it. */
export interface Step {
  readonly key: IDBValidKey;
  decide(held: unknown): {
    readonly put?: readonly (readonly [IDBValidKey, unknown])[];
    readonly remove?: readonly IDBValidKey[];
  };
}

/** For each step a read, a decision and the writes that follow from it, all in one transaction; keys must differ. */
export function transactAll(use: UseStore, steps: readonly Step[]): Promise<void> {
  return use(
    'readwrite',
    (store) =>
      new Promise<void>((resolve, reject) => {
        const { transaction } = store;
        ended(transaction).then(resolve, reject);
        for (const { key, decide } of steps) {
          const request = store.get(key);
          request.addEventListener('success', () => {
            try {
              const { put = [], remove = [] } = decide(request.result);
              for (const [at, value] of put) store.put(value, at);
              for (const at of remove) store.delete(at);
            } catch (error) {
              reject(error);
              transaction.abort();
            }
          });
        }
      }),
  );
}

/** The same for one key; `decide` gets what lies under it. */
export const transact = (use: UseStore, key: IDBValidKey, decide: Step['decide']): Promise<void> =>
  transactAll(use, [{ key, decide }]);
