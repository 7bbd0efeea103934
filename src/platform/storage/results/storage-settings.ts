// A person's settings of storage, and the occasions on which the page already asked the browser for persistent storage.
// Invariant: stored settings are hostile until parsed; damaged ones count as never set. Settings of a newer version are not
// overwritten.

import { get } from 'idb-keyval';
import * as v from 'valibot';
import { database, transact } from '../idb';
import { DEFAULT_BUDGET } from './budget';

const KEY = 'settings';
const VERSION = 1;

/** The least and the most budget, in bytes. */
export const BUDGET_BOUNDS = { least: 2 ** 20, most: 2 ** 40 };

/** The occasions on which the page asks the browser for persistent storage, once for each. */
const REASONS = ['sheet named', 'training noted', 'much stored'] as const;
export type Reason = (typeof REASONS)[number];

const budget = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(BUDGET_BOUNDS.least),
  v.maxValue(BUDGET_BOUNDS.most),
);

const stored = v.object({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(VERSION)),
  budget,
  asked: v.pipe(v.array(v.picklist(REASONS)), v.maxLength(REASONS.length)),
});

/** The budget in bytes, and the occasions on which the page has asked. */
interface StorageSettings {
  readonly budget: number;
  readonly asked: readonly Reason[];
}

const NONE: StorageSettings = { budget: DEFAULT_BUDGET, asked: [] };

function read(held: unknown): StorageSettings & { readonly version: number } {
  const parsed = v.safeParse(stored, held);
  return parsed.success ? parsed.output : { ...NONE, version: VERSION };
}

const isNewer = (held: unknown): boolean =>
  v.safeParse(v.object({ version: v.pipe(v.number(), v.minValue(VERSION + 1)) }), held).success;

/** The stored settings; operations reject if storage fails. */
interface SettingsStore {
  load(): Promise<StorageSettings>;
  /** Changes and returns the settings; those of a newer version are not overwritten. */
  change(make: (before: StorageSettings) => StorageSettings): Promise<StorageSettings>;
}

/** Opens the settings of this browser. */
export function openSettings(): SettingsStore {
  const use = database('gradsheet-storage');
  return {
    async load() {
      return read(await get<unknown>(KEY, use));
    },
    async change(make) {
      let next = NONE;
      await transact(use, KEY, (held) => {
        next = make(read(held));
        const record = { version: VERSION, budget: v.parse(budget, next.budget), asked: [...next.asked] };
        return isNewer(held) ? {} : { put: [[KEY, record]] };
      });
      return next;
    },
  };
}
