// A stored lineage: { version, lineage, checksum }, with the checksum over all other fields.
// Invariant: in every version, the checksum is the digest of the record without `checksum`. Version 1 was the bare lineage
// without a checksum, in another database. A record is hostile until parsed.
// The checksum finds damage; it does not prevent a forged record.

import * as v from 'valibot';
import { digest } from '../../../core/kinds/digest';
import { byteSize, type Plain, plain } from '../../../core/kinds/value';
import type { Key } from '../../../core/plan/key';
import { type Lineage, lineageSchema } from './lineage';

/** The version of the records that this version writes. */
export const LINEAGE_VERSION = 2;

const MAX_NEWER_BYTES = 2 ** 20;

/** A stored lineage with its checksum. */
interface LineageRecord {
  readonly version: typeof LINEAGE_VERSION;
  readonly lineage: Lineage;
  readonly checksum: string;
}

/**
 * A parsed record: a lineage of this format, a lineage of a newer format (readable fields only), or the
 * reason why it is unreadable.
 */
type Found =
  | { readonly state: 'whole' | 'newer'; readonly lineage: Lineage; readonly checksum: string }
  | { readonly state: 'unreadable'; readonly newer: boolean; readonly reason: string };

const sealed = v.strictObject({
  version: v.literal(LINEAGE_VERSION),
  lineage: lineageSchema,
  checksum: v.string(),
});

// Ignores fields that later formats add.
const newerRecord = v.object({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(LINEAGE_VERSION + 1)),
});
const newerLineage = v.object({ lineage: v.object(lineageSchema.entries) });

const checksumOf = (version: number, lineage: Lineage): string =>
  digest({ version, lineage: { ...lineage } });

/** Returns the record of a lineage, with its checksum. */
export function sealLineage(lineage: Lineage): LineageRecord {
  return { version: LINEAGE_VERSION, lineage, checksum: checksumOf(LINEAGE_VERSION, lineage) };
}

const unreadable = (reason: string, newer = false): Found => ({ state: 'unreadable', newer, reason });

function reasonOf([issue]: readonly [v.BaseIssue<unknown>, ...unknown[]]): string {
  const place = v.getDotPath(issue);
  return place ? `${place}: ${issue.message}` : issue.message;
}

function readNewer(key: unknown, version: number, held: unknown): Found {
  const words = `written by a newer version of Gradsheet (format ${version})`;
  const whole = v.safeParse(plain, held);
  const parsed = v.safeParse(newerLineage, held);
  if (!whole.success || !parsed.success || byteSize(whole.output) > MAX_NEWER_BYTES)
    return unreadable(words, true);
  const { checksum, ...rest } = whole.output as { readonly [name: string]: Plain };
  const { lineage } = parsed.output;
  if (lineage.key !== key || typeof checksum !== 'string' || checksum !== digest(rest))
    return unreadable(words, true);
  return { state: 'newer', lineage, checksum };
}

/** Parses the record under a key. Never throws. */
export function readLineage(key: unknown, held: unknown): Found {
  const newer = v.safeParse(newerRecord, held);
  if (newer.success) return readNewer(key, newer.output.version, held);
  const parsed = v.safeParse(sealed, held, { abortEarly: true });
  if (!parsed.success) return unreadable(reasonOf(parsed.issues));
  const { version, lineage, checksum } = parsed.output;
  if (lineage.key !== key) return unreadable('stored under the wrong key');
  if (checksum !== checksumOf(version, lineage)) return unreadable('the checksum does not match the content');
  return { state: 'whole', lineage, checksum };
}

/** Parses a lineage of version 1 under its key; undefined if it is unreadable. */
export function readBareLineage(key: Key, held: unknown): Lineage | undefined {
  const parsed = v.safeParse(lineageSchema, held, { abortEarly: true });
  return parsed.success && parsed.output.key === key && parsed.output.named === undefined
    ? parsed.output
    : undefined;
}

/** Why a record that was put aside is unreadable, as a clause for people, for records of any version. */
export function whyUnreadable(key: unknown, held: unknown): string {
  if (typeof held !== 'object' || held === null) return 'not a training';
  if ('version' in held) {
    const found = readLineage(key, held);
    return found.state === 'unreadable' ? found.reason : 'stored under the wrong key';
  }
  const parsed = v.safeParse(lineageSchema, held, { abortEarly: true });
  return parsed.success ? 'stored under the wrong key' : reasonOf(parsed.issues);
}
