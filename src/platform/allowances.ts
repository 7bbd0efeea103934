// What a person let run although it is costly, so that a training whose page was killed goes on without being asked again.
// Invariant: the newest MOST keys are kept; what is stored is hostile until parsed. Where storage fails, it is asked again.

import { entries, set } from 'idb-keyval';
import * as v from 'valibot';
import type { Key } from '../core/key';
import { database, transact } from './idb';

const MOST = 100;

const allowance = v.tuple([v.string(), v.pipe(v.number(), v.finite())]);

/** Where they are kept, by key. */
export interface Allowances {
  /** What was allowed, the newest first; rejects where storage fails. */
  load(): Promise<Key[]>;
  /** Keeps one more; rejects where storage fails. */
  add(key: Key): Promise<void>;
}

/** The allowances of this browser. */
export function openAllowances(): Allowances {
  const use = database('gradsheet-allowed');

  async function load(): Promise<Key[]> {
    const held = await entries<IDBValidKey, unknown>(use);
    return held
      .flatMap((entry) => {
        const parsed = v.safeParse(allowance, entry);
        return parsed.success ? [parsed.output] : [];
      })
      .sort(([, a], [, b]) => b - a)
      .map(([key]) => key);
  }

  return {
    load,
    async add(key) {
      await set(key, Date.now(), use);
      const remove = (await load()).slice(MOST);
      if (remove.length > 0) await transact(use, key, () => ({ remove }));
    },
  };
}
