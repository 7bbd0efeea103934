// The internals of fake-indexeddb that the simulation uses, typed; the lock file pins version 6.2.8.
// Invariant: all of them are checked at load, so that another version fails with a clear message.
// Does not know how they are used.

import {
  IDBDatabase as FakeDatabase,
  IDBFactory as FakeFactory,
  IDBObjectStore as FakeObjectStore,
  IDBTransaction as FakeTransaction,
  forceCloseDatabase as forceCloseFake,
} from 'fake-indexeddb';

export interface FakeEvent {
  readonly type: string;
  eventPath: unknown[];
}

interface Listener {
  readonly type: string;
  readonly callback: unknown;
}

/** A target of events; `on…` handlers are plain fields. */
export interface Target {
  listeners: Listener[];
  dispatchEvent(event: FakeEvent): boolean;
  oncomplete?: unknown;
  onabort?: unknown;
}

export interface RawDatabase {
  readonly name: string;
  transactions: Transaction[];
  connections: Connection[];
  readonly processTransactions: unknown;
}

export interface Connection extends Target {
  readonly _rawDatabase: RawDatabase;
  _closed: boolean;
  _closePending: boolean;
  close(): void;
}

export interface Request extends Target {
  readonly transaction?: Transaction | null;
  readonly result?: unknown;
  readyState: string;
}

export interface AsyncOperation {
  operation: () => unknown;
  readonly source?: unknown;
  readonly request?: Request;
}

export interface Transaction extends Target {
  _state: 'active' | 'inactive' | 'committing' | 'finished';
  _started: boolean;
  readonly mode: string;
  readonly db: Connection;
  readonly _requests: readonly { readonly request: Request }[];
  _abort(name: string | null): void;
  _start(): void;
  objectStore(name: string): unknown;
  _execRequestAsync(operation: AsyncOperation): Request;
}

export const transactionPrototype = FakeTransaction.prototype as unknown as Transaction;
export const connectionPrototype = FakeDatabase.prototype as unknown as Connection & {
  transaction(...args: unknown[]): Transaction;
};
export const objectStorePrototype = FakeObjectStore.prototype as unknown as Record<
  string,
  (...args: unknown[]) => unknown
>;
export const targetPrototype = Object.getPrototypeOf(connectionPrototype) as Target;

/** The class has the type of the browser's, which has no constructor. */
export const newFactory = (): IDBFactory => new (FakeFactory as unknown as new () => IDBFactory)();

export const forceClose = forceCloseFake as unknown as (connection: Connection) => void;

/** The number of listeners that the constructor of a transaction adds, before all others. */
export const OWN_LISTENERS = 3;

const expected: readonly (readonly [object, string])[] = [
  [targetPrototype, 'dispatchEvent'],
  [transactionPrototype, '_start'],
  [transactionPrototype, '_abort'],
  [transactionPrototype, '_execRequestAsync'],
  [transactionPrototype, 'objectStore'],
  [connectionPrototype, 'transaction'],
  [connectionPrototype, 'close'],
  [objectStorePrototype, 'put'],
];
for (const [prototype, name] of expected)
  if (!Object.hasOwn(prototype, name)) throw new Error(`this fake-indexeddb has no ${name}`);
