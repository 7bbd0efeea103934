// Slots by urgency: selected before visible before bulk. Work for the screen gets all slots but one; bulk work beside it gets
// all slots, and twice as many while its pieces are short, so that a worker has its next piece before its last answer arrives.
//
//   selected starts ◀─ selected < slots − 1   visible ◀─ selected + visible < slots − 1   bulk ◀─ bulk < slots, or 2 slots
//
// Invariants: a more urgent ticket never waits for a less urgent one (the engine lets it overtake where they share a core);
// a free slot is given on at once. Knows neither nodes nor engines.

/** How soon something is wanted: what is selected, what is on the screen, what may take its time. */
export type Urgency = 'selected' | 'visible' | 'bulk';

/** The most urgent first. */
export const URGENCIES = ['selected', 'visible', 'bulk'] as const;

/** Whether the first is more urgent than the second. */
export const outranks = (a: Urgency, b: Urgency): boolean => URGENCIES.indexOf(a) < URGENCIES.indexOf(b);

/** A place in the queue, and then a slot. */
export interface Ticket {
  /** Resolves once a slot is this ticket's; rejects with an AbortError where it is left before. */
  readonly called: Promise<void>;
  /** Goes on with another urgency, waiting behind those who have it already. */
  move(urgency: Urgency): void;
  /** Gives the place or the slot back; a second time does nothing. */
  leave(): void;
}

export interface Queue {
  /** `isShort` says that it ends so soon that the way to an engine and back counts. */
  enter(urgency: Urgency, isShort?: boolean): Ticket;
}

/** Somebody who waits. */
interface Waiting {
  readonly isShort: boolean;
  call: () => void;
}

/** A queue before so many slots. */
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
    // Those on the screen do not count: bulk that shares a core with them is held until they are done, and must not let
    // another core stand idle meanwhile.
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
      // Whoever leaves need not listen.
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
