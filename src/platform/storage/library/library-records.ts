// The keys in the database of lineages: lineages, recently removed lineages, unreadable records.
// Invariant: no unreadable record is overwritten. A damaged record moves to a key of its own; a record of a newer version stays
// in place, unchanged.
// Does not know tabs or the page.

import * as v from 'valibot';
import type { Key } from '../../../core/plan/key';
import type { Step } from '../idb';
import type { Pair } from '../record-pages';
import { LAST_MOMENT, type Lineage, type LineageChanges, NewerVersionError, renamed } from './lineage';
import type { Known } from './lineage-listing';
import { LINEAGE_VERSION, readLineage, sealLineage, whyUnreadable } from './lineage-record';

/** The schema of a lineage's key. */
export const lineageKey = v.pipe(v.string(), v.regex(/^train-[0-9a-f]{40}$/));

const REMOVED = 'removed ';
const ASIDE = 'aside ';

/** The range of the keys of all removed lineages. */
export const removedRange = (): IDBKeyRange => IDBKeyRange.bound(REMOVED, `${REMOVED}\uffff`);

/** The key of a removed lineage, kept until the results that only this lineage needed are removed. */
const removedKey = (key: Key): string => REMOVED + key;

let asides = 0;
/** A unique key for an unreadable record; contains the old key, for people. */
function asideKey(key: IDBValidKey): string {
  const name = typeof key === 'string' ? key : JSON.stringify(key);
  return `${ASIDE}${name.slice(0, 200)} ${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(1))[0]}-${++asides}`;
}

const removedRecord = v.strictObject({
  version: v.literal(LINEAGE_VERSION),
  removed: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LAST_MOMENT)),
  record: v.unknown(),
});

/** A removed lineage, and the time of the removal, in milliseconds since 1970. */
export interface Removed {
  readonly lineage: Lineage;
  readonly when: number;
}

/** An unreadable record, unchanged; `newer` if a newer version wrote the record. */
export interface Unreadable {
  readonly key: IDBValidKey;
  readonly held: unknown;
  readonly newer: boolean;
  readonly reason: string;
}

/** A parsed record. */
type LibraryRecord =
  | { readonly what: 'lineage'; readonly key: Key; readonly known: Known; readonly newer: boolean }
  | { readonly what: 'removed'; readonly removed: Removed }
  | { readonly what: 'unreadable'; readonly unreadable: Unreadable };

/** Parses a record of the database. Never throws. */
export function recordOf([key, held]: Pair): LibraryRecord {
  const none = (reason: string, newer = false): LibraryRecord => ({
    what: 'unreadable',
    unreadable: { key, held, newer, reason },
  });
  if (typeof key !== 'string') return none('stored under an invalid key');
  if (key.startsWith(ASIDE)) return none(whyUnreadable(key.slice(ASIDE.length).split(' ')[0], held));
  if (key.startsWith(REMOVED)) {
    const parsed = v.safeParse(removedRecord, held);
    if (!parsed.success) return none('damaged');
    const found = readLineage(key.slice(REMOVED.length), parsed.output.record);
    if (found.state === 'unreadable') return none(found.reason, found.newer);
    return { what: 'removed', removed: { lineage: found.lineage, when: parsed.output.removed } };
  }
  const found = readLineage(key, held);
  if (found.state === 'unreadable') return none(found.reason, found.newer);
  const { lineage, checksum, state } = found;
  return { what: 'lineage', key, known: { lineage, checksum }, newer: state === 'newer' };
}

/** Receives a key's lineage as a step leaves it, within the transaction; undefined if there is none. */
export type Tell = (key: Key, known: Known | undefined) => void;

function read(key: Key, held: unknown) {
  const found = readLineage(key, held);
  return {
    newer: found.state === 'newer' || (found.state === 'unreadable' && found.newer),
    known: found.state === 'unreadable' ? undefined : { lineage: found.lineage, checksum: found.checksum },
  };
}

/**
 * A step that writes the lineage that `make` derives from the stored lineage; undefined from `make` changes
 * nothing. An unreadable record moves aside; a record of a newer version stays.
 */
function writing(key: Key, make: (held: Lineage | undefined) => Lineage | undefined, tell: Tell): Step {
  return {
    key,
    decide(held) {
      const { newer, known } = read(key, held);
      const next = newer ? undefined : make(known?.lineage);
      if (!next) {
        tell(key, known);
        return {};
      }
      const record = sealLineage(next);
      tell(key, record);
      const aside = held === undefined || known ? [] : [[asideKey(key), held] as const];
      return { put: [[key, record], ...aside], remove: [removedKey(key)] };
    },
  };
}

/** A step that stores a lineage, merged with the stored one. */
export const storing = (given: Lineage, merge: (held: Lineage | undefined) => Lineage, tell: Tell): Step =>
  writing(given.key, merge, tell);

/** A step that changes a stored lineage; throws `NewerVersionError` if a newer version wrote the record. */
export const changing = (key: Key, changes: LineageChanges, tell: Tell): Step => {
  const step = writing(key, (held) => held && renamed(held, changes), tell);
  return {
    key,
    decide(held) {
      if (read(key, held).newer) throw new NewerVersionError('written by a newer version of Gradsheet');
      return step.decide(held);
    },
  };
};

/** A step that removes a lineage and remembers it as removed until it is forgotten. */
export const removing = (key: Key, when: number, tell: Tell): Step => ({
  key,
  decide(held) {
    tell(key, undefined);
    const { newer, known } = read(key, held);
    // A listed lineage of a newer version is removed too; a record that is not listed stays.
    if (!known) return {};
    const removed = { version: LINEAGE_VERSION, removed: when, record: held };
    return { remove: [key], ...(!newer && { put: [[removedKey(key), removed]] }) };
  },
});

/** A step that forgets a removed lineage, unless it was removed again after `when`. */
export const forgetting = ({ lineage, when }: Removed): Step => ({
  key: removedKey(lineage.key),
  decide(held) {
    const parsed = v.safeParse(removedRecord, held);
    return parsed.success && parsed.output.removed <= when ? { remove: [removedKey(lineage.key)] } : {};
  },
});

/** A step that stores an unreadable record of another database or key, unchanged, under a key of its own. */
export function puttingAside([key, held]: Pair): Step {
  const aside = asideKey(key);
  return { key: aside, decide: () => ({ put: [[aside, held]] }) };
}
