// Slots by urgency: selected before visible before bulk. Work for the screen gets all slots but one; bulk work beside it gets
// all slots, and twice as many while its pieces are short, so that a worker has its next piece before its last answer arrives.
//
//   selected starts ◀─ selected < slots − 1   visible ◀─ selected + visible < slots − 1   bulk ◀─ bulk < slots, or 2 slots
//
// Invariants: a more urgent ticket never waits for a less urgent one (the engine lets it overtake where they share a core);
// a free slot goes to the next ticket at once. Knows neither nodes nor engines.

/** Urgency of a claim: selected cells, cells on the screen, sweeps and maps. */
export type Urgency = 'selected' | 'visible' | 'bulk';

/** All urgencies, the most urgent first. */
export const URGENCIES = ['selected', 'visible', 'bulk'] as const;

/** Whether `a` is more urgent than `b`. */
export const outranks = (a: Urgency, b: Urgency): boolean => URGENCIES.indexOf(a) < URGENCIES.indexOf(b);

/** A place in the queue, which becomes a slot. */
export interface Ticket {
  /** Resolves when the ticket gets a slot; rejects with an AbortError if the ticket leaves first. */
  readonly called: Promise<void>;
  /** Changes the urgency; a waiting ticket goes behind the waiting tickets of that urgency. */
  move(urgency: Urgency): void;
  /** Gives the place or the slot back. Further calls do nothing. */
  leave(): void;
}

/** A queue of work before a fixed number of slots. */
export interface Queue {
  /** Takes a place. `isShort` marks work so short that the round trip to an engine counts. */
  enter(urgency: Urgency, isShort?: boolean): Ticket;
}

/** A waiting ticket. */
interface Waiting {
  readonly isShort: boolean;
  call: () => void;
}

/** Creates a queue for `slots` slots. */
export function createQueue(slots: number): Queue {
  const waiting: Record<Urgency, Set<Waiting>> = {
    selected: new Set(),
    visible: new Set(),
    bulk: new Set(),
  };
  const screen = Math.max(1, slots - 1);
  const running: Record<Urgency, number> = { selected: 0, visible: 0, bulk: 0 };

  function callNext(): void {
    callWhile('selected', () => running.selected < screen);
    callWhile('visible', () => running.selected + running.visible < screen);
    // Screen work does not count here: bulk work that shares a core with it pauses at the gate, and no other
    // core may idle meanwhile.
    callWhile('bulk', ({ isShort }) => running.bulk < (isShort ? 2 * slots : slots));
  }

  function callWhile(urgency: Urgency, may: (next: Waiting) => boolean): void {
    for (const next of waiting[urgency]) {
      if (!may(next)) return;
      waiting[urgency].delete(next);
      running[urgency]++;
      next.call();
    }
  }

  return {
    enter(first, isShort = false) {
      let urgency = first;
      let state: 'waiting' | 'running' | 'left' = 'waiting';
      const own: Waiting = { isShort, call: () => {} };
      let refuse = (): void => {};
      const called = new Promise<void>((resolve, reject) => {
        own.call = () => {
          state = 'running';
          resolve();
        };
        refuse = () => reject(new DOMException('the place was left', 'AbortError'));
      });
      // A caller that left need not handle the rejection.
      called.catch(() => {});
      waiting[urgency].add(own);
      callNext();
      return {
        called,
        move(next) {
          if (next === urgency || state === 'left') return;
          if (state === 'running') {
            running[urgency]--;
            running[next]++;
          } else {
            waiting[urgency].delete(own);
            waiting[next].add(own);
          }
          urgency = next;
          callNext();
        },
        leave() {
          if (state === 'left') return;
          if (state === 'running') running[urgency]--;
          else {
            waiting[urgency].delete(own);
            refuse();
          }
          state = 'left';
          callNext();
        },
      };
    },
  };
}
