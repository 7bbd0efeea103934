// The beat in which what arrives by and by is told: members of many runs, rows over them, bands.
// Invariant: whatever keeps it changes the page in the same moment, so that the page is laid out and painted once for all
// of them, two or three times a second.

/** To draw the bands of six runs takes two cores a tenth of this: four times a second would be felt in what is computed. */
const BEAT_MS = 400;

/** Milliseconds until the next beat, or 0 where none was kept since that moment of `performance.now()`. */
export function untilRedrawTick(since = Number.POSITIVE_INFINITY): number {
  const now = performance.now();
  const isKept = Math.floor(since / BEAT_MS) >= Math.floor(now / BEAT_MS);
  return isKept ? Math.ceil(BEAT_MS - (now % BEAT_MS)) : 0;
}
