// What a page of a simulation has around it: clock, timers, storage, channels, locks, visibility, all its own.
// Invariant: nothing of it reaches a real clock, timer or chance; what one page does reaches another as a task only.
// Does not know what the page is.

import type { Disk } from './disk';
import type { Random } from './random';
import type { Realm, Schedule } from './schedule';

/** What a browser may lack, and how its clock stands. */
export interface Lacks {
  readonly channel?: boolean;
  readonly locks?: boolean;
}

type Listener = (event: Event) => void;

/** All channels of a simulation. Between two of them messages keep their order, or are lost. */
export class Channels {
  readonly #open = new Set<{ readonly name: string; readonly realm: Realm; hear(data: unknown): void }>();
  readonly #schedule: Schedule;
  readonly #random: Random;
  /** The probability that a message is lost. */
  loss = 0;

  constructor(schedule: Schedule, random: Random) {
    this.#schedule = schedule;
    this.#random = random;
  }

  /** The class BroadcastChannel of a page. */
  classFor(realm: Realm): typeof BroadcastChannel {
    const channels = this;
    class Channel extends EventTarget {
      onmessage: Listener | null = null;
      readonly #end: { readonly name: string; readonly realm: Realm; hear(data: unknown): void };

      constructor(readonly name: string) {
        super();
        const hear = (data: unknown): void => {
          const event = new MessageEvent('message', { data });
          this.dispatchEvent(event);
          this.onmessage?.(event);
        };
        this.#end = { name: String(name), realm, hear };
        channels.#open.add(this.#end);
      }
      postMessage(message: unknown): void {
        if (!channels.#open.has(this.#end))
          throw new DOMException('the channel is closed', 'InvalidStateError');
        channels.#deliver(this.#end, structuredClone(message));
      }
      close(): void {
        channels.#open.delete(this.#end);
      }
    }
    return Channel as unknown as typeof BroadcastChannel;
  }

  #deliver(from: { readonly name: string }, data: unknown): void {
    for (const to of this.#open) {
      if (to === from || to.name !== from.name || this.#random.chance(this.loss)) continue;
      this.#schedule.enqueue(`message to ${to.realm.name}`, to.realm, () => {
        if (this.#open.has(to)) this.#schedule.enter(to.realm, () => to.hear(data));
      });
    }
  }

  kill(realm: Realm): void {
    for (const end of this.#open) if (end.realm === realm) this.#open.delete(end);
  }
}

interface Wish {
  readonly realm: Realm;
  readonly mode: 'exclusive' | 'shared';
  granted: boolean;
  readonly grant: () => void;
}

/** All locks of a simulation: first come, first served, as in navigator.locks; a page that goes away gives up its own. */
export class Locks {
  readonly #queues = new Map<string, Wish[]>();
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** The `navigator.locks` of a page. */
  managerFor(realm: Realm): LockManager {
    const request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
      const work = rest.at(-1) as LockGrantedCallback<unknown>;
      const {
        mode = 'exclusive',
        ifAvailable = false,
        signal,
      } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
      signal?.throwIfAborted();
      const isGranted = await new Promise<Wish | undefined>((resolve, reject) => {
        const wish: Wish = { realm, mode, granted: false, grant: () => resolve(wish) };
        const queue = this.#queues.get(name) ?? [];
        this.#queues.set(name, queue);
        if (ifAvailable && !this.#isFree(queue, mode)) return this.#tell(realm, () => resolve(undefined));
        queue.push(wish);
        signal?.addEventListener('abort', () => {
          if (wish.granted) return;
          this.#give(name, wish);
          reject(signal.reason);
        });
        this.#serve(name);
      });
      if (!isGranted) return work(null);
      try {
        return await work({ name, mode });
      } finally {
        this.#give(name, isGranted);
      }
    };
    return { request, query: async () => ({ held: [], pending: [] }) } as unknown as LockManager;
  }

  #isFree(queue: readonly Wish[], mode: string): boolean {
    return queue.every((held) => mode === 'shared' && held.mode === 'shared');
  }

  #tell(realm: Realm, run: () => void): void {
    this.#schedule.enqueue(`locks of ${realm.name}`, realm, () => this.#schedule.enter(realm, run));
  }

  #serve(name: string): void {
    const queue = this.#queues.get(name) ?? [];
    for (const [at, wish] of queue.entries()) {
      if (!this.#isFree(queue.slice(0, at), wish.mode)) break;
      if (wish.granted) continue;
      wish.granted = true;
      this.#tell(wish.realm, wish.grant);
    }
  }

  #give(name: string, wish: Wish): void {
    this.#queues.set(
      name,
      (this.#queues.get(name) ?? []).filter((other) => other !== wish),
    );
    this.#serve(name);
  }

  kill(realm: Realm): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((wish) => wish.realm !== realm),
      );
      this.#serve(name);
    }
  }
}

/** `sessionStorage` of a tab: it lives longer than the pages in it. */
export function sessionMemory(): Storage {
  const held = new Map<string, string>();
  return {
    get length() {
      return held.size;
    },
    clear: () => held.clear(),
    getItem: (key) => held.get(key) ?? null,
    key: (at) => [...held.keys()][at] ?? null,
    removeItem: (key) => void held.delete(key),
    setItem: (key, value) => void held.set(key, String(value)),
  };
}

/** One page of a simulation, and the ports that code under test takes. */
export class Environment implements Realm {
  state: Realm['state'] = 'live';
  /** How far this page's clock is ahead of the simulation's. */
  clockOffset = 0;
  visibility: DocumentVisibilityState = 'visible';
  readonly name: string;
  readonly indexedDB: IDBFactory;
  readonly BroadcastChannel: typeof BroadcastChannel | undefined;
  readonly locks: LockManager | undefined;
  readonly sessionStorage: Storage;
  /** What `window` and `document` dispatch: pagehide, pageshow, visibilitychange, freeze, resume. */
  readonly events = new EventTarget();
  readonly #schedule: Schedule;
  readonly #random: Random;

  constructor(
    name: string,
    parts: {
      readonly schedule: Schedule;
      readonly disk: Disk;
      readonly channels: Channels;
      readonly locks: Locks;
      readonly random: Random;
      readonly session: Storage;
      readonly lacks: Lacks;
    },
  ) {
    this.name = name;
    this.#schedule = parts.schedule;
    this.#random = parts.random;
    this.indexedDB = parts.disk.factoryFor(this);
    this.BroadcastChannel = parts.lacks.channel ? undefined : parts.channels.classFor(this);
    this.locks = parts.lacks.locks ? undefined : parts.locks.managerFor(this);
    this.sessionStorage = parts.session;
  }

  /** The time of day that the page sees, in milliseconds. */
  now(): number {
    return EPOCH + this.#schedule.now + this.clockOffset;
  }
  /** Milliseconds that never go back. */
  performanceNow(): number {
    return this.#schedule.now;
  }
  setTimeout(run: () => void, ms = 0): number {
    return this.#schedule.after(ms, this, run);
  }
  clearTimeout(id: unknown): void {
    if (typeof id === 'number') this.#schedule.cancel(id);
  }
  randomUUID(): `${string}-${string}-${string}-${string}-${string}` {
    const digits = (length: number): string =>
      Array.from({ length }, () => this.#random.below(16).toString(16)).join('');
    return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
  }
}

const EPOCH = Date.UTC(2026, 0, 1);
