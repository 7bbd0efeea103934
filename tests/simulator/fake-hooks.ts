// Where the simulation takes hold of fake-indexeddb: its prototypes ask the hooks first, as long as there are any.
// Invariant: without hooks fake-indexeddb is what it was, apart from objectStore() of a transaction that is inactive.
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

/** What is called in place of fake-indexeddb's own functions, each with the way to call these. */
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
  /** Requests that are made within `write` write. */
  onWrite<T>(write: () => T): T;
  onDispatch(target: Target, event: FakeEvent, dispatch: (event: FakeEvent) => boolean): boolean;
}

let active: Hooks | undefined;

/** From now on the hooks decide; nothing does where they are undefined. One at a time. */
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
// A browser gives the store of a transaction that is inactive; what is asked of it is refused.
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
