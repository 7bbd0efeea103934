// The environment of a simulated page: its own clock, timers, storage, channels, locks and visibility.
// Invariant: no real clock, timer or random number is used; the effect of one page on another is a task.
// Does not know the page.

import { createHash } from 'node:crypto';
import { type Channels, portsFor } from './channels';
import type { Disk } from './disk';
import type { Locks } from './locks';
import type { Random } from './random';
import type { Realm, Schedule } from './schedule';

/** The features that a browser lacks, and the number of the person's profile; profiles share nothing. */
export interface Lacks {
  readonly channel?: boolean;
  readonly locks?: boolean;
  readonly profile?: number;
}

/** The prefix of the names of everything that the pages of a profile share. */
export const profilePrefix = (profile = 0): string => (profile === 0 ? '' : `profile ${profile} `);

/** The `sessionStorage` of a tab, which outlives the tab's pages. */
function sessionMemory(): Storage {
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

/** An entry of a tab's history: the fragment with its #, and the state that the page stored with it. */
export interface HistoryEntry {
  readonly address: string;
  readonly mark: unknown;
}

/** The history of a tab, which outlives the tab's pages. */
export class TabHistory {
  #entries: HistoryEntry[] = [{ address: '', mark: undefined }];
  #at = 0;

  get current(): HistoryEntry {
    return this.#entries[this.#at] ?? { address: '', mark: undefined };
  }
  push(entry: HistoryEntry): void {
    this.#entries = [...this.#entries.slice(0, this.#at + 1), entry];
    this.#at++;
  }
  replace(entry: HistoryEntry): void {
    this.#entries[this.#at] = entry;
  }
  /** Goes back or forward; returns false if there is no such entry. */
  go(by: number): boolean {
    if (!this.#entries[this.#at + by]) return false;
    this.#at += by;
    return true;
  }
}

/** The parts of a tab that outlive its pages. */
export interface TabParts {
  readonly session: Storage;
  readonly history: TabHistory;
}

/** Returns a tab without any history or stored data. */
export const newTab = (): TabParts => ({ session: sessionMemory(), history: new TabHistory() });

/** One page of a simulation, and the ports that code under test uses. */
export class Environment implements Realm {
  state: Realm['state'] = 'live';
  /** How far this page's clock is ahead of the simulation's, in milliseconds. */
  clockOffset = 0;
  visibility: DocumentVisibilityState = 'visible';
  readonly name: string;
  readonly indexedDB: IDBFactory;
  readonly BroadcastChannel: typeof BroadcastChannel | undefined;
  readonly MessageChannel: typeof MessageChannel;
  readonly locks: LockManager | undefined;
  readonly sessionStorage: Storage;
  readonly history: TabHistory;
  /** Receives the events of `window` and `document`: pagehide, pageshow, visibilitychange, freeze, resume. */
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
      readonly tab: TabParts;
      readonly lacks: Lacks;
    },
  ) {
    this.name = name;
    this.#schedule = parts.schedule;
    this.#random = parts.random;
    const prefix = profilePrefix(parts.lacks.profile);
    this.indexedDB = parts.disk.factoryFor(this, prefix);
    this.BroadcastChannel = parts.lacks.channel ? undefined : parts.channels.classFor(this, prefix);
    this.MessageChannel = portsFor(parts.schedule, this);
    this.locks = parts.lacks.locks ? undefined : parts.locks.managerFor(this, prefix);
    this.sessionStorage = parts.tab.session;
    this.history = parts.tab.history;
  }

  /** The page's time of day, in milliseconds since 1970. */
  now(): number {
    return EPOCH + this.#schedule.now + this.clockOffset;
  }
  /** A monotonic time in milliseconds. */
  performanceNow(): number {
    return this.#schedule.now;
  }
  setTimeout(run: () => void, ms = 0): number {
    return this.#schedule.after(ms, this, run);
  }
  clearTimeout(id: unknown): void {
    if (typeof id === 'number') this.#schedule.cancel(id);
  }
  /** `crypto.subtle` hashes outside the page's thread, so the answer is a task. */
  sha256(bytes: Uint8Array): Promise<ArrayBuffer> {
    const { buffer } = new Uint8Array(createHash('sha256').update(bytes).digest());
    return new Promise((resolve) =>
      this.#schedule.enqueue(`hashes of ${this.name}`, this, () =>
        this.#schedule.enter(this, () => resolve(buffer)),
      ),
    );
  }
  fill(bytes: Uint8Array): Uint8Array {
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.#random.below(256);
    return bytes;
  }
  randomUUID(): `${string}-${string}-${string}-${string}-${string}` {
    const digits = (length: number): string =>
      Array.from({ length }, () => this.#random.below(16).toString(16)).join('');
    return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
  }
}

const EPOCH = Date.UTC(2026, 0, 1);
