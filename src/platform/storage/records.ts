// Transactions on one object store, for records that must not be overwritten.
// Invariant: each function is one transaction, which takes effect as a whole or not at all. Does not know what is stored.

import { promisifyRequest, type UseStore } from 'idb-keyval';

/** Adds a record unless something lies under its key, which stays as it is and fails nothing. */
export function add(store: IDBObjectStore, key: IDBValidKey, value: unknown): void {
  const request = store.add(value, key);
  request.addEventListener('error', (event) => {
    if (request.error?.name !== 'ConstraintError') return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * Adds all records under whose keys nothing lies. Nothing is waited for before the transaction is committed, so that the
 * records are written even if the page goes away meanwhile.
 */
export function addAll(use: UseStore, records: readonly (readonly [IDBValidKey, unknown])[]): Promise<void> {
  return use('readwrite', (store) => {
    for (const [key, value] of records) add(store, key, value);
    store.transaction.commit();
    return promisifyRequest(store.transaction);
  });
}

/** Reads what lies under each key and lets `work` go on with the store; what `work` throws aborts the transaction. */
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
