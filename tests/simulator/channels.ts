// The channels between the pages of a simulation.
// Invariant: messages between two ends keep their order; each is a task of its receiving page, or is lost.
// Does not know the content of messages.

import type { Random } from './random';
import type { Realm, Schedule } from './schedule';

type Listener = (event: Event) => void;

/** All channels of a simulation. */
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

  /** Returns the class BroadcastChannel of a page; pages with the same prefix hear each other. */
  classFor(realm: Realm, prefix = ''): typeof BroadcastChannel {
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
        this.#end = { name: prefix + String(name), realm, hear };
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

/** Returns the class MessageChannel of a page: each message to a port is a task. */
export function portsFor(schedule: Schedule, realm: Realm): typeof MessageChannel {
  class Port {
    onmessage: ((event: MessageEvent) => void) | null = null;
    other: Port | undefined;
    postMessage(message: unknown): void {
      const data = structuredClone(message);
      schedule.enqueue(`ports of ${realm.name}`, realm, () =>
        schedule.enter(realm, () => this.other?.onmessage?.(new MessageEvent('message', { data }))),
      );
    }
    close(): void {
      this.other = undefined;
    }
  }
  class Ports {
    readonly port1 = new Port();
    readonly port2 = new Port();
    constructor() {
      this.port1.other = this.port2;
      this.port2.other = this.port1;
    }
  }
  return Ports as unknown as typeof MessageChannel;
}
