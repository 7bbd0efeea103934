// Common redraw tick for everything that grows as members arrive (members of many runs, rows over them, bands), so that one
// tick lays out the page once.
// Invariant: every part that waits for the tick changes the page at the same moment, two or three times a second.

/** To draw the bands of six runs takes two cores a tenth of this: four times a second would be felt in what is computed. */
const TICK_MS = 400;

/** Milliseconds until the next beat, or 0 where none was kept since that moment of `performance.now()`. */
export function untilRedrawTick(since = Number.POSITIVE_INFINITY): number {
  const now = performance.now();
  const isKept = Math.floor(since / TICK_MS) >= Math.floor(now / TICK_MS);
  return isKept ? Math.ceil(TICK_MS - (now % TICK_MS)) : 0;
}
