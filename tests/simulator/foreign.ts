// What others leave among the sheets: the release before this one, a later release, damage.
// Invariant: what lies there and is not this release's to write has to lie there at the end, all fields of it, to the byte; the disk serves this
// hand without faults, in tasks like all others. Does not know the page.

import { isDeepStrictEqual } from 'node:util';
import type { Disk } from './disk';
import { profilePrefix } from './environment';
import type { Realm, Schedule } from './schedule';

const DATABASE = 'gradsheet-sheet';
const STORE = 'keyval';
const MAX_STEPS = 50_000;

/** What may lie there before the first page starts. */
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

export const NEWER = 'newer1';
export const DAMAGED = 'damaged1';
/** The sheet of the release before, under which the account has its edits. */
export const OWN = 'own';

interface StoredRecord {
  readonly revision: number;
  readonly sheet: {
    readonly title?: string;
    readonly runs: readonly { readonly overrides: readonly [string, string][]; readonly name: string }[];
  };
}

/** A sheet's data, of version 1, with these edits in it. */
const dataWith = (tags: readonly string[]) => ({
  version: 1,
  runs: [{ id: 'A', name: 'sigmoid', overrides: tags.map((tag) => [`tag.${tag}`, '1']) }],
});

/** A record without the mark that its sheet is removed, which every release may make. */
function unmarked(held: unknown): unknown {
  if (typeof held !== 'object' || held === null || !('removed' in held)) return held;
  const { removed: _, ...rest } = held;
  return rest;
}

/** The edits in what is stored of a sheet; none where that makes no sense. */
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

/** Works on the sheets of a browser's profiles beside all pages. */
export class Foreign {
  readonly #schedule: Schedule;
  readonly #disk: Disk;
  readonly #hand: Realm = { name: 'another hand', state: 'live' };
  /** What has to lie there at the end, by its key. */
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

  /** Whether a release before this one was used here. */
  get hasOwn(): boolean {
    return this.#ownTags.length > 0;
  }

  /** Lays what there is before the first page, all of it in the first profile; yields the edits in it by their sheet. */
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

  /** Of two transactions the later one may be known to be complete before the other. */
  #expect(key: string, value: unknown, turn: number): void {
    if (turn > (this.#expected.get(key)?.turn ?? 0)) this.#expected.set(key, { value, turn });
  }

  /** A tab of the release before, which is open still, saves its one sheet with one more edit. */
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

  /** A later release writes a sheet; nothing where it is not stored. */
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

  /** A stored sheet becomes unreadable; `done` hears of the edits that went with it, unless it is not stored. */
  damage(profile: number, id: string, done: (tags: readonly string[]) => void): void {
    this.#during(profile, async (store) => {
      const held = await answer(store.get(`sheet ${id}`));
      if (held === undefined) return () => {};
      // Not only its content: of a record whose revision is whole a page that has it open knows all that it held.
      const value = { ...(held as object), revision: 'none', sheet: new Uint8Array([1, 2]) };
      const turn = ++this.#turns;
      store.put(value, `sheet ${id}`);
      return () => {
        this.#expect(`${profilePrefix(profile)}sheet ${id}`, value, turn);
        done(tagsIn(held));
      };
    });
  }

  /** All that is stored of a profile's sheets, by its key. */
  async read(profile: number): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    await this.#whole(profile, async (store) => {
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      for (const [at, key] of keys.entries()) found.set(String(key), values[at]);
    });
    return found;
  }

  /** What is not there any more as it was laid or written. */
  missing(profile: number, found: ReadonlyMap<string, unknown>): string[] {
    const prefix = profilePrefix(profile);
    const own = [...this.#expected].filter(([key]) => key.startsWith('profile ') === (prefix !== ''));
    return own
      .filter(([key, { value }]) => !isDeepStrictEqual(unmarked(found.get(key.slice(prefix.length))), value))
      .map(([key]) => `${key}: another hand's record was written over`);
  }

  /** What is wrong with what was made of the sheet of the release before: its latest edit is there, and each only once. */
  adopted(found: ReadonlyMap<string, unknown>, mayCopy: boolean): string[] {
    if (!this.hasOwn) return [];
    const { revision } = { ...(found.get('own') as { revision?: number } | undefined) };
    if (found.get('own adopted') !== revision) return ['the sheet of the release before is not adopted'];
    const made = [...found].filter(([key, held]) => key.startsWith('sheet ') && tagsIn(held).includes('o1'));
    const isTwice = !mayCopy && made.length > this.#ownTags.length;
    return isTwice ? [`the sheet of the release before was adopted ${made.length} times`] : [];
  }

  /** Works in one transaction, with nothing else under way. */
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

  /** Works in one transaction; what `work` resolves to is called once that is complete. */
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

/** Resolves within the task in which the request is answered. */
const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
