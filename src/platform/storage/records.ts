// Transactions on one object store, for records that must not be overwritten.
// Invariant: each function is one transaction, which takes effect as a whole or not at all. Does not know what is stored.

import { promisifyRequest, type UseStore } from 'idb-keyval';

/** Adds a record unless its key is in use; an existing record stays and does not abort the transaction. */
export function add(store: IDBObjectStore, key: IDBValidKey, value: unknown): void {
  const request = store.add(value, key);
  request.addEventListener('error', (event) => {
    if (request.error?.name !== 'ConstraintError') return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * Adds all records whose keys are unused. Commits before anything is awaited, so that the records are written
 * even if the page closes in the meantime.
 */
export function addAll(use: UseStore, records: readonly (readonly [IDBValidKey, unknown])[]): Promise<void> {
  return use('readwrite', (store) => {
    for (const [key, value] of records) add(store, key, value);
    store.transaction.commit();
    return promisifyRequest(store.transaction);
  });
}

/**
 * Reads each key and calls `work` with the value, within one transaction. An error of `work` aborts the
 * transaction and rejects.
 */
export function workAll(
  use: UseStore,
  keys: readonly IDBValidKey[],
  work: (held: unknown, index: number, store: IDBObjectStore) => void,
): Promise<void> {
  return use(
    'readwrite',
    (store) =>
      new Promise<void>((resolve, reject) => {
        const { transaction } = store;
        transaction.addEventListener('complete', () => resolve());
        for (const type of ['abort', 'error'])
          transaction.addEventListener(type, () => reject(transaction.error));
        for (const [index, key] of keys.entries()) {
          const request = store.get(key);
          request.addEventListener('success', () => {
            try {
              work(request.result, index, store);
            } catch (error) {
              reject(error);
              transaction.abort();
            }
          });
        }
      }),
  );
}
