// The locks that the pages of a simulation share.
// Invariant: first come, first served, as in navigator.locks; a grant is a task of its page.
// Does not know what is locked.

import type { Realm, Schedule } from './schedule';

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

  /** The `navigator.locks` of a page; pages of one prefix share locks. */
  managerFor(realm: Realm, prefix = ''): LockManager {
    const request = async (asked: string, ...rest: unknown[]): Promise<unknown> => {
      const name = prefix + asked;
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
        return await work({ name: asked, mode });
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
