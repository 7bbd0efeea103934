// The costly computations that a person allowed, so that a training continues without a second question after its page died.
// Invariant: the newest MOST keys are kept. Stored data are hostile until parsed: they can neither exceed MOST nor outlast
// newer keys by a date in the future. If storage fails, the page asks again.

import { promisifyRequest } from 'idb-keyval';
import * as v from 'valibot';
import type { Key } from '../../core/plan/key';
import { asked, database } from './idb';

const MOST = 100;
/** The most records that are read: another program at this origin may have stored more. */
const MOST_READ = 10 * MOST;
/** How far in the future a stored time may lie, in milliseconds; a later time comes from a wrong clock. */
const DAY_MS = 86_400_000;

const key = v.pipe(v.string(), v.regex(/^[a-zA-Z]{1,40}-[0-9a-f]{40}$/));
const time = v.pipe(v.number(), v.finite(), v.minValue(0));

/** The stored allowances, by key. */
export interface Allowances {
  /** Returns the allowed keys, newest first, at most MOST. Rejects if storage fails. */
  load(): Promise<Key[]>;
  /** Stores one more key and deletes the oldest beyond MOST. Rejects if storage fails. */
  add(key: Key): Promise<void>;
}

/** Returns the valid keys, newest first; keys with a time in the future come last. */
function newestFirst(keys: readonly unknown[], times: readonly unknown[], now: number): Key[] {
  const allowed = keys.flatMap((held, index) => {
    const [parsedKey, parsedTime] = [v.safeParse(key, held), v.safeParse(time, times[index])];
    if (!parsedKey.success || !parsedTime.success) return [];
    const { output } = parsedTime;
    return [{ key: parsedKey.output, when: output > now + DAY_MS ? -1 : output }];
  });
  return allowed.sort((a, b) => b.when - a.when).map((one) => one.key);
}

/** Opens this browser's allowances. */
export function openAllowances(): Allowances {
  const use = database('gradsheet-allowed');

  const read = async (store: IDBObjectStore): Promise<Key[]> => {
    const [keys, times] = await Promise.all([
      asked(() => store.getAllKeys(null, MOST_READ)),
      asked<unknown[]>(() => store.getAll(null, MOST_READ)),
    ]);
    return newestFirst(keys, times, Date.now());
  };

  return {
    load: async () => (await use('readonly', read)).slice(0, MOST),
    add: (allowed) =>
      use('readwrite', async (store) => {
        store.put(Date.now(), v.parse(key, allowed));
        for (const old of (await read(store)).slice(MOST)) store.delete(old);
        await promisifyRequest(store.transaction);
      }),
  };
}
