// IndexedDB as it is: a connection may be lost, an operation may hang, and the browser may forbid all of it.
// Invariants: every operation settles within its time; after a lost connection the operation is tried once more on a fresh one,
// else it rejects with a sentence; an operation that is too late is aborted, unless its commit has begun; a connection closes
// for another tab that upgrades or deletes the database. Does not know what is stored.

import { promisifyRequest, type UseStore } from 'idb-keyval';

const STORE = 'keyval';
const LIMIT_MS = 3_000;

/**
 * The names of errors when a connection closes during an operation, the last one in WebKit; the operation
 * itself was sound.
 */
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

/**
 * Settles with a request. One that cannot be made, as on a lost connection, rejects in place of throwing, so that
 * those made beside it are awaited too.
 */
export const asked = async <T>(make: () => IDBRequest<T>): Promise<T> => promisifyRequest(make());

/** Why storage failed, as a clause for people, such as "it is full". */
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
      // Some browsers never request a module again after they failed to load it once.
      return /import.* module/i.test(message) ? 'a part of the page did not load: reload the page' : message;
    }
  }
}

/**
 * Opens a database. Some browsers leave a database without its store if its creation was interrupted; then
 * creates the store.
 */
async function open(name: string, version?: number): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const db = await promisifyRequest(opening);
  if (db.objectStoreNames.contains(STORE)) return db;
  db.close();
  return open(name, db.version + 1).catch((error: unknown) => {
    // Another tab has created the store in the meantime.
    if (nameOf(error) === 'VersionError') return open(name);
    throw error;
  });
}

/**
 * Returns access to a database of its own with one object store, for idb-keyval's functions. An operation
 * rejects if it takes more than `limitMs` milliseconds. A callback may be called twice, so it must only work
 * on the given store. `onGone` is called when the stored data may be gone: another tab upgrades or deletes
 * the database, or the browser clears it.
 */
export function database(name: string, limitMs = LIMIT_MS, onGone = (): void => {}): UseStore {
  let connection: Promise<IDBDatabase> | undefined;

  /**
   * Opens a connection that closes when another tab needs to upgrade or delete the database; the next
   * operation reopens it.
   */
  function connect(): Promise<IDBDatabase> {
    const opened = open(name);
    const leave = (): void => {
      if (connection === opened) connection = undefined;
    };
    opened.then((db) => {
      const goAway = (): void => {
        db.close();
        leave();
        // In a later task, so that the listener's own storage operations do not delay the other tab.
        setTimeout(onGone);
      };
      db.onversionchange = goAway;
      // Fires only if the browser closes the connection: its data are deleted, or it breaks.
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
      // A connection that never opened is not reused.
      if (error instanceof TimeLimit || LOST.has(nameOf(error))) connection = undefined;
      if (error instanceof TimeLimit) abort(running);
      throw error;
    }
  };
}

/** Aborts a transaction, so that it does not take effect after its time; a commit under way continues. */
function abort(transaction: IDBTransaction | undefined): void {
  try {
    transaction?.abort();
  } catch {
    // The transaction is over, or its commit is under way.
  }
}

/** Settles with the transaction; only the transaction's end carries the reason of a failure. */
function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new DOMException('the browser’s storage aborted', 'AbortError')),
    );
  });
}

/**
 * Reads, decides and writes in one transaction, committed at once when `work` resolves; resolves when the
 * transaction completes. `work` may await only requests of the store. If `work` throws, nothing is written.
 */
export function atomically<T>(use: UseStore, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  return use('readwrite', async (store) => {
    const { transaction } = store;
    const done = ended(transaction);
    // The `catch` below reports the failure; without this line the rejection would also count as unhandled.
    done.catch(() => {});
    try {
      const answer = await work(store);
      transaction.commit();
      await done;
      return answer;
    } catch (error) {
      abort(transaction);
      throw error;
    }
  });
}

/**
 * Writes all pairs in one transaction; with 'add', only under unused keys. Commits before anything is
 * awaited, so that the data are written even if the page closes in the meantime.
 */
export function writeAll(
  use: UseStore,
  pairs: readonly (readonly [IDBValidKey, unknown])[],
  how: 'put' | 'add' = 'put',
): Promise<void> {
  return use('readwrite', (store) => {
    for (const [key, value] of pairs) {
      const request = store[how](value, key);
      // An existing record is not a failure of the other writes.
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

/** A key, and the writes that follow from the value under the key. */
export interface Step {
  readonly key: IDBValidKey;
  decide(held: unknown): {
    readonly put?: readonly (readonly [IDBValidKey, unknown])[];
    readonly remove?: readonly IDBValidKey[];
  };
}

/**
 * Performs each step's read, decision and writes, all in one transaction. The keys must differ. Rejects with
 * the error that `decide` throws.
 */
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

/** Performs one step: `decide` receives the value under the key. */
export const transact = (use: UseStore, key: IDBValidKey, decide: Step['decide']): Promise<void> =>
  transactAll(use, [{ key, decide }]);
