// The disk of a simulation: one in-memory IndexedDB that all pages share; the scheduler orders its tasks.
//
//     page ─▶ its own indexedDB ─▶ fake-indexeddb ─▶ setImmediate ─▶ lane of the transaction ─▶ event ─▶ its page
//                    faults ─────────────▲
// Invariants, as in a browser: a transaction is inactive outside the tasks of its requests; the event of a
// commit or of an opened database is a task of its own, later than the commit or the opening; a killed page's
// uncommitted transactions are aborted. tests/browser/sheets/faults.test.ts compares this with Chromium.
// Does not know the stored data.

import { type Hooks, hook } from './fake-hooks';
import {
  type AsyncOperation,
  type Connection,
  type FakeEvent,
  forceClose,
  newFactory,
  OWN_LISTENERS,
  type Request,
  type Target,
  type Transaction,
  transactionPrototype,
} from './fake-internals';
import type { Injector, OperationKind, Way } from './faults';
import type { Random } from './random';
import type { Realm, Schedule } from './schedule';

const LONGEST_DELAY_MS = 10_000;

const isTransaction = (target: object): target is Transaction =>
  target instanceof transactionPrototype.constructor;

/** The lane of openings, upgrades and deletions, which keep their order. */
const OPENING = 'storage';

/** Chromium's error for a transaction whose connection it closed. */
const LOST = 'UnknownError';

/** The disk of one simulation; its faults come from `inject`, which may change at any time. */
export class Disk implements Hooks {
  inject: Injector;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #factory = newFactory();
  readonly #connections = new Map<Connection, Realm>();
  readonly #opening = new Map<Request, Realm>();
  readonly #failing = new Map<Request, Way>();
  readonly #deaf = new WeakSet<Realm>();
  readonly #spared = new WeakSet<Realm>();
  readonly #activated = new Set<Transaction>();
  readonly #judged = new WeakSet<Transaction>();
  readonly #unsure = new WeakSet<Transaction>();
  #lane: unknown;
  #isWrite = false;
  #operations = 0;
  /** The faults that operations met, by the operation's number. */
  readonly met = new Map<number, Way>();

  constructor(schedule: Schedule, random: Random, inject: Injector) {
    this.#schedule = schedule;
    this.#random = random;
    this.inject = inject;
    schedule.afterStep(() => this.#deactivate());
  }

  get operations(): number {
    return this.#operations;
  }

  /** Installs this disk's hooks in fake-indexeddb. Throws if another disk is mounted. */
  mount(): void {
    hook(this);
  }

  unmount(): void {
    hook(undefined);
  }

  /** The `setImmediate` that fake-indexeddb calls: adds a task to the lane of the running transaction. */
  queue(task: () => void): void {
    const lane = this.#lane ?? this.#schedule.lane ?? OPENING;
    const realm = lane instanceof transactionPrototype.constructor ? this.#realmOf(lane) : undefined;
    this.#schedule.enqueue(lane, realm?.state === 'dead' ? undefined : realm, task);
  }

  /** Returns the `indexedDB` of a page; pages with the same prefix share databases. */
  factoryFor(realm: Realm, prefix = ''): IDBFactory {
    const shared = this.#factory;
    const open = (name: string, version?: number): IDBOpenDBRequest => {
      const way = this.#fault(realm, 'open');
      const request = this.#in(OPENING, () => shared.open(prefix + name, version));
      const own = request as unknown as Request;
      this.#opening.set(own, realm);
      if (way === 'hang') this.#schedule.hold(own, realm, Number.POSITIVE_INFINITY);
      else if (way === 'delay') this.#schedule.hold(own, realm, this.#delayed());
      else if (way && way !== 'lost') this.#failing.set(own, way);
      return request;
    };
    return {
      open,
      deleteDatabase: (name: string) => {
        const request = this.#in(OPENING, () => shared.deleteDatabase(prefix + name));
        this.#opening.set(request as unknown as Request, realm);
        return request;
      },
      databases: () => shared.databases(),
      cmp: (first: unknown, second: unknown) => shared.cmp(first, second),
    } as IDBFactory;
  }

  /** Aborts a page's uncommitted transactions and closes its connections; the page receives no events. */
  kill(realm: Realm): void {
    for (const connection of this.#connectionsOf(realm)) {
      for (const transaction of [...connection._rawDatabase.transactions]) {
        if (transaction.db !== connection) continue;
        this.#schedule.release(transaction);
        if (transaction._state !== 'committing' && transaction._state !== 'finished')
          transaction._abort('AbortError');
      }
      connection.close();
    }
  }

  /** Loses the connections of a page, as when the browser clears its data: each closes with an event. */
  disconnect(realm: Realm): void {
    for (const connection of this.#connectionsOf(realm)) this.#lose(connection);
  }

  /** Exempts a realm: its operations meet no faults and are not counted. */
  spare(realm: Realm): void {
    this.#spared.add(realm);
  }

  /** Suppresses `versionchange` for a page, as if the page had no listener. */
  deafen(realm: Realm): void {
    this.#deaf.add(realm);
  }

  #connectionsOf(realm: Realm): Connection[] {
    return [...this.#connections].filter(([, owner]) => owner === realm).map(([connection]) => connection);
  }

  #lose(connection: Connection): void {
    for (const transaction of [...connection._rawDatabase.transactions])
      if (transaction.db === connection && transaction._state !== 'finished') {
        transaction._abort(LOST);
      }
    this.#in(connection, () => forceClose(connection));
  }

  #in<T>(lane: unknown, work: () => T): T {
    const before = this.#lane;
    this.#lane = lane;
    try {
      return work();
    } finally {
      this.#lane = before;
    }
  }

