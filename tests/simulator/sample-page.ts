// A page for the simulator's own tests: sheets of tags in idb-keyval, either correct or with one of the flaws
// that the real page once had. The simulator must accept the correct page and find each flaw.
// Invariant: without a flaw, writes compare and swap, unread data stay, and failures are reported.
// Does not know the real page; uses the globals directly.

import { createStore, get, promisifyRequest, type UseStore } from 'idb-keyval';
import type { Environment } from './environment';
import type { Boot, Shown, SimulatedPage, Status } from './page';

/** The flaws of a page. */
export type Flaw =
  /** A read that fails or takes too long counts as "there is no sheet". */
  | 'failed read is empty'
  /** A sheet that storage yields late replaces the edits made in the meantime. */
  | 'late sheet replaces'
  /** A write stores the whole sheet, whatever is stored by then. */
  | 'blind write'
  /** The page says "saved" before the transaction is complete. */
  | 'early saved'
  /** A failed write is dropped without a message. */
  | 'silent failure'
  /** A notice of any sheet counts as a notice of the sheet on the screen. */
  | 'any notice';

interface Stored {
  readonly revision: number;
  readonly tags: readonly string[];
  readonly undo: readonly Change[];
  readonly redo: readonly Change[];
}

interface Change {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

type Edit = (sheet: Stored) => Stored;

const EMPTY: Stored = { revision: 0, tags: [], undo: [], redo: [] };
const LIMIT_MS = 3_000;
const PATIENCE_MS = 300;
const LONGEST_WAIT_MS = 30_000;

const changed = ({ tags }: Stored, { added, removed }: Change): string[] => [
  ...tags.filter((tag) => !removed.includes(tag) && !added.includes(tag)),
  ...added,
];
const reversed = ({ added, removed }: Change): Change => ({ added: removed, removed: added });

/** An attempt with a time limit, after which its work must not begin to write: it was tried again. */
interface Attempt {
  isOver: boolean;
}

function within<T>(attempt: Attempt, operation: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      attempt.isOver = true;
      reject(new Error('no answer'));
    }, LIMIT_MS);
    operation.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

class SamplePage implements SimulatedPage {
  readonly #flaw: Flaw | undefined;
  readonly #environment: Environment;
  readonly #channel: BroadcastChannel | undefined;
  #use: UseStore | undefined;
  #sheet = '';
  #newest = EMPTY;
  #unwritten: Edit[] = [];
  #shown: Shown | undefined;
  #status: Status = 'unknown';
  #messages = 0;
  #known: string[] = [];
  #isWriting = false;
  #failures = 0;

  constructor(environment: Environment, flaw: Flaw | undefined) {
    this.#environment = environment;
    this.#flaw = flaw;
    this.#channel = environment.BroadcastChannel && new BroadcastChannel('sheets');
    this.#channel?.addEventListener('message', ({ data }) => this.#hear(String(data)));
    environment.events.addEventListener('visibilitychange', () => {
      if (environment.visibility === 'visible') this.#hear(this.#sheet);
    });
    void this.#start();
  }

