// Other hands that write the sheets' records: the release before this one, a later release, damage.
// Invariant: a record that this release must not write is the same at the end, all its fields, to the byte.
// These writes meet no faults, and are tasks like all others. Does not know the page.

import { isDeepStrictEqual } from 'node:util';
import type { Disk } from './disk';
import { profilePrefix } from './environment';
import type { Realm, Schedule } from './schedule';

const DATABASE = 'gradsheet-sheet';
const STORE = 'keyval';
const MAX_STEPS = 50_000;

/** The kinds of records that may exist before the first page starts. */
export const REMAINS = [
  'own',
  'damaged own',
  'left',
  'newer',
  'damaged',
  'last newer',
  'last damaged',
] as const;
export type Remains = (typeof REMAINS)[number];

/** The ids of the sheet of a later release and of the damaged sheet. */
export const NEWER = 'newer1';
export const DAMAGED = 'damaged1';
/** The sheet of the release before, and the sheet id under which the ledger keeps its edits. */
export const OWN = 'own';

interface StoredRecord {
  readonly revision: number;
  readonly sheet: {
    readonly title?: string;
    readonly runs: readonly { readonly overrides: readonly [string, string][]; readonly name: string }[];
  };
}

/** The data of a sheet, of version 1, that contains these edits. */
const dataWith = (tags: readonly string[]) => ({
  version: 1,
  runs: [{ id: 'A', name: 'sigmoid', overrides: tags.map((tag) => [`tag.${tag}`, '1']) }],
});

/** Returns a record without the mark of a removed sheet, which every release may set. */
function unmarked(held: unknown): unknown {
  if (typeof held !== 'object' || held === null || !('removed' in held)) return held;
  const { removed: _, ...rest } = held;
  return rest;
}

/** Returns the edits in a stored sheet; none if the record is invalid. */
function tagsIn(held: unknown): string[] {
  const { runs = [], title = '' } = (held as StoredRecord | undefined)?.sheet ?? {};
  const texts = runs.flatMap(({ overrides, name }) => [name, ...overrides.map(([path]) => path)]);
  return [...texts, title.split(' ', 1)[0] ?? '']
    .filter((text) => text.startsWith('tag.'))
    .map((text) => text.slice('tag.'.length));
}

const head = (id: string, format: number) => ({
  ...{ format, id, names: ['sigmoid'], runs: 1, edited: 1_000, kept: true },
  ...(format > 2 && { pinned: { by: 'a later release' } }),
});

const newerRecord = (id: string, tags: readonly string[]) => ({
  ...{ format: 3, id, revision: 7, edited: 1_000, kept: true, at: 1, first: 0, sizes: [9], by: [] },
  ...{ sheet: dataWith(tags), checksum: 'as a later release has it', branches: [{ of: 'x' }] },
});

/** Writes and reads the sheets of a browser's profiles, without going through a page. */
export class Foreign {
  readonly #schedule: Schedule;
  readonly #disk: Disk;
  readonly #hand: Realm = { name: 'another hand', state: 'live' };
  /** The expected records at the end, by key. */
  readonly #expected = new Map<string, { readonly value: unknown; readonly turn: number }>();
  #turns = 0;
  readonly #ownTags: string[] = [];
  readonly #before: readonly Remains[];