  #fault(realm: Realm, kind: OperationKind): Way | undefined {
    if (this.#spared.has(realm)) return undefined;
    const index = ++this.#operations;
    const way = this.inject({ index, page: realm.name, kind });
    if (way) this.met.set(index, way);
    return way === 'unsure' && kind !== 'commit' ? 'UnknownError' : way;
  }

  #delayed(): number {
    return this.#schedule.now + 1 + this.#random.below(LONGEST_DELAY_MS);
  }

  #realmOf(target: object): Realm | undefined {
    if (isTransaction(target)) return this.#connections.get(target.db);
    const request = target as Request;
    const opening = this.#opening.get(request);
    if (opening) return opening;
    if (request.transaction) return this.#connections.get(request.transaction.db);
    return this.#connections.get(target as Connection);
  }

  /** Makes transactions inactive after the task that made them or answered one of their requests. */
  #deactivate(): void {
    for (const transaction of this.#activated)
      if (transaction._state === 'active') transaction._state = 'inactive';
    this.#activated.clear();
  }

  #laneOf(transaction: Transaction): unknown {
    return transaction.mode === 'versionchange' ? OPENING : transaction;
  }

  #startLane(connection: Connection): string {
    return `start ${connection._rawDatabase.name}`;
  }

  onTransaction(connection: Connection, mode: unknown, make: () => Transaction): Transaction {
    const realm = this.#connections.get(connection);
    if (mode === 'versionchange') return this.#in(OPENING, make);
    const way = realm && !connection._closePending ? this.#fault(realm, 'transaction') : undefined;
    if (way === 'lost') this.#lose(connection);
    else if (way && way !== 'delay' && way !== 'hang') throw new DOMException(`injected ${way}`, way);
    const transaction = this.#in(this.#startLane(connection), make);
    this.#activated.add(transaction);
    if (way === 'delay') this.#schedule.hold(transaction, realm, this.#delayed());
    if (way === 'hang') this.#schedule.hold(transaction, realm, Number.POSITIVE_INFINITY);
    return transaction;
  }

  onStart(transaction: Transaction, start: () => void): void {
    const realm = this.#realmOf(transaction);
    const lane = this.#laneOf(transaction);
    if (this.#schedule.lane !== lane) {
      // The first call comes from the transaction before this one, or from the page that made it.
      transaction._started = true;
      const owner = realm?.state === 'dead' || lane === OPENING ? undefined : realm;
      this.#schedule.enqueue(lane, owner, () => this.onStart(transaction, start));
      return;
    }
    const isOver = transaction._requests.every(({ request }) => request.readyState === 'done');
    const isJudged = this.#judged.has(transaction) || transaction.mode === 'versionchange';
    if (isOver && transaction._state !== 'finished' && realm && realm.state !== 'dead' && !isJudged) {
      this.#judged.add(transaction);
      const way = this.#fault(realm, 'commit');
      if (way === 'hang' || way === 'delay') {
        this.#schedule.hold(transaction, realm, way === 'hang' ? Number.POSITIVE_INFINITY : this.#delayed());
        this.#schedule.enqueue(transaction, realm, () => this.onStart(transaction, start));
        return;
      }
      if (way === 'unsure') this.#unsure.add(transaction);
      else if (way) {
        if (way === 'lost') this.#lose(transaction.db);
        else transaction._abort(way);
        return;
      }
    }
    this.#in(lane, start);
  }

  onAbort(transaction: Transaction, abort: () => void): void {
    // A lost connection aborted the transaction while one of its requests failed: fake-indexeddb would undo
    // everything twice.
    if (transaction._state === 'finished') return;
    const lane = this.#laneOf(transaction);
    // An aborted transaction is not held any more.
    if (lane === transaction) this.#schedule.free(transaction);
    this.#in(lane, abort);
  }

  onClose(connection: Connection, close: () => void): void {
    this.#in(connection, close);
  }

  onRequest(
    transaction: Transaction,
    asked: AsyncOperation,
    ask: (asked: AsyncOperation) => Request,
  ): Request {
    const realm = this.#realmOf(transaction);
    if (!realm || !asked.source || transaction._state !== 'active' || transaction.mode === 'versionchange')
      return ask(asked);
    const way = this.#fault(realm, this.#isWrite ? 'write' : 'read');
    if (way === 'hang') this.#schedule.hold(transaction, realm, Number.POSITIVE_INFINITY);
    else if (way === 'delay') this.#schedule.hold(transaction, realm, this.#delayed());
    else if (way)
      return ask({
        ...asked,
        operation: () => {
          if (way === 'lost') this.#lose(transaction.db);
          throw new DOMException(`injected ${way}`, way === 'lost' ? LOST : way);
        },
      });
    return ask(asked);
  }

  onWrite<T>(write: () => T): T {
    this.#isWrite = true;
    try {
      return write();
    } finally {
      this.#isWrite = false;
    }
  }

  onDispatch(target: Target, event: FakeEvent, dispatch: (event: FakeEvent) => boolean): boolean {
    this.#schedule.touch();
    const realm = this.#realmOf(target);
    if (!realm) return dispatch(event);
    if (this.#opening.has(target as Request))
      return this.#onOpening(target as Request, realm, event, dispatch);
    if (isTransaction(target)) return this.#onTransactionEvent(target, realm, event, dispatch);
    if (realm.state === 'dead') return true;
    const isVersionChange = event.type === 'versionchange';
    if (isVersionChange && this.#deaf.has(realm)) return true;
    if (event.type === 'close' || (isVersionChange && realm.state === 'frozen')) {
      this.#tell(target, realm, () => dispatch(event));
      return true;
    }
    const { transaction } = target as Request;
    if (transaction) this.#activated.add(transaction);
    return this.#schedule.enter(realm, () => dispatch(event));
  }

  /** Delivers an event to a page in a task of its own. */
  #tell(lane: object, realm: Realm, tell: () => void): void {
    this.#schedule.enqueue(lane, realm, () => {
      if (realm.state !== 'dead') this.#schedule.enter(realm, tell);
    });
  }

  #onOpening(
    request: Request,
    realm: Realm,
    event: FakeEvent,
    dispatch: (event: FakeEvent) => boolean,
  ): boolean {
    const hasResult = event.type === 'success' || event.type === 'upgradeneeded';
    const connection = hasResult ? (request.result as Connection | undefined) : undefined;
    if (event.type === 'upgradeneeded') {
      if (realm.state === 'dead' || !connection) throw new Error('the page is gone');
      this.#connections.set(connection, realm);
      return this.#schedule.enter(realm, () => dispatch(event));
    }
    if (realm.state === 'dead') {
      if (event.type === 'success') connection?.close();
      return true;
    }
    if (event.type === 'success' && connection?._rawDatabase) this.#connections.set(connection, realm);
    this.#tell(request, realm, () => {
      const way = this.#failing.get(request);
      if (way && event.type !== 'blocked') {
        connection?.close?.();
        Object.assign(request, { result: undefined, error: new DOMException(`injected ${way}`, way) });
        Object.assign(event, { type: 'error' });
      }
      dispatch(event);
    });
    return true;
  }

  #onTransactionEvent(
    transaction: Transaction,
    realm: Realm,
    event: FakeEvent,
    dispatch: (event: FakeEvent) => boolean,
  ): boolean {
    const isEnd = event.type === 'complete' || event.type === 'abort';
    if (!isEnd || transaction.mode === 'versionchange') {
      if (realm.state === 'dead') return isEnd ? this.#dispatchOwn(transaction, event, dispatch) : true;
      return this.#schedule.enter(realm, () => dispatch(event));
    }
    const { eventPath } = event;
    this.#dispatchOwn(transaction, event, dispatch);
    if (realm.state === 'dead') return true;
    this.#tell(transaction, realm, () => {
      const { listeners } = transaction;
      transaction.listeners = listeners.filter((_, at) => !this.#isOwn(transaction, at));
      event.eventPath = eventPath;
      if (this.#unsure.has(transaction)) {
        Object.assign(transaction, { error: new DOMException('injected', LOST) });
        Object.assign(event, { type: 'abort' });
      }
      dispatch(event);
    });
    return true;
  }

  #isOwn(transaction: Transaction, at: number): boolean {
    return (
      at < OWN_LISTENERS ||
      transaction.listeners[at]?.callback === transaction.db._rawDatabase.processTransactions
    );
  }

  /** Dispatches an event to fake-indexeddb's own listeners only. */
  #dispatchOwn(transaction: Transaction, event: FakeEvent, dispatch: (event: FakeEvent) => boolean): boolean {
    const { listeners, oncomplete, onabort } = transaction;
    transaction.listeners = listeners.filter((_, at) => this.#isOwn(transaction, at));
    Object.assign(transaction, { oncomplete: null, onabort: null });
    event.eventPath = [];
    try {
      return this.#in(this.#startLane(transaction.db), () => dispatch(event));
    } finally {
      Object.assign(transaction, { listeners, oncomplete, onabort });
    }
  }
}
