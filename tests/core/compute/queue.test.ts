import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createQueue, outranks, type Ticket, URGENCIES, type Urgency } from '../../../src/core/compute/queue';
import { cases } from '../../cases';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

interface Guest {
  readonly order: number;
  readonly ticket: Ticket;
  urgency: Urgency;
  called: boolean;
  left: boolean;
}

const urgency = fc.constantFrom(...URGENCIES);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enter' as const), urgency }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), who: fc.nat(30), urgency }) },
);

describe('the queue', () => {
  test('calls the most urgent first, among them who came first', async () => {
    const queue = createQueue(1);
    const called: string[] = [];
    const enter = (name: string, of: Urgency): Ticket => {
      const ticket = queue.enter(of);
      ticket.called.then(
        () => called.push(name),
        () => {},
      );
      return ticket;
    };
    const first = enter('first', 'selected');
    const others = [
      enter('visible 1', 'visible'),
      enter('visible 2', 'visible'),
      enter('selected', 'selected'),
    ];
    first.leave();
    await soon();
    others[0]?.leave();
    others[2]?.leave();
    await soon();
    expect(called).toEqual(['first', 'selected', 'visible 2']);
  });

  test('lets twice as much bulk work that is short, and what is not waits before it', async () => {
    const queue = createQueue(2);
    const called: string[] = [];
    const enter = (name: string, isShort: boolean): Ticket => {
      const ticket = queue.enter('bulk', isShort);
      ticket.called.then(
        () => called.push(name),
        () => {},
      );
      return ticket;
    };
    const [first, second, third] = [enter('short 1', true), enter('short 2', true), enter('short 3', true)];
    enter('long', false);
    enter('short 4', true);
    await soon();
    expect(called).toEqual(['short 1', 'short 2', 'short 3']);
    first?.leave();
    await soon();
    expect(called).toHaveLength(3);
    second?.leave();
    third?.leave();
    await soon();
    expect(called.slice(3)).toEqual(['long', 'short 4']);
  });

  test('lets what is on the screen have one slot less than there are, and start beside bulk that has them all', async () => {
    const queue = createQueue(4);
    const called: string[] = [];
    for (const of of ['bulk', 'visible'] as const) {
      for (let i = 0; i < 6; i++)
        queue.enter(of).called.then(
          () => called.push(of),
          () => {},
        );
    }
    await soon();
    expect(called.filter((of) => of === 'bulk')).toHaveLength(4);
    expect(called.filter((of) => of === 'visible')).toHaveLength(3);
  });

  test('whatever comes, goes and changes, limits are kept, nobody waits who may run, and nobody is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(step, { maxLength: 60 }),
        async (slots, steps) => {
          const queue = createQueue(slots);
          const guests: Guest[] = [];
          const screen = Math.max(1, slots - 1);
          const running = (of: (guest: Guest) => boolean): number =>
            guests.filter((guest) => guest.called && !guest.left && of(guest)).length;
          const mayStart = (of: Urgency): boolean =>
            of === 'bulk'
              ? running((guest) => guest.urgency === 'bulk') < slots
              : running((guest) => guest.urgency !== 'bulk' && !outranks(of, guest.urgency)) < screen;
          for (const action of steps) {
            if (action.do === 'enter') {
              const guest = {
                order: guests.length,
                ticket: queue.enter(action.urgency),
                urgency: action.urgency,
                called: false,
                left: false,
              };
              guests.push(guest);
              guest.ticket.called.then(
                () => {
                  guest.called = true;
                },
                () => {},
              );
            } else {
              const guest = guests[action.who % Math.max(1, guests.length)];
              if (!guest) continue;
              const before = new Set(guests.filter(({ called }) => called));
              if (action.do === 'leave') {
                guest.ticket.leave();
                guest.left = true;
              } else if (!guest.left) {
                guest.ticket.move(action.urgency);
                guest.urgency = action.urgency;
              }
              await Promise.resolve();
              // Of those of one urgency who were called by this, none came after one who still waits.
              for (const called of guests.filter((other) => other.called && !before.has(other))) {
                const passed = guests.filter(
                  (other) =>
                    !other.called &&
                    !other.left &&
                    other.urgency === called.urgency &&
                    other.order < called.order,
                );
                if (steps.every((other) => other.do !== 'move')) expect(passed).toEqual([]);
              }
            }
            await Promise.resolve();
            for (const guest of guests) {
              if (!guest.called && !guest.left) expect(mayStart(guest.urgency)).toBe(false);
            }
            if (steps.every((other) => other.do !== 'move')) {
              expect(running((guest) => guest.urgency !== 'bulk')).toBeLessThanOrEqual(2 * screen);
              expect(running((guest) => guest.urgency === 'visible')).toBeLessThanOrEqual(screen);
              expect(running((guest) => guest.urgency === 'selected')).toBeLessThanOrEqual(screen);
              expect(running((guest) => guest.urgency === 'bulk')).toBeLessThanOrEqual(slots);
            }
          }
          for (const guest of guests) {
            guest.ticket.leave();
            guest.left = true;
            await Promise.resolve();
          }
          for (const { ticket } of guests) ticket.leave();
          const last = queue.enter('bulk');
          await last.called;
        },
      ),
      { numRuns: cases(300) },
    );
  });
});