  constructor(schedule: Schedule, disk: Disk, before: readonly Remains[]) {
    this.#schedule = schedule;
    this.#disk = disk;
    this.#before = before;
    disk.spare(this.#hand);
  }

  /** Whether the release before this one was used here. */
  get hasOwn(): boolean {
    return this.#ownTags.length > 0;
  }

  /** Writes the records before the first page, all in the first profile; returns their edits by sheet. */
  async lay(): Promise<ReadonlyMap<string, readonly string[]>> {
    const given = new Map<string, readonly string[]>();
    const has = (one: Remains): boolean => this.#before.includes(one);
    if (this.#before.length === 0) return given;
    await this.#whole(0, (store) => {
      const put = (key: string, value: unknown): void => {
        store.put(value, key);
        this.#expect(key, value, ++this.#turns);
      };
      if (has('own')) {
        this.#ownTags.push('o1');
        given.set(OWN, ['o1']);
        put('own', { revision: 1_700_000_000_000, sheet: dataWith(this.#ownTags) });
      } else if (has('damaged own')) put('own', { revision: 5, sheet: { version: 1, runs: 'none' } });
      if (has('left')) put('unreadable', { from: 'an earlier release', bytes: new Uint8Array([1, 2, 3]) });
      if (has('newer') || has('last newer')) {
        given.set(NEWER, ['n1']);
        put(`sheet ${NEWER}`, newerRecord(NEWER, ['n1']));
        put(`step ${NEWER} 000000000`, { format: 3, packed: new Uint8Array([7]) });
        put(`head ${NEWER}`, head(NEWER, 3));
      }
      if (has('damaged') || has('last damaged')) {
        put(`sheet ${DAMAGED}`, { ...newerRecord(DAMAGED, []), format: 2, branches: undefined });
        store.put(head(DAMAGED, 2), `head ${DAMAGED}`);
      }
      if (has('last damaged')) store.put(DAMAGED, 'last');
      else if (has('last newer')) store.put(NEWER, 'last');
    });
    return given;
  }

  /** An earlier transaction may be seen to complete later than a later one, so `turn` decides. */
  #expect(key: string, value: unknown, turn: number): void {
    if (turn > (this.#expected.get(key)?.turn ?? 0)) this.#expected.set(key, { value, turn });
  }

  /** A tab of the release before, still open, saves its one sheet with one more edit. */
  saveOwn(tag: string, done: () => void): void {
    this.#ownTags.push(tag);
    const tags = [...this.#ownTags];
    this.#during(0, async (store) => {
      const before = (await answer(store.get('own'))) as { revision?: number } | undefined;
      const turn = ++this.#turns;
      const value = { revision: (before?.revision ?? 1_700_000_000_000) + 1, sheet: dataWith(tags) };
      store.put(value, 'own');
      return () => {
        this.#expect('own', value, turn);
        done();
      };
    });
  }

  /** A later release writes a sheet; does nothing if the sheet is not stored. */
  upgrade(profile: number, id: string): void {
    this.#during(profile, async (store) => {
      const held = (await answer(store.get(`sheet ${id}`))) as StoredRecord | undefined;
      if (held?.sheet === undefined) return () => {};
      const value = { ...held, format: 3, revision: held.revision + 1, by: [], branches: [{ of: 'x' }] };
      const turn = ++this.#turns;
      store.put(value, `sheet ${id}`);
      return () => {
        this.#expect(`${profilePrefix(profile)}sheet ${id}`, value, turn);
      };
    });
  }

  /** Makes a sheet unreadable; `done` receives the lost edits, and is not called if there is no record. */
  damage(profile: number, id: string, done: (tags: readonly string[]) => void): void {
    this.#during(profile, async (store) => {
      const held = await answer(store.get(`sheet ${id}`));
      if (held === undefined) return () => {};
      // The revision is damaged too: with a whole one, a page with the sheet open would know all its content.
      const value = { ...(held as object), revision: 'none', sheet: new Uint8Array([1, 2]) };
      const turn = ++this.#turns;
      store.put(value, `sheet ${id}`);
      return () => {
        this.#expect(`${profilePrefix(profile)}sheet ${id}`, value, turn);
        done(tagsIn(held));
      };
    });
  }

  /** Returns all records of a profile's sheets, by key. */
  async read(profile: number): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    await this.#whole(profile, async (store) => {
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      for (const [at, key] of keys.entries()) found.set(String(key), values[at]);
    });
    return found;
  }

  /** Returns a violation for each expected record that was changed. */
  missing(profile: number, found: ReadonlyMap<string, unknown>): string[] {
    const prefix = profilePrefix(profile);
    const own = [...this.#expected].filter(([key]) => key.startsWith('profile ') === (prefix !== ''));
    return own
      .filter(([key, { value }]) => !isDeepStrictEqual(unmarked(found.get(key.slice(prefix.length))), value))
      .map(([key]) => `${key}: another hand's record was written over`);
  }

  /** Checks the adoption of the old release's sheet: the latest edit, and each edit only once. */
  adopted(found: ReadonlyMap<string, unknown>, mayCopy: boolean): string[] {
    if (!this.hasOwn) return [];
    const { revision } = { ...(found.get('own') as { revision?: number } | undefined) };
    if (found.get('own adopted') !== revision) return ['the sheet of the release before is not adopted'];
    const made = [...found].filter(([key, held]) => key.startsWith('sheet ') && tagsIn(held).includes('o1'));
    const isTwice = !mayCopy && made.length > this.#ownTags.length;
    return isTwice ? [`the sheet of the release before was adopted ${made.length} times`] : [];
  }

  /** Works in one transaction and waits for its end. */
  async #whole(profile: number, work: (store: IDBObjectStore) => unknown): Promise<void> {
    let isOver = false;
    this.#during(profile, async (store) => {
      await work(store);
      return () => {
        isOver = true;
      };
    });
    await this.#schedule.proceed(Number.POSITIVE_INFINITY, MAX_STEPS, () => isOver);
  }

  /** Works in one transaction; when it is complete, calls the function that `work` resolved to. */
  #during(profile: number, work: (store: IDBObjectStore) => Promise<() => void>): void {
    const hand = this.#hand;
    this.#schedule.enqueue(hand.name, undefined, () =>
      this.#schedule.enter(hand, () => {
        const opening = this.#disk.factoryFor(hand, profilePrefix(profile)).open(DATABASE);
        opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction(STORE, 'readwrite');
          const done = work(transaction.objectStore(STORE));
          transaction.oncomplete = () => {
            opening.result.close();
            void done.then((then) => then());
          };
        };
      }),
    );
  }
}

/** Resolves within the task that answers the request. */
const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
