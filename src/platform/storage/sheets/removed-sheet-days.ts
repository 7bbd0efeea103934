// How long a sheet that was put aside is kept: a removed sheet, or a linked sheet beyond the kept number. The measure is the
// number of different days on which the list of sheets was shown, not the time that a clock claims has passed.
// Invariant: one wrong reading of the clock costs at most one day, however far it is off; correcting the clock costs none. A
// count that is damaged, or belongs to another removal, starts again. Does not know storage.

import * as v from 'valibot';
import { count } from './sheet-records';

/** The number of days with a shown list after which a sheet is deleted. */
const ASIDE_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

const storedDays = v.object({
  /** The time of the removal, or else of the last edit; the count belongs to this time alone. */
  since: v.number(),
  days: count,
  /** The last counted day, in days since 1970. */
  day: count,
});

type AsideDays = v.InferOutput<typeof storedDays>;

/** Returns the count in a head for the removal or edit at `since`; undefined if the head has none. */
export function asideDays(held: unknown, since: number): AsideDays | undefined {
  const parsed = v.safeParse(storedDays, { ...(held as { aside?: unknown }) }.aside);
  return parsed.success && parsed.output.since === since ? parsed.output : undefined;
}

/** Returns the count after the list was shown at `now` (ms since 1970); the first showing counts no day. */
export function countedAt(before: AsideDays | undefined, since: number, now: number): AsideDays {
  const day = Math.max(0, Math.floor(now / DAY_MS));
  if (!before) return { since, days: 0, day };
  // A clock that went back counts no day; the count continues from that day.
  return { since, days: before.days + (day > before.day ? 1 : 0), day };
}

/** The number of days left. */
export const daysLeft = (days: AsideDays | undefined): number => Math.max(0, ASIDE_DAYS - (days?.days ?? 0));
