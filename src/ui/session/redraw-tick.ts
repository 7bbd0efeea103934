// Common redraw tick for everything that grows as members arrive (members of many runs, rows over them, bands), so that one
// tick lays out the page once.
// Invariant: every part that waits for the tick changes the page at the same moment, two or three times a second.

/**
 * Period of the tick in ms. The bands of six runs take two cores about a tenth of a period to draw; a shorter
 * period would slow the computation.
 */
const TICK_MS = 400;

/**
 * Milliseconds until the next tick, or 0 if a tick has fallen between `since`, a time of `performance.now()`,
 * and now.
 */
export function untilRedrawTick(since = Number.POSITIVE_INFINITY): number {
  const now = performance.now();
  const isKept = Math.floor(since / TICK_MS) >= Math.floor(now / TICK_MS);
  return isKept ? Math.ceil(TICK_MS - (now % TICK_MS)) : 0;
}
