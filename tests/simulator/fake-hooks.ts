// The simulation's hooks into fake-indexeddb: its patched prototypes call the active hooks first.
// Invariant: without hooks only objectStore() of an inactive transaction differs from fake-indexeddb.
// Does not know what the hooks do.

import {
  type AsyncOperation,
  type Connection,
  connectionPrototype,
  type FakeEvent,
  objectStorePrototype,
  type Request,
  type Target,
  type Transaction,
  targetPrototype,
  transactionPrototype,
} from './fake-internals';

/** Replacements of fake-indexeddb's own functions, each with a callback to the original. */
export interface Hooks {
  onTransaction(connection: Connection, mode: unknown, make: () => Transaction): Transaction;
  onStart(transaction: Transaction, start: () => void): void;
  onAbort(transaction: Transaction, abort: () => void): void;
  onClose(connection: Connection, close: () => void): void;
  onRequest(
    transaction: Transaction,
    asked: AsyncOperation,
    ask: (asked: AsyncOperation) => Request,
  ): Request;
  /** Requests that are made within `write` are writes. */
  onWrite<T>(write: () => T): T;
  onDispatch(target: Target, event: FakeEvent, dispatch: (event: FakeEvent) => boolean): boolean;
}

let active: Hooks | undefined;

/** Activates hooks, or none if undefined. Throws if other hooks are active. */
export function hook(hooks: Hooks | undefined): void {
  if (active && hooks) throw new Error('a simulation runs already');
  active = hooks;
}

const original = {
  dispatchEvent: targetPrototype.dispatchEvent,
  start: transactionPrototype._start,
  abort: transactionPrototype._abort,
  request: transactionPrototype._execRequestAsync,
  objectStore: transactionPrototype.objectStore,
  transaction: connectionPrototype.transaction,
  close: connectionPrototype.close,
};

targetPrototype.dispatchEvent = function (event) {
  const dispatch = (given: FakeEvent): boolean => original.dispatchEvent.call(this, given);
  return active ? active.onDispatch(this, event, dispatch) : dispatch(event);
};
transactionPrototype._start = function () {
  const start = (): void => original.start.call(this);
  if (active) active.onStart(this, start);
  else start();
};
transactionPrototype._abort = function (name) {
  const abort = (): void => original.abort.call(this, name);
  if (active) active.onAbort(this, abort);
  else abort();
};
transactionPrototype._execRequestAsync = function (asked) {
  const ask = (given: AsyncOperation): Request => original.request.call(this, given);
  return active ? active.onRequest(this, asked, ask) : ask(asked);
};
// A browser returns the store of an inactive transaction and refuses requests to it.
transactionPrototype.objectStore = function (name) {
  const isInactive = this._state === 'inactive';
  if (isInactive) this._state = 'active';
  try {
    return original.objectStore.call(this, name);
  } finally {
    if (isInactive) this._state = 'inactive';
  }
};
connectionPrototype.transaction = function (...args) {
  const make = (): Transaction => original.transaction.apply(this, args);
  return active ? active.onTransaction(this, args[1], make) : make();
};
connectionPrototype.close = function () {
  const close = (): void => original.close.call(this);
  if (active) active.onClose(this, close);
  else close();
};
for (const name of ['put', 'add', 'delete', 'clear']) {
  const write = objectStorePrototype[name];
  if (!write) throw new Error(`this fake-indexeddb has no ${name}`);
  objectStorePrototype[name] = function (this: unknown, ...args) {
    return active ? active.onWrite(() => write.apply(this, args)) : write.apply(this, args);
  };
}
