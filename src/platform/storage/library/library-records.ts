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

/** What a lineage's key looks like. */
export const lineageKey = v.pipe(v.string(), v.regex(/^train-[0-9a-f]{40}$/));

const REMOVED = 'removed ';
const ASIDE = 'aside ';

/** The keys of all lineages that were removed. */
export const removedRange = (): IDBKeyRange => IDBKeyRange.bound(REMOVED, `${REMOVED}\uffff`);

/** Where a lineage lies once it was removed, for as long as what only it needed is still stored. */
const removedKey = (key: Key): string => REMOVED + key;

let asides = 0;
/** A key that nothing else has, for what cannot be read; the old key is in it, for people. */
function asideKey(key: IDBValidKey): string {
  const name = typeof key === 'string' ? key : JSON.stringify(key);
  return `${ASIDE}${name.slice(0, 200)} ${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(1))[0]}-${++asides}`;
}

const removedRecord = v.strictObject({
  version: v.literal(LINEAGE_VERSION),
  removed: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LAST_MOMENT)),
  record: v.unknown(),
});

/** A lineage that was removed, and when, in milliseconds since 1970. */
export interface Removed {
  readonly lineage: Lineage;
  readonly when: number;
}

/** What is stored and cannot be read, as it lies there; `newer` where a newer version wrote it. */
export interface Unreadable {
  readonly key: IDBValidKey;
  readonly held: unknown;
  readonly newer: boolean;
  readonly reason: string;
}

/** What lies under a key. */
type LibraryRecord =
  | { readonly what: 'lineage'; readonly key: Key; readonly known: Known; readonly newer: boolean }
  | { readonly what: 'removed'; readonly removed: Removed }
  | { readonly what: 'unreadable'; readonly unreadable: Unreadable };

/** Reads a record of the database. */
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

/** What a step found or left under a key, told when the step is taken. */
export type Tell = (key: Key, known: Known | undefined) => void;

function read(key: Key, held: unknown) {
  const found = readLineage(key, held);
  return {
    newer: found.state === 'newer' || (found.state === 'unreadable' && found.newer),
    known: found.state === 'unreadable' ? undefined : { lineage: found.lineage, checksum: found.checksum },
  };
}

/** Writes what `make` makes of the lineage that a key has; undefined leaves all as it is. */
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

/** Stores a lineage, merged with the one that is there. */
export const storing = (given: Lineage, merge: (held: Lineage | undefined) => Lineage, tell: Tell): Step =>
  writing(given.key, merge, tell);

/** Changes a lineage that is there; throws where only a newer version can. */
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

/** Removes a lineage; until it is forgotten it is remembered as removed. */
export const removing = (key: Key, when: number, tell: Tell): Step => ({
  key,
  decide(held) {
    tell(key, undefined);
    const { newer, known } = read(key, held);
    // A person removes what is listed, of a newer version too; what is not listed stays.
    if (!known) return {};
    const removed = { version: LINEAGE_VERSION, removed: when, record: held };
    return { remove: [key], ...(!newer && { put: [[removedKey(key), removed]] }) };
  },
});

/** Forgets that a lineage was removed, unless it was removed again after `when`. */
export const forgetting = ({ lineage, when }: Removed): Step => ({
  key: removedKey(lineage.key),
  decide(held) {
    const parsed = v.safeParse(removedRecord, held);
    return parsed.success && parsed.output.removed <= when ? { remove: [removedKey(lineage.key)] } : {};
  },
});

/** Puts away what cannot be read, from another database or under another key. */
export function puttingAside([key, held]: Pair): Step {
  const aside = asideKey(key);
  return { key: aside, decide: () => ({ put: [[aside, held]] }) };
}