  shown = (): Shown | undefined => this.#shown;
  status = (): Status => this.#status;
  messages = (): number => this.#messages;
  openAny = (amount: number): Promise<void> =>
    this.open(this.#known[amount % this.#known.length] ?? this.#sheet);
  arrive = async (): Promise<void> => {};

  edit(tag: string): void {
    const change: Change = { added: [tag], removed: [] };
    this.#do((sheet) => ({
      ...sheet,
      tags: changed(sheet, change),
      undo: [...sheet.undo, change],
      redo: [],
    }));
  }
  replace = (tag: string): void => this.edit(tag);
  linkTo = (): string => '';
  keep = async (): Promise<void> => {};
  undo(): void {
    const change = this.#now().undo.at(-1);
    if (!change) return;
    this.#do((sheet) => ({
      ...sheet,
      tags: changed(sheet, reversed(change)),
      undo: sheet.undo.slice(0, -1),
      redo: [...sheet.redo, change],
    }));
  }
  redo(): void {
    const change = this.#now().redo.at(-1);
    if (!change) return;
    this.#do((sheet) => ({
      ...sheet,
      tags: changed(sheet, change),
      undo: [...sheet.undo, change],
      redo: sheet.redo.slice(0, -1),
    }));
  }
  async create(): Promise<void> {
    if (this.#unwritten.length === 0) this.#turn(this.#environment.randomUUID(), EMPTY, 'saved');
  }
  async open(sheet: string): Promise<void> {
    if (this.#unwritten.length > 0 || sheet === this.#sheet) return;
    await this.#read(sheet).then(
      (stored) => {
        if (stored && this.#unwritten.length === 0) this.#turn(sheet, stored, 'saved');
      },
      () => this.#messages++,
    );
  }

  #now(): Stored {
    return this.#unwritten.reduce((sheet, edit) => edit(sheet), this.#newest);
  }
  #show(): void {
    this.#shown = { sheet: this.#sheet, kept: true, tags: new Set(this.#now().tags), twice: [] };
  }
  #turn(sheet: string, stored: Stored, status: Status): void {
    this.#sheet = sheet;
    this.#newest = stored;
    this.#status = status;
    if (!this.#known.includes(sheet)) this.#known.push(sheet);
    this.#show();
  }
  #do(edit: Edit): void {
    this.#unwritten.push(edit);
    this.#status = 'saving';
    this.#show();
    void this.#write();
  }

  #connect(): UseStore {
    this.#use ??= createStore('sample-sheets', 'keyval');
    return this.#use;
  }
  async #attempt<T>(work: (use: UseStore, attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt: Attempt = { isOver: false };
    try {
      return await within(attempt, work(this.#connect(), attempt));
    } catch (error) {
      this.#use = undefined;
      throw error;
    }
  }
  #read(sheet: string): Promise<Stored | undefined> {
    return this.#attempt((use) => get<Stored>(sheet, use));
  }
  #wait(): Promise<void> {
    const ms = Math.min(LONGEST_WAIT_MS, 100 * 2 ** this.#failures++);
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  async #start(): Promise<void> {
    const opening =
      this.#flaw?.includes('sheet') || this.#flaw === 'failed read is empty' ? 'own' : undefined;
    const started = opening ?? this.#environment.randomUUID();
    const patience = setTimeout(() => this.#turn(started, EMPTY, 'unknown'), PATIENCE_MS);
    for (;;)
      try {
        const last = (await this.#attempt((use) => get<string>('last', use))) ?? started;
        const stored = await this.#read(last);
        const isEdited = this.#unwritten.length > 0 || (this.#sheet === started && this.#newest.revision > 0);
        const isMissed = this.#shown !== undefined && last !== started && isEdited;
        if (!isMissed && (this.#flaw === 'late sheet replaces' || !isEdited)) {
          if (this.#flaw === 'late sheet replaces') this.#unwritten = [];
          this.#turn(last, stored ?? EMPTY, 'saved');
        }
        break;
      } catch {
        if (this.#flaw === 'failed read is empty') {
          this.#turn(started, EMPTY, 'saving');
          this.#do((sheet) => sheet);
          break;
        }
        this.#messages++;
        await this.#wait();
      }
    clearTimeout(patience);
    this.#failures = 0;
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#unwritten.length > 0) {
      const written = [...this.#unwritten];
      try {
        const next = await this.#attempt((use, attempt) => this.#swap(use, written, attempt));
        this.#newest = next;
        this.#unwritten = this.#unwritten.filter((edit) => !written.includes(edit));
        this.#failures = 0;
        this.#status = this.#unwritten.length === 0 ? 'saved' : 'saving';
        this.#show();
        this.#channel?.postMessage(this.#sheet);
      } catch {
        if (this.#flaw === 'silent failure') {
          this.#newest = this.#now();
          this.#unwritten = [];
          this.#status = 'saved';
          break;
        }
        this.#status = 'not saved';
        await this.#wait();
      }
    }
    this.#isWriting = false;
  }

  /** Makes the edits on the stored sheet and writes the result. */
  #swap(use: UseStore, edits: readonly Edit[], attempt: Attempt): Promise<Stored> {
    const sheet = this.#sheet;
    const isBlind = this.#flaw === 'blind write' || this.#flaw === 'failed read is empty';
    return use('readwrite', async (store) => {
      if (attempt.isOver) throw new Error('tried again already');
      const stored = await promisifyRequest<Stored | undefined>(store.get(sheet));
      const base = isBlind ? this.#newest : (stored ?? EMPTY);
      const next = edits.reduce((before, edit) => edit(before), base);
      const written = { ...next, revision: base.revision + 1 };
      store.put(written, sheet);
      store.put(sheet, 'last');
      if (this.#flaw === 'early saved') return written;
      await promisifyRequest(store.transaction);
      return written;
    });
  }

  #hear(sheet: string): void {
    const isMine = sheet === this.#sheet || this.#flaw === 'any notice';
    if (!isMine || !this.#shown || this.#flaw === 'blind write') return;
    this.#read(sheet).then(
      (stored) => {
        const isTaken = this.#flaw === 'any notice' || sheet === this.#sheet;
        if (!isTaken || !stored || this.#isWriting || stored.revision <= this.#newest.revision) return;
        this.#newest = stored;
        this.#show();
      },
      () => {},
    );
  }
}

/** A page without flaws, or with one. */
export const samplePage =
  (flaw?: Flaw): Boot =>
  (environment) =>
    new SamplePage(environment, flaw);
