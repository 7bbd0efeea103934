// What a page stands on, in the hands of a test: a clock, storage that fails on demand, and a memory of its tab.
// Invariant: the storage is the real one over an IndexedDB in memory; a fault is something that happens between it and the page.
// Knows neither documents nor workbooks.

import { storageReason } from '../../src/platform/storage/idb';
// Loaded beforehand, since loading takes time that is not the clock's.
import '../../src/platform/storage/sheets/sheet-writing';
import '../../src/page/sheets/workbook-actions';
import { openSheets, type SheetStore } from '../../src/platform/storage/sheets/sheets';

const macrotask = (): Promise<void> => new Promise((then) => setImmediate(then));

/** Lets everything happen that needs no time of the clock. */
export async function idle(): Promise<void> {
  for (let ticks = 0; ticks < 60; ticks++) await macrotask();
}

export interface Clock {
  now: number;
  after(ms: number, then: () => void): () => void;
  /** Lets so many milliseconds go by, and everything happen that happens in them. */
  pass(ms: number): Promise<void>;
}

export function createClock(): Clock {
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();
  const clock: Clock = {
    now: 1_000,
    after(ms, then) {
      const timer = { at: clock.now + ms, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const end = clock.now + ms;
      await idle();
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        clock.now = next.at;
        next.then();
        await idle();
      }
      clock.now = end;
      await idle();
    },
  };
  return clock;
}

/** What befalls an operation; `lost answer`: it is done, and the page is told that it was not. */
export type Fault = 'fails' | 'lost answer' | 'hangs' | 'waits';

export interface FaultyStore {
  readonly store: SheetStore;
  /** Every operation so far, in order. */
  readonly operations: string[];
  /** Decides what befalls an operation; the count begins at 1. */
  fault: (operation: string, count: number) => Fault | undefined;
  /** Lets go on what waits. */
  release(): Promise<void>;
}

/** The real storage with faults. */
export function faultyStore(): FaultyStore {
  const real = openSheets();
  let waiting: (() => void)[] = [];
  async function through<T>(operation: string, work: () => Promise<T>): Promise<T> {
    faulty.operations.push(operation);
    const fault = faulty.fault(operation, faulty.operations.length);
    if (fault === 'fails') throw new DOMException('an internal error', 'UnknownError');
    if (fault === 'hangs') return new Promise(() => {});
    if (fault === 'waits') await new Promise<void>((then) => waiting.push(then));
    const result = await work();
    if (fault === 'lost answer') throw new DOMException('', 'TimeoutError');
    return result;
  }
  const faulty: FaultyStore = {
    operations: [],
    fault: () => undefined,
    async release() {
      const freed = waiting;
      waiting = [];
      for (const free of freed) free();
      await idle();
    },
    store: {
      last: (newId, now) => through('last', () => real.last(newId, now)),
      find: (print) => through('find', () => real.find(print)),
      read: (id, steps) => through(steps ? 'read steps' : 'read', () => real.read(id, steps)),
      write: (change) => through('write', () => real.write(change)),
    },
  };
  return faulty;
}

let ids = 0;

/** An id that no other has in this process. */
export const newId = (): string => `id${++ids}`;

/** Why storage failed. */
export const reasonOf = storageReason;
