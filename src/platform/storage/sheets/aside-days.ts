// How long a sheet stays that was put aside: one that was removed, or one beyond those that are kept of links. What counts is
// not the time that a clock says has passed, but the different days on which the list of sheets was looked at.
// Invariant: one wrong reading of the clock, however far, takes one day at most, and none is taken by a clock that is put
// right again; a count that is damaged or of another removal begins anew. Knows no storage.

import * as v from 'valibot';
import { count } from './sheet-records';

/** On so many days the list has shown a sheet before it goes. */
export const ASIDE_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

const storedDays = v.object({
  /** When it was removed, or else edited: the count is of this and of nothing before it. */
  since: v.number(),
  days: count,
  /** The last day on which it was seen, in days since 1970. */
  day: count,
});

export type AsideDays = v.InferOutput<typeof storedDays>;

/** The count that a head holds of what happened at that time. */
export function asideDays(held: unknown, since: number): AsideDays | undefined {
  const parsed = v.safeParse(storedDays, { ...(held as { aside?: unknown }) }.aside);
  return parsed.success && parsed.output.since === since ? parsed.output : undefined;
}

/** The count after a look at that time; the first look counts no day. */
export function lookedAt(before: AsideDays | undefined, since: number, now: number): AsideDays {
  const day = Math.max(0, Math.floor(now / DAY_MS));
  if (!before) return { since, days: 0, day };
  // A clock that goes back counts nothing, and the days go on from there.
  return { since, days: before.days + (day > before.day ? 1 : 0), day };
}

/** How many days are left. */
export const daysLeft = (days: AsideDays | undefined): number => Math.max(0, ASIDE_DAYS - (days?.days ?? 0));
