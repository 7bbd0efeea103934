// What a page of a simulation has around it: clock, timers, storage, channels, locks, visibility, all its own.
// Invariant: nothing of it reaches a real clock, timer or chance; what one page does reaches another as a task only.
// Does not know what the page is.

import { createHash } from 'node:crypto';
import { type Channels, portsFor } from './channels';
import type { Disk } from './disk';
import type { Locks } from './locks';
import type { Random } from './random';
import type { Realm, Schedule } from './schedule';

/** What a browser may lack, and which of the person's profiles it is: profiles share nothing. */
export interface Lacks {
  readonly channel?: boolean;
  readonly locks?: boolean;
  readonly profile?: number;
}

/** What the names of everything that pages of a profile share begin with. */
export const profilePrefix = (profile = 0): string => (profile === 0 ? '' : `profile ${profile} `);

/** `sessionStorage` of a tab: it lives longer than the pages in it. */
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

/** An entry of a tab's history: what follows the #, and what the page that made it said of it. */
export interface HistoryEntry {
  readonly address: string;
  readonly mark: unknown;
}

/** The entries of a tab, which outlive its pages. */
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
  /** Goes back or forward; false where there is no such entry. */
  go(by: number): boolean {
    if (!this.#entries[this.#at + by]) return false;
    this.#at += by;
    return true;
  }
}

/** What a tab has that outlives its pages. */
export interface TabParts {
  readonly session: Storage;
  readonly history: TabHistory;
}

export const newTab = (): TabParts => ({ session: sessionMemory(), history: new TabHistory() });

/** One page of a simulation, and the ports that code under test takes. */
export class Environment implements Realm {
  state: Realm['state'] = 'live';
  /** How far this page's clock is ahead of the simulation's. */
  clockOffset = 0;
  visibility: DocumentVisibilityState = 'visible';
  readonly name: string;
  readonly indexedDB: IDBFactory;
  readonly BroadcastChannel: typeof BroadcastChannel | undefined;
  readonly MessageChannel: typeof MessageChannel;
  readonly locks: LockManager | undefined;
  readonly sessionStorage: Storage;
  readonly history: TabHistory;
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
  /** `crypto.subtle` hashes beside the page: the answer is a task. */
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
