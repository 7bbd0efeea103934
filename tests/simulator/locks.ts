// The locks that the pages of a simulation share.
// Invariant: first come, first served, as in navigator.locks; a grant is a task of its page.
// Does not know what is locked.

import type { Realm, Schedule } from './schedule';

interface LockRequest {
  readonly realm: Realm;
  readonly mode: 'exclusive' | 'shared';
  granted: boolean;
  readonly grant: () => void;
}

/** All locks of a simulation; a page that goes away releases its locks. */
export class Locks {
  readonly #queues = new Map<string, LockRequest[]>();
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Returns the `navigator.locks` of a page; pages with the same prefix share locks. */
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
      const isGranted = await new Promise<LockRequest | undefined>((resolve, reject) => {
        const request: LockRequest = { realm, mode, granted: false, grant: () => resolve(request) };
        const queue = this.#queues.get(name) ?? [];
        this.#queues.set(name, queue);
        if (ifAvailable && !this.#isFree(queue, mode)) return this.#tell(realm, () => resolve(undefined));
        queue.push(request);
        signal?.addEventListener('abort', () => {
          if (request.granted) return;
          this.#give(name, request);
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

  #isFree(queue: readonly LockRequest[], mode: string): boolean {
    return queue.every((held) => mode === 'shared' && held.mode === 'shared');
  }

  #tell(realm: Realm, run: () => void): void {
    this.#schedule.enqueue(`locks of ${realm.name}`, realm, () => this.#schedule.enter(realm, run));
  }

  #serve(name: string): void {
    const queue = this.#queues.get(name) ?? [];
    for (const [at, request] of queue.entries()) {
      if (!this.#isFree(queue.slice(0, at), request.mode)) break;
      if (request.granted) continue;
      request.granted = true;
      this.#tell(request.realm, request.grant);
    }
  }

  #give(name: string, request: LockRequest): void {
    this.#queues.set(
      name,
      (this.#queues.get(name) ?? []).filter((other) => other !== request),
    );
    this.#serve(name);
  }

  kill(realm: Realm): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((request) => request.realm !== realm),
      );
      this.#serve(name);
    }
  }
}
