// How long a sheet that was put aside is kept: a removed sheet, or a linked sheet beyond the kept number. The measure is the
// number of different days on which the list of sheets was shown, not the time that a clock claims has passed.
// Invariant: one wrong reading of the clock costs at most one day, however far it is off; correcting the clock costs none. A
// count that is damaged, or belongs to another removal, starts again. Does not know storage.

import * as v from 'valibot';
import { count } from './sheet-records';

/** On so many days the list has shown a sheet before it goes. */
const ASIDE_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

const storedDays = v.object({
  /** When it was removed, or else edited: the count is of this and of nothing before it. */
  since: v.number(),
  days: count,
  /** The last day on which it was seen, in days since 1970. */
  day: count,
});

type AsideDays = v.InferOutput<typeof storedDays>;

/** The count that a head holds of what happened at that time. */
export function asideDays(held: unknown, since: number): AsideDays | undefined {
  const parsed = v.safeParse(storedDays, { ...(held as { aside?: unknown }) }.aside);
  return parsed.success && parsed.output.since === since ? parsed.output : undefined;
}

/** The count after the list was read at that time; the first reading counts no day. */
export function countedAt(before: AsideDays | undefined, since: number, now: number): AsideDays {
  const day = Math.max(0, Math.floor(now / DAY_MS));
  if (!before) return { since, days: 0, day };
  // A clock that goes back counts nothing, and the days go on from there.
  return { since, days: before.days + (day > before.day ? 1 : 0), day };
}

/** How many days are left. */
export const daysLeft = (days: AsideDays | undefined): number => Math.max(0, ASIDE_DAYS - (days?.days ?? 0));
